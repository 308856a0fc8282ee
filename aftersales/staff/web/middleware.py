"""Each request gets its actor, language and time zone; who was deactivated or idle for too long is out at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from aftersales.core import clock
from aftersales.core.web.access import ActorRequest
from aftersales.staff import queries, services
from aftersales.staff.web import clients

log = structlog.get_logger(__name__)

SEEN = "seen_at"
STARTED = "started_at"
SEEN_EVERY = timedelta(minutes=5)
IDLE_SECONDS = 2 * 60 * 60
OPEN_BEFORE_NEW_PASSWORD = ("account_change_password", "account_logout", "account_reauthenticate")


class ActorMiddleware:
    """Sets `request.actor` and lets the page be made in the language and time zone of whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        if request.user.is_authenticated and is_over(request, now=now):
            logout(request)
        standing = _standing(request, now=now)
        cast("ActorRequest", request).actor = standing.actor
        cast("Any", request).station_name = standing.station_name
        structlog.contextvars.bind_contextvars(actor=standing.actor.id)
        language = language_of(request)
        with translation.override(language), timezone.override(standing.time_zone):
            cast("Any", request).LANGUAGE_CODE = language
            response = _new_password_first(request) or self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of(request: HttpRequest) -> str:
    """The language the person chose, else the one in the cookie, else the browser's, else the installation's."""
    chosen = getattr(request.user, "language", "") if request.user.is_authenticated else ""
    return str(chosen or translation.get_language_from_request(request))


def is_over(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this signed-in device was unused or signed in for too long; if not, its use is noted every few minutes."""
    session = request.session
    seen = datetime.fromisoformat(session.get(SEEN, now.isoformat()))
    started = datetime.fromisoformat(session.setdefault(STARTED, now.isoformat()))
    idle = timedelta(seconds=getattr(settings, "SESSION_IDLE_SECONDS", IDLE_SECONDS))
    if now - seen > idle or now - started > timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return True
    if SEEN not in session or now - seen >= SEEN_EVERY:
        _note_use(request, now=now)
    return False


def _note_use(request: HttpRequest, *, now: datetime) -> None:
    # Saved at once and given up when it cannot be: a full or locked disk must not keep people from reading.
    session = request.session
    session[SEEN] = now.isoformat()
    try:
        services.touch_session(session.session_key or "", ip=clients.address_of(request), now=now)
        session.save()  # house: the session row is Django's own, not a record
    except (OperationalError, UpdateError):
        log.warning("use of a device not noted", exc_info=True)
    session.modified = False


def _standing(request: HttpRequest, *, now: datetime) -> queries.Standing:
    if request.user.is_authenticated:
        return queries.standing_of(request.user, now=now)
    return queries.Standing(queries.ANONYMOUS, settings.TIME_ZONE)


def _new_password_first(request: HttpRequest) -> HttpResponse | None:
    if not getattr(request.user, "must_set_password", False):
        return None
    target = reverse(OPEN_BEFORE_NEW_PASSWORD[0])
    static = request.path.startswith(settings.STATIC_URL)
    if static or request.path in {reverse(name) for name in OPEN_BEFORE_NEW_PASSWORD}:
        return None
    if getattr(request, "htmx", False) or request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
