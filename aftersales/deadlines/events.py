"""What happened to a clock. `subject` is the reference the clock was started for, `scope` the place it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aftersales.core.text import Text


@dataclass(frozen=True)
class ClockStarted:
    """A promise began to run."""

    clock_id: int
    subject: str
    rule: str
    scope: str
    due_at: datetime


@dataclass(frozen=True)
class ClockPaused:
    """The clock stands still until `owner` has acted."""

    clock_id: int
    subject: str
    rule: str
    scope: str
    reason: str
    owner: str


@dataclass(frozen=True)
class ClockResumed:
    """The clock goes on; `due_at` is the new due instant."""

    clock_id: int
    subject: str
    rule: str
    scope: str
    due_at: datetime


@dataclass(frozen=True)
class ClockStopped:
    """What was promised was done, or is no longer wanted; `was_kept` says whether in time."""

    clock_id: int
    subject: str
    rule: str
    scope: str
    stopped_at: datetime
    was_kept: bool


@dataclass(frozen=True)
class DeadlineMoved:
    """The due instant, or the warning before it, is another one than was said before."""

    clock_id: int
    subject: str
    rule: str
    scope: str
    due_before: datetime
    due_after: datetime
    because: Text
