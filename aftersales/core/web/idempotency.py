"""A double click, a resend or a lost connection makes one effect.

Every form carries a random `_once`. The POST and its key are written in one transaction: if the key is already there, the
first answer is given again and the view does not run. A second POST that arrives while the first still runs waits for it, since the
key's row (on SQLite: the writer's turn) is held until then. Refused POSTs keep no key: corrected, the same form may be sent again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from aftersales.core import clock, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.models import IdempotencyKey
from aftersales.core.text import text as _
from aftersales.core.web.refusals import is_outage, refusal_page, unavailable_page

_KEY = re.compile(r"[!-~]{16,255}")
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
KEPT_HEADERS = ("Content-Type", "Location", "HX-Redirect", "HX-Location", "HX-Trigger", "HX-Refresh", "HX-Push-Url")


def reads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a POST view that only looks things up (so that what is typed stays out of addresses and logs)."""
    cast("Any", view).idempotency = "reads"
    return view


def keyless(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a POST view of another package that guards itself against being sent twice, such as signing in."""
    cast("Any", view).idempotency = "keyless"
    return view


class IdempotencyMiddleware:
    """Runs every POST in one transaction together with its key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The first answer again, a refusal, or the view's own answer written together with the key."""
        if request.method != "POST" or getattr(view, "idempotency", "") in {"reads", "keyless"}:
            return None
        key = request.headers.get("Idempotency-Key") or request.POST.get("_once", "")
        if not _KEY.fullmatch(key):
            return refusal_page(
                request, Invalid(_("This form came without its one-time key. Reload the page and send it again."))
            )
        try:
            return self._once(request, key, lambda: view(request, *args, **kwargs))
        except Refused as refused:  # by now everything the act wrote is undone
            return refusal_page(request, refused)
        except Exception as error:
            if not is_outage(error):
                raise
            return unavailable_page(request, error)

    def _once(self, request: HttpRequest, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
        fingerprint = fingerprint_of(request)
        actor_id = cast("Actor", request.actor).id  # type: ignore[attr-defined]
        with transaction.atomic():
            row, is_first = claim(actor_id, key, fingerprint)
            if not is_first:
                return replay(request, row, fingerprint)
            response = run()
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            if response.status_code >= 400:  # refusals and errors keep neither effect nor key
                transaction.undo_all()
            else:
                remember(row, response)
        return response


def claim(actor_id: str, key: str, fingerprint: str) -> tuple[IdempotencyKey, bool]:
    """The key's row, and whether this request is the first to bring it; waits while the first one runs."""
    found = IdempotencyKey.objects.filter(actor_id=actor_id, key=key).first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                actor_id=actor_id, key=key, fingerprint=fingerprint, created_at=clock.now()
            )
    except IntegrityError:
        return IdempotencyKey.objects.get(actor_id=actor_id, key=key), False
    return row, True


def remember(row: IdempotencyKey, response: HttpResponse) -> None:
    """Keep the answer, so that the same POST gets it again."""
    row.status = response.status_code
    row.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    row.body = response.content
    row.save(update_fields=["status", "headers", "body"])


def replay(request: HttpRequest, row: IdempotencyKey, fingerprint: str) -> HttpResponse:
    """The first answer; refused when the same key comes with other contents."""
    if row.fingerprint != fingerprint:
        return refusal_page(
            request,
            Invalid(
                _("This form was already sent with other contents. Reload the page before you change and send it.")
            ),
        )
    response = HttpResponse(bytes(row.body), status=row.status)
    for name, value in row.headers.items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def fingerprint_of(request: HttpRequest) -> str:
    """What makes two POSTs the same: the address, every field and the contents of every file."""
    digest = hashlib.sha256(request.get_full_path().encode())
    if request.content_type not in FORMS:
        digest.update(request.body)
    for name in sorted(request.POST):
        if name not in {"csrfmiddlewaretoken", "_once"}:
            digest.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in cast("list[UploadedFile[Any]]", request.FILES.getlist(name)):
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
