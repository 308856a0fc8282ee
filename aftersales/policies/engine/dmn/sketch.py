"""A policy for a stranger's DMN, its tables still empty: facts from the input data, outcomes from the outputs, all names given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

from aftersales.policies.engine.dmn import feel
from aftersales.policies.engine.dmn.names import Names, one_line
from aftersales.policies.engine.dmn.tables import Raw, raw_table
from aftersales.policies.engine.dmn.xml import Node
from aftersales.policies.engine.document import MOST_COLUMNS, Document, Grid, Row, Section
from aftersales.policies.engine.errors import CellError, PolicyError, Problem
from aftersales.policies.engine.formulas import read_formula
from aftersales.policies.engine.model import Fact, Kind
from aftersales.policies.engine.read import is_clause, words

BASE: Mapping[str, str] = {
    "string": "choice",
    "boolean": "bool",
    "date": "date",
    "any": "",
    "": "",
    **dict.fromkeys(("number", "integer", "int", "long", "double", "decimal", "float"), "number"),
}
DEEPEST_TYPE = 20
LONGEST_NAME = 200
MOST = {"inputData": 500, "decision": 500, "itemDefinition": 2000, "rule": 20_000}
"""So many of each a file may have."""
OTHER = "other"
"""What a text is that no cell names."""


@dataclass
class Type:
    """What a name may hold, as far as the file says it."""

    kind: str = ""
    allowed: str = ""
    parts: Mapping[str, Node] = field(default_factory=dict)
    is_list: bool = False


class Types:
    """The types that the file declares."""

    def __init__(self, top: Node) -> None:
        self.items = {node.get("name"): node for node in top.all("itemDefinition")}

    def of(self, name: str, depth: int = 0) -> Type:
        """The type of a name; a kind nobody here holds is given by its own name."""
        bare = name.rpartition(":")[2] if name not in self.items else name
        node = self.items.get(bare)
        return Type(BASE.get(bare.lower(), bare)) if node is None else self.of_node(node, depth)

    def of_node(self, node: Node, depth: int = 0) -> Type:
        """The type that an element declares."""
        if depth > DEEPEST_TYPE:
            return Type(node.get("name"))
        is_list = node.get("isCollection") == "true"
        if parts := {each.get("name"): each for each in node.all("itemComponent")}:
            return Type("", parts=parts, is_list=is_list)
        base = self.of(node.text_of("typeRef"), depth + 1)
        allowed = node.text_of("allowedValues", "text") or base.allowed
        return Type(base.kind, allowed, base.parts, is_list or base.is_list)


@dataclass
class Told:
    """A fact or an outcome as far as it is known: its types, the cells that ask for it, the literals that stand in them."""

    name: str
    kinds: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    literals: list[feel.Literal] = field(default_factory=list)
    has_null: bool = False
    has_sum: bool = False
    formula: str = ""
    otherwise: feel.Literal = None

    def take(self, kind: Type) -> None:
        """One more thing the file says of it."""
        self.kinds += [kind.kind] if kind.kind else []
        self.allowed += [kind.allowed] if kind.allowed else []


class Sketch:
    """The decisions of a file that are wanted, with what they require."""

    def __init__(self, top: Node, wanted: str = "") -> None:
        self.top, self.types = top, Types(top)
        self.problems: list[Problem] = []
        self.given = Names()
        self.decision = self.given.give(wanted or top.get("name") or "decision")
        self.facts: dict[str, Told] = {}
        self.outcomes: dict[str, Told] = {}
        self.scope: dict[str, str] = {}
        """What may stand in an expression, and its name here."""
        self.tables: dict[tuple[str, str], Raw] = {}
        self.columns: dict[str, tuple[list[str], list[str]]] = {}
        self.priority: dict[str, list[object]] = {}
        self.inputs = {node.get("name"): node for node in top.all("inputData")}
        _limit(top)
        self.decisions = _ordered(top, wanted)
        for decision in self.decisions:
            self._take(decision)
        for raw in self.tables.values():
            self._look(raw)
        self._stop()

    @property
    def names(self) -> dict[str, str]:
        """What may stand in a sum, and its name here."""
        return {told: name for told, name in self.scope.items() if name in self.facts}

    def _stop(self) -> None:
        if self.problems:
            raise PolicyError(self.problems)

    def _wrong(
        self,
        key: str,
        table: str = "",
        row: str = "",
        column: str = "",
        details: Mapping[str, object] | None = None,
        **more: object,
    ) -> None:
        self.problems.append(Problem(key, {**(details or {}), **more}, table=table, row=row, column=column))

    # Names

    def _take(self, decision: Node) -> None:
        logic = next((each for each in decision.children if each.name in LOGIC), None)
        if logic is not None and logic.name == "decisionTable":
            try:
                self._take_table(raw_table(decision, logic))
            except PolicyError as error:
                self.problems += error.problems
        elif logic is not None and logic.name == "literalExpression":
            self._take_sum(decision, logic.text_of("text"))
        else:
            what = logic.name if logic is not None else "…"
            self._wrong("dmn_logic", name=decision.get("name")[:60], what=what)

    def _take_table(self, raw: Raw) -> None:
        inputs = [self._input(raw, clause) for clause in raw.inputs]
        for name in {name for name in inputs if name and inputs.count(name) > 1}:
            self._wrong("dmn_asked_twice", raw.name, column=self.given.called.get(name, name))
        said = self._said(raw)
        outputs = []
        key = self.given.give(raw.name)
        for clause in raw.outputs:
            alone = len(raw.outputs) == 1
            name = key if alone else self.given.give(clause.get("name") or clause.get("label") or raw.name)
            outputs.append(name)
            told = self.outcomes[name] = Told(name)
            self._take_output(raw, clause, told, said, alone=alone)
            if not raw.is_list:
                self.scope[raw.name if alone else f"{raw.name}.{clause.get('name')}"] = name
        self.tables[self.decision, key] = raw
        self.columns[key] = inputs, outputs

    def _said(self, raw: Raw) -> Type:
        variable = raw.decision.one("variable")
        return self.types.of((variable.get("typeRef") if variable is not None else "") or raw.node.get("typeRef"))

    def _take_output(self, raw: Raw, clause: Node, told: Told, said: Type, *, alone: bool) -> None:
        kinds = [self.types.of(clause.get("typeRef"))]
        if alone:
            kinds.append(said)
        elif clause.get("name") in said.parts:
            kinds.append(self.types.of_node(said.parts[clause.get("name")]))
        listed = clause.text_of("outputValues", "text")
        for kind in [Type(allowed=listed), *kinds]:
            told.take(kind)
        if default := clause.text_of("defaultOutputEntry", "text"):
            if raw.is_list:
                self._wrong("dmn_default_in_list", raw.name, column=told.name)
            told.otherwise = self._literal(default, raw, told.name)

    def _literal(self, text: str, raw: Raw, column: str) -> feel.Literal:
        try:
            return feel.read_literal(text)
        except CellError as error:
            self._wrong(error.key, raw.name, column=column, details=error.details)
            return None

    def _input(self, raw: Raw, clause: Node) -> str:
        text = clause.text_of("inputExpression", "text")
        name = self._known(text)
        if not name:
            self._wrong("dmn_input", raw.name, column=clause.get("label")[:60] or text[:60], text=text[:60])
            return ""
        told = self.facts.get(name) or self.outcomes[name]
        expression = clause.one("inputExpression")
        told.take(self.types.of(expression.get("typeRef") if expression is not None else ""))
        if name in self.facts:
            told.take(Type(allowed=clause.text_of("inputValues", "text")))
        return name

    def _known(self, text: str) -> str:
        """Our name for what an expression names: what was decided before, a told fact or a part of one; else nothing."""
        if text in self.scope:
            return self.scope[text]
        kind = self._type_of(text)
        if kind is None or kind.parts or kind.is_list:
            return ""
        name = self.given.give(text)
        self.scope[text] = name
        self.facts[name] = Told(name)
        self.facts[name].take(kind)
        return name

    def _type_of(self, text: str) -> Type | None:
        """The type of an input or of a part of one."""
        if len(text) > LONGEST_NAME:
            return None
        if text in self.inputs:
            variable = self.inputs[text].one("variable")
            return self.types.of(variable.get("typeRef") if variable is not None else "")
        whole, dot, part = text.rpartition(".")
        kind = self._type_of(whole.strip()) if dot else None
        node = kind.parts.get(part.strip()) if kind is not None and not kind.is_list else None
        return None if node is None else self.types.of_node(node)

    def _take_sum(self, decision: Node, text: str) -> None:
        """A decision that is a sum over facts becomes a fact that is worked out."""
        self._know_all_in(text)
        try:
            formula = read_formula(feel.renamed(text, self.names), facts=frozenset(self.facts), parameters={}).text
        except CellError:
            self._wrong("dmn_logic", name=decision.get("name")[:60], what=text[:40])
            return
        name = self.given.give(decision.get("name"))
        self.facts[name] = Told(name, kinds=["number"], formula=formula)
        self.scope[decision.get("name")] = name

    def _know_all_in(self, text: str) -> None:
        """Every input that a sum names becomes a fact, whether or not a rule asks for it."""
        for name in self.inputs:
            kind = self._type_of(name)
            parts = [f"{name}.{part}" for part in kind.parts] if kind is not None else []
            for each in (name, *parts):
                if each in text:
                    self._known(each)

    # Cells

    def _look(self, raw: Raw) -> None:
        """What stands in the cells, so that values nobody declared are known."""
        inputs, outputs = next(self.columns[key] for (_decision, key), each in self.tables.items() if each is raw)
        for number, line in enumerate(raw.lines, start=1):
            place = {"table": raw.name, "row": line.beside.get("id") or str(number)}
            for name, entry in zip(inputs, line.inputs, strict=True):
                told = self.facts.get(name) or self.outcomes.get(name)
                if told is not None:
                    self._look_in(told, entry.text, place)
            for name, entry in zip(outputs, line.outputs, strict=True):
                self._look_out(self.outcomes[name], entry.text)

    def _look_in(self, told: Told, text: str, place: dict[str, str]) -> None:
        try:
            tests = feel.read_cell(text)
        except CellError as error:
            self._wrong(error.key, **place, column=told.name, details=error.details)
            return
        told.has_null = told.has_null or tests.takes_null
        told.literals += [value for test in tests.tests for value in test.literals() if value is not None]

    def _look_out(self, told: Told, text: str) -> None:
        try:
            value = None if text in {"", "-"} else feel.read_literal(text)
        except CellError:
            told.has_sum = True
            self._know_all_in(text)  # perhaps a sum; if not, it is told with its place when the rows are put in
            return
        told.literals += [] if value is None else [value]

    # The policy

    def document(self, day: date) -> Document:
        """The policy without its rows."""
        facts = [self._fact(told) for told in self.facts.values()]
        outcomes = [self._outcome(told) for told in self.outcomes.values()]
        self._stop()
        front = {
            "policy": one_line(self.top.get("name") or self.decision),
            "version": day.isoformat(),
            "effective_from": day.isoformat(),
        }
        sections = [
            _register(
                "facts",
                ("fact", "type", "values", "ordinary"),
                [_fact_row(each) for each in facts if not self.facts[each.id].formula],
            ),
            _register(
                "derived",
                ("fact", "type", "formula"),
                [(each.id, "number?", self.facts[each.id].formula) for each in facts if self.facts[each.id].formula],
            ),
            _register(
                "outcomes",
                ("outcome", "type", "values", "otherwise"),
                [_outcome_row(each, self.outcomes[each.id]) for each in outcomes],
            ),
            *self._notes(),
            Section(1, f"decision {self.decision} gives: {', '.join(self._gives())}", 0),
            *(self._section(key) for _decision, key in self.tables),
            _register("labels", ("id", "zh-Hans", "zh-Hant", "en"), list(self._labels())),
        ]
        return Document(front, (Section(0, "", 0), *(section for section in sections if section.title)))

    def _gives(self) -> list[str]:
        """What the file's one service gives; without one, what no other of the decisions requires, or else everything."""
        if (given := self._served()) is not None:
            return self._said_by(given)
        asked = {name for inputs, _outputs in self.columns.values() for name in inputs}
        last = [key for key, (_inputs, outputs) in self.columns.items() if not asked & set(outputs)] or list(
            self.columns
        )
        return self._said_by(last)

    def _served(self) -> list[str] | None:
        services = self.top.all("decisionService")
        keys = {raw.decision.get("id"): key for (_decision, key), raw in self.tables.items()}
        if len(services) != 1:
            return None
        given = [keys.get(each.get("href").removeprefix("#"), "") for each in services[0].all("outputDecision")]
        return given if given and all(given) else None

    def _said_by(self, tables: Iterable[str]) -> list[str]:
        found: list[str] = []
        for key in tables:
            is_list = self.tables[self.decision, key].is_list
            found += [key] if is_list else self.columns[key][1]
        return found

    def _section(self, key: str) -> Section:
        raw = self.tables[self.decision, key]
        inputs, outputs = self.columns[key]
        grid = Grid(("id", "level", *dict.fromkeys(inputs)), (*outputs, "over", "cite", "flags", "remark"), (), 0)
        hit = "collect" if raw.is_list else "layered"
        return Section(2, f"{key} {one_line(raw.name)} hit: {hit} -> {', '.join(outputs)}", 0, [grid])

    def _labels(self) -> Iterable[tuple[str, ...]]:
        tables = {key for _decision, key in self.tables}
        for name, called in self.given.called.items():
            for each in (name, *([f"table.{name}"] if name in tables else ())):
                yield (each, *[one_line(called)] * 3)

    def _notes(self) -> list[Section]:
        """Clauses and doubtful places that the rules name have to stand somewhere."""
        lines = [line.beside for raw in self.tables.values() for line in raw.lines]
        return [*_clauses(lines), *_doubts(lines)]

    def _fact(self, told: Told) -> Fact:
        kind, values, least, has_null = self._known_of(told)
        if kind == "choice" and not told.allowed:
            other = OTHER
            while other in values:
                other += "_"
            values = (*values, other)
        return Fact(told.name, cast("Kind", kind), values, least, may_be_unknown=told.has_null or has_null)

    def _outcome(self, told: Told) -> Fact:
        kind, values, _least, _null = self._known_of(told)
        if told.allowed:
            self.priority[told.name] = list(values)
        return Fact(
            told.name, cast("Kind", kind), values or ((OTHER,) if kind == "choice" else ()), may_be_unknown=True
        )

    def _known_of(self, told: Told) -> tuple[str, tuple[str, ...], Decimal | None, bool]:
        """Its kind, the values it may have, the least of a number, whether null may be told."""
        tests = self._allowed(told)
        allowed = [value for test in tests for value in test.literals()]
        literals = [*told.literals, *(value for value in (*allowed, told.otherwise) if value is not None)]
        kind = next(iter(told.kinds), "") or next(
            (_kind_of(value) for value in literals), "number" if told.has_sum else "choice"
        )
        if kind not in {"choice", "bool", "number", "date"}:
            self._wrong("dmn_type", column=self.given.called.get(told.name, told.name), kind=kind[:40])
        if kind == "choice":
            listed = [value for value in allowed if isinstance(value, str)]
            found = [*listed, *(value for value in literals if isinstance(value, str))]
            return kind, tuple(dict.fromkeys(self._value(told, each) for each in found)), None, None in allowed
        return kind, (), self._least(told, kind, tests), None in allowed

    def _value(self, told: Told, value: str) -> str:
        try:
            return feel.checked_value(value)
        except CellError as error:
            self._wrong(error.key, column=self.given.called.get(told.name, told.name), details=error.details)
            return value

    def _allowed(self, told: Told) -> list[feel.Test]:
        found: list[feel.Test] = []
        for text in told.allowed:
            try:
                tests = feel.read_cell(text)
            except CellError as error:
                self._wrong(error.key, column=self.given.called.get(told.name, told.name), details=error.details)
                continue
            found += [] if tests.is_negated else tests.tests
        return found

    def _least(self, told: Told, kind: str, tests: list[feel.Test]) -> Decimal | None:
        """Of a number, that it is no less than something; other limits would be lost."""
        limits = [test for test in tests if test.is_range or test.value is not None]
        if kind == "bool" or not limits or told.name in self.outcomes:
            return None
        first = limits[0]
        if set(limits) == {first} and isinstance(first.low, Decimal) and first.high is None and first.has_low:
            return first.low
        self._wrong("dmn_allowed", column=self.given.called.get(told.name, told.name))
        return None


