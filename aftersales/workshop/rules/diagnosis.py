"""What a diagnosis picks from its trade's lists: symptoms, a cause, a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _

MOST_SYMPTOMS = 8


class Lists(Protocol):
    """The lists of a trade from which a diagnosis picks."""

    @property
    def faults(self) -> Sequence[Any]:
        """The symptoms."""

    @property
    def causes(self) -> Sequence[Any]:
        """Why."""

    @property
    def remedies(self) -> Sequence[Any]:
        """What is done about it."""


@dataclass(frozen=True)
class Picks:
    """The codes picked; empty where nothing was."""

    symptoms: tuple[str, ...] = ()
    cause: str = ""
    remedy: str = ""


def read_picks(trade: Lists, *, symptoms: Iterable[str], cause: str, remedy: str) -> Picks:
    """The picks, each symptom once and in the order of the list; refuses what is not on the lists of the trade."""
    picked = set(symptoms)
    known = [fault.code for fault in trade.faults]
    if not picked.issubset(known):
        raise Invalid(_("Choose symptoms of this trade's list."), field="symptoms")
    if len(picked) > MOST_SYMPTOMS:
        raise Invalid(_("At most {most} symptoms. Choose those that matter.", most=MOST_SYMPTOMS), field="symptoms")
    if cause and not _has(trade.causes, cause):
        raise Invalid(_("Choose a cause of this trade's list."), field="cause")
    if remedy and not _has(trade.remedies, remedy):
        raise Invalid(_("Choose a remedy of this trade's list."), field="remedy")
    return Picks(tuple(code for code in known if code in picked), cause, remedy)


def in_words(trade: Lists, picks: Picks) -> str:
    """Cause and remedy in the reader's words, for those who pick and write nothing; “other” alone says nothing."""
    cause, remedy = _label(trade.causes, picks.cause), _label(trade.remedies, picks.remedy)
    if not cause:
        return ""
    return str(_("{cause}; {remedy}", cause=cause, remedy=remedy)) if remedy else str(cause)


def usual_first(items: Iterable[Any], before: Iterable[str]) -> list[Any]:
    """The causes (or remedies), those that usually belong to one of the codes of the list before on top."""
    codes = set(before)
    return sorted(items, key=lambda item: not codes.intersection(item.of))


def _has(items: Iterable[Any], code: str) -> bool:
    return any(item.code == code for item in items)


def _label(items: Iterable[Any], code: str) -> Text | None:
    return next((item.label for item in items if item.code == code and code != "other"), None)
