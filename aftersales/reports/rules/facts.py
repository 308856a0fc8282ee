"""What is known about a day at a station: facts only, gathered by `queries.facts`, counted by `daily`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Move:
    """One act on an order; `before` and `after` are its states, both empty when the act moved nothing."""

    number: str
    act: str
    by: str
    at: datetime
    before: str = ""
    after: str = ""

    @property
    def is_moving(self) -> bool:
        """Whether the order went from one state to another, or came into the house."""
        return self.before != self.after


@dataclass(frozen=True)
class Order:
    """An order as a report names it."""

    number: str
    unit: str
    ready_at: datetime | None = None
    repeat_of: str = ""
    due_fen: int = 0


@dataclass(frozen=True)
class Answer:
    """One recorded answer of a customer: how many lines he agreed to and declined, and their amounts."""

    number: str
    agreed: int
    declined: int
    agreed_fen: int
    declined_fen: int


@dataclass(frozen=True)
class Amount:
    """An amount that came about with an order: a quotation given, or a payment and its way."""

    number: str
    fen: int
    way: str = ""


@dataclass(frozen=True)
class Promised:
    """One promised instant: by the house rule, or agreed with the customer since."""

    number: str
    promised_at: datetime
    made_at: datetime
    is_house_rule: bool


@dataclass(frozen=True)
class Told:
    """The customer was told that it will be later, and why."""

    number: str
    at: datetime
    reason: str
    note: str = ""


@dataclass(frozen=True)
class Stop:
    """A stretch in which an order stands still: for what, who sees to it, since when, until when expected."""

    number: str
    reason: str
    owner: str
    since: datetime
    expected_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class DayFacts:
    """All that a day's report is counted from. `until` is how far the day had come, or its end."""

    station: str
    station_name: str
    day: date
    zone: str
    start: datetime
    until: datetime
    due_until: datetime
    """The end of the next working day: promises that fall before it are due next."""
    phases: Mapping[str, str]
    """State in the house → its phase, in the order of the way through the house."""
    unclaimed_before: datetime
    """What was ready before this instant and is still here counts as unclaimed."""
    moves: Sequence[Move] = ()
    since: datetime | None = None
    """Where the report before this one ended, when that was before this day began."""
    earlier: Sequence[Move] = ()
    """The moves between `since` and the beginning of the day."""
    stock: Mapping[str, str] = field(default_factory=dict)
    """Number → state of every order in the house at `until`."""
    orders: Mapping[str, Order] = field(default_factory=dict)
    answers: Sequence[Answer] = ()
    quoted: Sequence[Amount] = ()
    paid: Sequence[Amount] = ()
    promised: Sequence[Promised] = ()
    told: Sequence[Told] = ()
    stops: Sequence[Stop] = ()
