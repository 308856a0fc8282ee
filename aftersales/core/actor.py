"""Who acts: what this person may do, and whose records this person may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aftersales.core.errors import NotPermitted


@dataclass(frozen=True)
class Actor:
    """The person (or the system) behind an act; every service and query takes one first."""

    id: str
    """Stable reference for the journal, such as "person:12" or "system"."""
    name: str
    permissions: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = frozenset()
    """Codes of the places whose records may be seen; None means all of them."""
    places: Mapping[str, int] = field(default_factory=dict, compare=False)
    """The row of each of those places, where it is known: records are then narrowed without looking the place up."""
    home_scope: str = ""
    """The place where new records of this actor belong."""
    person_id: int | None = None
    duties: tuple[str, ...] = ()
    is_system: bool = False

    def may(self, permission: str) -> bool:
        """Whether the duties include `permission`."""
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Refuse unless the duties include `permission`."""
        if not self.may(permission):
            raise NotPermitted(permission)

    def sees(self, scope: str) -> bool:
        """Whether records of the place `scope` may be seen."""
        return self.scopes is None or scope in self.scopes

    def scope_filter(self, path: str) -> dict[str, Any]:
        """Keyword arguments that narrow a queryset to the visible places; `path` leads to the place's code."""
        if self.scopes is None:
            return {}
        codes = sorted(self.scopes)
        place = path.removesuffix("__code")
        if place == path or not codes or not self.places.keys() >= self.scopes:
            return {f"{path}__in": codes}
        rows = [self.places[code] for code in codes]
        return {f"{place}_id__in": rows} if len(rows) > 1 else {f"{place}_id": rows[0]}


SYSTEM = Actor(id="system", name="system", scopes=None, is_system=True)
"""Acts that nobody pressed a button for: schedules, imports at the command line, first installation."""


FindActor = Callable[[int, datetime], Actor | None]
_finders: list[FindActor] = []


def install_finder(find: FindActor) -> None:
    """Let `find(person_id, now)` say who somebody is at that instant; None for one who may not act any more."""
    _finders[:] = [find]


def find_actor(person_id: int | None, *, now: datetime) -> Actor | None:
    """The person as an actor with the duties of this instant: what was begun in his name may end only if he still may."""
    return _finders[0](person_id, now) if person_id is not None and _finders else None
