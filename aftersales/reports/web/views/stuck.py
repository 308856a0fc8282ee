"""What could not be sent or done: missed reports, messages that wait or are parked, jobs that gave up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.text import Text, text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.reports import queries, services
from aftersales.reports.permissions import Permission
from aftersales.reports.rules.schedule import TROUBLES
from aftersales.reports.web.views.plans import day_of


@needs(Permission.MANAGE_OUTBOX)
@require_safe
def stuck(request: ActorRequest) -> HttpResponse:
    """Everything that has not gone out or was not done, each with its reason and what can be done about it."""
    now = clock.now()
    context = {
        "alarms": [(alarm, TROUBLES[alarm.trouble]) for alarm in queries.list_alarms(request.actor, now)],
        "messages_open": queries.list_stuck_messages(request.actor),
        "jobs": queries.list_parked_jobs(request.actor),
        "sees_jobs": request.actor.scopes is None,
        "workers": queries.count_workers(now),
        "may_plan": request.actor.may(Permission.EDIT_PLAN),
    }
    return render(request, "reports/stuck.html", context)


@needs(Permission.MANAGE_OUTBOX)
@require_POST
def retry_message(request: ActorRequest, message_id: int) -> HttpResponse:
    """Try a message again at once."""
    services.retry_message(request.actor, message_id=message_id, now=clock.now())
    return _back(request, _("It is tried again now."))


@needs(Permission.MANAGE_OUTBOX)
@require_POST
def cancel_message(request: ActorRequest, message_id: int) -> HttpResponse:
    """Give a message up."""
    services.cancel_message(request.actor, message_id=message_id, now=clock.now())
    return _back(request, _("It was given up."))


@needs(Permission.MANAGE_OUTBOX)
@require_POST
def retry_job(request: ActorRequest, job_id: UUID) -> HttpResponse:
    """Try a job again from the beginning."""
    services.retry_job(request.actor, job_id=job_id, now=clock.now())
    return _back(request, _("It is tried again now."))


@needs(Permission.MANAGE_OUTBOX)
@require_POST
def cancel_job(request: ActorRequest, job_id: UUID) -> HttpResponse:
    """Give a job up."""
    services.cancel_job(request.actor, job_id=job_id, now=clock.now())
    return _back(request, _("It was given up."))


@needs(Permission.MANAGE_OUTBOX)
@require_POST
def give_up_report(request: ActorRequest, station: str, day: str) -> HttpResponse:
    """Let a report that did not go out be."""
    services.give_up_report(request.actor, station=station, day=day_of(day), now=clock.now())
    return _back(request, _("It was given up."))


def _back(request: ActorRequest, said: Text) -> HttpResponse:
    messages.success(request, str(said))
    return redirect("reports:stuck")
