"""What the workshop works by: the technician's order, and the sheet of the quality check. No telephone, no prices."""

from __future__ import annotations

from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core.text import text as _
from aftersales.ui.papers import Block, Check, Checks, Column, Fact, Facts, Paper, Row, Signatures, Table
from aftersales.workshop import queries
from aftersales.workshop.rules.checking import Verdict
from aftersales.workshop.rules.papers import PaperKind
from aftersales.workshop.rules.quotation import LINE_LABELS, Decision
from aftersales.workshop.web.papers.parts import (
    Wish,
    condition,
    diagnosis,
    moment,
    paper_of,
    people_facts,
    quantity,
    signature,
    unit_facts,
)


def work_order(order: Any, wish: Wish) -> Paper:
    """What the technician does: only what the customer has agreed to."""
    trade = catalog.get_trade(order.trade)
    facts = [
        *unit_facts(order),
        Fact(str(_("Promised by")), moment(order.promised_at), is_strong=True),
        *people_facts(order),
        *_again(order),
        Fact(str(_("What is wrong")), order.fault, is_wide=True),
        Fact(str(_("Diagnosis")), diagnosis(order), is_wide=True),
        Fact(str(_("Condition seen")), condition(order), is_wide=True),
        Fact(str(_("Note")), order.intake_note, is_wide=True),
    ]
    agreed = [line for line in queries.list_lines(order) if line.decision == Decision.AGREED]
    table = Table(
        columns=(
            Column(str(_("Agreed work")), is_main=True),
            Column(str(_("Kind"))),
            Column(str(_("Quantity")), is_number=True),
        ),
        rows=tuple(_row(line) for line in agreed),
        boxes=(str(_("Done")),),
        empty=str(_("Nothing agreed")),
    )
    points = Checks(
        tuple(Check(str(point.label), (("", False),)) for point in trade.quality),
        title=str(_("To look at before reporting it done")),
    )
    places = Signatures((signature(_("Technician's signature")), signature(_("Checked by"))))
    return paper_of(order, PaperKind.WORK_ORDER, wish, [Facts(_told(facts)), table, points, places])


def check_sheet(order: Any, wish: Wish) -> Paper:
    """The checklist of the trade, with the answers of the last check or to be filled in by hand."""
    trade, checks = catalog.get_trade(order.trade), queries.list_checks(order)
    last = checks[0] if checks else None
    answers = last.answers if last else {}
    facts = [
        *unit_facts(order),
        *people_facts(order),
        *_again(order),
        Fact(str(_("What is wrong")), order.fault, is_wide=True),
        Fact(str(_("What was done")), order.work_done, is_wide=True),
    ]
    points = Checks(
        tuple(
            Check(
                str(point.label),
                tuple((str(answer.label), answers.get(point.code) == answer.code) for answer in point.answers),
            )
            for point in trade.quality
        ),
        title=str(_("Checklist")),
    )
    blocks: list[Block] = [Facts(_told(facts)), points, *_results(checks, trade)]
    places = Signatures((signature(_("Technician's signature")), signature(_("Checked by"))))
    return paper_of(order, PaperKind.CHECK_SHEET, wish, [*blocks, places])


def _row(line: Any) -> Row:
    cells = (line.description, str(LINE_LABELS[line.kind]), quantity(line.quantity))
    return Row(cells, note=line.basis, brief=cells[1], ticks=(line.done_at is not None,))


def _again(order: Any) -> list[Fact]:
    facts = [Fact(str(_("Repeat of")), order.repeat_of.number)] if order.repeat_of else []
    if order.rework_count:
        facts.append(Fact(str(_("Sent back by the check")), str(order.rework_count)))
    return facts


def _results(checks: list[Any], trade: Any) -> list[Block]:
    """Every check there was, the newest first; a paper for the pen has an empty line instead."""
    rows = tuple(
        Row(
            (
                moment(check.checked_at),
                str(_("Passed") if check.has_passed else _("Not passed")),
                check.checked_by,
            ),
            note=_found(check, trade),
        )
        for check in checks
    )
    columns = (Column(str(_("Checked at")), is_main=True), Column(str(_("Result"))), Column(str(_("By"))))
    return [Table(columns, rows, title=str(_("Result")))] if rows else []


def _told(facts: list[Fact]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.value)


def _found(check: Any, trade: Any) -> str:
    """What was noted, point by point, and about the whole."""
    failed = [point for point in trade.quality if check.answers.get(point.code) == Verdict.FAILED]
    told = [f"{point.label}: {check.notes.get(point.code, '')}".rstrip(": ") for point in failed]
    return " · ".join(words for words in (*told, check.note) if words)
