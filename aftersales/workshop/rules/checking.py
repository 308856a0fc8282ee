"""The quality check before handover: what a check must have looked at, and who may make it (reception duties, 7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _


class Verdict(StrEnum):
    """What is found about one point; the codes are those of the answers `verdict` of the trade profiles."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"


VERDICT_TONES: Mapping[str, str] = {
    Verdict.PASSED: "success",
    Verdict.FAILED: "danger",
    Verdict.NOT_APPLICABLE: "neutral",
}


@dataclass(frozen=True)
class Findings:
    """One check: the verdict on each point that was looked at, what was noted about a point, and about the whole."""

    answers: Mapping[str, str]
    notes: Mapping[str, str]
    note: str = ""

    @property
    def failed(self) -> tuple[str, ...]:
        """The points that failed."""
        return tuple(code for code, verdict in self.answers.items() if verdict == Verdict.FAILED)


def read_findings(
    points: Mapping[str, Any], *, answers: Mapping[str, str], notes: Mapping[str, str], note: str
) -> Findings:
    """What was found, in the order of the checklist; refuses points that are not on it and verdicts that are none."""
    strangers = (answers.keys() | notes.keys()) - points.keys()
    if strangers or not set(answers.values()) <= set(Verdict):
        raise Invalid(_("The checklist has changed meanwhile. Reload the page and look at every point again."))
    return Findings(
        answers={code: answers[code] for code in points if code in answers},
        notes={code: notes[code].strip() for code in points if notes.get(code, "").strip()},
        note=note.strip(),
    )


def check_passing(points: Mapping[str, Any], found: Findings) -> None:
    """Refuse to pass what was not looked at in every point, what failed in one, and a check in which nothing applied."""
    if found.failed:
        raise Invalid(
            _("Not in order: {points}. Send the order back to repair.", points=_named(points, found.failed)),
        )
    missing = [code for code in points if code not in found.answers]
    if missing:
        raise Invalid(_("Still to be looked at: {points}.", points=_named(points, missing)))
    if Verdict.PASSED not in found.answers.values():
        raise Invalid(_("A check in which nothing applied is none. Look at the reported fault at least."))


def check_failing(found: Findings) -> None:
    """Refuse to send back what nobody could put right: neither a point that failed nor a word."""
    if not found.failed and not found.note:
        raise Invalid(
            _("Mark what is not in order, or write what was found, so that the technician knows what to do."),
            field="note",
        )


def is_own_work(*, person_id: int | None, technician_id: int | None, has_worked: bool) -> bool:
    """Whether somebody would check his own repair: the unit was given to him, or he started or reported it."""
    return has_worked or (person_id is not None and person_id == technician_id)


def _named(points: Mapping[str, Any], codes: Collection[str]) -> Text:
    words: Text = points[next(iter(codes))]
    for code in list(codes)[1:]:
        words = _("{some}, {more}", some=words, more=points[code])
    return words
