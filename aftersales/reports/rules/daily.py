"""The daily repair report: what a station's day amounts to, as a pure function of its facts.

Source: the electronics repair department's rules 八: the state of every unit is entered when it changes, and the repair report goes
out every day at the set time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from aftersales.reports.rules import promises
from aftersales.reports.rules.facts import Amount, Answer, DayFacts, Move, Order, Stop
from aftersales.reports.rules.promises import Judged, Outcome
from aftersales.reports.rules.schedule import end_of

HANDOVER = "handover"


class Figure(StrEnum):
    """What is counted; each figure is a list of order numbers, one for every time it happened."""

    TAKEN_IN = "taken_in"
    DIAGNOSED = "diagnosed"
    QUOTED = "quoted"
    AGREED = "agreed"
    FINISHED = "finished"
    PASSED = "passed"
    FAILED = "failed"
    ANNOUNCED = "announced"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REPEATS = "repeats"
    PAID = "paid"
    KEPT = "kept"
    TOLD = "told"
    MISSED = "missed"
    OVERDUE = "overdue"
    DUE_NEXT = "due_next"
    WAITING = "waiting"
    UNCLAIMED = "unclaimed"
    IN_HOUSE = "in_house"


ACTS: Mapping[str, Figure] = {
    "receive": Figure.TAKEN_IN,
    "diagnose": Figure.DIAGNOSED,
    "quote": Figure.QUOTED,
    "approve": Figure.AGREED,
    "complete": Figure.FINISHED,
    "pass_check": Figure.PASSED,
    "fail_check": Figure.FAILED,
    "announce": Figure.ANNOUNCED,
    "hand_over": Figure.HANDED_OVER,
    "cancel": Figure.CANCELLED,
}
"""The acts that are counted, by their names in the journal."""


@dataclass(frozen=True)
class Change:
    """An order that stood elsewhere before: from which state to which, and who moved it last. An empty state is outside the house."""

    number: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Due:
    """A promise that is still open: until when, and in which state the order stands."""

    number: str
    promised_at: datetime
    is_house_rule: bool
    state: str


@dataclass(frozen=True)
class Repeat:
    """An order whose fault came back, and the order before."""

    number: str
    repeat_of: str


@dataclass(frozen=True)
class Unclaimed:
    """A unit that nobody has fetched, since when it could be, and what is still to be paid."""

    number: str
    ready_at: datetime
    due_fen: int


@dataclass(frozen=True)
class Phase:
    """How many orders stood in a phase of the house when the day began, and which stand there now."""

    code: str
    opening: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sums:
    """The day's lines and amounts."""

    quoted_fen: int = 0
    agreed_lines: int = 0
    declined_lines: int = 0
    agreed_fen: int = 0
    declined_fen: int = 0
    paid_fen: int = 0
    paid_by_way: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StationRow:
    """A station's line in the report of all stations."""

    code: str
    name: str
    opening: int
    figures: Mapping[str, int]


