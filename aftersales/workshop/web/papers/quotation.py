"""What the customer is asked to agree to: the quotation as it was given, and the consent to what was added later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.ui.papers import Block, Column, Fact, Facts, Paper, Row, Signatures, Sum, Table, Words
from aftersales.ui.templatetags.ui import local_date
from aftersales.workshop import queries
from aftersales.workshop.rules.papers import PaperKind, asked_again
from aftersales.workshop.rules.quotation import CONSENT_LABELS, LINE_LABELS, ConsentWay, Decision, LineKind
from aftersales.workshop.web.papers.parts import (
    Wish,
    customer_facts,
    diagnosis,
    moment,
    paper_of,
    quantity,
    signature,
    unit_facts,
    yuan,
)

Line = Mapping[str, Any]


def quotation(order: Any, wish: Wish) -> Paper:
    """One version as it was given to the customer, with his answer where there is one."""
    version = _wanted(queries.list_quotations(order), wish.version)
    answers = _answers(order, version)
    facts = [
        *customer_facts(order),
        *unit_facts(order),
        *_validity(version),
        Fact(str(_("What is wrong")), order.fault, is_wide=True),
        Fact(str(_("Diagnosis")), diagnosis(order), is_wide=True),
    ]
    table = lines_table(version.lines, answers, sums=[Sum(str(_("Total")), str(version.total), is_strong=True)])
    blocks = [Facts(tuple(fact for fact in facts if fact.value)), table, *_notes(version, version.lines)]
    return paper_of(
        order,
        PaperKind.QUOTATION,
        wish,
        [*blocks, *_answered(order, version)],
        lead=str(_("Version {number}", number=version.number)),
    )


def consent(order: Any, wish: Wish) -> Paper:
    """What was found during the work and costs extra: only what the customer has not agreed to before."""
    quotations = queries.list_quotations(order)
    yes = [each.quotation_no for each in queries.list_consents(order) if each.is_yes]
    numbers = asked_again((each.number for each in quotations), first_yes=min(yes, default=None))
    version = _wanted([each for each in quotations if each.number in numbers], wish.version)
    asked = [line for line in version.lines if line["decision"] == Decision.OPEN]
    agreed = Money(sum(line["amount_fen"] for line in version.lines if line["decision"] == Decision.AGREED))
    facts = [
        *customer_facts(order),
        *unit_facts(order),
        *_validity(version),
        Fact(str(_("Promised by")), moment(order.promised_at)),
        Fact(str(_("Diagnosis")), diagnosis(order), is_wide=True),
    ]
    sums = [
        Sum(str(_("Added now")), str(version.total - agreed), is_strong=True),
        Sum(str(_("Agreed before")), str(agreed)),
        Sum(str(_("Together")), str(version.total)),
    ]
    table = lines_table(asked, _answers(order, version), sums=sums)
    explained = Words(str(_("During the work the items below were found. They are done only if you agree to them.")))
    blocks = [Facts(tuple(fact for fact in facts if fact.value)), explained, table, *_notes(version, asked)]
    return paper_of(
        order,
        PaperKind.CONSENT,
        wish,
        [*blocks, *_answered(order, version)],
        lead=str(_("Version {number}", number=version.number)),
    )


def lines_table(lines: Iterable[Line], answers: Mapping[int, str], *, sums: Iterable[Sum]) -> Table:
    """The lines with their basis and their boxes: agreed or declined, ticked where he has answered."""
    return Table(
        columns=(
            Column(str(_("Item")), is_main=True),
            Column(str(_("Quantity")), is_number=True),
            Column(str(_("Price of one")), is_number=True),
            Column(str(_("Amount")), is_number=True),
        ),
        rows=tuple(_row(line, answers.get(line["position"], line["decision"])) for line in lines),
        sums=tuple(sums),
        boxes=(str(_("Agree")), str(_("Decline"))),
        title=str(_("Items and prices")),
        empty=str(_("No items")),
    )


def _row(line: Line, decision: str) -> Row:
    amount = yuan(line["amount_fen"])
    cells = (line["description"], quantity(line["quantity"]), yuan(line["unit_price_fen"]), amount)
    brief = f"{cells[1]} × {cells[2]}"
    ticks = (decision == Decision.AGREED, decision == Decision.DECLINED)
    return Row(cells, note=line_note(line), brief=brief, ticks=ticks)


def line_note(line: Line) -> str:
    """What stands below a line: its kind and basis, which alternative it is, and why it costs less."""
    told = [" · ".join(each for each in (str(LINE_LABELS[LineKind(line["kind"])]), line["basis"]) if each)]
    if line["choice"]:
        told.append(str(_("Alternative for {choice}: {option}", choice=line["choice"], option=line["option"])))
    if line["discount_fen"]:
        told.append(
            str(_("Less {amount}: {reason}", amount=yuan(line["discount_fen"]), reason=line["discount_reason"]))
        )
    return "\n".join(told)


def _wanted(versions: list[Any], number: int | None) -> Any:
    return next((each for each in versions if each.number == number), versions[0])


def _answers(order: Any, version: Any) -> dict[int, str]:
    given = [each for each in queries.list_consents(order) if each.quotation_no == version.number]
    return {line["position"]: line["decision"] for each in reversed(given) for line in each.answers}


def _validity(version: Any) -> list[Fact]:
    last_day = version.valid_until - timedelta(days=1)
    return [
        Fact(str(_("Given")), f"{moment(version.given_at)} · {version.given_by}"),
        Fact(str(_("Valid through")), local_date(last_day), is_strong=True),
    ]


def _notes(version: Any, lines: Iterable[Line]) -> list[Block]:
    notes: list[Block] = []
    if any(line["choice"] for line in lines):
        notes.append(
            Words(str(_("Of alternatives one can be chosen; the total counts the first of each.")), look="small")
        )
    if version.note:
        notes.append(Words(version.note, title=str(_("Note"))))
    return notes


def _answered(order: Any, version: Any) -> list[Block]:
    """What he answered to this version, and the places to sign."""
    given = next((each for each in queries.list_consents(order) if each.quotation_no == version.number), None)
    blocks: list[Block] = []
    if given is not None:
        way = CONSENT_LABELS[ConsentWay(given.way)]
        facts = [
            Fact(str(_("Answer")), str(_("Agreed") if given.is_yes else _("Not agreed")), is_strong=True),
            Fact(str(_("Amount")), str(given.total) if given.is_yes else ""),
            Fact(str(_("Answer by")), f"{given.given_by} · {way}"),
            Fact(str(_("Recorded")), f"{moment(given.given_at)} · {given.recorded_by}"),
            Fact(str(_("Note")), given.note, is_wide=True),
        ]
        blocks.append(Facts(tuple(fact for fact in facts if fact.value), title=str(_("The customer's answer"))))
    strokes, name, at = (given.signature, given.given_by, given.given_at) if given else ((), "", None)
    places = (
        signature(_("Customer's signature"), strokes=strokes, name=name, at=at),
        signature(_("Service advisor's signature")),
    )
    return [*blocks, Signatures(places)]
