"""What every page is framed with: who is here, the menu, and whether this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from aftersales.config import navigation


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Template variables of every page: actor, nav, demo, station."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "nav": navigation.menu_for(actor, request.path) if actor is not None else [],
        "demo": settings.DEMO,
        "station": getattr(request, "station_name", ""),
    }
