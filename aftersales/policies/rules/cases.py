"""What an edit does to a version's test cases, one JSON object to a line. Text in, text out; lines that are not touched stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _

_NUMBER = re.compile(r'"\\u0000(-?[0-9.E+-]+)\\u0000"')
_ID = re.compile(r"[\w.\-]{1,80}\Z")


@dataclass(frozen=True)
class NewCase:
    """A case to be kept: the facts that are out of the ordinary, and what should come of it."""

    id: str
    decision: str
    facts: Mapping[str, Any]
    expected: Mapping[str, Any]


def add_case(text: str, case: NewCase) -> str:
    """The test cases with one more at the end; refused when its name is taken or unfit."""
    if not _ID.match(case.id):
        raise Invalid(_("Name the case with letters, digits, dots and dashes."), field="id")
    if case.id in _ids(text):
        raise Invalid(_("There already is a test case “{name}”. Choose another name.", name=case.id), field="id")
    if not case.expected:
        raise Invalid(_("Say what should come of the case: tick at least one result."), field="id")
    made = {"id": case.id, "type": case.decision, "facts": case.facts, "expected": case.expected}
    lines = [*text.splitlines(), as_line(made)]
    return "\n".join(line for line in lines if line.strip()) + "\n"


def expect(text: str, outcomes: Mapping[str, Mapping[str, Any]]) -> str:
    """The test cases in which these, by id, expect another outcome: for the names that are given, no others."""

    def change(case: dict[str, Any]) -> dict[str, Any]:
        wanted = outcomes.get(str(case["id"]))
        return case if wanted is None else {**case, "expected": {**case["expected"], **wanted}}

    return _each(text, set(outcomes), change)


def remove_cases(text: str, ids: Collection[str]) -> str:
    """The test cases without these."""
    return _each(text, set(ids), lambda case: None if str(case["id"]) in ids else case)


def next_id(text: str, decision: str) -> str:
    """A free name for a new case."""
    taken, number = _ids(text), 1
    while f"{decision}-new-{number}" in taken:
        number += 1
    return f"{decision}-new-{number}"


def as_line(value: object) -> str:
    """As one line of JSON, exact numbers as they are."""
    said = json.dumps(value, ensure_ascii=False, default=_exact)
    return _NUMBER.sub(r"\1", said)


def _exact(value: object) -> str:
    return f"\0{value.normalize():f}\0" if isinstance(value, Decimal) else str(value)


def _ids(text: str) -> set[str]:
    return {str(json.loads(line)["id"]) for line in text.splitlines() if line.strip()}


def _each(text: str, ids: set[str], change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> str:
    gone = ids - _ids(text)
    if gone:
        raise Missing(_("There is no test case “{name}” any more. Reload the page.", name=min(gone)))
    kept = []
    for line in text.splitlines():
        case = json.loads(line, parse_float=Decimal) if line.strip() else {}
        if str(case.get("id")) in ids:
            changed = change(case)
            kept += [] if changed is None else [as_line(changed)]
        else:
            kept.append(line)
    return "\n".join(line for line in kept if line.strip()) + ("\n" if kept else "")
