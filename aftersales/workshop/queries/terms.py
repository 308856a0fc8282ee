"""The house's terms of intake: as they stand now, and as a customer signed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aftersales.staff import queries as staff
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.intake import digest_of

INTAKE = "intake"


@dataclass(frozen=True)
class TermsShown:
    """What the customer reads before he signs, and the mark of this wording."""

    words: str
    digest: str


def terms_at(station: Any, language: str) -> TermsShown:
    """The terms of the station as they stand now, in this language or else in another."""
    head = staff.letterhead_of(station)
    return TermsShown(head.terms_in(INTAKE, language), digest_of(head.terms_of(INTAKE)))


def intake_terms_of(order: RepairOrder, language: str) -> str:
    """The terms that hold for this order: those that were signed, else those that stand."""
    if order.signed_terms is not None:
        return staff.terms_in(order.signed_terms.words, INTAKE, language)
    return terms_at(order.station, language).words
