"""What stands in a policy's cells, in the reader's language, and what may be picked for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftersales.core.text import Text, text as _
from aftersales.policies.engine import cells
from aftersales.policies.engine.document import Grid
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.model import NEVER, Fact, Policy
from aftersales.policies.engine.read import NOTHING, words
from aftersales.policies.rules.rows import Sheet, names_of

LEFT, RIGHT = "left", "right"
HOUSE_LABELS: dict[str, Text] = {
    "id": _("Row"),
    "level": _("Level"),
    "over": _("Exception to"),
    "cite": _("Clause"),
    "flags": _("Open questions"),
    "remark": _("Remark"),
    "parameter": _("Parameter"),
    "group": _("Group"),
    "fact": _("Fact"),
    "outcome": _("Outcome"),
    "type": _("Type"),
    "values": _("Values"),
    "value": _("Value"),
    "unit": _("Unit"),
    "clause": _("Clause"),
    "clauses": _("Clauses"),
    "same_as": _("The same as"),
    "ordinary": _("Ordinary"),
    "formula": _("Formula"),
    "otherwise": _("Otherwise"),
    "kind": _("Kind"),
    "problem": _("Problem"),
    "reading": _("Reading followed"),
    "question": _("Question to the owner"),
    "status": _("Status"),
    "never": _("Never"),
    "decision": _("Decision"),
    "table": _("Table"),
    "about": _("About"),
    "reason": _("Reason"),
}
"""What the columns are called that every policy has; an outcome of the same name keeps the policy's own word."""
TYPES = ("choice", "bool", "bool?", "number", "days", "count", "date", "choice?", "number?", "days?", "count?", "date?")
MANY = {"over", "cite", "flags", "clauses", "values"}
"""Columns in which several names may stand, parted by commas."""


@dataclass(frozen=True)
class Pick:
    """Something that may stand in a cell, and what it means."""

    value: str
    label: str


@dataclass(frozen=True)
class Column:
    """One column of a table as it is edited.

    Attributes:
        key: unlike the name it is unique in the table.
        role: `id`, `level`, `condition`, `outcome`, or the name of a column that stands beside them.
        picks: what may stand there; `is_many` says that several may, `may_negate` that `not(…)` is understood.

    """

    key: str
    side: str
    name: str
    label: str
    role: str
    kind: str = ""
    picks: tuple[Pick, ...] = ()
    is_many: bool = False
    may_negate: bool = False

    @property
    def is_closed(self) -> bool:
        """Whether nothing else than the picks may stand there."""
        return bool(self.picks) and not self.is_many and self.kind in {"choice", "bool", "level", "status"}


def columns_of(policy: Policy, sheet: Sheet, teller: Teller) -> list[Column]:
    """The columns of a table, left to right."""
    return [*_side(policy, sheet, teller, LEFT), *_side(policy, sheet, teller, RIGHT)]


def _side(policy: Policy, sheet: Sheet, teller: Teller, side: str) -> Iterator[Column]:
    names = sheet.grid.inputs if side == LEFT else sheet.grid.outputs
    for at, name in enumerate(names):
        key = f"{side}-{at}"
        first = side == LEFT or not sheet.grid.inputs
        if at == 0 and first:
            yield Column(key, side, name, str(HOUSE_LABELS.get(name, name)), "id")
        elif sheet.is_register:
            yield _register_column(policy, key, side, name)
        elif side == LEFT:
            yield _condition(policy, sheet, teller, key, name)
        else:
            yield _outcome(policy, sheet, teller, key, name)


def _register_column(policy: Policy, key: str, side: str, name: str) -> Column:
    label = str(HOUSE_LABELS.get(name, name))
    if name == "type":
        return Column(key, side, name, label, name, "type", tuple(Pick(each, each) for each in TYPES))
    if name == "status":
        told = (("open", _("open")), ("ruled", _("ruled on")))
        return Column(key, side, name, label, name, "status", tuple(Pick(value, str(each)) for value, each in told))
    if name in {"clause", "clauses"}:
        return Column(key, side, name, label, name, "", _clauses(policy, None), is_many=name == "clauses")
    return Column(key, side, name, label, name)


def _condition(policy: Policy, sheet: Sheet, teller: Teller, key: str, name: str) -> Column:
    if name == "level":
        levels = [f"P{number}" for number in range(10)] + _used(sheet.grid, name)
        picks = tuple(Pick(each, each) for each in sorted({*levels} - NOTHING))
        return Column(key, LEFT, name, str(HOUSE_LABELS["level"]), "level", "level", (Pick("-", "-"), *picks))
    fact = policy.axis_fact(name)
    label = teller.label(name)
    if fact.kind == "bool":
        return Column(key, LEFT, name, label, "condition", "bool", tuple(_yes_no(fact, teller)))
    if fact.kind == "choice":
        picks = tuple(_choices(policy, fact, teller))
        return Column(key, LEFT, name, label, "condition", "choice", picks, is_many=True, may_negate=True)
    picks = tuple(_numbers(policy, fact, teller, _used(sheet.grid, name)))
    return Column(key, LEFT, name, label, "condition", fact.kind, picks)


