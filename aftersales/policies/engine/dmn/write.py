"""From a policy to DMN 1.3: each table a decision table, FIRST or COLLECT, and between them what each needs of the others.

Rows of a layered table are sorted so that exceptions come first; without contradictions the first that holds is then a winner.
What DMN has no place for - clauses, ambiguities, labels, the notation of a cell - goes along as an extension, so that the
policy comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from aftersales.policies.engine.analyse import analyse_decision
from aftersales.policies.engine.axes import WHOLE
from aftersales.policies.engine.dmn import feel, marks
from aftersales.policies.engine.dmn.overlap import overlaps
from aftersales.policies.engine.dmn.xml import Node, write_xml
from aftersales.policies.engine.document import Document, Grid, Row, Section, read_document, written
from aftersales.policies.engine.errors import PolicyError, Problem
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Decision, Fact, Policy, Rule, Table
from aftersales.policies.engine.order import beaten_by, bits
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import decision_key_of, read_policy, table_key_of

TYPES: Mapping[str, str] = {"choice": "string", "bool": "boolean", "date": "date"}


def to_dmn(text: str) -> str:
    """The policy as DMN; PolicyError when a table contradicts itself or holds what no decision table can say."""
    policy = read_policy(text)
    problems = [problem for key in policy.decisions for problem in _refused(policy, key)]
    if problems:
        raise PolicyError(problems)
    return _Writer(policy, read_document(text)).write()


def _refused(policy: Policy, key: str) -> Iterable[Problem]:
    report = analyse_decision(compile_decision(policy, key))
    if not report.is_proved:
        yield Problem("dmn_not_proved", {"decision": key})
    for finding in report.of("conflict"):
        yield Problem("dmn_conflict", {"rules": ", ".join(finding.rules)}, table=finding.table)
    for table in policy.decisions[key].tables:
        if table.hit == "collect":
            yield from _overridden(policy, table)


def _overridden(policy: Policy, table: Table) -> Iterable[Problem]:
    """In a list of DMN no row silences another."""
    beaten, beside = beaten_by(table), overlaps(policy, table)
    for at, rule in enumerate(table.rules):
        for other in bits(beaten[at] & beside[at]):
            rules: dict[str, object] = {"one": table.rules[other].id, "other": rule.id}
            yield Problem("dmn_collect_over", rules, line=rule.line, table=table.key, row=rule.id, column="over")


def sorted_rules(table: Table) -> list[int]:
    """The places of a layered table's rules, exceptions before what they are exceptions to."""
    if table.hit == "collect":
        return list(range(len(table.rules)))
    beaten = beaten_by(table)
    return sorted(range(len(table.rules)), key=lambda at: beaten[at].bit_count())


