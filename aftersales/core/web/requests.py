"""Each request gets an id, which the journal and the log carry, and signed-in pages are not kept by browsers."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from aftersales.core import journal


class RequestMiddleware:
    """Gives the request an id and forbids shared or lasting copies of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = str(uuid.uuid4())
        token = journal.request_id.set(mark)
        structlog.contextvars.bind_contextvars(request_id=mark, method=request.method, path=request.path)
        try:
            response = self.get_response(request)
        finally:
            journal.request_id.reset(token)
            structlog.contextvars.clear_contextvars()
        response.headers["X-Request-Id"] = mark
        response.headers.setdefault("Cache-Control", "no-store")
        return response
