"""Taking a unit in, and correcting or completing what was written then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.catalog import queries as catalog
from aftersales.core import clock
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.staff import queries as staff
from aftersales.ui.forms import add_refusal
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import STATES, OrderState
from aftersales.workshop.rules.papers import PaperKind
from aftersales.workshop.web import forms
from aftersales.workshop.web.papers import title_of
from aftersales.workshop.web.sight import sight_of
from aftersales.workshop.web.views.orders import go_back
from aftersales.workshop.web.views.repeats import suspects_for

SHORTEST = 2


@dataclass(frozen=True)
class Counter:
    """Where a unit is taken in, of what kind it is, and what is known of it."""

    station: Any
    stations: list[Any]
    trades: tuple[catalog.Trade, ...]
    kind: forms.Kind
    known: queries.Known | None

    def form(self, *args: Any, **kwargs: Any) -> forms.IntakeForm:
        """The form for this kind of unit; of what kind a known unit is, is no question any more."""
        unit = self.known.unit if self.known else None
        asked = [unit.category] if unit else self.kind.trade.categories
        categories: Any = [(category.code, category.label) for category in asked]
        return forms.IntakeForm(*args, kind=self.kind, categories=categories, **kwargs)

    def start(self, guess: queries.Guess | None = None) -> forms.IntakeForm:
        """The form with all that is known filled in; `guess` is a word that nobody knows yet."""
        typed = {guess.box: guess.value} if guess else {}
        form = self.form(initial={"category": self.kind.category, **_known_facts(self.known), **typed})
        _focus(form, self.known, guess)
        return form

    def page(self, form: forms.IntakeForm, **more: Any) -> dict[str, Any]:
        """What the page shows."""
        return {
            "form": form,
            "kind": self.kind,
            "trade": self.kind.trade,
            "trades": self.trades,
            "place": self.station,
            "places": self.stations,
            "terms": queries.terms_at(self.station, get_language() or ""),
            **known_part(self.known),
            **more,
        }


def known_part(known: queries.Known | None) -> dict[str, Any]:
    """What the part about the known customer and unit shows."""
    visits = [(order, STATES[OrderState(order.state)]) for order in known.visits] if known else []
    return {"known": known, "visits": visits}


@needs(Permission.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: ActorRequest) -> HttpResponse:
    """The one screen on which a unit is taken in."""
    counter = _counter(request)
    if request.method != "POST":
        unit = counter.known.unit if counter.known else None
        asked = {"unit_id": unit.pk, "station": counter.station.code} if unit else {}
        page = counter.page(counter.start(), suspects=suspects_for(request.actor, asked))
        return render(request, "workshop/receive.html", page)
    form = counter.form(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            order = services.receive_order(
                request.actor,
                intake=_intake(form.cleaned_data, counter, terms_shown=_terms_shown(request)),
                photos=form.cleaned_data["photos"],
                now=clock.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
        else:
            return _opened(request, order)
    # A page that sent the form by itself gets only the form again, so that the photos chosen in it stay chosen.
    template = "workshop/receive.html#form" if request.htmx else "workshop/receive.html"
    return render(
        request,
        template,
        counter.page(form, is_again=True, suspects=suspects_for(request.actor, request.POST)),
        status=status,
    )


def _opened(request: ActorRequest, order: Any) -> HttpResponse:
    paper = title_of(order, PaperKind.SLIP)
    messages.success(
        request, str(_("{number} is open. To print: {paper} and label.", number=order.number, paper=paper))
    )
    address = reverse("workshop:order", args=[order.number])
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


@reads
@needs(Permission.RECEIVE)
@require_POST
def find_known(request: ActorRequest) -> HttpResponse:
    """Whom and what a scanned or typed word means; the word comes by POST, so that no number stands in an address."""
    typed = request.POST.get("q", "").strip()[:200]
    found = queries.find_at_counter(request.actor, typed) if len(typed) >= SHORTEST else []
    if request.htmx:
        return render(request, "workshop/receive.html#found", {"found": found, "typed": typed})
    unit = queries.find_unit_at_counter(request.actor, typed) if typed else None
    if unit is not None:
        return redirect(f"{reverse('workshop:receive')}?unit={unit.pk}")
    if len(found) == 1 and not found[0].units:
        return redirect(f"{reverse('workshop:receive')}?customer={found[0].customer.pk}")
    guess = queries.guess(typed, _counter(request).trades) if typed else None
    counter = _counter(request, trade=guess.trade, category=guess.category) if guess else _counter(request)
    page = counter.page(counter.start(guess if not found else None), found=found, typed=typed, is_nobody=not found)
    return render(request, "workshop/receive.html", page)


@reads
@needs(Permission.RECEIVE)
@require_POST
def show_kind(request: ActorRequest) -> HttpResponse:
    """The parts of the form that depend on the kind of unit, with what was typed in them so far."""
    counter = _counter(request)
    sent = counter.form(request.POST)
    typed = {name: sent[name].data for name in sent.fields if name != "photos"}
    areas = {area.code for area in counter.kind.drawing.areas}
    marks = typed["marks"] if isinstance(typed["marks"], list) else []
    typed["marks"] = [mark for mark in marks if isinstance(mark, dict) and mark.get("area") in areas]
    return render(request, "workshop/receive.html#kind", counter.page(counter.form(initial=typed)))


@needs(Permission.RECEIVE)
@require_safe
def show_known(request: ActorRequest) -> HttpResponse:
    """What is known of the customer and unit that were chosen while typing."""
    known = queries.known_at_counter(
        request.actor, unit_id=_number(request.GET, "unit_id"), customer_id=_number(request.GET, "customer_id")
    )
    return render(request, "workshop/receive.html#known", known_part(known))


def _counter(request: ActorRequest, *, trade: str = "", category: str = "") -> Counter:
    sent = request.POST if request.method == "POST" else request.GET
    known = queries.known_at_counter(
        request.actor,
        unit_id=_number(sent, "unit_id" if request.method == "POST" else "unit"),
        customer_id=_number(sent, "customer_id" if request.method == "POST" else "customer"),
    )
    unit = known.unit if known else None
    wanted = trade or (unit.trade if unit else sent.get("trade", ""))
    stations = [each for each in staff.list_stations(request.actor, only_open=True) if each.trades]
    station = _station(stations, sent.get("station") or request.actor.home_scope, wanted if unit else "")
    trades = catalog.list_trades(station.trades)
    chosen = next((each for each in trades if each.code == wanted), trades[0])
    if unit and chosen.code != unit.trade:
        raise Invalid(_("None of your stations repairs units of this trade."))
    asked = category or (unit.category.code if unit else sent.get("category", ""))
    codes = [each.code for each in chosen.categories]
    return Counter(
        station, stations, trades, forms.kind_of(chosen, asked if unit or asked in codes else codes[0]), known
    )


def _station(stations: list[Any], asked: str, trade: str) -> Any:
    able = [each for each in stations if not trade or trade in each.trades]
    found = next((each for each in able if each.code == asked), able[0] if able else None)
    if found is None and trade:
        raise Invalid(_("None of your stations repairs units of this trade."))
    if found is None:
        raise Invalid(_("None of your stations takes units in. Give a station at least one trade first."))
    return found


def _number(sent: QueryDict, name: str) -> int | None:
    typed = sent.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def _known_facts(known: queries.Known | None) -> dict[str, Any]:
    if known is None:
        return {}
    facts = {
        "customer_id": known.customer.pk,
        "phone": known.phone.masked if known.phone else "",
        "name": known.customer.name,
    }
    if known.unit is None:
        return facts
    names = ("serial", "plate", "model_text", "purchased_on")
    return {**facts, "unit_id": known.unit.pk, **{name: getattr(known.unit, name) for name in names}}


def _focus(form: forms.IntakeForm, known: queries.Known | None, guess: queries.Guess | None) -> None:
    """Where one goes on: at the first box that nobody has filled."""
    if known is None and guess is None:
        return
    order = ["phone", "name", "serial", "meter", "fault"]
    empty = [name for name in order if name in form.fields and not form.initial.get(name)]
    if known is not None and known.unit is not None:
        empty = [name for name in empty if name in {"meter", "fault"}]
    form.fields[empty[0]].widget.attrs["autofocus"] = True


def _terms_shown(request: ActorRequest) -> str:
    return str(request.POST.get("terms_shown", ""))[:64]


def _intake(typed: dict[str, Any], counter: Counter, *, terms_shown: str) -> services.Intake:
    taken = {name: value for name, value in typed.items() if name != "photos"}
    return services.Intake(
        **taken, terms_shown=terms_shown, trade=counter.kind.trade.code, station=counter.station.code
    )


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, number: str) -> HttpResponse:
    """Correct what was written at intake; a change made by somebody else meanwhile is shown beside one's own."""
    order = queries.get_order(request.actor, number)
    trade = catalog.get_trade(order.trade)
    names = ("version", "fault", "accessories", "condition", "marks", "intake_note")
    form = forms.EditForm(
        request.POST or None,
        initial={name: getattr(order, name) for name in names} | {"meter": order.meter_reading},
        kind=forms.kind_of(trade, order.category.code),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.edit_order(request.actor, number=order.number, now=clock.now(), **form.cleaned_data)
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, str(_("Saved.")))
                return redirect("workshop:order", number=order.number)
    context = {"form": form, "order": order, "trade": trade, "title": gettext_lazy("Correct the intake")}
    return render(request, "workshop/edit.html", context, status=status)


@needs(Permission.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: ActorRequest, number: str) -> HttpResponse:
    """Let the customer sign what was written at intake, when that was not done at once or when it was corrected since."""
    order = queries.get_order(request.actor, number)
    form = forms.SignForm(request.POST or None, initial={"signed_by": order.signed_by or order.customer.name})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.sign_order(
                    request.actor,
                    number=order.number,
                    terms_shown=_terms_shown(request),
                    now=clock.now(),
                    **form.cleaned_data,
                )
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, str(_("Signed.")))
                return redirect("workshop:order", number=order.number)
    terms = queries.terms_at(order.station, get_language() or "")
    context = {"form": form, "order": order, "terms": terms, **sight_of(order)}
    return render(request, "workshop/sign.html", context, status=status)


@needs(Permission.ADD_PHOTOS)
@require_POST
def add_photos(request: ActorRequest, number: str) -> HttpResponse:
    """Add photos of the unit to its order."""
    form = forms.PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Invalid(_("Choose at least one photo."))
    services.add_photos(request.actor, number=number, photos=form.cleaned_data["photos"], now=clock.now())
    messages.success(request, str(_("Photos added.")))
    return go_back(request, number)
