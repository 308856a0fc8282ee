"""The way of a freight document: recorded by receiving, settled, signed, posted, confirmed; and who should be liable for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aftersales.billing.permissions import Permission
from aftersales.core.text import Text, text as _
from aftersales.core.workflow import ActionInfo, Guard, StateInfo, Step, Workflow


class FreightState(StrEnum):
    """Where a freight document stands."""

    RECORDED = "recorded"
    SETTLED = "settled"
    SIGNED = "signed"
    POSTED = "posted"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class FreightAction(StrEnum):
    """What can be done with it."""

    SETTLE = "settle"
    SIGN = "sign"
    POST = "post"
    ABSORB = "absorb"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    REVERSE = "reverse"
    WITHDRAW = "withdraw"


class Liable(StrEnum):
    """Who bears the freight."""

    COMPANY = "company"
    CUSTOMER = "customer"
    SALESPERSON = "salesperson"
    WAREHOUSE = "warehouse"
    CARRIER = "carrier"


LIABLE_LABELS: Mapping[str, Text] = {
    Liable.COMPANY.value: _("The company"),
    Liable.CUSTOMER.value: _("The customer"),
    Liable.SALESPERSON.value: _("The salesperson"),
    Liable.WAREHOUSE.value: _("The warehouse"),
    Liable.CARRIER.value: _("The carrier"),
}
CARRIER_LABELS: Mapping[str, Text] = {
    "designated": _("Designated carrier"),
    "other": _("Another carrier"),
    "coach": _("Long-distance coach"),
}
CAUSE_LABELS: Mapping[str, Text] = {
    "quality": _("Quality of our goods"),
    "warehouse_error": _("Warehouse shipped wrongly"),
    "sales_error": _("Salesperson ordered wrongly"),
    "exchange": _("Ordinary exchange within the time allowed"),
    "factory_policy": _("Special terms of factory or house"),
    "other_cause": _("Another cause"),
}


@dataclass(frozen=True)
class Proposal:
    """Who should be liable by the house's rules, and the clause that says so."""

    liable: Liable
    clause: str


def propose(*, cause: str, carrier_kind: str) -> Proposal:
    """Who should bear the freight: by coach the customer, of our own causes the company, else the customer."""
    if carrier_kind == "coach":
        return Proposal(Liable.CUSTOMER, "2.D2")
    if cause in ("quality", "warehouse_error", "sales_error", "exchange", "factory_policy"):
        return Proposal(Liable.COMPANY, "2.D1")
    return Proposal(Liable.CUSTOMER, "2.D2")


@dataclass(frozen=True)
class FreightFacts:
    """What the guards look at: whether whoever acts is the salesperson named, and whether the customer is liable."""

    is_named: bool = True
    is_customer_liable: bool = True


_NAMED = Guard[FreightFacts](
    "named",
    lambda facts: facts.is_named,
    _("Only the salesperson who was named for it signs who is liable. The sales manager can name another."),
)
_CUSTOMER_LIABLE = Guard[FreightFacts](
    "customer_liable",
    lambda facts: facts.is_customer_liable,
    _("The customer is not liable: nothing goes into the account. Close the document instead."),
)
_OTHER_LIABLE = Guard[FreightFacts](
    "other_liable",
    lambda facts: not facts.is_customer_liable,
    _("The customer is liable: post the freight to the account instead."),
)


FREIGHT: Workflow[FreightState, FreightAction, FreightFacts] = Workflow(
    title=_("Freight document"),
    start=FreightState.RECORDED,
    states={
        FreightState.RECORDED: StateInfo(_("Freight recorded"), _("Freight recorded"), "info"),
        FreightState.SETTLED: StateInfo(_("Waiting for signature"), _("Waiting for signature"), "progress"),
        FreightState.SIGNED: StateInfo(_("Waiting for finance"), _("Waiting for finance"), "progress"),
        FreightState.POSTED: StateInfo(_("Waiting for the customer"), _("Waiting for the customer"), "warning"),
        FreightState.CONFIRMED: StateInfo(_("Confirmed"), _("Confirmed"), "success", is_open=False),
        FreightState.CLOSED: StateInfo(
            _("Closed without the customer"), _("Closed without the customer"), "neutral", is_open=False
        ),
        FreightState.WITHDRAWN: StateInfo(_("Given up"), _("Given up"), "neutral", is_open=False),
    },
    actions={
        FreightAction.SETTLE: ActionInfo(_("Name the salesperson"), _("The salesperson is named"), icon="user-check"),
        FreightAction.SIGN: ActionInfo(_("Sign who is liable"), _("Signed who is liable"), icon="signature"),
        FreightAction.POST: ActionInfo(_("Post to the account"), _("Posted to the account"), icon="receipt"),
        FreightAction.ABSORB: ActionInfo(_("Close without the customer"), _("Closed"), icon="check"),
        FreightAction.SEND_BACK: ActionInfo(
            _("Send back"), _("Sent back"), is_main=False, tone="secondary", icon="arrow-back-up"
        ),
        FreightAction.CONFIRM: ActionInfo(
            _("Record the customer's confirmation"), _("The confirmation is recorded"), icon="message-check"
        ),
        FreightAction.REVERSE: ActionInfo(
            _("Reverse the posting"), _("The posting is reversed"), is_main=False, tone="danger", icon="repeat"
        ),
        FreightAction.WITHDRAW: ActionInfo(
            _("Give the document up"), _("Given up"), is_main=False, tone="danger", icon="trash"
        ),
    },
    steps={
        (FreightState.RECORDED, FreightAction.SETTLE): Step(FreightState.SETTLED, Permission.SETTLE_FREIGHT),
        (FreightState.RECORDED, FreightAction.WITHDRAW): Step(FreightState.WITHDRAWN, Permission.RECORD_FREIGHT),
        (FreightState.SETTLED, FreightAction.SIGN): Step(FreightState.SIGNED, Permission.SIGN_FREIGHT, (_NAMED,)),
        (FreightState.SETTLED, FreightAction.SETTLE): Step(FreightState.SETTLED, Permission.SETTLE_FREIGHT),
        (FreightState.SIGNED, FreightAction.POST): Step(FreightState.POSTED, Permission.POST, (_CUSTOMER_LIABLE,)),
        (FreightState.SIGNED, FreightAction.ABSORB): Step(FreightState.CLOSED, Permission.POST, (_OTHER_LIABLE,)),
        (FreightState.SIGNED, FreightAction.SEND_BACK): Step(FreightState.SETTLED, Permission.POST),
        (FreightState.POSTED, FreightAction.CONFIRM): Step(FreightState.CONFIRMED, Permission.CONFIRM),
        (FreightState.POSTED, FreightAction.REVERSE): Step(FreightState.SIGNED, Permission.REVERSE),
        (FreightState.CONFIRMED, FreightAction.REVERSE): Step(FreightState.SIGNED, Permission.REVERSE),
    },
)  # fmt: skip
