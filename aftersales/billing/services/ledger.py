"""Posting to customers' accounts, and reversing. One entry after the other per account; the balance moves with each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction as django_transaction

from aftersales.billing import queries
from aftersales.billing.models import Account, Entry, EntryNote
from aftersales.billing.permissions import Permission
from aftersales.billing.rules import entries as rules
from aftersales.billing.rules.entries import EntryKind, Posting
from aftersales.core import journal, locks, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.numbering import next_number
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.customers import services as customers
from aftersales.staff import queries as staff

KIND = "voucher"
PREFIX = "PZ"
LONGEST_NOTE = 500


@transaction.act
def post_entry(actor: Actor, *, customer_id: int, posting: Posting, now: datetime) -> Entry:
    """The entry, posted to the customer's account, which is opened with its first; refused when its paper was posted before."""
    actor.require(Permission.POST)
    if posting.kind not in rules.POSTED_BY_HAND:
        raise Invalid(_("Choose what is posted."), field="kind")
    customer = customers.locked_customer(actor, customer_id)
    return post(actor, account=locked_account(customer.pk, now=now), posting=posting, now=now)


@transaction.act
def reverse_entry(actor: Actor, *, number: str, reason: str, now: datetime) -> Entry:
    """The entry that undoes another one; refused when that was done before, or belongs to a freight document."""
    actor.require(Permission.REVERSE)
    entry = queries.get_entry(actor, number=number)
    if entry.kind == EntryKind.FREIGHT.value:
        raise Refused(_("This is freight. Reverse it on its freight document {number}.", number=entry.source))
    return reverse(actor, entry=entry, reason=reason, now=now)


def locked_account(customer_id: int, *, now: datetime) -> Account:
    """The customer's account, opened if there is none, locked until the act ends."""
    Account.objects.bulk_create([Account(customer_id=customer_id, opened_at=now)], ignore_conflicts=True)
    rows = locks.for_update(Account.objects.select_related("customer__home_station"))
    account: Account = rows.get(customer_id=customer_id)
    return account


def post(actor: Actor, *, account: Account, posting: Posting, now: datetime) -> Entry:
    """The entry in an account that is locked already."""
    source, amount, note = rules.source_of(posting.source), rules.signed(posting), _note(posting.note)
    before = list(Entry.objects.filter(kind=posting.kind.value, source=source).select_related("reversed_by"))
    standing = only(each for each in before if getattr(each, "reversed_by", None) is None)
    if standing is not None:
        raise Refused(
            _("{paper} was posted before, as voucher {number}.", paper=source, number=standing.number), field="source"
        )
    worked_out = {
        "goods_fen": posting.goods.fen if posting.goods else None,
        "percent": posting.percent,
        "deductions": [{"kind": each.kind, "amount": each.amount.fen} for each in posting.deductions],
    }
    facts = {"kind": posting.kind.value, "source": source, "attempt": len(before), **worked_out}
    return _write(actor, account, amount.fen, note, now, facts)


def reverse(actor: Actor, *, entry: Entry, reason: str, now: datetime) -> Entry:
    """The entry that undoes `entry`, in its account."""
    if not reason.strip():
        raise Invalid(_("Say why it is reversed; later readers will ask."), field="reason")
    if entry.kind == EntryKind.REVERSAL.value:
        raise Refused(_("This is a reversal itself. Post the right amount anew instead."))
    account = locks.for_update(Account.objects.select_related("customer__home_station")).get(pk=entry.account_id)
    done = only(Entry.objects.filter(reverses=entry))
    if done is not None:
        raise Refused(_("This was reversed before, by voucher {number}.", number=done.number))
    facts = {"kind": EntryKind.REVERSAL.value, "source": entry.number, "reverses": entry}
    return _write(actor, account, -entry.amount_fen, _note(reason), now, facts)


def _write(actor: Actor, account: Account, fen: int, note: str, now: datetime, facts: Mapping[str, Any]) -> Entry:
    station = account.customer.home_station
    today: date = staff.today_at(station, now=now)
    number = next_number(PREFIX, scope=station.code, year=today.year)
    account.balance_fen += fen
    account.entry_count += 1
    account.last_posted_at = now
    try:
        with django_transaction.atomic():
            entry = Entry.objects.create(
                account=account, sequence=account.entry_count, number=number, amount_fen=fen,
                balance_fen=account.balance_fen, posted_on=today, posted_at=now, posted_by=actor.id,
                posted_name=actor.name, **facts,
            )  # fmt: skip
    except IntegrityError as error:  # the same paper in another account, in the same moment
        raise Refused(_("{paper} has just been posted by somebody else.", paper=facts["source"])) from error
    account.save(update_fields=["balance_fen", "entry_count", "last_posted_at"])
    if note:
        EntryNote.objects.create(entry=entry, text=note)
    told = {"amount": str(entry.amount), "balance": str(entry.balance), "source": entry.source}
    journal.record(
        actor, at=now, act="reverse_entry" if entry.reverses_id else "post_entry", kind=KIND, key=number,
        scope=station.code, after=told, note=note,
    )  # fmt: skip
    return entry


def _note(typed: str) -> str:
    note = typed.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("The note has at most {most} signs.", most=LONGEST_NOTE), field="note")
    return note