class _Writer:
    def __init__(self, policy: Policy, document: Document) -> None:
        self.policy, self.document = policy, document
        self.numbers = {name: each.value for name, each in policy.parameters.items()}
        self.numbers["effective_from"] = Decimal(policy.effective_from.toordinal())
        self.taken: set[str] = set(policy.facts)
        self.names: dict[tuple[str, str], str] = {}
        for key, decision in policy.decisions.items():
            for table in decision.tables:
                self.names[key, table.key] = self._free(table.key, f"{key}_{table.key}")

    def _free(self, *wished: str) -> str:
        number, names = 1, list(wished)
        while (name := names.pop(0)) in self.taken:
            number += 1
            names = names or [f"{wished[0]}_{number}"]
        self.taken.add(name)
        return name

    def write(self) -> str:
        policy = self.policy
        asked = self._asked()
        children = [
            Node("extensionElements", children=[Node("as:policy", text=_skeleton(self.document))]),
            *(self._item(fact) for fact in asked),
            *(self._item_of(key, table) for key, decision in policy.decisions.items() for table in decision.tables),
            *(self._input(fact) for fact in asked if self._sum(fact) is None),
            *(self._derived(fact) for fact in asked if self._sum(fact) is not None),
            *(self._table(each, table) for each in policy.decisions.values() for table in each.tables),
            *(self._service(decision) for decision in policy.decisions.values()),
        ]
        top = Node("definitions", {"id": "_policy", "name": policy.name, "namespace": f"{marks.OURS}:model"}, children)
        return write_xml(top, {"xmlns": marks.MODEL, "xmlns:as": marks.OURS})

    def _asked(self) -> list[Fact]:
        """Facts in the order of the register: those that are told, and those worked out from them."""
        return list(self.policy.facts.values())

    def _sum(self, fact: Fact) -> str | None:
        return None if fact.formula is None else feel.formula_text(fact.formula.text, self.numbers)

    # Types

    def _item(self, fact: Fact, name: str = "") -> Node:
        children = [Node("typeRef", text=TYPES.get(fact.kind, "number"))]
        if allowed := _allowed(fact):
            children.append(Node("allowedValues", children=[Node("text", text=allowed)]))
        if fact.kind in WHOLE - {"date"}:
            children.insert(0, Node("description", text="whole number; what is over is cut off"))
        return Node("itemDefinition", {"name": name or f"t_{fact.id}"}, children)

    def _item_of(self, key: str, table: Table) -> Node:
        name = self.names[key, table.key]
        many = {"isCollection": "true"} if table.hit == "collect" else {}
        if len(table.outputs) == 1:
            node = self._item(self.policy.outcomes[table.outputs[0]], f"t_{name}_said")
            return replace(node, attributes={**node.attributes, **many})
        parts = [replace(self._item(self.policy.outcomes[each], each), name="itemComponent") for each in table.outputs]
        return Node("itemDefinition", {"name": f"t_{name}_said", **many}, parts)

    # What is told and worked out

    def _input(self, fact: Fact) -> Node:
        about = [] if fact.formula is None else [Node("description", text=fact.formula.text)]
        variable = Node("variable", {"name": fact.id, "typeRef": f"t_{fact.id}"})
        return Node("inputData", {"id": f"_fact_{fact.id}", "name": fact.id}, [*about, variable])

    def _derived(self, fact: Fact) -> Node:
        needs = sorted(fact.formula.names) if fact.formula is not None else []
        children = [
            Node("variable", {"name": fact.id, "typeRef": f"t_{fact.id}"}),
            *self._requirements([(name, "") for name in needs], {}),
            Node("literalExpression", children=[Node("text", text=self._sum(fact) or "")]),
        ]
        return Node("decision", {"id": f"_fact_{fact.id}", "name": fact.id}, children)

    def _requirements(self, wanted: Iterable[tuple[str, str]], made: Mapping[str, str]) -> list[Node]:
        """Each once: tables by the id of their decision, facts by their own."""
        found: dict[tuple[str, str], None] = {}
        for name, _what in wanted:
            if name in made:
                found.setdefault(("requiredDecision", made[name]))
            else:
                is_sum = self._sum(self.policy.facts[name]) is not None
                found.setdefault(("requiredDecision" if is_sum else "requiredInput", f"_fact_{name}"))
        return [Node("informationRequirement", children=[Node(kind, {"href": f"#{target}"})]) for kind, target in found]

    # Tables

    def _id(self, key: str, table: str) -> str:
        place = [each.key for each in self.policy.decisions[key].tables].index(table)
        return f"_table_{list(self.policy.decisions).index(key) + 1}_{place + 1}"

    def _table(self, decision: Decision, table: Table) -> Node:
        tables = {name: each for each in decision.tables for name in each.outputs if each.hit == "layered"}
        before = decision.tables[: decision.tables.index(table)]
        made = {name: each for name, each in tables.items() if each in before}
        node = self._decision_table(decision.key, table, made)
        about = {
            "decision": decision.key,
            "table": table.key,
            "head": marks.digest(marks.head_of(node)),
            "rows": marks.digest(node.all("rule")),
        }
        needs = self._requirements(
            [(name, "") for name in [*table.inputs, *self._summed(table)]],
            {name: self._id(decision.key, each.key) for name, each in made.items()},
        )
        name = self.names[decision.key, table.key]
        attributes = {"id": self._id(decision.key, table.key), "name": name}
        children = [
            Node("extensionElements", children=[Node("as:table", about)]),
            Node("variable", {"name": name, "typeRef": f"t_{name}_said"}),
            *needs,
            node,
        ]
        return Node("decision", attributes | ({"label": table.title} if table.title else {}), children)

    def _summed(self, table: Table) -> list[str]:
        """Facts that the outcomes are worked out from."""
        sums = [value for rule in table.rules for value in rule.outputs.values() if isinstance(value, Formula)]
        return sorted({name for each in sums for name in each.names})

    def _decision_table(self, key: str, table: Table, made: Mapping[str, Table]) -> Node:
        hit = {"hitPolicy": "COLLECT" if table.hit == "collect" else "FIRST"}
        section = self._section(key, table.key)
        rows = section.grids[0].rows
        order = sorted_rules(table)
        return Node(
            "decisionTable",
            hit,
            [
                *(self._clause(key, name, made) for name in table.inputs),
                *(self._output(table, name) for name in table.outputs),
                *(Node("annotation", {"name": name}) for name in marks.BESIDE),
                *(self._rule(table, table.rules[at], rows[at], at) for at in order),
            ],
        )

    def _section(self, key: str, table: str) -> Section:
        return next(
            section for decision, name, section in sections_of(self.document) if (decision, name) == (key, table)
        )

    def _clause(self, key: str, name: str, made: Mapping[str, Table]) -> Node:
        fact = self.policy.axis_fact(name)
        text = name
        if name in made:
            text = self.names[key, made[name].key] + (f".{name}" if len(made[name].outputs) > 1 else "")
        expression = Node("inputExpression", {"typeRef": TYPES.get(fact.kind, "number")}, [Node("text", text=text)])
        values = [Node("inputValues", children=[Node("text", text=allowed)])] if (allowed := _allowed(fact)) else []
        return Node("input", {"label": self._label(name)}, [expression, *values])

    def _label(self, name: str) -> str:
        language = self.policy.meta.get("language", "en")
        return self.policy.labels.get(name, {}).get(language) or name

    def _output(self, table: Table, name: str) -> Node:
        fact = self.policy.outcomes[name]
        children = []
        if allowed := _allowed(replace(fact, may_be_unknown=False)):
            children.append(Node("outputValues", children=[Node("text", text=allowed)]))
        if table.hit == "layered" and fact.otherwise is not None:
            text = feel.literal_text(fact.otherwise, fact.kind)
            children.append(Node("defaultOutputEntry", children=[Node("text", text=text)]))
        return Node("output", {"name": name, "typeRef": TYPES.get(fact.kind, "number")}, children)

    def _rule(self, table: Table, rule: Rule, row: Row, at: int) -> Node:
        children = []
        for name in table.inputs:
            fact = self.policy.axis_fact(name)
            text = feel.cell_text(rule.cells[name], fact)
            own = row.left.get(name, "")
            children.append(_entry("inputEntry", text, own, feel.our_cell(feel.read_cell(text), fact)))
        for name in table.outputs:
            fact = self.policy.outcomes[name]
            told = feel.output_text(rule.outputs[name], fact, self.numbers)
            if told is None:
                raise PolicyError([Problem("dmn_sum", line=rule.line, table=table.key, row=rule.id, column=name)])
            said = told if isinstance(rule.outputs[name], Formula) else feel.our_value_or_nothing(told, fact)
            children.append(_entry("outputEntry", told, row.cells.get(name, ""), said))
        told_beside = {**row.left, **row.cells, "row": str(at + 1)}
        children += [
            Node("annotationEntry", children=[Node("text", text=told_beside.get(name, ""))]) for name in marks.BESIDE
        ]
        return Node("rule", children=children)

    def _service(self, decision: Decision) -> Node:
        """One of our decisions as a whole: what it gives, and what stands behind that."""
        given = set(decision.gives)
        out = [table for table in decision.tables if table.key in given or given & set(table.outputs)]
        behind = [table for table in decision.tables if table not in out]
        children = [
            Node("outputDecision", {"href": f"#{self._id(decision.key, table.key)}"}) for table in out or behind
        ]
        children += [
            Node("encapsulatedDecision", {"href": f"#{self._id(decision.key, table.key)}"})
            for table in (behind if out else [])
        ]
        place = list(self.policy.decisions).index(decision.key) + 1
        return Node(
            "decisionService",
            {"id": f"_decision_{place}", "name": self._free(decision.key, f"{decision.key}_decision")},
            children,
        )


