"""Giving a unit back by the standard: old parts, explanation, and who may take it (reception duties, 7 and 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _

FARTHEST_VISIT = timedelta(days=3 * 366)


class OldParts(StrEnum):
    """What became of the parts that were taken out."""

    TAKEN = "taken"
    LEFT = "left"
    CLAIMED = "claimed"
    NONE = "none"


OLD_PARTS_LABELS: Mapping[OldParts, Text] = {
    OldParts.TAKEN: _("Shown, the customer takes them"),
    OldParts.LEFT: _("Shown, left with us"),
    OldParts.CLAIMED: _("Kept for the manufacturer's claim"),
    OldParts.NONE: _("No parts were replaced"),
}


class Authority(StrEnum):
    """Why somebody may take a unit away."""

    OWNER = "owner"
    SLIP = "slip"
    LETTER = "letter"
    WORD = "word"


AUTHORITY_LABELS: Mapping[Authority, Text] = {
    Authority.OWNER: _("The customer himself"),
    Authority.SLIP: _("Somebody with the intake slip"),
    Authority.LETTER: _("Somebody with a letter of the customer"),
    Authority.WORD: _("Somebody the customer named by telephone"),
}


def check_old_parts(code: str) -> str:
    """The answer about the old parts; refuses when there is none."""
    if code not in OLD_PARTS_LABELS:
        raise Invalid(_("Say what becomes of the old parts."), field="old_parts")
    return OldParts(code).value


def check_explained(*, is_explained: bool) -> None:
    """Refuse a handover of which nobody says that items and price were explained."""
    if not is_explained:
        raise Invalid(_("Explain items and price to the customer, then tick it."), field="is_explained")


def check_taker(*, taken_by: str, customer: str, is_organisation: bool, authority: str) -> str:
    """Why this person may take the unit; somebody who is not the customer needs a slip, a letter or the customer's word."""
    if authority not in {"", *Authority}:
        raise Invalid(_("Choose why this person may take the unit."), field="authority")
    if authority not in {"", Authority.OWNER}:
        return Authority(authority).value
    if is_organisation and authority == Authority.OWNER:  # whoever speaks for it is the customer
        return Authority.OWNER.value
    if _plain(taken_by) != _plain(customer):
        raise Invalid(
            _("The customer is {customer}. Choose why {person} may take the unit.", customer=customer, person=taken_by),
            field="authority",
        )
    return Authority.OWNER.value


def check_next_visit(on: date | None, *, today: date) -> date | None:
    """The day advised for the next visit; refuses one that has passed and one that nobody remembers."""
    if on is not None and not today < on <= today + FARTHEST_VISIT:
        raise Invalid(_("The next visit must lie ahead, within three years."), field="next_visit_on")
    return on


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
