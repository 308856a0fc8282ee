"""Pages of the house itself: language, health, the app manifest and what is shown when something is wrong."""

from __future__ import annotations

import sqlite3
import sys

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from aftersales.config.databases import has_wal_reset_fix
from aftersales.core import clock
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import public
from aftersales.core.web.idempotency import keyless
from aftersales.core.web.refusals import is_outage, refusal_page, unavailable_page
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
    facts: dict[str, object] = {"status": "ok", "database": connection.vendor}
    if connection.vendor == "sqlite":
        facts |= _sqlite_facts()
    return JsonResponse(facts)


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
    icon = {"src": static("ui/img/logo.svg"), "sizes": "any", "type": "image/svg+xml"}
    facts = {"name": name, "short_name": name, "start_url": "/", "display": "standalone", "icons": [icon]}
    return JsonResponse(facts, content_type="application/manifest+json")


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