def _allowed(fact: Fact) -> str:
    if fact.kind == "choice":
        values = [feel.literal_text(value, fact.kind) for value in fact.values]
        return ", ".join([*values, *(["null"] if fact.may_be_unknown else [])])
    return "" if fact.least is None else f">={feel.plain(fact.least)}"


def _entry(name: str, text: str, own: str, said: str) -> Node:
    """A cell; how the policy writes it goes along where it would come back in other words."""
    children = [Node("text", text=text)]
    if own != said:
        children.insert(0, Node("extensionElements", children=[Node("as:cell", text=own)]))
    return Node(name, children=children)


def _skeleton(document: Document) -> str:
    """The policy's text, the rows of its tables left out."""
    bare = {id(section) for _decision, _table, section in sections_of(document)}
    kept = [_emptied(section) if id(section) in bare else section for section in document.sections]
    return written(replace(document, sections=tuple(kept)))


def _emptied(section: Section) -> Section:
    parts = [replace(part, rows=()) if isinstance(part, Grid) else part for part in section.parts]
    return replace(section, parts=parts)


def sections_of(document: Document) -> Iterable[tuple[str, str, Section]]:
    """The tables of the decisions: decision, table, section."""
    decision = ""
    for section in document.sections:
        if key := decision_key_of(section.title):
            decision = key
        elif key := table_key_of(section.title):
            yield decision, key, section