@dataclass(frozen=True)
class DayReport:
    """A day of one station, or of all stations together; then `stations` has a line for each."""

    station: str
    station_name: str
    day: date
    zone: str
    start: datetime
    until: datetime
    due_until: datetime
    opening: int = 0
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums: Sums = field(default_factory=Sums)
    phases: tuple[Phase, ...] = ()
    changes: tuple[Change, ...] = ()
    since: datetime | None = None
    earlier: tuple[Change, ...] = ()
    broken: tuple[Judged, ...] = ()
    overdue: tuple[Due, ...] = ()
    due_next: tuple[Due, ...] = ()
    waiting: tuple[Stop, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    """Number → unit of every order that is named."""
    stations: tuple[StationRow, ...] = ()

    def count(self, figure: str) -> int:
        """How often that happened, or how many there are."""
        return len(self.figures.get(figure, ()))

    @property
    def closing(self) -> int:
        """How many units stand in the house."""
        return self.count(Figure.IN_HOUSE)

    @property
    def is_whole(self) -> bool:
        """Whether the day was over when this was counted."""
        return self.until >= end_of(self.day, self.zone)


def count_day(facts: DayFacts) -> DayReport:
    """The report of the day."""
    opening = opening_stock(facts)
    judged = promises.judge(
        facts.promised,
        facts.told,
        {number: order.ready_at for number, order in facts.orders.items()},
        start=facts.start,
        until=facts.until,
    )
    open_promises = _open_promises(facts)
    unclaimed = _unclaimed(facts)
    repeats = _repeats(facts)
    overdue = tuple(due for due in open_promises if due.promised_at < facts.until)
    due_next = tuple(due for due in open_promises if facts.until <= due.promised_at < facts.due_until)
    stops = tuple(sorted(facts.stops, key=lambda stop: (stop.since, stop.number)))
    report = DayReport(
        station=facts.station,
        station_name=facts.station_name,
        day=facts.day,
        zone=facts.zone,
        start=facts.start,
        until=facts.until,
        due_until=facts.due_until,
        opening=len(opening),
        figures={
            **_acts(facts.moves),
            Figure.REPEATS: tuple(repeat.number for repeat in repeats),
            Figure.PAID: tuple(each.number for each in facts.paid),
            **_outcomes(judged),
            Figure.OVERDUE: tuple(due.number for due in overdue),
            Figure.DUE_NEXT: tuple(due.number for due in due_next),
            Figure.WAITING: tuple(stop.number for stop in stops),
            Figure.UNCLAIMED: tuple(each.number for each in unclaimed),
            Figure.IN_HOUSE: tuple(sorted(facts.stock)),
        },
        sums=_sums(facts.answers, facts.quoted, facts.paid),
        phases=_phases(facts, opening),
        changes=changes_of(facts.moves, facts.phases),
        since=facts.since,
        earlier=changes_of(facts.earlier, facts.phases),
        broken=tuple(each for each in judged if each.outcome is not Outcome.KEPT),
        overdue=overdue,
        due_next=due_next,
        waiting=stops,
        repeats=repeats,
        unclaimed=unclaimed,
    )
    return replace(report, units=_units(report, facts.orders))


def opening_stock(facts: DayFacts) -> dict[str, str]:
    """Number → state of every order that was in the house when the day began: the stock now, with the day's moves taken back."""
    before: dict[str, str] = dict(facts.stock)
    for move in reversed(facts.moves):
        if move.is_moving:
            before[move.number] = move.before
    return {number: state for number, state in before.items() if state in facts.phases}


def changes_of(moves: Sequence[Move], in_house: Iterable[str]) -> tuple[Change, ...]:
    """Each order that stands elsewhere after these moves than before them, unless it was outside the house all the time."""
    known = set(in_house)
    found: dict[str, Change] = {}
    for move in moves:
        if move.is_moving:
            first = found.get(move.number)
            before = first.before if first else move.before
            found[move.number] = Change(move.number, before, move.after, move.by, move.at)
    return tuple(
        change
        for change in sorted(found.values(), key=lambda each: (each.at, each.number))
        if change.before != change.after and (change.before in known or change.after in known or not change.before)
    )


def combine(reports: Sequence[DayReport], *, station: str, name: str) -> DayReport:
    """The sum of several stations' reports of one day, as the report of headquarters."""
    first = reports[0]
    phases: dict[str, Phase] = {}
    for phase in (phase for report in reports for phase in report.phases):
        known = phases.get(phase.code, Phase(phase.code, 0))
        phases[phase.code] = Phase(phase.code, known.opening + phase.opening, known.numbers + phase.numbers)
    since = [report.since for report in reports if report.since is not None]
    return DayReport(
        station=station,
        station_name=name,
        day=first.day,
        zone=first.zone,
        start=min(report.start for report in reports),
        until=max(report.until for report in reports),
        due_until=max(report.due_until for report in reports),
        opening=sum(report.opening for report in reports),
        figures={
            figure: tuple(number for report in reports for number in report.figures.get(figure, ()))
            for figure in Figure
        },
        sums=_sum_of_sums([report.sums for report in reports]),
        phases=tuple(phases.values()),
        changes=tuple(change for report in reports for change in report.changes),
        since=min(since) if since else None,
        earlier=tuple(change for report in reports for change in report.earlier),
        broken=tuple(sorted((each for r in reports for each in r.broken), key=lambda each: each.promised_at)),
        overdue=tuple(sorted((each for r in reports for each in r.overdue), key=lambda each: each.promised_at)),
        due_next=tuple(sorted((each for r in reports for each in r.due_next), key=lambda each: each.promised_at)),
        waiting=tuple(sorted((each for r in reports for each in r.waiting), key=lambda each: each.since)),
        repeats=tuple(each for report in reports for each in report.repeats),
        unclaimed=tuple(sorted((each for r in reports for each in r.unclaimed), key=lambda each: each.ready_at)),
        units={number: unit for report in reports for number, unit in report.units.items()},
        stations=tuple(
            StationRow(
                report.station,
                report.station_name,
                report.opening,
                {figure: len(numbers) for figure, numbers in report.figures.items()},
            )
            for report in reports
        ),
    )


def _acts(moves: Iterable[Move]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {figure: [] for figure in (*ACTS.values(), Figure.DECLINED)}
    for move in moves:
        figure = ACTS.get(move.act)
        if move.act == "decline" and move.is_moving:  # a no to added work leaves the order where it is
            figure = Figure.DECLINED
        if figure is not None:
            found[figure].append(move.number)
    return {figure: tuple(numbers) for figure, numbers in found.items()}


def _outcomes(judged: Iterable[Judged]) -> dict[str, tuple[str, ...]]:
    names = {Outcome.KEPT: Figure.KEPT, Outcome.TOLD: Figure.TOLD, Outcome.MISSED: Figure.MISSED}
    known = list(judged)
    return {
        figure: tuple(each.number for each in known if each.outcome is outcome) for outcome, figure in names.items()
    }


def _phases(facts: DayFacts, opening: Mapping[str, str]) -> tuple[Phase, ...]:
    began = Counter(facts.phases[state] for state in opening.values())
    codes = dict.fromkeys(facts.phases.values())
    return tuple(
        Phase(code, began[code], tuple(sorted(n for n, state in facts.stock.items() if facts.phases[state] == code)))
        for code in codes
    )


def _open_promises(facts: DayFacts) -> list[Due]:
    holding = promises.standing(facts.promised, at=facts.until)
    found = [
        Due(number, promise.promised_at, promise.is_house_rule, state)
        for number, state in facts.stock.items()
        if facts.phases[state] != HANDOVER and (promise := holding.get(number)) is not None
    ]
    return sorted(found, key=lambda due: (due.promised_at, due.number))


def _repeats(facts: DayFacts) -> tuple[Repeat, ...]:
    taken_in = [facts.orders.get(move.number) for move in facts.moves if move.act == "receive"]
    return tuple(Repeat(order.number, order.repeat_of) for order in taken_in if order and order.repeat_of)


def _unclaimed(facts: DayFacts) -> tuple[Unclaimed, ...]:
    ready = [facts.orders[n] for n, state in facts.stock.items() if facts.phases[state] == HANDOVER]
    found = [
        Unclaimed(order.number, order.ready_at, order.due_fen)
        for order in ready
        if order.ready_at is not None and order.ready_at < facts.unclaimed_before
    ]
    return tuple(sorted(found, key=lambda each: (each.ready_at, each.number)))


def _sums(answers: Sequence[Answer], quoted: Sequence[Amount], paid: Sequence[Amount]) -> Sums:
    by_way: Counter[str] = Counter()
    for each in paid:
        by_way[each.way] += each.fen
    return Sums(
        quoted_fen=sum(each.fen for each in quoted),
        agreed_lines=sum(each.agreed for each in answers),
        declined_lines=sum(each.declined for each in answers),
        agreed_fen=sum(each.agreed_fen for each in answers),
        declined_fen=sum(each.declined_fen for each in answers),
        paid_fen=sum(each.fen for each in paid),
        paid_by_way=dict(sorted(by_way.items())),
    )


def _sum_of_sums(sums: Sequence[Sums]) -> Sums:
    by_way: Counter[str] = Counter()
    for each in sums:
        by_way.update(each.paid_by_way)
    return Sums(
        quoted_fen=sum(each.quoted_fen for each in sums),
        agreed_lines=sum(each.agreed_lines for each in sums),
        declined_lines=sum(each.declined_lines for each in sums),
        agreed_fen=sum(each.agreed_fen for each in sums),
        declined_fen=sum(each.declined_fen for each in sums),
        paid_fen=sum(each.paid_fen for each in sums),
        paid_by_way=dict(sorted(by_way.items())),
    )


def _units(report: DayReport, orders: Mapping[str, Order]) -> dict[str, str]:
    named = {number for numbers in report.figures.values() for number in numbers}
    named |= {change.number for change in (*report.changes, *report.earlier)}
    return {number: orders[number].unit for number in sorted(named) if number in orders}
