"""The product's own addresses, and beside them a few pages that do one small thing each, for tests of what surrounds a page."""

from __future__ import annotations

import errno
import time

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aftersales.config import urls
from aftersales.core import clock, journal, numbering, transaction
from aftersales.core.errors import Conflict, Difference, Invalid, Missing, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import needs, public
from aftersales.core.web.idempotency import reads
from aftersales.staff import queries as staff

YEAR = 2026


@transaction.act
def take_number(actor, *, note, scope="TEST"):
    """A number drawn and a journal entry written: two rows that belong together."""
    number = numbering.next_number("T", scope=scope, year=YEAR)
    journal.record(actor, at=clock.now(), act="take", kind="number", key=number, note=note)
    return number


@csrf_exempt
@require_POST
@needs(None)
def take(request):
    if request.POST.get("slowly"):
        time.sleep(0.05)
    number = take_number(request.actor, note=request.POST.get("note", ""))
    if request.POST.get("then") == "refuse":
        raise Invalid(_("Write another note."), field="note")
    if request.POST.get("then") == "answer 422":
        return HttpResponse("Write another note.", status=422)
    if request.POST.get("then") == "break":
        raise RuntimeError(number)
    if request.POST.get("then") == "template":
        return TemplateResponse(request, "ui/refused.html", {"status": number})
    if request.POST.get("then") == "redirect":
        return redirect(f"/probe/{number}/")
    return HttpResponse(number, headers={"HX-Trigger": "taken", "X-Other": "not kept"})


@needs(None)
def see(request):
    return HttpResponse(str(len(staff.list_stations(request.actor))))


@csrf_exempt
@reads
@needs(None)
def find(request):
    return HttpResponse(request.POST.get("typed", ""))


class _Full(OSError):
    pass


ERRORS = {
    "refused": lambda: Refused(_("Not now: first do the other thing.")),
    "invalid": lambda: Invalid(_("Write a number."), field="price"),
    "missing": Missing,
    "conflict": lambda: Conflict(changed_by="王芳", differences=(Difference(_("Name"), "张三", "<b>张叁</b>"),)),
    "404": lambda: Http404("no such thing"),
    "403": lambda: PermissionDenied("no"),
    "400": lambda: SuspiciousOperation("odd"),
    "bug": lambda: RuntimeError("a mistake of ours"),
    "operational": lambda: OperationalError("server closed the connection unexpectedly"),
    "interface": lambda: InterfaceError("connection already closed"),
    "full": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "quota": lambda: _Full(errno.EDQUOT, "Disk quota exceeded"),
    "no file": lambda: FileNotFoundError(errno.ENOENT, "No such file"),
}


@public
def fail(request, name):
    error = ERRORS[name]()
    raise error


@csrf_exempt
@require_POST
@public
def fail_after_writing(request, name):
    take_number(request.actor, note="gone")
    error = ERRORS[name]()
    raise error


@needs("probe:never")
def forbidden(request):
    return HttpResponse("never seen")


urlpatterns = [
    path(
        "probe/",
        include(
            [
                path("take/", take),
                path("see/", see),
                path("find/", find),
                path("forbidden/", forbidden),
                path("fail/<str:name>/", fail),
                path("fail-after-writing/<str:name>/", fail_after_writing),
            ]
        ),
    ),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
