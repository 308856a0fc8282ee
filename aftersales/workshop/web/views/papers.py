"""The papers of a repair order, as a page to print and as PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftersales.core.web.access import ActorRequest, needs
from aftersales.ui.papers import Paper, PaperSize
from aftersales.ui.web.papers import pdf_response
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.papers import PaperKind
from aftersales.workshop.web.papers import MAKERS, make_paper, wish_of

Choice = tuple[str, str, bool]
LANGUAGE_NAMES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
SIZE_NAMES = {PaperSize.A4: "A4", PaperSize.ROLL: "80 mm", PaperSize.LABEL: "60 × 40 mm"}


def _page_view(kind: PaperKind) -> Callable[..., HttpResponse]:
    @needs(Permission.SEE)
    @require_safe
    def page(request: ActorRequest, number: str) -> HttpResponse:
        """The paper as a page to print."""
        order, paper = _made(request, number, kind)
        context = {
            "paper": paper,
            "switches": _switches(request, kind, paper),
            "pdf": f"{reverse(f'workshop:{kind.value}_pdf', args=[order.number])}?{_query(request, paper)}",
            "back": reverse("workshop:order", args=[order.number]),
        }
        return render(request, "ui/paper.html", context)

    return _named(page, kind.value)


def _pdf_view(kind: PaperKind) -> Callable[..., HttpResponse]:
    @needs(Permission.SEE)
    @require_safe
    def pdf(request: ActorRequest, number: str) -> HttpResponse:
        """The paper as PDF."""
        _order, paper = _made(request, number, kind)
        return pdf_response(paper, kind.value)

    return _named(pdf, f"{kind.value}_pdf")


def _named(view: Callable[..., HttpResponse], name: str) -> Callable[..., HttpResponse]:
    view.__name__ = view.__qualname__ = name
    return view


def _made(request: ActorRequest, number: str, kind: PaperKind) -> tuple[Any, Paper]:
    order = queries.get_order(request.actor, number)
    return order, make_paper(order, kind, wish_of(order, kind, request.GET.dict()))


def _switches(request: HttpRequest, kind: PaperKind, paper: Paper) -> list[list[Choice]]:
    languages = [
        (LANGUAGE_NAMES.get(code, code), f"?{_query(request, paper, language=code)}", code == paper.language)
        for code, _name in settings.LANGUAGES
    ]
    sizes = [
        (SIZE_NAMES[size], f"?{_query(request, paper, paper=size.value)}", size is paper.size)
        for size in MAKERS[kind].sizes
    ]
    return [languages, sizes]


def _query(request: HttpRequest, made: Paper, **changed: str) -> str:
    wanted = request.GET.copy()
    for name, value in ({"language": made.language, "paper": made.size.value} | changed).items():
        wanted[name] = value
    return wanted.urlencode()


PAGE_VIEWS: Mapping[PaperKind, Callable[..., HttpResponse]] = {kind: _page_view(kind) for kind in PaperKind}
PDF_VIEWS: Mapping[PaperKind, Callable[..., HttpResponse]] = {kind: _pdf_view(kind) for kind in PaperKind}
