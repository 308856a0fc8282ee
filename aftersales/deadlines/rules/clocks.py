"""Running clocks: the promises that are clocked, the reasons for which a clock may stand still, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.deadlines.rules.spans import Span, Stretch, Unit
from aftersales.deadlines.rules.wording import as_typed, instant_text


@dataclass(frozen=True)
class Rule:
    """A promise or a limit: what it is called, how much, when it becomes pressing, and where it is written."""

    label: Text
    span: Span
    warn_before: int
    clause: Text
    """The place in the department's own regulations (D2 the returns policy, D3 the service department's rules …)."""


RULES: Mapping[str, Rule] = {
    "repair": Rule(_("Hand back the repaired unit"), Span(3, Unit.WORKING_DAYS), 1, _("D3, article 9")),
    "telephone": Rule(_("Answer the telephone"), Span(3, Unit.RINGS), 0, _("D3, article 7")),
    "large_item_consent": Rule(
        _("Decide on the return of a large item"), Span(24, Unit.HOURS), 4, _("D2, chapter 2, clause C7")
    ),
    "return_settlement": Rule(
        _("Settle goods returned to the main store"), Span(5, Unit.NATURAL_DAYS), 1, _("D2, chapter 3, clause 1.3")
    ),
    "return_overdue": Rule(
        _("Returned goods become somebody's liability"),
        Span(30, Unit.NATURAL_DAYS),
        5,
        _("D2, chapter 3, clause 1.3"),
    ),
    "expert_answer": Rule(
        _("Answer an expert question"), Span(8, Unit.WORKING_HOURS), 2, _("D5, skill 2: expert support")
    ),
    "parts_delivery": Rule(_("Bring the part to the workshop"), Span(24, Unit.HOURS), 4, _("D5, promise 3")),
}
"""Every rule that is counted, by its code."""


def rule_label(code: str) -> Text:
    """What the rule is called; a code that nobody declared is shown as it is."""
    return RULES[code].label if code in RULES else as_typed(code)


class PauseReason(StrEnum):
    """Why a clock stands still."""

    APPROVAL = "approval"
    PARTS = "parts"
    MANUFACTURER = "manufacturer"
    CUSTOMER = "customer"
    EXPERT = "expert"
    OTHER = "other"


PAUSE_REASONS: Mapping[str, Text] = {
    PauseReason.APPROVAL.value: _("waiting for approval of the quotation"),
    PauseReason.PARTS.value: _("waiting for parts"),
    PauseReason.MANUFACTURER.value: _("waiting for the manufacturer"),
    PauseReason.CUSTOMER.value: _("waiting for the customer"),
    PauseReason.EXPERT.value: _("waiting for an expert's answer"),
    PauseReason.OTHER.value: _("waiting for something else"),
}


def check_reason(code: str) -> PauseReason:
    """The reason with this code."""
    if code not in PAUSE_REASONS:
        raise Invalid(
            _("A clock cannot pause for “{code}”. Choose one of: {known}.", code=code, known=", ".join(PAUSE_REASONS)),
            field="reason",
        )
    return PauseReason(code)


@dataclass(frozen=True)
class PauseView:
    """A stretch during which a clock stood still; `ended_at` is None while it still does."""

    reason: str
    note: str
    owner: str
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def reason_label(self) -> Text:
        """The reason in words, with the note if there is one."""
        label = PAUSE_REASONS.get(self.reason) or as_typed(self.reason)
        return _("{reason} ({note})", reason=label, note=self.note) if self.note else label

    def stretch(self, now: datetime | None) -> Stretch:
        """From where to where the clock stood still, as known at `now`; unknown, an open pause has no length yet."""
        return self.started_at, max(self.started_at, self.ended_at or now or self.started_at)


@dataclass(frozen=True)
class ClockView:
    """A clock as other rooms see it."""

    id: int
    subject: str
    rule: str
    scope: str
    calendar: str
    zone: str
    span: Span
    warn_before: int
    started_at: datetime
    due_at: datetime
    """While the clock is paused: when it would be due if it had gone on at once. It can only become later."""
    warn_at: datetime
    stopped_at: datetime | None = None
    open_pause: PauseView | None = None
    """The pause that has not ended, if there is one."""
    warnings: tuple[Text, ...] = ()
    """What must be shown beside the due instant, such as a year without holiday data."""

    @property
    def label(self) -> Text:
        """What the clock is for."""
        return rule_label(self.rule)

    @property
    def due_text(self) -> Text:
        """The due instant on the wall clock of the calendar's zone, with its weekday."""
        return instant_text(self.due_at, self.zone)

    @property
    def is_running(self) -> bool:
        """Whether the clock has not been stopped; a paused clock runs in this sense."""
        return self.stopped_at is None

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still for now."""
        return self.is_running and self.open_pause is not None

    @property
    def pause_reason(self) -> Text | None:
        """Why it stands still; None when it does not."""
        return self.open_pause.reason_label if self.is_paused and self.open_pause else None

    @property
    def pause_owner(self) -> str:
        """Who has to act before it goes on; empty when it does not stand still."""
        return self.open_pause.owner if self.is_paused and self.open_pause else ""

    @property
    def was_kept(self) -> bool | None:
        """Whether it was stopped in time; None while it runs."""
        return None if self.stopped_at is None else self.stopped_at <= self.due_at

    def is_late(self, now: datetime) -> bool:
        """Whether the due instant has passed; time does not pass for a paused clock."""
        paused = self.open_pause if self.is_paused else None
        return (self.stopped_at or (paused.started_at if paused else now)) > self.due_at

    def tone(self, now: datetime) -> str:
        """How to show it: success, warning when pressing, danger when late, info while paused, neutral when stopped."""
        if not self.is_running:
            return "neutral"
        if self.is_late(now):
            return "danger"
        if self.is_paused:
            return "info"
        return "warning" if now >= self.warn_at else "success"
