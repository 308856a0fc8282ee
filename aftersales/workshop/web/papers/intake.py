"""What is given out and stuck on when a unit is taken in: the slip and the label."""

from __future__ import annotations

import unicodedata
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core.text import text as _
from aftersales.ui.papers import (
    Block,
    Check,
    Checks,
    Drawing,
    Fact,
    Facts,
    Paper,
    PaperSize,
    Picture,
    Signatures,
    Words,
)
from aftersales.workshop import queries
from aftersales.workshop.rules.papers import PaperKind
from aftersales.workshop.web.papers.parts import (
    Wish,
    accessories,
    condition,
    customer_facts,
    moment,
    paper_of,
    signature,
    unit_facts,
    unit_name,
    worded_terms,
)

MOST_WIDE_MM, MOST_HIGH_MM = 95, 62
"""How large the outline of the unit is at most."""


def slip(order: Any, wish: Wish) -> Paper:
    """What the customer takes home: what he left with us, in what condition, and when he gets it back."""
    facts = [
        *customer_facts(order),
        Fact(str(_("Taken in at")), moment(order.received_at)),
        *unit_facts(order),
        Fact(str(_("Pieces")), str(order.pieces or "")),
        Fact(str(_("Promised by")), moment(order.promised_at), is_strong=True),
        Fact(str(_("Service advisor")), order.advisor.name),
        Fact(str(_("What is wrong")), order.fault, is_wide=True),
        Fact(str(_("Accessories left with us")), accessories(order) or "—", is_wide=True),
        Fact(str(_("Condition seen")), condition(order) or "—", is_wide=True),
        Fact(str(_("Note")), order.intake_note, is_wide=True),
    ]
    blocks: list[Block] = [
        Facts(tuple(fact for fact in facts if fact.value)),
        *_marked(order, wish),
        *_reminder(order),
        *worded_terms(queries.intake_terms_of(order, wish.language)),
    ]
    places = (
        signature(_("Customer's signature"), strokes=order.signature, name=order.signed_by, at=order.signed_at),
        signature(_("Service advisor's signature")),
    )
    return paper_of(order, PaperKind.SLIP, wish, [*blocks, Signatures(places)])


def _marked(order: Any, wish: Wish) -> list[Block]:
    """The outline of the unit with what was marked on it; where nothing was, it is left for the pen, if there is room."""
    if not order.marks and wish.size is PaperSize.ROLL:
        return []
    outline = catalog.drawing_of(order.trade, order.category.code)
    width = min(MOST_WIDE_MM, MOST_HIGH_MM * outline.width / outline.height)
    picture = Picture(catalog.drawing_svg(outline, order.marks), str(outline.label), width)
    legend = tuple(map(str, queries.worded_marks(order))) or (str(_("No damage was marked.")),)
    return [Drawing(picture, legend, title=str(_("Damage seen")))]


def _reminder(order: Any) -> list[Block]:
    """What the customer was told to take with him or to see to, ticked if that was confirmed."""
    reminder = catalog.get_trade(order.trade).reminder_of(order.category.code)
    points = [Check(str(reminder.label), (("", order.is_reminded_of_valuables),))] if reminder else []
    agreed = _("Work begins only after you have agreed to the quotation.")
    return [*([Checks(tuple(points))] if points else []), Words(str(agreed), look="box")]


def label(order: Any, wish: Wish) -> Paper:
    """What is stuck on the unit: its number to scan and to read, and what tells it from the next one."""
    unit = order.unit
    lines = (
        _cut(unit_name(order), 40),
        unit.serial or unit.plate,
        str(_("Due {at}", at=moment(order.promised_at, "short"))) if order.promised_at else "",
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
