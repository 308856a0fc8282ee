"""What every page is framed with: who is here, the menu, and whether this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from aftersales.config import navigation


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Template variables of every page: actor, nav, demo, station."""
    actor = getattr(request, "actor", None)
    frame: dict[str, Any] = {
        "actor": actor,
        "nav": navigation.menu_for(actor, request.path) if actor is not None else [],
        "demo": settings.DEMO,
        "station": getattr(request, "station_name", ""),
    }
    if settings.DEMO and request.resolver_match and request.resolver_match.url_name == "account_login":
        # A real installation never loads the demonstration.
        from aftersales.config.demo.founding import PASSWORD  # noqa: PLC0415
        from aftersales.config.demo.sign_ins import people_to_be  # noqa: PLC0415

        frame |= {"demo_people": people_to_be(), "demo_password": PASSWORD}
    return frame
