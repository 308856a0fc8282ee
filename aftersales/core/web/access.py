"""Each page states who may open it; a page that states nothing fails the access-table test."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from aftersales.core.actor import Actor

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request whose sender is known."""

    actor: Actor
    htmx: HtmxDetails


ActorView = Callable[Concatenate[ActorRequest, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(permission: str | None) -> Callable[[ActorView[P]], PlainView[P]]:
    """Open the page only to actors with `permission`; None means every signed-in person."""

    def declare(view: ActorView[P]) -> PlainView[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            known = cast("ActorRequest", request)
            if permission is not None:
                known.actor.require(permission)
            return view(known, *args, **kwargs)

        cast("Any", guarded).access = "signed-in" if permission is None else str(permission)
        return cast("PlainView[P]", guarded)

    return declare


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the page to people who are not signed in."""
    opened = login_not_required(view)
    cast("Any", opened).access = "public"
    return opened
