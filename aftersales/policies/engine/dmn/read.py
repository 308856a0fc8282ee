"""From DMN to a policy: our own comes back as it went out, with what was changed elsewhere; a stranger's table becomes a policy.

Either way there is first a policy whose tables are empty, which knows all names; then the rows are put in, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from aftersales.policies.engine import cells
from aftersales.policies.engine.dmn import feel, marks
from aftersales.policies.engine.dmn.hits import Ranks, ranked
from aftersales.policies.engine.dmn.sketch import Sketch
from aftersales.policies.engine.dmn.tables import Entry, Line, Raw, raw_table
from aftersales.policies.engine.dmn.write import sections_of
from aftersales.policies.engine.dmn.xml import Node, read_xml
from aftersales.policies.engine.document import Document, Grid, Row, Section, read_document, written
from aftersales.policies.engine.errors import CellError, PolicyError, Problem
from aftersales.policies.engine.formulas import looks_like_formula, read_formula
from aftersales.policies.engine.model import Fact, Policy, Table
from aftersales.policies.engine.read import NOTHING, is_clause, read_policy, words

Key = tuple[str, str]


@dataclass
class Source:
    """A table that is to be filled: what stands in the file, and whether its rows were left alone since they went out."""

    raw: Raw
    is_ours: bool = False
    is_unchanged: bool = False
    names: Mapping[str, str] | None = None
    """Of a stranger's file: what its names became here, for the sums in its cells."""
    priority: list[list[object]] | None = None
    """Likewise, for each output its values in the order of their weight, where the file lists them."""


def from_dmn(raw: bytes, *, decision: str = "", day: date | None = None) -> str:
    """The policy's text; PolicyError names table, row and column of what cannot be held.

    With `decision` only that decision of the file and what it requires; `day` is the day from which a stranger's policy holds.
    """
    top = read_xml(raw)
    if top.name != "definitions" or top.space not in marks.MODELS:
        raise PolicyError([Problem("dmn_no_dmn")])
    more = top.one("extensionElements")
    own = next((each for each in more.all("policy") if each.space == marks.OURS), None) if more is not None else None
    if own is not None and not decision:
        document = read_document(own.text)
        sources = _returned(top, read_policy(own.text))
    else:
        sketch = Sketch(top, decision)
        document = sketch.document(day or date.today())  # noqa: DTZ011 - the day on the wall of whoever imports
        sources = {key: sketch_source(sketch, key) for key in sketch.tables}
    return _Filled(document, sources).text()


def sketch_source(sketch: Sketch, key: Key) -> Source:
    """A stranger's table with what its names became."""
    outputs = sketch.columns[key[1]][1]
    return Source(sketch.tables[key], names=sketch.names, priority=[sketch.priority.get(name, []) for name in outputs])


# Our own


def _returned(top: Node, policy: Policy) -> dict[Key, Source]:
    """The tables by the names they carry; the rest of the policy is changed in its own text, not elsewhere."""
    problems: list[Problem] = []
    found: dict[Key, Source] = {}
    for decision in top.all("decision"):
        table, about = decision.one("decisionTable"), _about(decision)
        if table is None:
            problems += _sum_changed(decision, policy)
        elif about is None:
            problems.append(Problem("dmn_new_table", table=decision.get("name")))
        else:
            raw = raw_table(decision, table)
            key = about.attributes.get("decision", ""), about.attributes.get("table", "")
            if not _same_head(policy, key, raw, about):
                problems.append(Problem("dmn_head", table=raw.name))
            is_unchanged = marks.digest(table.all("rule")) == about.attributes.get("rows")
            found[key] = Source(raw, is_ours=True, is_unchanged=is_unchanged)
    for name, each in policy.decisions.items():
        problems += [Problem("dmn_gone", table=one.key) for one in each.tables if (name, one.key) not in found]
    if problems:
        raise PolicyError(problems)
    return found


def _same_head(policy: Policy, key: Key, raw: Raw, about: Node) -> bool:
    ours = policy.decisions.get(key[0])
    table = next((each for each in ours.tables if each.key == key[1]), None) if ours is not None else None
    is_left = marks.digest(marks.head_of(raw.node)) == about.attributes.get("head")
    widths = len(raw.inputs), len(raw.outputs)
    return is_left and table is not None and (len(table.inputs), len(table.outputs)) == widths


