"""Erasing one customer's personal data on request: his number stays, with what was done and paid; who he was does not."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_plus

import structlog
from django.conf import settings
from django.db import transaction as django_transaction
from django.db.models import F, Q

from aftersales.core import answers, events, files, jobs, journal, outbox, search, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.erasing import Traces
from aftersales.core.errors import Refused
from aftersales.core.models import JournalEntry
from aftersales.customers import queries
from aftersales.customers.events import CustomerErased
from aftersales.customers.models import Address, Customer, Erasure, Merge, PersonalCopy, Phone, Unit
from aftersales.customers.permissions import Permission
from aftersales.customers.queries import Subject
from aftersales.customers.rules import personal as rules
from aftersales.customers.services.copying import forget_copies
from aftersales.customers.services.duplicates import forget_all_pairs
from aftersales.customers.services.findable import index_customer
from aftersales.customers.services.people import locked_customer
from aftersales.exchange import services as exchange

LIST_NAME = "erased-customers.txt"
AGAIN = "Erased again after a backup was restored"

FORGET_WORDS = "customers.forget-words"

log = structlog.get_logger(__name__)


@transaction.act
def erase_customer(actor: Actor, *, customer_id: int, number: str, reason: str, now: datetime) -> Customer:
    """The customer, of whom only the number is left; erased before, as he is.

    Refused while anything is open or due: then he is still being served, and who he is must be known.
    """
    actor.require(Permission.ERASE_CUSTOMERS)
    customer = queries.get_customer(actor, customer_id)
    if customer.erased_at is not None:
        return customer
    rules.check_number(number, customer.number)
    why = rules.check_reason(reason)
    customer = locked_customer(actor, customer.pk)
    holds = queries.holds_of(actor, customer)
    if holds:
        raise Refused(holds[0])
    subject, traces = queries.subject_of(customer), queries.traces_of(customer)
    _erase_records(subject, now)
    _erase_units(subject, traces)
    _erase_memory(subject, traces, now)
    events.publish(CustomerErased(subject.customer_ids, subject.unit_ids, traces, now))
    customer.refresh_from_db()
    why = traces.taken_out(why)[: rules.LONGEST_REASON]
    Erasure.objects.create(customer=customer, erased_at=now, erased_by=actor.name, reason=why)
    scope = customer.home_station.code
    journal.record(actor, at=now, act="erase", kind="customer", key=customer.pk, scope=scope, note=why)
    index_customer(customer)
    _clear_copies_elsewhere(subject, now)
    jobs.enqueue(FORGET_WORDS, now=now)
    django_transaction.on_commit(lambda: add_to_list(customer.number, now))
    return customer


def _erase_records(subject: Subject, now: datetime) -> None:
    """His record and those merged into it: named by their numbers, reached by nothing, agreeing to nothing."""
    ids = subject.customer_ids
    records = Customer.objects.filter(pk__in=ids)
    records.update(
        name=F("number"), contact_name="", note="", language="", may_be_messaged=False, may_be_advertised_to=False,
        erased_at=now, version=F("version") + 1,
    )  # fmt: skip
    Phone.objects.filter(customer__in=ids).delete()
    Address.objects.filter(customer__in=ids).delete()
    files.erase_photos("customer", ids)
    for key in ids:
        forget_all_pairs("customer", key)
    Merge.objects.filter(Q(kind="customer", kept_key__in=ids) | Q(kind="customer", gone_key__in=ids)).update(
        before={}, after={}
    )


def _erase_units(subject: Subject, traces: Traces) -> None:
    """What he owns: the machine keeps its serial number, for its maker's sake; plate and notes were his."""
    ids = subject.unit_ids
    Unit.objects.filter(pk__in=ids).update(plate="", note="", version=F("version") + 1)
    for unit in Unit.objects.filter(pk__in=subject.former_unit_ids):
        if traces.mentioned_in(unit.note):
            Unit.objects.filter(pk=unit.pk).update(note=traces.taken_out(unit.note)[:2000], version=F("version") + 1)
    files.erase_photos("unit", ids)
    for key in ids:
        forget_all_pairs("unit", key)
    Merge.objects.filter(Q(kind="unit", kept_key__in=ids) | Q(kind="unit", gone_key__in=ids)).update(
        before={}, after={}
    )


