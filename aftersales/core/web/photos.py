"""Photos are given only to people who may find the record they belong to; the address alone is not enough."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse

from aftersales.core import files, search
from aftersales.core.errors import Missing
from aftersales.core.models import Attachment
from aftersales.core.web.access import ActorRequest, needs


def visible_attachment(request: ActorRequest, token: str) -> Attachment:
    """The attachment with this token; missing for actors who do not see its place."""
    found = files.get_photo(request.actor, token)
    if found.kind not in {each.kind for each in search.kinds_for(request.actor)}:
        raise Missing
    return found


@needs(None)
def photo(request: ActorRequest, token: str) -> HttpResponse:
    """The photo in full."""
    return cast("HttpResponse", files.photo_response(visible_attachment(request, token)))


@needs(None)
def thumbnail(request: ActorRequest, token: str) -> HttpResponse:
    """The photo small, for lists."""
    return cast("HttpResponse", files.photo_response(visible_attachment(request, token), thumb=True))