def _outcome(policy: Policy, sheet: Sheet, teller: Teller, key: str, name: str) -> Column:
    if name == NEVER:
        return Column(key, RIGHT, name, str(HOUSE_LABELS[NEVER]), NEVER, "choice", (Pick(NEVER, NEVER),))
    if name not in policy.outcomes:
        picks = {"cite": lambda: _clauses(policy, teller), "flags": lambda: _flags(policy, teller)}
        rows = tuple(Pick(each, each) for each in names_of(sheet.grid))
        found = picks[name]() if name in picks else rows if name == "over" else ()
        return Column(key, RIGHT, name, str(HOUSE_LABELS.get(name, name)), name, "", found, is_many=name in MANY)
    fact = policy.outcomes[name]
    said: tuple[Pick, ...] = ()
    if fact.kind == "choice":
        said = tuple(Pick(value, teller.value(name, value)) for value in fact.values)
    elif fact.kind == "bool":
        said = (Pick("true", teller.say("yes")), Pick("false", teller.say("no")))
    return Column(key, RIGHT, name, teller.label(name), "outcome", fact.kind, (Pick("-", "-"), *said) if said else ())


def _yes_no(fact: Fact, teller: Teller) -> Iterator[Pick]:
    yield Pick("-", "-")
    yield Pick("true", teller.say("yes"))
    yield Pick("false", teller.say("no"))
    if fact.may_be_unknown:
        yield Pick("unknown", teller.say("unknown"))
        yield Pick("not(unknown)", str(_("known")))
        for value in ("true", "false"):
            told = teller.say("yes" if value == "true" else "no")
            yield Pick(f"{value}, unknown", teller.say("or").join((told, teller.say("unknown"))))


def _choices(policy: Policy, fact: Fact, teller: Teller) -> Iterator[Pick]:
    for value in fact.values:
        yield Pick(value, teller.value(fact.id, value))
    for group, values in policy.groups.items():
        if values and set(values) <= set(fact.values):
            yield Pick(f"@{group}", teller.say("comma").join(teller.value(fact.id, value) for value in values))
    if fact.may_be_unknown:
        yield Pick("unknown", teller.say("unknown"))


def _numbers(policy: Policy, fact: Fact, teller: Teller, used: Iterable[str]) -> Iterator[Pick]:
    offered = list(dict.fromkeys(used))
    same = [name for name, each in policy.parameters.items() if each.unit == fact.unit]
    offered += [f"{sign}${name}" for name in same for sign in ("<=", ">")]
    for cell in dict.fromkeys(offered):
        yield Pick(cell, _with_numbers(policy, cell, teller, fact.id))


def _used(grid: Grid, name: str) -> list[str]:
    return [row.left[name] for row in grid.rows if row.left[name] not in NOTHING]


def _clauses(policy: Policy, teller: Teller | None) -> tuple[Pick, ...]:
    return tuple(
        Pick(each.id, each.title if teller is None else clause_title(policy, each.id, teller))
        for each in policy.clauses.values()
    )


def clause_title(policy: Policy, clause: str, teller: Teller) -> str:
    """A clause's title in the reader's language."""
    own = f"clause.{clause}"
    return teller.label(own) if own in policy.labels else policy.clauses[clause].title


def _flags(policy: Policy, teller: Teller) -> tuple[Pick, ...]:
    return tuple(Pick(each.id, each.within(teller.language).problem) for each in policy.ambiguities.values())


# What a cell says


def cell_words(policy: Policy, column: Column, raw: str, teller: Teller) -> str:
    """The cell in words; empty where they would only repeat it."""
    if column.role == "condition":
        return _condition_words(policy, column, cells.normal(raw), teller)
    if column.role == "outcome":
        return _outcome_words(policy, column, cells.normal(raw), teller)
    if column.role == "cite":
        known = [clause for clause in words(raw) if clause in policy.clauses]
        return teller.say("semicolon").join(clause_title(policy, clause, teller) for clause in known)
    return ""


def _condition_words(policy: Policy, column: Column, raw: str, teller: Teller) -> str:
    if raw in cells.ANYTHING:
        return ""
    if column.kind not in {"choice", "bool"}:
        return _with_numbers(policy, raw, teller, column.name)
    inside = raw.removeprefix("not(").removesuffix(")") if raw.startswith("not(") else raw
    parts = [_part_words(policy, column, part.strip(), teller) for part in inside.split(",")]
    told = teller.say("or").join(parts)
    if inside == "unknown" and inside != raw:
        return str(_("known"))
    return str(_("not: {what}", what=told)) if inside != raw else told


def _part_words(policy: Policy, column: Column, part: str, teller: Teller) -> str:
    if part in cells.UNKNOWN:
        return teller.say("unknown")
    if part.startswith("@"):
        return teller.say("or").join(teller.value(column.name, each) for each in policy.groups.get(part[1:], (part,)))
    if column.kind == "bool":
        return teller.say("yes" if part in cells.YES else "no")
    return teller.value(column.name, part)


def _outcome_words(policy: Policy, column: Column, raw: str, teller: Teller) -> str:
    if raw in NOTHING:
        return ""
    if column.kind == "choice":
        return teller.value(column.name, raw)
    if column.kind == "bool":
        return teller.say("yes" if raw in cells.YES else "no")
    return _with_numbers(policy, raw, teller, column.name)


def _with_numbers(policy: Policy, raw: str, teller: Teller, name: str) -> str:
    """The cell with the values of its parameters, and a unit where it has one; the longest names first."""
    told = raw
    for parameter in sorted(policy.parameters, key=len, reverse=True):
        told = told.replace(f"${parameter}", f"{policy.parameters[parameter].value.normalize():f}")
    told = told.replace("<=", "≤").replace(">=", "≥")
    fact = policy.facts.get(name) or policy.outcomes.get(name)
    unit = f"unit.{fact.unit}" if fact is not None and fact.unit else ""
    return teller.say("with_unit", number=told, unit=teller.label(unit)) if unit in policy.labels else told
