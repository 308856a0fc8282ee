"""Whether a promise was kept, and when not, whether the customer heard it in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from aftersales.reports.rules.facts import Promised, Told


class Outcome(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    TOLD = "told"
    """Not kept, but the customer was told before, with the reason."""
    MISSED = "missed"


@dataclass(frozen=True)
class Judged:
    """A promise whose instant has come: how it ended, why, and what was promised instead."""

    number: str
    promised_at: datetime
    is_house_rule: bool
    outcome: Outcome
    told_at: datetime | None = None
    reason: str = ""
    note: str = ""
    again_at: datetime | None = None


def judge(
    promised: Iterable[Promised],
    told: Iterable[Told],
    ready_at: Mapping[str, datetime | None],
    *,
    start: datetime,
    until: datetime,
) -> list[Judged]:
    """Every promise whose instant lies from `start` to before `until`, judged by what was known at `until`.

    `promised` must hold all promises of these orders. A promise that was begun anew in time (a declined quotation taken up
    again) is none any more.
    """
    contacts: dict[str, list[Told]] = {}
    for each in sorted(told, key=attrgetter("at")):
        if each.at < until:
            contacts.setdefault(each.number, []).append(each)
    judged = []
    for number, mine in groupby(sorted(promised, key=_by_order), key=attrgetter("number")):
        ours = [each for each in mine if each.made_at < until]
        for place, promise in enumerate(ours):
            later = ours[place + 1 :]
            if start <= promise.promised_at < until and not _begun_anew(promise, later):
                judged.append(_judged(promise, later, contacts.get(number, ()), ready_at.get(number)))
    return sorted(judged, key=lambda each: (each.promised_at, each.number))


def standing(promised: Iterable[Promised], *, at: datetime) -> dict[str, Promised]:
    """Order number → the promise that held at that instant."""
    return {each.number: each for each in sorted(promised, key=_by_order) if each.made_at < at}


def _by_order(promise: Promised) -> tuple[str, datetime, bool]:
    return promise.number, promise.made_at, not promise.is_house_rule


def _begun_anew(promise: Promised, later: Sequence[Promised]) -> bool:
    return any(each.is_house_rule and each.made_at <= promise.promised_at for each in later)


def _judged(promise: Promised, later: Sequence[Promised], told: Sequence[Told], ready_at: datetime | None) -> Judged:
    facts = (promise.number, promise.promised_at, promise.is_house_rule)
    if ready_at is not None and ready_at <= promise.promised_at:
        return Judged(*facts, Outcome.KEPT)
    since = [each for each in told if each.at > promise.made_at]
    before = [each for each in since if each.at <= promise.promised_at]
    heard = before[-1] if before else next(iter(since), None)
    again = next((each.promised_at for each in later), None)
    outcome = Outcome.TOLD if before else Outcome.MISSED
    if heard is None:
        return Judged(*facts, outcome, again_at=again)
    return Judged(*facts, outcome, heard.at, heard.reason, heard.note, again)
