"""The export button of a list page."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.core.web.access import ActorRequest
from aftersales.exchange.permissions import Permission
from aftersales.exchange.queries import ListExport


@dataclass(frozen=True)
class ExportButton:
    """What the button sends: the list and the filters in force."""

    code: str
    query: str
    may_uncover: bool


def export_button(request: ActorRequest, declared: ListExport, **also: object) -> ExportButton | None:
    """The button for this list as it is filtered now, and by what the page `also` knows; None for those who may not export."""
    actor = request.actor
    if not (actor.may(Permission.EXPORT) and actor.may(declared.needs)):
        return None
    asked = request.GET.copy()
    asked.pop("page", None)
    for name, value in also.items():
        asked[name] = str(value)
    return ExportButton(declared.code, asked.urlencode(), bool(declared.uncovers) and actor.may(declared.uncovers))
