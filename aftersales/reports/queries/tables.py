"""The report as tables: the page, the letter and the workbook show the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aftersales.core.money import Money
from aftersales.core.text import Text, text as _, text_n
from aftersales.core.workflow import StateInfo
from aftersales.reports.rules import wording
from aftersales.reports.rules.daily import Change, DayReport, Due, Figure
from aftersales.reports.rules.promises import Outcome
from aftersales.workshop import queries as workshop

ORDER, UNIT, STATE = _("Order"), _("Unit"), _("State")
PROMISED, REASON, NOTE = _("Promised"), _("Reason"), _("Note")


@dataclass(frozen=True)
class OrderNo:
    """An order's number in a cell; it leads to the order."""

    number: str

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True)
class Toned:
    """Words in a cell that have a colour."""

    words: Text
    tone: str

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True)
class Moment:
    """An instant in a cell, shown short."""

    at: datetime


@dataclass(frozen=True)
class Table:
    """One table of the report; `code` is its anchor. Of a long one only the first rows are shown, `left_out` are not."""

    code: str
    title: Text
    heads: tuple[Text, ...]
    rows: Sequence[tuple[Any, ...]]
    lead: Text | None = None
    left_out: int = 0


def tables_of(report: DayReport, *, most: int | None = None) -> list[Table]:
    """The tables of the report that have rows, the most pressing first; each cut after `most` rows."""
    tables = [made for make in TABLES if (made := make(report)).rows]
    if most is None:
        return tables
    return [replace(table, rows=table.rows[:most], left_out=max(0, len(table.rows) - most)) for table in tables]


def state_label(state: str) -> Text:
    """The state in words; outside the house there is none."""
    known = {each.value: info.label for each, info in workshop.STATES.items()}
    return known.get(state, wording.OUTSIDE)


def state_of(state: str) -> StateInfo:
    """The state with its words and colour."""
    return workshop.STATES[workshop.OrderState(state)]


def phase_label(code: str) -> Text:
    """The phase of the house in words."""
    return workshop.PHASE_LABELS[code]


def _reason(code: str) -> Text | str:
    return {each.value: label for each, label in workshop.CONTACT_REASONS.items()}.get(code, "")


def _waits_for(code: str) -> Text | str:
    return {each.value: label for each, label in workshop.WAITING_LABELS.items()}.get(code, code)


def way_label(code: str) -> Text | str:
    """How was paid, in words."""
    return {each.value: label for each, label in workshop.PAYMENT_LABELS.items()}.get(code, code)


def _named(report: DayReport, number: str) -> tuple[OrderNo, str]:
    return OrderNo(number), report.units.get(number, "")


def stations(report: DayReport) -> Table:
    """The stations beside each other."""
    columns = wording.BY_STATION
    return Table(
        "stations",
        _("Stations"),
        (_("Station"), _("In the house before"), *(wording.FIGURE_LABELS[figure] for figure in columns)),
        [
            (f"{row.code} · {row.name}", row.opening, *(row.figures.get(figure, 0) for figure in columns))
            for row in report.stations
        ],
    )


def broken(report: DayReport) -> Table:
    """The promises of the day that were not kept, and why."""
    tones = {Outcome.TOLD: "warning", Outcome.MISSED: "danger"}
    return Table(
        "broken",
        _("Promises not kept"),
        (ORDER, UNIT, PROMISED, _("Whose promise"), _("Customer"), _("Told at"), REASON, NOTE, _("New promise")),
        [
            (
                *_named(report, each.number),
                Moment(each.promised_at),
                wording.rule_label(is_house_rule=each.is_house_rule),
                Toned(wording.OUTCOME_LABELS[each.outcome], tones[each.outcome]),
                Moment(each.told_at) if each.told_at else "",
                _reason(each.reason),
                each.note,
                Moment(each.again_at) if each.again_at else "",
            )
            for each in report.broken
        ],
    )


def overdue(report: DayReport) -> Table:
    """What is still in the house though its promise is over."""
    return _promises(report, "overdue", wording.FIGURE_LABELS[Figure.OVERDUE], report.overdue)


def due_next(report: DayReport) -> Table:
    """What is promised next."""
    return _promises(report, "due_next", wording.FIGURE_LABELS[Figure.DUE_NEXT], report.due_next)


