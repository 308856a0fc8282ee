"""The technician's own pages, made for a phone and dirty hands: my work, and one order with few large buttons."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock, search
from aftersales.core.errors import Missing
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.web.panels import order_page


@needs(Permission.REPAIR)
@require_safe
def my_work(request: ActorRequest) -> HttpResponse:
    """What is in my hands: under repair, to begin, standing still, reported done."""
    now = clock.now()
    mine = queries.my_work(request.actor)
    shelves = [
        (_("Under repair"), mine.under_repair, "tool"),
        (_("To begin"), mine.to_begin, "player-play"),
        (_("Standing still"), mine.standing, "hourglass"),
        (_("Reported done"), mine.reported, "check"),
    ]
    context = {
        "shelves": [(label, [queries.row(order, now) for order in orders], icon) for label, orders, icon in shelves],
        "is_idle": not any(orders for _label, orders, _icon in shelves),
    }
    return render(request, "workshop/my_work.html", context)


@needs(Permission.SEE)
@require_safe
def bench(request: ActorRequest, number: str) -> HttpResponse:
    """One order as the one who works on it needs it."""
    order = queries.get_order(request.actor, number)
    return render(request, "workshop/bench.html", order_page(request.actor, order, now=clock.now()))


@reads
@needs(Permission.SEE)
@require_POST
def scan(request: ActorRequest) -> HttpResponse:
    """The order that a label, a slip, a serial number or a plate belongs to, opened at the bench."""
    typed = request.POST.get("q", "").strip()[:200]
    number = typed.rstrip("/").rsplit("/", 1)[-1] if "/orders/" in typed else typed
    hits = [hit for hit in search.find(request.actor, number, limit=8) if hit.kind == "order"] if number else []
    open_hits = queries.in_house(request.actor, [hit.key for hit in hits])
    if len(open_hits) == 1 or len(hits) == 1:
        return redirect("workshop:bench", number=(open_hits or [hits[0].key])[0])
    if not hits:
        raise Missing(
            _(
                "“{typed}” is no repair order of your station. Scan the label on the unit, or type the number.",
                typed=typed,
            )
        )
    rows = [queries.row(order, clock.now()) for order in queries.orders_named(request.actor, [hit.key for hit in hits])]
    return render(request, "workshop/scanned.html", {"typed": typed, "rows": rows})
