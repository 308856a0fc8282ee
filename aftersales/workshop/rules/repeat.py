"""Whether a fault has come back: the same fault on the same unit after we repaired it (reception duties, 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import Text, text as _
from aftersales.workshop.rules.similar import telling

OTHER = "other"
"""The answer “another fault”; every other answer is the number of the earlier order."""
ALIKE = 0.3
"""From this part of common words on, two short descriptions of a fault are alike."""
ALIKE_IN_ALL = 0.5
"""The same for a fault within everything that was written about the earlier one."""
NO_SYMPTOM = frozenset({"", "other"})


@dataclass(frozen=True)
class Fault:
    """A fault in the customer's words, with the codes of its symptoms."""

    words: str
    symptoms: Sequence[str] = ()


@dataclass(frozen=True)
class Earlier:
    """A repair of the same unit that is over: what it was about, what was found and done, and when it left."""

    number: str
    fault: Fault
    told: str
    handed_over_on: date
    covered_until: date | None


@dataclass(frozen=True)
class Suspect:
    """An earlier repair whose fault may have come back."""

    earlier: Earlier
    days: int
    """Days since its handover."""
    is_recent: bool
    """Whether it lies within the house's days for repeat repairs."""
    is_covered: bool
    """Whether the house still answers for it."""
    is_alike: bool

    @property
    def must_be_answered(self) -> bool:
        """Whether the unit is not taken in before somebody says which fault it is."""
        return self.is_recent and self.is_alike


def suspects(fault: Fault, earlier: Iterable[Earlier], *, today: date, repeat_days: int) -> list[Suspect]:
    """The earlier repairs that the house may have to do again, those first that are alike, then the latest."""
    found = []
    for each in earlier:
        days = (today - each.handed_over_on).days
        is_covered = each.covered_until is not None and today < each.covered_until
        is_recent = 0 <= days <= repeat_days
        if is_recent or is_covered:
            found.append(Suspect(each, days, is_recent, is_covered, is_alike(fault, each)))
    return sorted(found, key=lambda one: (not one.must_be_answered, not one.is_alike, one.days))


def is_alike(fault: Fault, earlier: Earlier) -> bool:
    """Whether the fault sounds like the earlier one: a symptom in common, or enough of the words."""
    if (set(fault.symptoms) & set(earlier.fault.symptoms)) - NO_SYMPTOM:
        return True
    now, then = telling(fault.words), telling(earlier.fault.words)
    everything = then | telling(earlier.told)
    return _share(now & then, min(len(now), len(then))) >= ALIKE or _share(now & everything, len(now)) >= ALIKE_IN_ALL


def _share(common: frozenset[str], of: int) -> float:
    return len(common) / of if of else 0.0


def judge(answer: str, *, reason: str, found: Sequence[Suspect]) -> str:
    """The number of the order whose fault came back, or nothing; refuses when an answer or its reason is missing."""
    pressing = next((one for one in found if one.must_be_answered), None)
    if not answer:
        if pressing is not None:
            raise Invalid(came_back(pressing), field="repeat_of")
        return ""
    if answer == OTHER:
        if pressing is not None and not reason.strip():
            raise Invalid(_("Write why it is another fault than the one repaired before."), field="repeat_note")
        return ""
    if answer not in {one.earlier.number for one in found}:
        raise Invalid(
            _("{number} is no repair of this unit that the house still answers for.", number=answer), field="repeat_of"
        )
    return answer


def came_back(suspect: Suspect) -> Text:
    """The question that is put at the counter."""
    return _(
        "This unit left the house {days} days ago after a repair of a like fault ({number}). Say whether the same fault came back.",
        days=suspect.days,
        number=suspect.earlier.number,
    )


def discount_on(gross: Money, *, named: Money | None, reason: str, repeat_of: str) -> tuple[Money, str]:
    """What is taken off a line, and why: of a repeat repair everything, unless somebody says why the customer pays.

    `reason` stands for either: why less is asked, or why anything is.
    """
    why = reason.strip()
    if not repeat_of:
        off = named or Money()
        return off, why if off else ""
    if named is None or named == gross:
        return gross, (why or str(free_because(repeat_of))) if gross else ""
    if not why:
        raise Invalid(
            _("This is a repeat repair of {number}, without charge. Write why the customer pays.", number=repeat_of),
            field="discount_reason",
        )
    return named, why


def free_because(number: str) -> Text:
    """The reason of the discount on what is done again."""
    return _("Repeat repair of {number}", number=number)
