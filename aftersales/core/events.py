"""Facts that lower rooms publish and upper rooms react to, inside the same transaction.

An event is a frozen dataclass in the past tense. Handlers run at once, in the order of registration; a handler that fails
fails the act. Effects that leave the process do not belong here but in the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = {}


def on(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function as a handler of `event_type`."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        handlers = _handlers.setdefault(event_type, [])
        if handler not in handlers:
            handlers.append(handler)
        return handler

    return register


def publish(event: object) -> None:
    """Hand `event` to every handler of its type, now, in this transaction."""
    for handler in _handlers.get(type(event), ()):
        handler(event)


def handlers_by_event() -> dict[type[Any], tuple[Callable[[Any], None], ...]]:
    """Which functions react to which event; the documentation is made from it."""
    return {event: tuple(handlers) for event, handlers in _handlers.items()}
