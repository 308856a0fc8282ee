"""Pages of the gallery. Nothing here reads or writes a record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from aftersales.core import clock
from aftersales.core.errors import Missing
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.ui import lists, tones
from aftersales.ui.papers import PaperSize
from aftersales.ui.web import sample_forms, sample_papers, samples
from aftersales.ui.web.papers import pdf_response


@needs(None)
def gallery(request: ActorRequest) -> HttpResponse:
    """Every component in every tone."""
    if "toast" in request.GET:
        messages.success(request, str(samples.SAVED))
        messages.warning(request, str(samples.LATE))
    refused = sample_forms.refused_form()
    context: dict[str, Any] = {
        "tones": tones.TONES,
        "button_tones": tones.BUTTON_TONES,
        "clocks": samples.clocks(clock.now()),
        "days": samples.days(clock.now()),
        "moments": samples.moments(clock.now()),
        "open_actions": samples.open_actions(),
        "charts": samples.charts(),
        "form": sample_forms.SampleForm(),
        "refused_form": refused,
        "conflict": sample_forms.conflict(),
        "box": samples.BOX,
        "marks": samples.MARKS,
        "signature": samples.SIGNATURE,
        "now": clock.now(),
    }
    return render(request, "ui/gallery.html", context)


@needs(None)
def sample_list(request: ActorRequest) -> HttpResponse:
    """A long list with filters, sortable heads and a pager."""
    order = lists.sorting(request, samples.COLUMNS, default="-received")
    rows = samples.rows(clock.now(), order.order_by)
    form = sample_forms.FilterForm(request.GET)
    context = {
        "page": lists.paginate(rows, request, per_page=20),
        "sorting": order,
        "form": form,
        "chips": lists.chips(request, form),
    }
    return render(request, "ui/sample_list.html", context)


@needs(None)
def sample_record(request: ActorRequest) -> HttpResponse:
    """A record with its next act, facts and history."""
    context = {
        "moments": samples.moments(clock.now()),
        "open_actions": samples.open_actions(),
        "clock": samples.clocks(clock.now())[0],
    }
    return render(request, "ui/sample_record.html", context)


@reads
@needs(None)
def sample_form(request: ActorRequest) -> HttpResponse:
    """A long form; sent, it shows what it would refuse and keeps nothing."""
    form = (
        sample_forms.SampleForm(request.POST, request.FILES) if request.method == "POST" else sample_forms.SampleForm()
    )
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "ui/sample_form.html", {"form": form}, status=status)


@needs(None)
def sample_board(request: ActorRequest) -> HttpResponse:
    """A board by phase."""
    return render(request, "ui/sample_board.html", {"columns": samples.columns(clock.now())})


@needs(None)
def sample_plain(request: ActorRequest) -> HttpResponse:
    """The frame of pages for people who are not signed in."""
    return render(request, "ui/sample_plain.html", {"form": sample_forms.SignInForm()})


@needs(None)
def sample_paper(request: ActorRequest, paper: str) -> HttpResponse:
    """A paper to print: A4, an 80 mm roll or a label."""
    made = sample_papers.sample_paper(_size(paper), clock.now())
    links = {"pdf": reverse("ui:sample_pdf", args=[paper]), "back": reverse("ui:gallery")}
    return render(request, "ui/paper.html", {"paper": made, **links})


@needs(None)
def sample_pdf(request: ActorRequest, paper: str) -> HttpResponse:
    """The same paper as PDF."""
    return pdf_response(sample_papers.sample_paper(_size(paper), clock.now()), "sample")


def _size(name: str) -> PaperSize:
    size = PaperSize.__members__.get(name.upper())
    if size is None:
        raise Missing
    return size