def _erase_memory(subject: Subject, traces: Traces, now: datetime) -> None:
    """The journal's words about him, messages that have not gone out, answers kept for forms that are sent twice."""

    def is_his(name: str, value: object) -> bool:
        return (name in rules.PERSONAL and bool(value)) or traces.mentioned_in(value)

    def names_him(_name: str, value: object) -> bool:
        return traces.mentioned_in(value)

    def filters_for_him(name: str, value: object) -> bool:
        return name == "filter" and traces.mentioned_in(unquote_plus(str(value)))

    about = JournalEntry.objects.filter(kind="customer", key__in=[str(key) for key in subject.customer_ids])
    owned = JournalEntry.objects.filter(kind="unit", key__in=[str(key) for key in subject.unit_ids])
    former = JournalEntry.objects.filter(kind="unit", key__in=[str(key) for key in subject.former_unit_ids])
    for entries in (about, owned):
        journal.erase(entries, is_personal=is_his, with_notes=bool, at=now)
    journal.erase(former, is_personal=names_him, with_notes=traces.mentioned_in, at=now)
    lists = JournalEntry.objects.filter(kind="list")
    journal.erase(lists, is_personal=filters_for_him, with_notes=traces.mentioned_in, at=now)
    outbox.erase(traces)
    answers.forget_answers(traces)


def _clear_copies_elsewhere(subject: Subject, now: datetime) -> None:
    """Files that hold him: the copies made for him, every exported list of the last day, and imported tables."""
    forget_copies(PersonalCopy.objects.filter(customer__in=subject.customer_ids))
    exchange.forget_exports(now=now)
    exchange.forget_imports(now=now)


@jobs.job(FORGET_WORDS, in_one_transaction=False)
def forget_words(_payload: dict[str, object], _now: datetime) -> None:
    """After somebody was erased: the search index holds his words no more."""
    search.forget_words()


# The list outside the database, by which a restored backup is erased again


def list_path() -> Path:
    """Where the list of erased customers lies: beside the database, not in it."""
    return Path(settings.DATA_DIR) / LIST_NAME


def add_to_list(number: str, now: datetime) -> None:
    """Nothing; the customer stands in the list, as a hash. A full disk is told in the log: the erasure itself is done."""
    try:
        _append([_line(rules.digest(_salt(), number), now)])
    except OSError:
        log.exception("erasure not listed", list=str(list_path()), customer=number)


def write_list(*, now: datetime) -> int:
    """The number of erased customers, all of whom stand in the list from now on."""
    salt, known = rules.read_list(_lines(list_path()))
    salt = salt or _salt()
    erasures = Erasure.objects.order_by("pk").select_related("customer")
    numbers = [(rules.digest(salt, each.customer.number), each.erased_at) for each in erasures]
    _append([_line(digest, at) for digest, at in numbers if digest not in set(known)])
    log.info("list of erased customers written", count=len(numbers), at=now.isoformat())
    return len(numbers)


def erase_again(path: Path, *, now: datetime) -> tuple[list[str], list[tuple[str, Refused]]]:
    """The numbers of the customers who stand in the list but were back, and are erased again; and those who could not be."""
    salt, digests = rules.read_list(_lines(path))
    wanted = set(digests)
    numbers = queries.list_unerased().values_list("pk", "number").iterator(chunk_size=2000)
    back = [(key, number) for key, number in numbers if rules.digest(salt, number) in wanted]
    done, refused = [], []
    for key, number in back:
        try:
            erase_customer(SYSTEM, customer_id=key, number=number, reason=AGAIN, now=now)
            done.append(number)
        except Refused as error:
            refused.append((number, error))
    return done, refused


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def _salt() -> str:
    salt, _digests = rules.read_list(_lines(list_path()))
    if not salt:
        salt = secrets.token_hex(16)
        _append([f"{rules.SALT} {salt}"])
    return salt


def _line(digest: str, at: datetime) -> str:
    return f"{at.isoformat(timespec='seconds')} {digest}"


def _append(lines: Iterable[str]) -> None:
    """The lines are on the disk, each whole, whoever else writes at the same moment."""
    path = list_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for line in lines:
            os.write(descriptor, f"{line}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
