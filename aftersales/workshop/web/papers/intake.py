"""What is given out and stuck on when a unit is taken in: the slip and the label."""

from __future__ import annotations

import unicodedata
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core.text import text as _
from aftersales.ui.papers import Block, Fact, Facts, Paper, Signatures, Words
from aftersales.workshop import queries
from aftersales.workshop.rules.papers import PaperKind
from aftersales.workshop.web.papers.parts import (
    Wish,
    customer_facts,
    moment,
    paper_of,
    signature,
    terms,
    unit_facts,
    unit_name,
    words_for,
)


def slip(order: Any, wish: Wish) -> Paper:
    """What the customer takes home: what he left with us, in what condition, and when he gets it back."""
    trade = catalog.get_trade(order.trade)
    facts = [
        *customer_facts(order),
        Fact(str(_("Taken in at")), moment(order.received_at)),
        *unit_facts(order),
        Fact(str(_("Promised by")), moment(order.promised_at), is_strong=True),
        Fact(str(_("Service advisor")), order.advisor.name),
        Fact(str(_("What is wrong")), order.fault, is_wide=True),
        Fact(str(_("Accessories left with us")), words_for(trade.accessories, order.accessories) or "—", is_wide=True),
        Fact(
            str(_("Condition seen")), str(_(", ")).join(map(str, queries.worded_condition(order))) or "—", is_wide=True
        ),
    ]
    if order.intake_note:
        facts.append(Fact(str(_("Note")), order.intake_note, is_wide=True))
    reminder = _("Please take valuables with you. Work begins only after you have agreed to the quotation.")
    blocks: list[Block] = [Facts(tuple(facts)), Words(str(reminder), look="box"), *terms(order, "intake", wish)]
    places = (
        signature(_("Customer's signature"), strokes=order.signature, name=order.customer.name, at=order.received_at),
        signature(_("Service advisor's signature")),
    )
    return paper_of(order, PaperKind.SLIP, wish, [*blocks, Signatures(places)])


def label(order: Any, wish: Wish) -> Paper:
    """What is stuck on the unit: its number to scan and to read, and what tells it from the next one."""
    unit = order.unit
    lines = (
        _cut(unit_name(order), 40),
        unit.serial or unit.plate,
        moment(order.promised_at, "short"),
        _cut(order.customer.name, 36),
    )
    return paper_of(order, PaperKind.LABEL, wish, lines=tuple(line for line in lines if line))


def _cut(text: str, width: int) -> str:
    """The beginning of a text, as much as fits on a label; a Chinese character is as wide as two letters."""
    room = width
    for place, character in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if room < 0:
            return f"{text[:place].rstrip()}…"
    return text