LOGIC = {
    "decisionTable", "literalExpression", "context", "invocation", "relation", "list", "functionDefinition",
    "conditional", "for", "every", "some", "filter",
}  # fmt: skip


def _limit(top: Node) -> None:
    counts = {name: len(top.all(name)) for name in ("inputData", "decision", "itemDefinition")}
    tables = [table for decision in top.all("decision") for table in decision.all("decisionTable")]
    counts["rule"] = sum(len(table.all("rule")) for table in tables)
    problems = [Problem("dmn_most", {"what": name, "most": MOST[name]}) for name in MOST if counts[name] > MOST[name]]
    problems += [
        Problem("table_columns", {"name": len(table.children)})
        for table in tables
        if len(table.all("input", "output")) > MOST_COLUMNS
    ]
    if problems:
        raise PolicyError(problems)


def _ordered(top: Node, wanted: str) -> list[Node]:
    """The wanted decision, or all, each after those it requires; PolicyError when there is none, or a circle."""
    decisions = top.all("decision")
    if wanted:
        decisions = [node for node in decisions if wanted in {node.get("name"), node.get("id")}]
    elif bare := top.one("businessKnowledgeModel"):
        raise PolicyError([Problem("dmn_logic", {"name": bare.get("name")[:60], "what": bare.name})])
    if not decisions:
        raise PolicyError([Problem("dmn_no_decision", {"name": wanted or "…"})])
    by_id = {node.get("id"): node for node in top.all("decision") if node.get("id")}
    found: dict[int, Node] = {}
    for decision in decisions:
        _visit(decision, by_id, found, [])
    return list(found.values())


