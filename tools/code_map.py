"""What the source says about services, events and handlers, read without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Function:
    """One function of a room's layer."""

    room: str
    layer: str
    name: str
    path: str
    sentence: str
    calls: frozenset[str]
    """Names called in it, the last word of each."""
    asks: tuple[str, ...]
    """Calls to other layers, such as `services.hand_over_order` or `warehouse.reserve_part`."""
    templates: tuple[str, ...]
    listens_to: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """A fact that rooms above may react to."""

    room: str
    name: str
    sentence: str


@dataclass
class CodeMap:
    """An index of the package."""

    root: Path = ROOT
    functions: list[Function] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path = ROOT) -> CodeMap:
        """The index of everything in `aftersales/`."""
        found = cls(root)
        for path in sorted((root / "aftersales").glob("*/**/*.py")):
            inside = path.relative_to(root / "aftersales")
            room, layer = inside.parts[0], Path(inside.parts[1]).stem
            if layer in {"migrations", "templatetags"}:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.functions += _functions(tree, room, layer, path.relative_to(root).as_posix())
            if layer == "events" and room != "core":
                found.events += [
                    Event(room, node.name, _sentence(node)) for node in tree.body if isinstance(node, ast.ClassDef)
                ]
        return found

    def services_for(self, room: str, word: str) -> list[Function]:
        """The services of a room that carry out the act named `word`."""
        return [
            function
            for function in self.functions
            if (function.room, function.layer) == (room, "services")
            and (function.name == word or function.name.startswith(f"{word}_"))
        ]

    def find(self, path: str, name: str) -> Function | None:
        """The function of that name in that file."""
        return next((f for f in self.functions if (f.path, f.name) == (path, name)), None)

    def published_by(self, function: Function) -> list[Event]:
        """The events that a service publishes, itself or through helpers of its own room."""
        called = self._called_from(function)
        return [event for event in self.events if event.name in called and event.room == function.room]

    def publishers(self, event: Event) -> list[Function]:
        """The services after which the event is published."""
        services = (f for f in self.functions if (f.room, f.layer) == (event.room, "services"))
        return [f for f in services if not f.name.startswith("_") and event in self.published_by(f)]

    def handlers(self, event: Event) -> list[Function]:
        """The functions that react to the event."""
        return [function for function in self.functions if event.name in function.listens_to]

    @cached_property
    def _in_services(self) -> dict[tuple[str, str], Function]:
        return {(f.room, f.name): f for f in self.functions if f.layer == "services"}

    def _called_from(self, function: Function) -> set[str]:
        seen: set[str] = set()
        waiting = {function.name}
        while waiting:
            name = waiting.pop()
            seen.add(name)
            inner = self._in_services.get((function.room, name))
            waiting |= (inner.calls if inner else frozenset()) - seen
        return seen


def _functions(tree: ast.Module, room: str, layer: str, path: str) -> Iterator[Function]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
            yield Function(
                room,
                layer,
                node.name,
                path,
                _sentence(node),
                frozenset(_last_word(call.func) for call in calls),
                tuple(dict.fromkeys(asked for asked in map(_asked, calls) if asked)),
                tuple(dict.fromkeys(_templates(node))),
                tuple(_listened(node)),
            )


def _sentence(node: ast.FunctionDef | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")


def _last_word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _asked(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "services":
        return function.attr
    return ""


def _templates(node: ast.FunctionDef) -> Iterator[str]:
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Constant)
            and isinstance(part.value, str)
            and part.value.partition("#")[0].endswith(".html")
        ):
            yield part.value


def _listened(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _last_word(decorator.func) == "on":
            yield from (_last_word(argument) for argument in decorator.args)