def _promises(report: DayReport, code: str, title: Text, promises: Iterable[Due]) -> Table:
    waits = {stop.number: _waits_for(stop.reason) for stop in report.waiting}
    return Table(
        code,
        title,
        (ORDER, UNIT, PROMISED, _("Whose promise"), STATE, _("Waits for")),
        [
            (
                *_named(report, due.number),
                Moment(due.promised_at),
                wording.rule_label(is_house_rule=due.is_house_rule),
                state_label(due.state),
                waits.get(due.number, ""),
            )
            for due in promises
        ],
    )


def waiting(report: DayReport) -> Table:
    """Who waits for whom, the longest wait first."""
    return Table(
        "waiting",
        _("Who waits for whom"),
        (ORDER, UNIT, _("Waits for"), _("Sees to it"), _("Waiting since"), _("Days"), _("Expected"), NOTE),
        [
            (
                *_named(report, stop.number),
                _waits_for(stop.reason),
                stop.owner,
                Moment(stop.since),
                (report.until - stop.since).days,
                stop.expected_on or "",
                stop.note,
            )
            for stop in report.waiting
        ],
    )


def changes(report: DayReport) -> Table:
    """What stands elsewhere than at the beginning of the day."""
    return _changes(report, "changes", _("What changed since yesterday"), report.changes)


def earlier(report: DayReport) -> Table:
    """What changed between the report before and the beginning of the day."""
    made = _changes(report, "earlier", _("What changed after the last report"), report.earlier)
    lead = _("Between the end of the last report and the beginning of this day.") if report.earlier else None
    return replace(made, lead=lead)


def _changes(report: DayReport, code: str, title: Text, changed: Iterable[Change]) -> Table:
    return Table(
        code,
        title,
        (ORDER, UNIT, _("From"), _("To"), _("Who"), _("When")),
        [
            (
                *_named(report, change.number),
                state_label(change.before),
                state_label(change.after),
                change.by,
                Moment(change.at),
            )
            for change in changed
        ],
    )


def repeats(report: DayReport) -> Table:
    """The faults that came back."""
    return Table(
        "repeats",
        wording.FIGURE_LABELS[Figure.REPEATS],
        (ORDER, UNIT, _("Earlier order")),
        [(*_named(report, each.number), OrderNo(each.repeat_of)) for each in report.repeats],
    )


def unclaimed(report: DayReport) -> Table:
    """What nobody has fetched."""
    return Table(
        "unclaimed",
        wording.FIGURE_LABELS[Figure.UNCLAIMED],
        (ORDER, UNIT, _("Ready since"), _("Days"), _("To be paid")),
        [
            (
                *_named(report, each.number),
                Moment(each.ready_at),
                (report.until - each.ready_at).days,
                Money(each.due_fen),
            )
            for each in report.unclaimed
        ],
    )


TABLES: tuple[Callable[[DayReport], Table], ...] = (
    stations, broken, overdue, due_next, waiting, changes, earlier, repeats, unclaimed,
)  # fmt: skip


@dataclass(frozen=True)
class FigureCell:
    """A figure as it is shown: its code, its words, how many, and the colour it has when there are any."""

    code: str
    label: Text
    count: int
    tone: str


def figures(report: DayReport, codes: Iterable[Figure]) -> list[FigureCell]:
    """These figures of the report."""
    return [
        FigureCell(
            code.value, wording.FIGURE_LABELS[code], count, wording.TONES.get(code, "neutral") if count else "neutral"
        )
        for code in codes
        for count in [report.count(code)]
    ]


def stock_rows(report: DayReport) -> Iterator[tuple[str, Text, int, int, int]]:
    """Each phase of the house: code, words, how many before, how many now, and the change."""
    for phase in report.phases:
        now = len(phase.numbers)
        yield phase.code, phase_label(phase.code), phase.opening, now, now - phase.opening


def money_rows(report: DayReport) -> list[tuple[Text, Text | str, Money]]:
    """The day's amounts: what for, how many, how much."""
    sums = report.sums
    quoted, paid = report.count(Figure.QUOTED), report.count(Figure.PAID)
    ways = ", ".join(f"{way_label(way)} {Money(fen)}" for way, fen in sums.paid_by_way.items())
    return [
        (_("Quoted"), text_n("{count} quotation", "{count} quotations", quoted), Money(sums.quoted_fen)),
        (_("Agreed"), text_n("{count} line", "{count} lines", sums.agreed_lines), Money(sums.agreed_fen)),
        (_("Declined"), text_n("{count} line", "{count} lines", sums.declined_lines), Money(sums.declined_fen)),
        (_("Paid"), ways or text_n("{count} payment", "{count} payments", paid), Money(sums.paid_fen)),
    ]
