"""The papers of a repair order: which there are, whom they are for, and why one does not exist yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aftersales.core.text import Text, text as _
from aftersales.workshop.rules.order import MAIN_WAY, OrderState


class PaperKind(StrEnum):
    """What can be printed about an order, in the way it goes."""

    SLIP = "slip"
    LABEL = "label"
    QUOTATION = "quotation"
    CONSENT = "consent"
    WORK_ORDER = "work_order"
    CHECK_SHEET = "check_sheet"
    SETTLEMENT = "settlement"


PAPER_LABELS: Mapping[PaperKind, Text] = {
    PaperKind.SLIP: _("Intake slip"),
    PaperKind.LABEL: _("Unit label"),
    PaperKind.QUOTATION: _("Repair quotation"),
    PaperKind.CONSENT: _("Consent to added items"),
    PaperKind.WORK_ORDER: _("Work order"),
    PaperKind.CHECK_SHEET: _("Check sheet"),
    PaperKind.SETTLEMENT: _("Handover and settlement sheet"),
}
FOR_THE_CUSTOMER = frozenset({PaperKind.SLIP, PaperKind.QUOTATION, PaperKind.CONSENT, PaperKind.SETTLEMENT})
"""These speak the customer's language; the others are read in the house."""

_SETTLED = frozenset(MAIN_WAY[MAIN_WAY.index(OrderState.REPAIRED) :]) | {OrderState.DECLINED, OrderState.CANCELLED}
_WORKED_ON = frozenset(MAIN_WAY[MAIN_WAY.index(OrderState.REPAIRING) :])


@dataclass(frozen=True)
class PaperFacts:
    """All that decides which papers an order has."""

    state: OrderState
    quotation_no: int = 0
    agreed_count: int = 0
    asked_again: tuple[int, ...] = ()
    """The versions of the quotation that asked about added or changed items."""


def why_not(kind: PaperKind, facts: PaperFacts) -> Text | None:
    """Why this paper does not exist yet; None when it does."""
    missing: Mapping[PaperKind, tuple[bool, Text]] = {
        PaperKind.QUOTATION: (facts.quotation_no > 0, _("No quotation has been given to the customer yet.")),
        PaperKind.CONSENT: (
            bool(facts.asked_again),
            _("No quotation with added or changed items has been given to the customer since his first answer."),
        ),
        PaperKind.WORK_ORDER: (facts.agreed_count > 0, _("The customer has agreed to nothing yet.")),
        PaperKind.CHECK_SHEET: (facts.state in _WORKED_ON, _("The repair has not been started yet.")),
        PaperKind.SETTLEMENT: (facts.state in _SETTLED, _("The repair has not been reported done yet.")),
    }
    exists, reason = missing.get(kind, (True, _("")))
    return None if exists else reason


def asked_again(versions: Iterable[int], *, first_yes: int | None) -> tuple[int, ...]:
    """The versions of the quotation given after the customer's first yes: they ask about what was added or changed."""
    return tuple(sorted(number for number in versions if first_yes is not None and number > first_yes))
