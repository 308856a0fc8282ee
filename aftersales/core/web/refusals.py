"""Turns what a service refused into a page (or, for htmx, into a part of one), and a sick database into 503."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import get_language

from aftersales.core.errors import Refused
from aftersales.core.text import Text, text as _

log = structlog.get_logger(__name__)

READ_ONLY = "25006"
"""What PostgreSQL says while it is a standby: the one that may write is elsewhere, or not yet chosen."""


class RefusalMiddleware:
    """Answers a `Refused` with its sentence and status; anything else that is raised is a bug and is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return _wrong_method_page(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal or an unusable database; None leaves the error to Django."""
        # No transaction is open here: a service's own has ended, and POSTs are answered within `IdempotencyMiddleware`.
        if isinstance(error, Refused):
            return refusal_page(request, error)
        if is_outage(error):
            return unavailable_page(request, error)
        return None


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal's sentence as a page, or as a toast for htmx."""
    log.info("refused", sentence=refused.sentence.source, status=refused.status, refusal=type(refused).__name__)
    template = "ui/refused.html#part" if getattr(request, "htmx", False) else "ui/refused.html"
    return render(request, template, {"refused": refused, "status": refused.status}, status=refused.status)


def _wrong_method_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # Reached in good faith too: by signing in again after a form was sent too late.
    sentence = _("This address only takes forms from its page. Go back and use the buttons there.")
    page = refusal_page(request, _WrongMethod(sentence))
    page.headers["Allow"] = response.headers["Allow"]
    return page


def unavailable_page(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503: the data cannot be reached or written; the cause is in the log, what was typed should be sent again."""
    log.error("database unavailable", cause=str(error), exc_info=error)
    response = HttpResponse(_plain_page(_UNAVAILABLE), status=503, headers={"Retry-After": "5"})
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or not ours: say how to go on."""
    return refusal_page(request, _StaleForm(_("This form has expired. Go back, reload the page and send it again.")))


class _StaleForm(Refused):
    status = 403


class _WrongMethod(Refused):
    status = 405


_UNAVAILABLE = _(
    "The data cannot be reached or saved at the moment. Nothing was lost; wait a little and send it again."
)


def _plain_page(sentence: Text) -> str:
    # Built by hand on purpose: the page that says the database is gone must not need the database.
    return f'<!doctype html><html lang="{get_language() or ""}"><meta charset="utf-8"><title>503</title><main><h1>503</h1><p>{escape(str(sentence))}</p></main>'


def is_outage(error: BaseException | None) -> bool:
    """Whether the database or the disk failed, rather than our code."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return not _is_wrong_sql(error)
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if getattr(error, "sqlstate", "") == READ_ONLY:
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_wrong_sql(error: BaseException) -> bool:
    # SQLite also calls a missing table or a misspelt statement operational.
    return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
