"""What the papers of an order have in common: the letterhead, the QR code, who and what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from aftersales.catalog import queries as catalog
from aftersales.core.text import text as _
from aftersales.ui.papers import DEMONSTRATION, PAGES, Block, Fact, Letterhead, Paper, PaperSize, Picture, qr_picture
from aftersales.ui.templatetags.ui import local_time
from aftersales.workshop.rules.papers import PAPER_LABELS, PaperKind

CODE_MM = 22


@dataclass(frozen=True)
class Wish:
    """How the reader wants the paper: in which language and for which printer."""

    language: str
    size: PaperSize


def paper_of(order: Any, kind: PaperKind, wish: Wish, blocks: Iterable[Block] = (), **more: Any) -> Paper:
    """The paper with what all have in common. To be called in the paper's language and its station's time zone."""
    return Paper(
        size=wish.size,
        language=wish.language,
        title=str(PAPER_LABELS[kind]),
        number=order.number,
        head=letterhead(order.station),
        code=code_of(order),
        code_label=str(_("Opens this order")),
        blocks=tuple(blocks),
        notice=str(DEMONSTRATION) if settings.DEMO else "",
        pages=str(PAGES),
        **more,
    )


def letterhead(station: Any) -> Letterhead:
    """Who speaks: the station."""
    return Letterhead(station.name, tuple(line for line in (station.address, station.phone) if line))


def code_of(order: Any) -> Picture:
    """The QR code that opens the order."""
    return qr_picture(
        settings.PUBLIC_URL + reverse("workshop:order", args=[order.number]), order.number, width_mm=CODE_MM
    )


def unit_facts(order: Any) -> list[Fact]:
    """What tells this unit from others, in the words of its trade."""
    trade, unit = catalog.get_trade(order.trade), order.unit
    meter = f"{order.meter_reading} {trade.meter.unit}" if trade.meter and order.meter_reading is not None else ""
    told = [
        Fact(str(trade.unit), unit.label),
        Fact(str(trade.serial.label), unit.serial),
        Fact(str(_("Plate")), unit.plate),
        Fact(str(trade.meter.label) if trade.meter else "", meter),
    ]
    return [fact for fact in told if fact.value]


def words_for(items: Iterable[Any], codes: Iterable[str]) -> str:
    """The codes in the words of the trade, as one line."""
    labels = {item.code: str(item.label) for item in items}
    return str(_(", ")).join(labels.get(code, code) for code in codes)


def moment(value: Any, form: str = "") -> str:
    """The instant as the paper shows it, nothing if there is none."""
    return local_time(value, form) if value else ""
