"""Pages of the house itself: language, health, the app manifest and what is shown when something is wrong."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language

from aftersales.config.databases import has_wal_reset_fix
from aftersales.core import clock, jobs, outbox
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import public
from aftersales.core.web.idempotency import keyless
from aftersales.core.web.refusals import is_outage, refusal_page, unavailable_page
from aftersales.reports import queries as reports
from aftersales.staff import services as staff


@keyless  # choosing a language twice is choosing it once
@public
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language for this browser, and for the person when signed in; then go back."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if not ours or back.startswith("//"):
        back = "/"
    response = HttpResponseRedirect(back)  # not redirect(): that would look for a page of that name first
    if request.method == "POST" and check_for_language(language) and language in dict(settings.LANGUAGES):
        actor = request.actor  # type: ignore[attr-defined]
        if actor.person_id is not None:
            staff.set_language(actor, language=language, now=clock.now())
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@public
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers, and how safely it keeps what it acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    facts: dict[str, object] = {"status": "ok", "database": connection.vendor} | _waiting_facts()
    if connection.vendor == "sqlite":
        facts |= _sqlite_facts()
    return JsonResponse(facts)


def _waiting_facts() -> dict[str, object]:
    """What waits for a worker or for a person: numbers only, for whoever watches the house from outside."""
    now = clock.now()
    queue, outgoing = jobs.count_jobs(now), outbox.count_messages(now)
    return {
        "workers": queue.workers,
        "jobs_parked": queue.parked,
        "messages_waiting": outgoing.waiting,
        "messages_parked": outgoing.parked,
        "daily_reports_missed": reports.count_alarms(SYSTEM, now),
    }


def _sqlite_facts() -> dict[str, object]:
    # Asked of the database, not of our settings: what is in force is what counts.
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    is_safe = synchronous >= _FULL and (journal != "wal" or has_wal_reset_fix(sqlite3.sqlite_version_info))
    return {"sqlite": sqlite3.sqlite_version, "journal": journal, "keeps_commits": is_safe}


_FULL = 2


@public
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to keep the pages on its home screen."""
    name = str(_("Aftersales"))
    icons = [
        {"src": static("ui/img/logo.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("ui/img/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
        {"src": static("ui/img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    facts = {
        "id": "/",
        "name": name,
        "short_name": name,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f5f2",
        "theme_color": "#0f6466",
        "lang": get_language() or "",
        "icons": icons,
        "shortcuts": [{"name": str(_("My work")), "url": reverse("workshop:my_work")}],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


OFFLINE_NEEDS = (
    "vendor/tabler.min.css",
    "ui/css/tabler.css",
    "ui/css/tokens.css",
    "ui/css/base.css",
    "ui/css/components/controls.css",
    "ui/css/components/records.css",
    "ui/css/components/overlays.css",
    "ui/css/pages.css",
    "ui/img/logo.svg",
    "ui/js/theme-early.js",
    "ui/js/offline.js",
)


@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps forms when there is no connection; it stands at the root, because it works for every page."""
    offline = reverse("offline")
    kept = f"{settings.STATIC_URL}ui/js/kept.js"  # by the plain name under which the pages' script imports it
    shell = json.dumps([offline, kept, *(static(name) for name in OFFLINE_NEEDS)])
    path = finders.find("ui/js/service-worker.js")
    assert isinstance(path, str)
    script = Path(path).read_text(encoding="utf-8")
    head = f'import {{ keep }} from "{kept}";\nconst OFFLINE = "{offline}";\nconst SHELL = {shell};\n'
    response = HttpResponse(head + script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a connection: that nothing was lost, and what waits to be sent. Holds nothing about anybody."""
    return render(request, "ui/offline.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page."""
    return refusal_page(request, Missing(_("There is no such page. Check the address, or start from the home page.")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request was turned away before any page was reached."""
    return refusal_page(request, _Forbidden(_("This was not allowed. Go back and try again from the page.")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request could not be understood."""
    return refusal_page(
        request, _NotUnderstood(_("This request could not be understood. Go back and try again from the page."))
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A mistake of ours: it is in the log, and nothing was half-written. A database that is away before any page is reached is none."""
    error = sys.exc_info()[1]
    if error is not None and is_outage(error):
        return unavailable_page(request, error)
    return render(request, "ui/500.html", status=500)


class _Forbidden(Refused):
    status = 403


class _NotUnderstood(Refused):
    status = 400
