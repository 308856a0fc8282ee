"""A decision compiled: one generated function that reads each fact once, and for each table one look-up of what was matched.

Only whole numbers and the names of declared facts reach the generated text, never the text of a cell.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aftersales.policies.engine import order
from aftersales.policies.engine.axes import WHOLE, Axis
from aftersales.policies.engine.cells import Cell
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Decision, Policy, Rule, Table, Value


@dataclass(frozen=True, slots=True)
class Said:
    """What one table says when certain rules match.

    Attributes:
        status: `said`, `gap` (no rule), `conflict` (rules that disagree), `silent` (a collecting table without a match).
        values: of a layered table, per output; at a gap or conflict what stands there `otherwise`.
        rules: those that won; `beaten`: those that matched too but are overridden.
        codes: of the outputs, for the tables that follow.

    """

    table: Table
    status: str
    values: Mapping[str, Value | Formula]
    rules: tuple[Rule, ...]
    beaten: tuple[Rule, ...]
    codes: tuple[int, ...]


Run = Callable[[Mapping[str, Any]], tuple[Said, ...]]


@dataclass
class Part:
    """A table with what is looked up in it."""

    table: Table
    columns: list[tuple[str, tuple[int, ...]]]
    """Names of the facts that any rule asks for, with the mask of rules for each code."""
    beaten: list[int]
    outputs: list[Axis]
    everything: int
    said: dict[int, Said] = field(default_factory=dict)

    def resolve(self, mask: int) -> Said:
        """What the table says when exactly the rules of `mask` match."""
        known = self.said.get(mask)
        if known is None:
            known = self.said[mask] = self._resolve(mask)
        return known

    def _resolve(self, mask: int) -> Said:
        table = self.table
        won = order.winners(mask, self.beaten)
        rules = tuple(table.rules[at] for at in order.bits(won))
        beaten = tuple(table.rules[at] for at in order.bits(mask & ~won))
        if table.hit == "collect":
            return Said(table, "said" if rules else "silent", {}, rules, beaten, ())
        different = {tuple(_comparable(rule.outputs[name]) for name in table.outputs) for rule in rules}
        if len(different) == 1:
            values, status = {name: rules[0].outputs[name] for name in table.outputs}, "said"
        else:
            values = {axis.fact.id: axis.fact.otherwise for axis in self.outputs}
            status = "conflict" if different else "gap"
        codes = tuple(_code(axis, values[axis.fact.id]) for axis in self.outputs)
        return Said(table, status, values, rules, beaten, codes)


def _code(axis: Axis, value: Value | Formula) -> int:
    """Where an output lies for the tables that follow; what is worked out lies nowhere, and no table asks for it."""
    return 0 if isinstance(value, Formula) else axis.code_of(value)


def _comparable(value: Value | Formula) -> object:
    return value.text if isinstance(value, Formula) else value


class Program:
    """A decision of a policy, ready to judge; cut as finely as another version's where one is to stand beside it."""

    def __init__(self, policy: Policy, decision: Decision, *, beside: Decision | None = None) -> None:
        self.policy, self.decision = policy, decision
        self.axes = _axes(policy, decision, beside)
        self.parts = [self._part(table) for table in decision.tables]
        made = {name for table in decision.tables if table.hit == "layered" for name in table.outputs}
        self.asked = [name for name in self.axes if name not in made]
        """The facts that any rule asks for, in the order of the tables."""

    def _part(self, table: Table) -> Part:
        columns = []
        for name in table.inputs:
            wanted = [rule.cells[name] for rule in table.rules]
            if not all(cell.is_any for cell in wanted):
                columns.append((name, self.axes[name].masks(wanted)))
        made = table.outputs if table.hit == "layered" else ()
        outputs = [self.axes.get(name) or Axis(self.policy.outcomes[name], ()) for name in made]
        return Part(table, columns, order.beaten_by(table), outputs, (1 << len(table.rules)) - 1)

    @cached_property
    def run(self) -> Run:
        """Facts that are normalised and complete in, what each table says out; KeyError when one is missing or unfit."""
        space: dict[str, Any] = {}
        exec(compile(self.source, f"<decision {self.decision.key}>", "exec"), self._constants(), space)  # noqa: S102 - our own text: numbers and declared names only
        return space["run"]  # type: ignore[no-any-return]

    def _constants(self) -> dict[str, Any]:
        found: dict[str, Any] = {"bisect": bisect_right}
        for at, name in enumerate(self.axes):
            axis = self.axes[name]
            found[f"A{at}"] = axis.code_of if axis.is_numeric and axis.unknown is not None else axis._codes  # noqa: SLF001 - compiled from it
            found[f"K{at}"] = axis.plain_cuts or axis.cuts
        for at, part in enumerate(self.parts):
            found[f"S{at}"], found[f"R{at}"] = part.said, part.resolve
            found |= {f"M{at}_{place}": masks for place, (_name, masks) in enumerate(part.columns)}
        return found

    @cached_property
    def source(self) -> str:
        """The generated function."""
        at_axis = {name: at for at, name in enumerate(self.axes)}
        lines = ["def run(facts):"]
        lines += [f"    c{at_axis[name]} = {self._code_text(name, at_axis[name])}" for name in self.asked]
        for at, part in enumerate(self.parts):
            looked = [f"M{at}_{place}[c{at_axis[name]}]" for place, (name, _masks) in enumerate(part.columns)]
            lines.append(f"    m = {' & '.join(looked) or part.everything}")
            lines.append(f"    s{at} = S{at}.get(m) or R{at}(m)")
            kept = [f"c{at_axis[name]}" if name in at_axis else "_" for name in part.table.outputs]
            if part.table.hit == "layered" and any(name != "_" for name in kept):
                lines.append(f"    {', '.join(kept)}{',' if len(kept) == 1 else ''} = s{at}.codes")
        lines.append(f"    return ({''.join(f's{at}, ' for at in range(len(self.parts)))})")
        return "\n".join(lines) + "\n"

    def _code_text(self, name: str, at: int) -> str:
        axis = self.axes[name]
        value = f"facts[{name!r}]"
        if not axis.is_numeric:
            return f"A{at}[{value}]"
        if axis.unknown is not None:
            return f"A{at}({value})"
        return f"bisect(K{at}, {value})" if axis.fact.kind in WHOLE else f"bisect(K{at}, ({value}, 0))"


def compile_decision(policy: Policy, key: str = "") -> Program:
    """The program of one decision, the first when none is named; KeyError when there is none of that name."""
    decision = policy.decisions[key] if key else next(iter(policy.decisions.values()))
    return Program(policy, decision)


def _axes(policy: Policy, decision: Decision, beside: Decision | None) -> dict[str, Axis]:
    wanted = _cells(decision.tables)
    more = [_cells(each.invariants) for each in (decision, beside) if each is not None]
    more += [_cells(beside.tables)] if beside is not None else []
    more += [{name: [cell] for name, cell in each.cells.items()} for each in policy.accepted if beside is None]
    return {
        name: Axis(policy.axis_fact(name), [*cells, *(cell for each in more for cell in each.get(name, ()))])
        for name, cells in wanted.items()
    }


def _cells(tables: Iterable[Table]) -> dict[str, list[Cell]]:
    """What the rules ask of each fact, facts nobody asks for left out."""
    found: dict[str, list[Cell]] = {}
    for table in tables:
        for name in table.inputs:
            cells = [rule.cells[name] for rule in table.rules if not rule.cells[name].is_any]
            if cells:
                found.setdefault(name, []).extend(cells)
    return found
