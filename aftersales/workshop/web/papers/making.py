"""Which papers there are, for which printers, and how one is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from aftersales.core.text import Text
from aftersales.ui.papers import Paper, PaperSize
from aftersales.workshop.rules.papers import PAPER_LABELS, PaperKind
from aftersales.workshop.web.papers import intake
from aftersales.workshop.web.papers.parts import Wish

A4_OR_ROLL = (PaperSize.A4, PaperSize.ROLL)


@dataclass(frozen=True)
class Maker:
    """How a kind of paper is made, and the printers it is meant for, the usual one first."""

    make: Callable[[Any, Wish], Paper]
    sizes: tuple[PaperSize, ...]


MAKERS: Mapping[PaperKind, Maker] = {
    PaperKind.SLIP: Maker(intake.slip, A4_OR_ROLL),
    PaperKind.LABEL: Maker(intake.label, (PaperSize.LABEL,)),
}


@dataclass(frozen=True)
class PaperOffer:
    """A paper as the order page offers it."""

    label: Text
    page: str
    pdf: str


def offers_of(order: Any) -> list[PaperOffer]:
    """Every paper of the order."""
    return [
        PaperOffer(
            PAPER_LABELS[kind],
            reverse(f"workshop:{kind.value}", args=[order.number]),
            reverse(f"workshop:{kind.value}_pdf", args=[order.number]),
        )
        for kind in MAKERS
    ]


def wish_of(order: Any, kind: PaperKind, *, language: str, size: str) -> Wish:
    """What was asked for where it exists; else the customer's language, or the reader's, and the usual printer."""
    known = [code for code, _name in settings.LANGUAGES]
    asked = next((each for each in (language, order.customer.language) if each in known), translation.get_language())
    sizes = MAKERS[kind].sizes
    return Wish(asked or settings.LANGUAGE_CODE, next((each for each in sizes if each.value == size), sizes[0]))


def make_paper(order: Any, kind: PaperKind, wish: Wish) -> Paper:
    """The paper in its own language and its station's time, whoever reads it where."""
    with translation.override(wish.language), timezone.override(ZoneInfo(order.station.time_zone)):
        return MAKERS[kind].make(order, wish)
