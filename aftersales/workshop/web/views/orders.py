"""Repair orders: list, board, page, and one view per act of the `STEPS` table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.workflow import StateInfo
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import chips, paginate
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import (
    PHASE_LABELS,
    PHASES,
    STATES,
    STEPS,
    OrderAction,
    OrderState,
    act_towards,
)
from aftersales.workshop.web import exports, listing
from aftersales.workshop.web.acts import ACTS
from aftersales.workshop.web.panels import offer_for, order_page


@needs(Permission.SEE)
@require_safe
def orders(request: ActorRequest) -> HttpResponse:
    """The list of repair orders, filtered, sorted and paged."""
    now = clock.now()
    found = listing.listed(request, now)
    page = paginate(queries.as_listed(found.rows), request)
    context = {
        "page": page,
        "rows": [queries.row(order, now) for order in page],
        "form": found.form,
        "heads": found.sorting.heads,
        "chips": chips(request, found.form),
        "export": export_button(request, exports.ORDERS),
    }
    return render(request, "workshop/orders.html", context)


@needs(Permission.SEE)
@require_safe
def board(request: ActorRequest) -> HttpResponse:
    """The orders in the house by phase, coloured by their promise."""
    now = clock.now()
    form = listing.FilterForm(request.GET, request.actor)
    columns = [
        {
            "phase": column.phase,
            "label": PHASE_LABELS[column.phase],
            "count": column.count,
            "cards": [queries.row(order, now) for order in column.orders],
            "more": column.count - len(column.orders),
        }
        for column in queries.board(request.actor, form.wanted(), now=now)
    ]
    context = {"columns": columns, "form": form, "chips": chips(request, form)}
    return render(request, "workshop/board.html", context)


@needs(Permission.SEE)
@require_safe
def move(request: ActorRequest, number: str) -> HttpResponse:
    """The act that brings an order into the phase it was drawn to on the board, or why there is none."""
    found = queries.get_order(request.actor, number)
    state, phase = OrderState(found.state), request.GET.get("phase", "")
    today = queries.today_at(found, clock.now())
    towards = act_towards(queries.open_actions(request.actor, found, today=today), state, phase)
    context = {
        "order": found,
        "info": STATES[state],
        "phase": PHASE_LABELS.get(phase),
        "phases": [(code, label) for code, label in PHASE_LABELS.items() if state not in PHASES[code]],
        "offer": offer_for(request.actor, found, towards) if towards else None,
    }
    return render(request, "workshop/move.html#move" if request.htmx else "workshop/move.html", context)


@needs(Permission.SEE)
@require_safe
def order(request: ActorRequest, number: str) -> HttpResponse:
    """One repair order with its next act in plain sight."""
    found = queries.get_order(request.actor, number)
    editing, wording = request.GET.get("edit", ""), request.GET.get("wording", "")[:2000]
    page = order_page(request.actor, found, now=clock.now(), editing=editing, wording=wording)
    return render(request, "workshop/order.html", page)


def _act_view(action: OrderAction) -> Callable[..., HttpResponse]:
    permission = next(step.needs for (_state, each), step in STEPS.items() if each is action)

    @needs(permission)
    @require_POST
    def act(request: ActorRequest, number: str) -> HttpResponse:
        """Carry the act out and go back to the order, or show its form again with what is wrong."""
        now = clock.now()
        found = queries.get_order(request.actor, number)
        form = ACTS[action].form_for(request.actor, found, request.POST, request.FILES)
        status = 422
        if form.is_valid():
            try:
                ACTS[action].run(request.actor, found.number, form, now)
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, _done(request, found.number))
                return go_back(request, found.number)
        page = order_page(request.actor, queries.get_order(request.actor, number), now=now, bound=(action, form))
        return render(request, PAGES.get(request.POST.get("back", ""), "workshop/order.html"), page, status=status)

    act.__name__ = act.__qualname__ = action.value
    return act


PAGES: Mapping[str, str] = {"bench": "workshop/bench.html"}
"""Where a refused act is shown again, by the page it was asked for on; otherwise on the order's page."""


def go_back(request: ActorRequest, number: str) -> HttpResponse:
    """To the page an act was asked for on: the technician's, the board, or the order's."""
    back = request.POST.get("back")
    if back == "board":
        return redirect("workshop:board")
    return redirect("workshop:bench" if back == "bench" else "workshop:order", number=number)


def _done(request: ActorRequest, number: str) -> str:
    state: StateInfo = STATES[OrderState(queries.get_order(request.actor, number).state)]
    return f"{number} · {state.label}"


ACT_VIEWS: Mapping[OrderAction, Callable[..., HttpResponse]] = {action: _act_view(action) for action in OrderAction}
