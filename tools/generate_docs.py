"""Write docs/generated/ from what is declared in the code; `--check` fails when a page there is out of date."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from tools.code_map import CodeMap, Function
from tools.routes import PUBLIC, SIGNED_IN, Route, all_routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aftersales.core.workflow import Workflow

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "generated"
NOTE = "<!-- Written by `make docs`. Change the code, not this page. -->"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    heads = list(heads)
    lines = [[*heads], ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def duties_page() -> list[str]:
    """Who may what: each permission with the duties that include it."""
    from aftersales.core import access

    lines = ["# Who may what", "", "A person may do what all his duties together permit.", ""]
    lines += table(
        ["duty", "code", "what for"], ([str(d.label), f"`{d.code}`", str(d.purpose)] for d in access.duties())
    )
    rooms = list(dict.fromkeys(permission.room for permission in access.permissions()))
    for room in rooms:
        lines += ["", f"## {room}", ""]
        rows = []
        for permission in access.permissions():
            if permission.room == room:
                holders = [str(duty.label) for duty in access.duties() if permission.code in duty.permissions]
                rows.append([str(permission.label), f"`{permission.code}`", ", ".join(holders) or "nobody"])
        lines += table(["permission", "code", "duties"], rows)
    return lines


def urls_page() -> list[str]:
    """Every address, who may open it, and the view."""
    lines = ["# Addresses", ""]
    rows = [[f"`{r.pattern}`", f"`{r.name}`", who(r), f"`{r.place}`"] for r in all_routes()]
    return lines + table(["address", "name", "who", "view"], rows)


def who(route: Route) -> str:
    """Who may open an address, in words."""
    words = {PUBLIC: "everybody", SIGNED_IN: "everybody signed in", "": "NOT DECLARED"}
    return words.get(route.access) or f"`{route.access}`"


def settings_page() -> list[str]:
    """What an installation may choose."""
    from aftersales.config.environment import PREFIX, Environment

    lines = [
        "# Settings",
        "",
        "From the environment, or without the prefix and in small letters from `aftersales.toml`.",
        "",
    ]
    rows = []
    for name, info in Environment.model_fields.items():
        variable = info.validation_alias if isinstance(info.validation_alias, str) else f"{PREFIX}{name.upper()}"
        default = info.get_default(call_default_factory=True)
        choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
        kind = ", ".join(choices) or str(info.annotation).removeprefix("<class '").removesuffix("'>").rpartition(".")[2]
        rows.append(
            [f"`{variable}`", kind, f"`{default}`" if default or default is False else "", info.description or ""]
        )
    return lines + table(["variable", "kind", "default", "meaning"], rows)


def events_page(code: CodeMap) -> list[str]:
    """Event → who publishes it → who reacts."""
    lines = ["# Events", "", "Published and handled in one transaction: a handler that fails, fails the act.", ""]
    rows = [
        [
            f"`{event.room}.{event.name}`",
            event.sentence,
            ", ".join(f"`{f.name}`" for f in code.publishers(event)) or "nobody yet",
            ", ".join(f"`{f.room}.handlers.{f.name}`" for f in code.handlers(event)) or "nobody yet",
        ]
        for event in code.events
    ]
    return lines + table(["event", "meaning", "published by", "handled by"], rows)


def workflows() -> list[tuple[str, str, Workflow[Any, Any, Any]]]:
    """Every workflow that stands in a room's rules: the room, its name there, and itself."""
    from aftersales import __path__ as package
    from aftersales.core.workflow import Workflow

    found: dict[int, tuple[str, str, Workflow[Any, Any, Any]]] = {}
    for room in pkgutil.iter_modules(package):
        for name in _modules(f"aftersales.{room.name}.rules"):
            for variable, value in vars(importlib.import_module(name)).items():
                if isinstance(value, Workflow):
                    found.setdefault(id(value), (room.name, variable, value))
    return sorted(found.values(), key=lambda entry: entry[:2])


def _modules(name: str) -> Iterator[str]:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return
    yield name
    for inner in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield f"{name}.{inner.name}"


