"""What the papers of an order have in common: the letterhead, the QR code, who and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from aftersales.catalog import queries as catalog
from aftersales.core.money import Money
from aftersales.core.text import Text, text as _
from aftersales.customers import queries as customers
from aftersales.staff import queries as staff
from aftersales.ui.papers import (
    DEMONSTRATION,
    LOGO_MM,
    PAGES,
    Block,
    Fact,
    Letterhead,
    Paper,
    PaperSize,
    Picture,
    Signature,
    Words,
    qr_picture,
    signature_picture,
    wrapped_jpeg,
)
from aftersales.ui.templatetags.ui import local_time
from aftersales.workshop import queries
from aftersales.workshop.rules.papers import PAPER_LABELS, PaperKind

CODE_MM = 22


@dataclass(frozen=True)
class Wish:
    """How the reader wants the paper: in which language, for which printer, and which version where there are several."""

    language: str
    size: PaperSize
    version: int | None = None


def paper_of(order: Any, kind: PaperKind, wish: Wish, blocks: Iterable[Block] = (), **more: Any) -> Paper:
    """The paper with what all have in common. To be called in the paper's language and its station's time zone."""
    return Paper(
        size=wish.size,
        language=wish.language,
        title=str(title_of(order, kind)),
        number=order.number,
        head=letterhead(order.station),
        code=code_of(order),
        code_label=str(_("Opens this order")),
        blocks=tuple(blocks),
        notice=str(DEMONSTRATION) if settings.DEMO else "",
        pages=str(PAGES),
        **more,
    )


def title_of(order: Any, kind: PaperKind) -> Text:
    """What the paper is called in the trade of the order."""
    return catalog.get_trade(order.trade).paper_of(kind.value) or PAPER_LABELS[kind]


def letterhead(station: Any) -> Letterhead:
    """Who speaks: the station, with its legal name and logo where it has them."""
    row = staff.letterhead_of(station)
    logo = staff.logo_of(row)
    reach = "  ".join(each for each in (station.address, station.phone) if each)
    return Letterhead(
        station.name,
        tuple(line for line in (row.legal_name, reach) if line),
        wrapped_jpeg(logo, station.name, most_mm=LOGO_MM) if logo else None,
    )


def terms(order: Any, kind: str, wish: Wish) -> list[Block]:
    """The house's terms for this kind of paper, if it wrote any."""
    return worded_terms(staff.letterhead_of(order.station).terms_in(kind, wish.language))


def worded_terms(words: str) -> list[Block]:
    """Terms as they are printed, if there are any."""
    return [Words(words, title=str(_("Terms")), look="small")] if words else []


def code_of(order: Any) -> Picture:
    """The QR code that opens the order."""
    link = settings.PUBLIC_URL + reverse("workshop:order", args=[order.number])
    return qr_picture(link, order.number, width_mm=CODE_MM)


def customer_facts(order: Any) -> list[Fact]:
    """Who the customer is; of his telephone only as much as he needs to know that it is he."""
    phone = customers.main_phones([order.customer_id]).get(order.customer_id)
    told = [Fact(str(_("Customer")), order.customer.name), Fact(str(_("Telephone")), phone.masked if phone else "")]
    return [fact for fact in told if fact.value]


def unit_facts(order: Any) -> list[Fact]:
    """What tells this unit from others, in the words of its trade."""
    trade, unit = catalog.get_trade(order.trade), order.unit
    meter = f"{order.meter_reading} {trade.meter.unit}" if trade.meter and order.meter_reading is not None else ""
    told = [
        Fact(str(trade.unit), unit_name(order)),
        Fact(str(trade.serial_of(order.category.code).label), unit.serial),
        Fact(str(_("Plate")), unit.plate),
        Fact(str(trade.meter.label) if trade.meter else "", meter),
    ]
    return [fact for fact in told if fact.value]


def unit_name(order: Any) -> str:
    """What the unit is, without its numbers, which papers show beside it."""
    return order.unit.model_text or str(order.category.label)


def people_facts(order: Any) -> list[Fact]:
    """Who looks after the order."""
    told = [
        Fact(str(_("Service advisor")), order.advisor.name),
        Fact(str(_("Technician")), order.technician.name if order.technician else ""),
    ]
    return [fact for fact in told if fact.value]


def signature(label: object, *, strokes: Sequence[Any] = (), name: str = "", at: Any = None) -> Signature:
    """A place to sign, with what was signed on the screen."""
    picture = signature_picture(strokes, str(label))
    return Signature(str(label), picture, name if picture else "", moment(at) if picture else "")


def diagnosis(order: Any) -> str:
    """What was found: cause and remedy in the words of the trade's lists, then in the technician's own."""
    trade = catalog.get_trade(order.trade)
    labels = {item.code: str(item.label) for item in (*trade.causes, *trade.remedies)}
    picked = " · ".join(labels.get(code, code) for code in (order.cause, order.remedy) if code)
    return "\n".join(words for words in (picked, order.diagnosis) if words)


def accessories(order: Any) -> str:
    """What was left with the unit, in the words of the trade, as one line."""
    return str(_(", ")).join(queries.worded_accessories(order))


def condition(order: Any) -> str:
    """What was seen at intake, point by point, as one line."""
    return str(_(", ")).join(map(str, queries.worded_condition(order)))


def moment(value: Any, form: str = "") -> str:
    """The instant as the paper shows it, nothing if there is none."""
    return local_time(value, form) if value else ""


def quantity(value: Decimal | str) -> str:
    """The quantity without idle zeros."""
    return f"{Decimal(value).normalize():f}"


def yuan(fen: int) -> str:
    """The amount as it is printed."""
    return str(Money(fen))