def _about(decision: Node) -> Node | None:
    more = decision.one("extensionElements")
    return next((each for each in more.all("table") if each.space == marks.OURS), None) if more is not None else None


def _sum_changed(decision: Node, policy: Policy) -> list[Problem]:
    name = decision.get("name")
    fact = policy.facts.get(name)
    ours = None
    if fact is not None and fact.formula is not None:
        ours = feel.formula_text(fact.formula.text, numbers_of(policy))
    told = decision.text_of("literalExpression", "text")
    return [] if ours is not None and ours.split() == told.split() else [Problem("dmn_elsewhere", {"name": name[:60]})]


# The rows


def numbers_of(policy: Policy) -> dict[str, Decimal]:
    """The parameters by name, the first day of the policy among them."""
    first = Decimal(policy.effective_from.toordinal())
    return {"effective_from": first} | {name: each.value for name, each in policy.parameters.items()}


class _Filled:
    def __init__(self, document: Document, sources: Mapping[Key, Source]) -> None:
        self.document, self.sources = document, sources
        self.policy = read_policy(written(document))
        self.numbers = numbers_of(self.policy)
        self.problems: list[Problem] = []
        self.ids: set[str] = set()

    def text(self) -> str:
        rows = {key: self._rows(key, section) for key, section in self._sections()}
        self._stop()
        filled = read_policy(written(self._with(rows)))
        for key, source in self.sources.items():
            if not source.is_unchanged and key in rows:
                rows[key] = self._ranked(filled, key, rows[key])
        self._stop()
        text = written(self._with(rows))
        read_policy(text)
        return text

    def _stop(self) -> None:
        if self.problems:
            raise PolicyError(self.problems)

    def _sections(self) -> list[tuple[Key, Section]]:
        return [((key, table), section) for key, table, section in sections_of(self.document)]

    def _with(self, rows: Mapping[Key, list[tuple[int, Row]]]) -> Document:
        """The document with its tables filled, each row where it stood in the policy."""
        at_section = {id(section): key for key, section in self._sections()}
        sections = []
        for section in self.document.sections:
            key = at_section.get(id(section))
            if key is None:
                sections.append(section)
                continue
            lines = tuple(row for _place, row in rows[key])
            parts = [replace(part, rows=lines) if isinstance(part, Grid) else part for part in section.parts]
            sections.append(replace(section, parts=parts))
        return replace(self.document, sections=tuple(sections))

    def _rows(self, key: Key, section: Section) -> list[tuple[int, Row]]:
        """Each row with its place in the file, in the order of the policy."""
        source, grid = self.sources[key], section.grids[0]
        table = next(each for each in self.policy.decisions[key[0]].tables if each.key == key[1])
        found = []
        for place, line in enumerate(source.raw.lines):
            name = self._id(key, line, place)
            told = self._cells(table, source, line, name) | {**_beside(line, source), "id": name}
            left = {column: told.get(column, "") for column in grid.inputs}
            found.append((place, Row(left, {column: told.get(column, "") for column in grid.outputs}, 0)))
        wanted = [line.beside.get("row", "") for line in source.raw.lines]
        if source.is_ours and all(each.isdecimal() for each in wanted):
            found.sort(key=lambda each: int(wanted[each[0]]))
        return found

    def _id(self, key: Key, line: Line, place: int) -> str:
        name = line.beside.get("id", "")
        if words(name) != (name,) or name in self.ids:
            bare = f"R{place + 1}" if len(self.sources) == 1 else f"{key[1]}.{place + 1}"
            number, name = 1, bare
            while name in self.ids:
                number, name = number + 1, f"{bare}.{number + 1}"
        self.ids.add(name)
        return name

    def _cells(self, table: Table, source: Source, line: Line, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        place = Problem("", table=source.raw.name, row=name)
        for column, entry in zip(table.inputs, line.inputs, strict=True):
            found[column] = self._tried(replace(place, column=column), partial(self._cell, column, entry))
        for column, entry in zip(table.outputs, line.outputs, strict=True):
            fact = self.policy.outcomes[column]
            found[column] = self._tried(replace(place, column=column), partial(self._output, fact, entry, source))
        return found

    def _tried(self, place: Problem, act: Callable[[], str]) -> str:
        try:
            return act()
        except CellError as error:
            self.problems.append(replace(place, key=error.key, details=error.details))
            return ""

    def _cell(self, name: str, entry: Entry) -> str:
        fact = self.policy.axis_fact(name)
        tests = feel.read_cell(entry.text)
        if entry.own is not None:
            column = cells.Column(name, fact.kind, fact.values, fact.may_be_unknown, self.policy.groups, self.numbers)
            if self._means(tests, lambda: feel.read_cell(feel.cell_text(column.read(entry.own or ""), fact))):
                return entry.own
        return feel.our_cell(tests, fact)

    def _means(self, told: object, own: Callable[[], object]) -> bool:
        """Whether what the policy wrote still says what the file says; when it cannot be read any more, no."""
        try:
            return own() == told
        except CellError:
            return False

    def _output(self, fact: Fact, entry: Entry, source: Source) -> str:
        bare = "".join(entry.text.split())
        if entry.own is not None and self._means(
            bare, lambda: "".join(self._own_output(fact, entry.own or "").split())
        ):
            return entry.own
        try:
            return feel.our_value_or_nothing(entry.text, fact)
        except CellError:
            if fact.kind != "number":
                raise
            text = feel.renamed(entry.text, source.names or {})
            return read_formula(text, facts=frozenset(self.policy.facts), parameters={}).text

    def _own_output(self, fact: Fact, own: str) -> str:
        clean = cells.normal(own)
        if clean in NOTHING or clean in cells.UNKNOWN:
            return "null"
        if fact.kind == "number" and looks_like_formula(own):
            formula = read_formula(own, facts=frozenset(self.policy.facts), parameters=self.numbers)
            return feel.formula_text(formula.text, self.numbers) or ""
        if fact.kind == "bool":
            return "true" if clean in cells.YES else "false"
        value: object = clean if fact.kind == "choice" else cells.number_of(clean, self.numbers)
        return feel.literal_text(value, fact.kind)

    # Which rule wins

    def _ranked(self, filled: Policy, key: Key, rows: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
        source = self.sources[key]
        if source.is_ours and source.raw.is_list:
            return rows
        table = next(each for each in filled.decisions[key[0]].tables if each.key == key[1])
        order = sorted(range(len(rows)), key=lambda at: rows[at][0])
        ranks = ranked(filled, table, source.raw.hit, order, self._by_priority(source, table))
        self.problems += ranks.problems
        return [(place, _with_ranks(row, ranks)) for place, row in rows]

    def _by_priority(self, source: Source, table: Table) -> list[list[object]]:
        """Of each output the values in the order in which the file lists them, where it lists any."""
        if source.priority is not None:
            return source.priority
        return [list(self.policy.outcomes[name].values) for name in table.outputs]


def _beside(line: Line, source: Source) -> dict[str, str]:
    """What stands beside the rule; what has no column here is kept in the remark."""
    known = {name: text for name, text in line.beside.items() if name in marks.BESIDE}
    more = [f"{name}: {text}" for name, text in line.beside.items() if name not in marks.BESIDE and text]
    if not source.is_ours:
        strange = [name for name in words(known.get("cite", "")) if not is_clause(name)]
        more += [f"cite: {known['cite']}"] if strange else []
        known |= {"over": "", "level": ""} | ({"cite": ""} if strange else {})
    return known | {"remark": "; ".join([*([known["remark"]] if known.get("remark") else []), *more])}


def _with_ranks(row: Row, ranks: Ranks) -> Row:
    name = row.left["id"]
    left, right = dict(row.left), dict(row.cells)
    if name in ranks.levels:
        left["level"] = ranks.levels[name]
    if name in ranks.over:
        right["over"] = ", ".join([*([right["over"]] if right.get("over") else []), *ranks.over[name]])
    return Row(left, right, row.line)
