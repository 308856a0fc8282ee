"""Accounts, vouchers and statements, of the customers that the actor sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from aftersales.billing.models import Account, Entry, StatementConfirmation
from aftersales.billing.permissions import Permission
from aftersales.core import search
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.money import Money
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.customers import queries as customers

MOST_DAYS = 3 * 366
"""A statement covers three years at most."""


def list_accounts(actor: Actor, *, typed: str = "", standing: str = "") -> QuerySet[Account]:
    """The accounts of the customers the actor sees; `standing` is owes, owed or even."""
    actor.require(Permission.SEE_ACCOUNTS)
    rows = Account.objects.filter(customer__in=customers.visible_customers(actor))
    wanted = {"owes": Q(balance_fen__gt=0), "owed": Q(balance_fen__lt=0), "even": Q(balance_fen=0)}
    if standing in wanted:
        rows = rows.filter(wanted[standing])
    if typed.strip():
        rows = rows.filter(customer__in=search.match_filter("customer", typed, actor, numeric=True))
    return rows.select_related("customer__home_station").order_by("-balance_fen", "pk")


def find_account(actor: Actor, customer_id: int) -> Account | None:
    """The account of a customer the actor has been let see; None while nothing was posted."""
    actor.require(Permission.SEE_ACCOUNTS)
    return only(Account.objects.filter(customer_id=customer_id).select_related("customer__home_station"))


def list_entries(
    actor: Actor, *, since: date | None = None, until: date | None = None, kind: str = "", account: int | None = None
) -> QuerySet[Entry]:
    """The vouchers of the customers the actor sees, newest first; those of merged records stay with them."""
    actor.require(Permission.SEE_ACCOUNTS)
    seen = customers.visible_customers(actor)
    rows = Entry.objects.filter(Q(account__customer__in=seen) | Q(account__customer__merged_into__in=seen))
    given = {"posted_on__gte": since, "posted_on__lte": until, "kind": kind or None, "account": account}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    return rows.select_related("account__customer", "reverses", "reversed_by", "written").order_by("-pk")


def list_entries_of(actor: Actor, account: Account | None) -> QuerySet[Entry]:
    """All entries of one account, newest first."""
    actor.require(Permission.SEE_ACCOUNTS)
    rows = Entry.objects.none() if account is None else Entry.objects.filter(account=account)
    return rows.select_related("reverses", "reversed_by", "written").order_by("-sequence")


def get_entry(actor: Actor, *, number: str) -> Entry:
    """One voucher."""
    found = only(list_entries(actor).filter(number=number))
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Statement:
    """What stood in an account before a period, what was posted in it, and what stands after it."""

    since: date
    until: date
    opening: Money
    entries: Sequence[Entry]
    debits: Money
    credits: Money
    closing: Money
    confirmations: Sequence[StatementConfirmation]

    @property
    def confirmed(self) -> StatementConfirmation | None:
        """The confirmation of this very balance; None when nobody gave it, or something was posted since."""
        return only(each for each in self.confirmations if each.closing_fen == self.closing.fen)


def statement(actor: Actor, *, customer_id: int, since: date, until: date) -> Statement:
    """The statement of a customer for a period, both days included."""
    if until < since:
        raise Invalid(_("The last day comes before the first. Correct the period."), field="until")
    if (until - since).days > MOST_DAYS:
        raise Invalid(_("A statement covers three years at most. Choose a shorter period."), field="since")
    customer = customers.get_customer(actor, customer_id, with_reach=False)
    account = find_account(actor, customer.pk)
    if account is None:
        return Statement(since, until, Money(), (), Money(), Money(), Money(), ())
    rows = Entry.objects.filter(account=account).select_related("reverses", "reversed_by", "written")
    before = rows.filter(posted_on__lt=since).order_by().aggregate(sum=Sum("amount_fen"))["sum"]
    found = list(rows.filter(posted_on__gte=since, posted_on__lte=until).order_by("sequence"))
    opening, moved = Money(before or 0), [each.amount_fen for each in found]
    return Statement(
        since,
        until,
        opening,
        found,
        Money(sum(fen for fen in moved if fen > 0)),
        Money(-sum(fen for fen in moved if fen < 0)),
        opening + Money(sum(moved)),
        list(StatementConfirmation.objects.filter(account=account, since=since, until=until).order_by("-pk")),
    )