def _visit(decision: Node, by_id: Mapping[str, Node], found: dict[int, Node], above: list[Node]) -> None:
    if id(decision) in found:
        return
    if any(decision is each for each in above) or len(above) > MOST_ABOVE:
        raise PolicyError([Problem("dmn_circle", {"name": decision.get("name")[:60]})])
    for need in decision.all("informationRequirement"):
        for required in need.all("requiredDecision"):
            target = by_id.get(required.get("href").removeprefix("#"))
            if target is None:
                raise PolicyError([Problem("dmn_elsewhere_file", {"name": required.get("href")[:60]})])
            _visit(target, by_id, found, [*above, decision])
    found[id(decision)] = decision


MOST_ABOVE = 200


def _kind_of(value: feel.Literal) -> str:
    if isinstance(value, bool):
        return "bool"
    return "choice" if isinstance(value, str) else "date" if isinstance(value, date) else "number"


def _register(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Section:
    """A register; without rows it has no heading and is left out."""
    lines = tuple(Row({}, dict(zip(columns, row, strict=True)), 0) for row in rows)
    return Section(1, title if rows else "", 0, [Grid((), columns, lines, 0)])


def _fact_row(fact: Fact) -> tuple[str, ...]:
    question = "?" if fact.may_be_unknown else ""
    limits = (
        ", ".join(fact.values)
        if fact.kind == "choice"
        else f">={feel.plain(fact.least)}"
        if fact.least is not None
        else ""
    )
    ordinary = {"choice": fact.values[:1], "bool": ("false",), "date": ("2000-01-01",)}.get(fact.kind)
    first = ordinary[0] if ordinary else feel.plain(fact.least or Decimal(0))
    return fact.id, fact.kind + question, limits, "-" if fact.may_be_unknown else first


def _outcome_row(fact: Fact, told: Told) -> tuple[str, ...]:
    try:
        otherwise = "-" if told.otherwise is None else feel.our_value(told.otherwise, fact)
    except CellError as error:
        raise PolicyError([Problem(error.key, error.details, column=fact.id)]) from None
    return fact.id, fact.kind, ", ".join(fact.values), otherwise


def _clauses(lines: list[dict[str, str]]) -> list[Section]:
    named = dict.fromkeys(name for line in lines for name in words(line.get("cite", "")))
    return [Section(2, f"{name} {name}", 0) for name in named if is_clause(name)]


def _doubts(lines: list[dict[str, str]]) -> list[Section]:
    named = dict.fromkeys(name for line in lines for name in words(line.get("flags", "")))
    columns = ("id", "kind", "clauses", "problem", "reading", "question", "status")
    return [_register("ambiguities", columns, [(name, "", "", "", "", "", "open") for name in named])]
