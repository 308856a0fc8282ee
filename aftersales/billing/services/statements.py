"""Statements that a customer confirmed."""

from __future__ import annotations

from datetime import date, datetime

from aftersales.billing import queries
from aftersales.billing.models import Account, StatementConfirmation
from aftersales.billing.permissions import Permission
from aftersales.billing.rules import confirming
from aftersales.core import journal, locks, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Refused
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.customers import queries as customers


@transaction.act
def confirm_statement(
    actor: Actor,
    *,
    customer_id: int,
    since: date,
    until: date,
    closing: Money,
    way: str,
    who: str,
    note: str = "",
    now: datetime,
) -> StatementConfirmation:
    """The confirmation of a statement with this closing balance; refused when another balance stands there by now."""
    actor.require(Permission.CONFIRM)
    confirming.check(way=way, who=who)
    customer = customers.get_customer(actor, customer_id, with_reach=False)
    if queries.find_account(actor, customer.pk) is None:
        raise Refused(_("Nothing was posted to this account yet, so there is nothing to confirm."))
    account = locks.for_update(Account.objects.all()).get(customer=customer)
    stands = queries.statement(actor, customer_id=customer.pk, since=since, until=until)
    if stands.closing != closing:
        raise Refused(
            _("Something was posted meanwhile: the closing balance is {amount} now. Show it to the customer again.",
              amount=str(stands.closing))
        )  # fmt: skip
    if stands.confirmed is not None:
        raise Refused(_("This statement was confirmed before, as {who} recorded.", who=stands.confirmed.recorded_name))
    made = StatementConfirmation.objects.create(
        account=account, since=since, until=until, closing_fen=closing.fen, way=way, confirmed_by=who.strip()[:80],
        note=note.strip()[:500], recorded_by=actor.id, recorded_name=actor.name, recorded_at=now,
    )  # fmt: skip
    told = {"since": since, "until": until, "closing": str(closing), "way": way}
    scope = customer.home_station.code
    journal.record(actor, at=now, act="confirm_statement", kind="account", key=account.pk, scope=scope, after=told)
    return made