def workflows_page() -> list[str]:
    """Each workflow as a picture and as its table."""
    lines = ["# Workflows", ""]
    for room, variable, flow in workflows():
        lines += [f"## {flow.title} (`{room}.rules`, `{variable}`)", "", "```mermaid", flow.as_mermaid(), "```", ""]
        states = (
            [f"`{state}`", str(info.label), str(info.customer_label), info.tone, "yes" if info.is_open else "no"]
            for state, info in flow.states.items()
        )
        lines += [*table(["state", "to us", "to the customer", "tone", "open"], states), ""]
        steps = (
            [
                f"`{state}`",
                f"`{action}`",
                f"`{step.leads_to}`",
                f"`{step.needs}`",
                ", ".join(f"`{guard.name}`" for guard in step.guards),
            ]
            for (state, action), step in flow.steps.items()
        )
        lines += [*table(["from", "action", "leads to", "permission", "guards"], steps), ""]
        guards = {guard.name: guard.otherwise for step in flow.steps.values() for guard in step.guards}
        lines += [
            *table(["guard", "otherwise the person reads"], ([f"`{n}`", t.source] for n, t in guards.items())),
            "",
        ]
    return lines


def where_page(code: CodeMap) -> list[str]:
    """Each act by its word: page, permission, view, service, steps, events, template."""
    lines = ["# Where does it happen?", "", 'Search this page, or ask `make where WHAT="hand over"`.', ""]
    sections: dict[tuple[str, str], list[str]] = defaultdict(list)
    told: set[str] = set()
    for route in all_routes():
        if route.is_ours and route.name:
            section = sections[route.room, route.name.rpartition(":")[2].replace("-", "_")]
            section += _about_page(code, route)
    for room, word in [*sections]:
        for service in _services(code, room, word):
            told.add(f"{room}.{service.name}")
            sections[room, word] += _about_service(code, service)
        sections[room, word] += _about_steps(room, word)
    for service in code.functions:
        if (
            service.layer == "services"
            and not service.name.startswith("_")
            and f"{service.room}.{service.name}" not in told
        ):
            sections[service.room, service.name] += _about_service(code, service)
    for room, word in sorted(sections):
        entries = list(dict.fromkeys(sections[room, word]))
        lines += [f"## {word} ({room})", "", *entries, ""]
    return lines


def _file_of(route: Route) -> str:
    return route.function.__module__.replace(".", "/") + ".py"


def _services(code: CodeMap, room: str, word: str) -> list[Function]:
    return code.services_for(room, word)


def _about_page(code: CodeMap, route: Route) -> list[str]:
    name = route.function.__qualname__.partition(".")[0]
    lines = [
        f"- page `{route.pattern}`, named `{route.name}`, for {who(route)}",
        f"- view `{_file_of(route)}` `{name}`",
    ]
    view = code.find(_file_of(route), name)
    if view:
        lines += [f"- template `{template}`" for template in view.templates]
        lines += [f"- asks `services.{asked}`" for asked in view.asks]
    return lines


def _about_service(code: CodeMap, service: Function) -> list[str]:
    lines = [f"- service `{service.path}` `{service.name}`: {service.sentence}"]
    for event in code.published_by(service):
        heard = ", ".join(f"`{f.room}.handlers.{f.name}`" for f in code.handlers(event)) or "nobody yet"
        lines.append(f"- event `{event.name}`, handled by {heard}")
    return lines


def _about_steps(room: str, word: str) -> list[str]:
    lines = []
    for owner, variable, flow in workflows():
        for (state, action), step in flow.steps.items():
            if owner == room and str(action).replace("-", "_") == word:
                guards = "".join(f", `{guard.name}`" for guard in step.guards)
                lines.append(f"- step in `{variable}`: `{state}` → `{step.leads_to}`, needs `{step.needs}`{guards}")
    return lines


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    code = CodeMap.read()
    made: dict[str, Callable[[], list[str]]] = {
        "duties.md": duties_page,
        "events.md": lambda: events_page(code),
        "settings.md": settings_page,
        "urls.md": urls_page,
        "where.md": lambda: where_page(code),
        "workflows.md": workflows_page,
    }
    return {name: "\n".join([NOTE, "", *make()]).rstrip() + "\n" for name, make in made.items()}


def set_up() -> None:
    """Start Django, in English."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")


def stale() -> list[str]:
    """The pages that are not what the code says now."""
    current = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.md")}
    return sorted(name for name in current.keys() | there.keys() if current.get(name) != there.get(name))


def main() -> int:
    """Write the pages, or say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    set_up()
    if arguments.check:
        old = stale()
        print(f"Out of date: {', '.join(old)}. Run: make docs" if old else "docs/generated is fresh")
        return 1 if old else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in pages().items():
        (TARGET / name).write_text(content, encoding="utf-8")
    print(f"{len(pages())} pages written to docs/generated/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
