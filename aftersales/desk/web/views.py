"""The home page of each duty, and the one search box."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.core import access, clock, search
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.desk.web.panels import panels_for, question_panels_for
from aftersales.policies import queries as policies
from aftersales.reports import queries as reports
from aftersales.ui.charts import Chart, Series
from aftersales.workshop import queries as workshop
from aftersales.workshop.queries import Permission

SHOWN_DAYS = 14
MOST_HITS = 40


@needs(None)
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """What is mine, what is due, who waits for whom."""
    actor, now = request.actor, clock.now()
    context: dict[str, object] = {
        "panels": panels_for(actor, now),
        "question_panels": question_panels_for(actor, now),
        "duties": [duty for code in actor.duties if (duty := access.find_duty(code))],
        "now": now,
        "to_approve": policies.list_to_approve(actor),
        "to_ask": policies.list_to_ask(actor, today=timezone.localdate(now)),
    }
    if actor.may(Permission.SEE):
        context |= {"promises": workshop.count_promises(actor, now=now)}
    if actor.may(Permission.SEE) and actor.may(Permission.HAND_OVER) and actor.may(Permission.CONTACT):
        context |= {"unclaimed": workshop.count_unclaimed(actor, now=now)}
    if actor.may(reports.Permission.MANAGE_OUTBOX):
        context |= {"missed_reports": reports.list_alarms(actor, now) if reports.has_alarms(actor, now) else []}
    if actor.may(Permission.SEE_COUNTS):
        context |= {"chart": _flow(request)}
    return render(request, "desk/home.html", context)


def _flow(request: ActorRequest) -> Chart:
    today = timezone.localdate(clock.now())
    zone = timezone.get_current_timezone_name()
    days = workshop.count_received_by_day(request.actor, zone=zone, until=today, days=SHOWN_DAYS)
    return Chart(
        title=_("Units in and out, last {days} days", days=SHOWN_DAYS),
        labels=[f"{day.month}/{day.day}" for day, _came, _went in days],
        series=[
            Series(_("Taken in"), [came for _day, came, _went in days], "info"),
            Series(_("Handed over"), [went for _day, _came, went in days], "success"),
        ],
    )


@needs(None)
@require_http_methods(["GET", "HEAD", "POST"])
@reads
def search_everything(request: ActorRequest) -> HttpResponse:
    """Whatever was typed or scanned, found in every kind of record; a single whole number opens at once.

    The words come by POST, so that names and telephone numbers stay out of addresses and logs.
    """
    typed = request.POST.get("q", "").strip()[:100]
    hits = search.find(request.actor, typed, limit=MOST_HITS) if typed else []
    if request.method == "POST" and not request.htmx and len(hits) == 1:
        return redirect(hits[0].url)
    template = "desk/search.html#hits" if request.htmx else "desk/search.html"
    return render(request, template, {"typed": typed, "hits": hits})
