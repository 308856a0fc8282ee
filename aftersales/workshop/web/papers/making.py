"""Which papers there are, for which printers, and how one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from aftersales.core.errors import Refused
from aftersales.core.text import Text
from aftersales.ui.papers import Paper, PaperSize
from aftersales.workshop import queries
from aftersales.workshop.rules.papers import FOR_THE_CUSTOMER, PaperKind, why_not
from aftersales.workshop.web.papers import handover, intake, quotation, work
from aftersales.workshop.web.papers.parts import Wish, title_of

A4 = (PaperSize.A4,)
A4_OR_ROLL = (PaperSize.A4, PaperSize.ROLL)


@dataclass(frozen=True)
class Maker:
    """How a kind of paper is made, and the printers it is meant for, the usual one first."""

    make: Callable[[Any, Wish], Paper]
    sizes: tuple[PaperSize, ...]


MAKERS: Mapping[PaperKind, Maker] = {
    PaperKind.SLIP: Maker(intake.slip, A4_OR_ROLL),
    PaperKind.LABEL: Maker(intake.label, (PaperSize.LABEL,)),
    PaperKind.QUOTATION: Maker(quotation.quotation, A4),
    PaperKind.CONSENT: Maker(quotation.consent, A4_OR_ROLL),
    PaperKind.WORK_ORDER: Maker(work.work_order, A4),
    PaperKind.CHECK_SHEET: Maker(work.check_sheet, A4),
    PaperKind.SETTLEMENT: Maker(handover.settlement, A4_OR_ROLL),
}


@dataclass(frozen=True)
class PaperOffer:
    """A paper as the order page offers it: its addresses, or the reason why it does not exist yet."""

    label: Text
    page: str
    pdf: str
    reason: Text | None = None


def offers_of(order: Any, quotations: Iterable[Any], consents: Iterable[Any]) -> list[PaperOffer]:
    """Every paper of the order, in the way it goes."""
    facts = queries.paper_facts(order, quotations, consents)
    return [
        PaperOffer(
            title_of(order, kind),
            reverse(f"workshop:{kind.value}", args=[order.number]),
            reverse(f"workshop:{kind.value}_pdf", args=[order.number]),
            why_not(kind, facts),
        )
        for kind in PaperKind
    ]


def wish_of(order: Any, kind: PaperKind, asked: Mapping[str, str]) -> Wish:
    """What was asked for where it exists; else the usual printer, and the customer's language or the reader's."""
    known = [code for code, _name in settings.LANGUAGES]
    theirs = order.customer.language if kind in FOR_THE_CUSTOMER else ""
    wanted = next((each for each in (asked.get("language", ""), theirs) if each in known), translation.get_language())
    size = next((each for each in MAKERS[kind].sizes if each.value == asked.get("paper")), MAKERS[kind].sizes[0])
    version = asked.get("version", "")
    is_number = version.isascii() and version.isdigit() and len(version) < 6
    return Wish(wanted or settings.LANGUAGE_CODE, size, int(version) if is_number else None)


def make_paper(order: Any, kind: PaperKind, wish: Wish) -> Paper:
    """The paper in its own language and its station's time, whoever reads it where; refuses one that does not exist yet."""
    reason = why_not(kind, queries.paper_facts(order, queries.list_quotations(order), queries.list_consents(order)))
    if reason is not None:
        raise Refused(reason)
    with translation.override(wish.language), timezone.override(ZoneInfo(order.station.time_zone)):
        return MAKERS[kind].make(order, wish)
