"""What is written down at intake: what must not be missing, what a mark on the drawing may be, and how long it can be corrected."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import Text, enumerated, text as _
from aftersales.workshop.rules.order import IN_HOUSE, OrderState

MOST_PHOTOS = 12
"""At once."""
MOST_PHOTOS_OF_ORDER = 60
MOST_MARKS = 40
LONGEST_NOTE = 80
MOST_PIECES = 99_999
NOTED = "noted"
"""The answer of lines that were only ticked, before each line had answers of its own."""

Mark = dict[str, Any]


class Damage(StrEnum):
    """What is wrong at a marked place."""

    SCRATCH = "scratch"
    DENT = "dent"
    CRACK = "crack"
    BROKEN = "broken"
    MISSING = "missing"
    STAIN = "stain"
    RUST = "rust"


DAMAGE_LABELS: Mapping[Damage, Text] = {
    Damage.SCRATCH: _("Scratch"),
    Damage.DENT: _("Dent"),
    Damage.CRACK: _("Crack"),
    Damage.BROKEN: _("Broken"),
    Damage.MISSING: _("Missing part"),
    Damage.STAIN: _("Stain"),
    Damage.RUST: _("Rust"),
}


class Point(Protocol):
    """A line of the checklist."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> Text: ...  # noqa: D102
    @property
    def is_required(self) -> bool: ...  # noqa: D102
    @property
    def answers(self) -> Sequence[Any]: ...  # noqa: D102


@dataclass(frozen=True)
class Seen:
    """What has to be there before a unit is taken in, and what of it is there."""

    points: Sequence[Point]
    answers: Mapping[str, str]
    meter: Text | None = None
    """What the meter is called, if its reading must not be missing."""
    has_reading: bool = False
    reminder: Text | None = None
    """What the customer must be told, if that must not be missing."""
    is_reminded: bool = False
    missing: list[tuple[str, Text]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.missing.extend(
            ("condition", point.label) for point in self.points if point.is_required and point.code not in self.answers
        )
        if self.meter is not None and not self.has_reading:
            self.missing.append(("meter", self.meter))
        if self.reminder is not None and not self.is_reminded:
            self.missing.append(("is_reminded_of_valuables", _("the reminder of valuables")))


def check_complete(seen: Seen) -> None:
    """Refuse an intake in which something is missing that this kind of unit is never taken in without."""
    if seen.missing:
        what = enumerated([label for _field, label in seen.missing])
        raise Invalid(_("Still missing before the unit can be taken in: {what}.", what=what), field=seen.missing[0][0])


def check_answers(given: Mapping[str, str], points: Iterable[Point]) -> dict[str, str]:
    """The answers in the order of the checklist; refuses answers that no line of it has."""
    by_code = {point.code: point for point in points}
    for code, answer in given.items():
        point = by_code.get(code)
        allowed = {NOTED, *(each.code for each in point.answers)} if point else set()
        if answer not in allowed:
            raise Invalid(
                _("The checklist has changed with the kind of unit. Look it through once more."), field="condition"
            )
    return {code: given[code] for code in by_code if code in given}


def check_marks(given: Iterable[Any], *, areas: Collection[str], width: int, height: int) -> list[Mark]:
    """The marks with nothing in them but what a mark has; refuses places off the drawing, and more than anybody reads."""
    marks = list(given)
    if len(marks) > MOST_MARKS:
        raise Invalid(_("At most {most} marks. Mark the ones that matter.", most=MOST_MARKS), field="marks")
    return [_checked_mark(mark, areas, width, height) for mark in marks]


def _checked_mark(given: Any, areas: Collection[str], width: int, height: int) -> Mark:
    if not isinstance(given, Mapping):
        raise _unreadable()
    area, kind = given.get("area"), given.get("kind")
    if not isinstance(area, str) or area not in areas:
        raise Invalid(
            _("The drawing has changed with the kind of unit. Remove the old marks and mark the damage anew."),
            field="marks",
        )
    if not isinstance(kind, str) or kind not in set(Damage):
        raise Invalid(_("Choose what is wrong at each mark."), field="marks")
    note = given.get("note", "")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        raise Invalid(_("A note at a mark has at most {most} characters.", most=LONGEST_NOTE), field="marks")
    x, y = _place(given.get("x"), width), _place(given.get("y"), height)
    return {"area": area, "x": x, "y": y, "kind": str(kind), "note": " ".join(note.split())}


def _place(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:  # a truth value is an int too, but no place
        raise _unreadable()
    return value


def _unreadable() -> Invalid:
    return Invalid(_("The marks did not arrive whole. Mark the damage once more."), field="marks")


def check_codes(given: Iterable[str], known: Collection[str]) -> list[str]:
    """The accessories that were ticked, each once; refuses what this trade has not on its list."""
    codes = list(dict.fromkeys(given))
    if not set(codes) <= set(known):
        raise Invalid(_("Choose the accessories from the list."), field="accessories")
    return codes


def check_pieces(pieces: int | None) -> int | None:
    """How many pieces came, if that is counted."""
    if pieces is not None and not 1 <= pieces <= MOST_PIECES:
        raise Invalid(_("Write how many pieces came, from 1 to {most}.", most=MOST_PIECES), field="pieces")
    return pieces


def check_photo_count(count: int, *, kept: int = 0) -> None:
    """Refuse more photos at once, or on one order, than anybody looks at."""
    if count > MOST_PHOTOS:
        raise Invalid(
            _("At most {most} photos at once. Choose the ones that show the condition.", most=MOST_PHOTOS),
            field="photos",
        )
    if count + kept > MOST_PHOTOS_OF_ORDER:
        raise Invalid(
            _(
                "An order keeps at most {most} photos; this one has {kept}. Choose the ones that matter.",
                most=MOST_PHOTOS_OF_ORDER,
                kept=kept,
            ),
            field="photos",
        )


def digest_of(terms: Mapping[str, str]) -> str:
    """The mark by which one wording of the house's terms is told from another."""
    return sha256(json.dumps(terms, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def check_terms_read(shown: str, stands: str) -> None:
    """Refuse a signature under terms that were changed after the page showed them; a paper form shows none."""
    if shown and shown != stands:
        raise Invalid(
            _("The terms of this house were changed meanwhile. Let the customer read them as they are now, and sign."),
            field="signature",
        )


def check_still_editable(state: str) -> None:
    """Refuse corrections of the intake once the unit has left the house: the slip is then a settled paper."""
    if OrderState(state) not in IN_HOUSE:
        raise Refused(_("The unit has been handed over. What was written at intake can no longer be changed."))
