"""Every address of the product, its view, and who may open it, as the URL configuration has it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLIC, SIGNED_IN = "public", "signed-in"


@dataclass(frozen=True)
class Route:
    """One address: the pattern, the name to find it by, the view behind it."""

    pattern: str
    name: str
    view: Callable[..., Any]

    @property
    def takes_arguments(self) -> bool:
        """Whether the address needs to know of which thing."""
        return "<" in self.pattern or "(" in self.pattern

    @property
    def is_ours(self) -> bool:
        """Whether the view was written here."""
        return self.function.__module__.startswith("aftersales.")

    @property
    def function(self) -> Callable[..., Any]:
        """The view as it was written, without what was wrapped around it."""
        view_class: Callable[..., Any] | None = getattr(self.view, "view_class", None)
        return view_class or inspect.unwrap(self.view)

    @property
    def access(self) -> str:
        """Who may open it: `public`, `signed-in` or a permission; empty when one of our own views does not say."""
        declared = getattr(self.view, "access", "")
        if declared or self.is_ours:
            return str(declared)
        # Other people's views know two answers only; the sign-in middleware asks for the same mark.
        return SIGNED_IN if getattr(self.view, "login_required", True) else PUBLIC

    @property
    def place(self) -> str:
        """Where the view stands: module and function."""
        return f"{self.function.__module__}.{self.function.__qualname__.partition('.<locals>')[0]}"

    @property
    def room(self) -> str:
        """The app that owns the view, or the foreign package."""
        parts = self.function.__module__.split(".")
        return parts[1] if parts[0] == "aftersales" else parts[0]


def all_routes() -> list[Route]:
    """Every route, in the order in which addresses are tried."""
    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(patterns: list[Any], prefix: str, names: tuple[str, ...]) -> Iterator[Route]:
    for entry in patterns:
        address = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from _walk(entry.url_patterns, address, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join((*names, entry.name)) if entry.name else ""
            yield Route(address, name, entry.callback)
