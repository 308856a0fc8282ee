"""From the text of a policy to the policy: every section read, every name checked, all that is wrong told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar, get_args

from aftersales.policies.engine import cells, order
from aftersales.policies.engine.document import Document, Grid, Row, Section, read_document
from aftersales.policies.engine.errors import CellError, PolicyError, Problem
from aftersales.policies.engine.formulas import Formula, looks_like_formula, read_formula
from aftersales.policies.engine.model import (
    LOWEST,
    NEVER,
    Accepted,
    Ambiguity,
    Clause,
    Decision,
    Fact,
    Hit,
    Kind,
    Parameter,
    Policy,
    Rule,
    Table,
    Trend,
    Value,
)

T = TypeVar("T")
MOST_RULES = 5000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_CLAUSE = re.compile(r"(\d+(?:\.[0-9A-Za-z]+)*|[A-Z]\d*(?:\.[0-9A-Za-z]+)+)\s+(.*)\Z")
_TABLE = re.compile(r"(\S+)\s+(.*?)\s*hit:\s*(\S+)\s*->\s*(.+)\Z")
_DECISION = re.compile(r"decision\s+(\S+)(?:\s+(.*?))?\s*gives:\s*(.+)\Z")
_LEVEL = re.compile(r"P(\d(?:\.\d{1,2})?)\Z")
BESIDE = ("over", "cite", "flags", "remark")
"""Columns right of the bar that are no outputs."""
REGISTERS = ("facts", "derived", "outcomes", "parameters", "groups", "labels", "ambiguities", "trends", "accepted")
ACCEPTABLE = ("gap", "conflict", "dead", "redundant", "never", "trend", "no_citation", "no_rule", "numbering", "units")
"""Kinds of findings that may be let stand with a reason."""
NOTHING = {"", "-"}
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
COLONS = {"zh-Hans": "：", "zh-Hant": "：", "en": ": "}
TOLD = ("problem", "reading", "question")


def read_policy(text: str) -> Policy:
    """The policy; PolicyError with every problem found when it cannot be used."""
    return _Reader(read_document(text)).read()


def _language_of(section: Section) -> str:
    """The language named in a heading such as “ambiguities.zh-Hant”; empty for every other heading."""
    name, _dot, language = section.title.split(" ")[0].partition(".")
    return language if name.lower() == "ambiguities" and language in LANGUAGES else ""


def words(text: str) -> tuple[str, ...]:
    """The names in a cell, separated by commas of either width."""
    return tuple(part.strip() for part in cells.normal(text).split(",") if part.strip() not in NOTHING)


def decision_key_of(title: str) -> str:
    """The name of the decision that a heading begins; empty when it begins none."""
    found = _DECISION.match(title)
    return found[1] if found else ""


def is_clause(name: str) -> bool:
    """Whether a clause may have this number."""
    return _CLAUSE.match(f"{name} -") is not None


def table_key_of(title: str) -> str:
    """The name of the deciding table that a heading stands over; empty over anything else, and over what must never be."""
    found = None if _DECISION.match(title) else _TABLE.match(title)
    return found[1] if found and words(found[4]) != (NEVER,) else ""


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.place: dict[str, object] = {}
        self.parameters: dict[str, Parameter] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.facts: dict[str, Fact] = {}
        self.outcomes: dict[str, Fact] = {}
        self.clauses: dict[str, Clause] = {}
        self.ambiguities: dict[str, Ambiguity] = {}
        self.labels: dict[str, Mapping[str, str]] = {}
        self.decisions: dict[str, Decision] = {}
        self.trends: list[Trend] = []
        self.accepted: list[Accepted] = []
        self.rule_ids: dict[str, str] = {}
        self.from_day = date.min
        self.to_day: date | None = None
        self.has_torn_table = False

    # The whole

    def read(self) -> Policy:
        front = self.document.front
        for key in ("policy", "version", "effective_from"):
            if not front.get(key):
                self._wrong("front_lacks", name=key)
        self.from_day = self._day(front.get("effective_from", ""))
        if front.get("effective_to"):
            self.to_day = self._day(front["effective_to"])
        for name in ("parameters", "groups", "facts", "derived", "outcomes", "ambiguities", "labels"):
            self._register(name)
        self._read_told()
        self._name_ambiguities()
        self._read_clauses()
        self._read_decisions()
        self._register("trends")
        self._register("accepted")
        if not self.decisions:
            self._wrong("no_decision")
        if self.problems:
            raise PolicyError(self.problems)
        return Policy(
            name=front["policy"],
            version=front["version"],
            effective_from=self.from_day,
            effective_to=self.to_day,
            select_by=front.get("select_by", ""),
            meta=dict(front),
            facts=self.facts,
            outcomes=self.outcomes,
            parameters=self.parameters,
            groups=self.groups,
            clauses=self.clauses,
            ambiguities=self.ambiguities,
            decisions=self.decisions,
            labels=self.labels,
            trends=tuple(self.trends),
            accepted=tuple(self.accepted),
            digest=self.document.digest,
        )

    def _wrong(self, key: str, **details: object) -> None:
        self.problems.append(Problem(key, details, **self.place))  # type: ignore[arg-type]

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._wrong("no_date", text=text)
            return date.min

    def _try(self, act: Callable[[], T], otherwise: T) -> T:
        try:
            return act()
        except CellError as error:
            self._wrong(error.key, **error.details)
            return otherwise

    # What stands before the tables

    def _register(self, name: str) -> None:
        take: Callable[[Row], None] = getattr(self, f"_take_{name}")
        for section in self.document.sections:
            if section.title.split(" ")[0].lower() == name:
                for row in (row for grid in section.grids for row in grid.rows):
                    first = next(iter(row.cells.values()), "")
                    self.place = {"line": row.line, "table": section.title, "row": first}
                    take(row)
        self.place = {}

    def _read_told(self) -> None:
        """The ambiguities in other languages, each under a heading such as “ambiguities.en”."""
        for section in self.document.sections:
            language = _language_of(section)
            for row in (row for grid in section.grids for row in grid.rows if language):
                name = row.cells.get("id", "")
                self.place = {"line": row.line, "table": section.title[:60], "row": name}
                if name not in self.ambiguities:
                    self._wrong("no_ambiguity", name=name)
                    continue
                known = self.ambiguities[name]
                told = {part: row.cells[part] for part in TOLD if row.cells.get(part)}
                self.ambiguities[name] = replace(known, told={**known.told, language: told})
        self.place = {}

    def _name_ambiguities(self) -> None:
        """An ambiguity without a label of its own is called by what is unclear and how it is read."""
        for name, each in self.ambiguities.items():
            if name not in self.labels:
                told = {language: each.within(language) for language in LANGUAGES}
                joined = {language: COLONS[language].join((it.problem, it.reading)) for language, it in told.items()}
                self.labels[name] = joined

    def _new_name(self, row: Row, column: str, taken: Iterable[str]) -> str:
        name = row.cells.get(column, "")
        if not _NAME.match(name):
            self._wrong("bad_name", name=name or "…", column=column)
        elif name in taken:
            self._wrong("name_twice", name=name)
        return name

    def _take_parameters(self, row: Row) -> None:
        name = self._new_name(row, "parameter", self.parameters)
        number = self._try(lambda: cells.number_of(cells.normal(row.cells.get("value", "")), {}), Decimal(0))
        told = (row.cells.get(column, "") for column in ("unit", "clause", "same_as"))
        self.parameters[name] = Parameter(name, number, *told)

    @property
    def _numbers(self) -> dict[str, Decimal]:
        known = {name: each.value for name, each in self.parameters.items()}
        return {"effective_from": Decimal(self.from_day.toordinal()), **known}

    @property
    def _units(self) -> dict[str, str]:
        """Of what facts and parameters are; a share of something is just a number."""
        told = {name: fact.unit for name, fact in self.facts.items()}
        told |= {f"${name}": parameter.unit for name, parameter in self.parameters.items()}
        return {name: unit for name, unit in told.items() if unit and unit != "share"}

    def _take_groups(self, row: Row) -> None:
        self.groups[self._new_name(row, "group", self.groups)] = words(row.cells.get("values", ""))

    def _kind(self, text: str) -> Kind:
        kind = text.removesuffix("?")
        if kind not in get_args(Kind):
            self._wrong("bad_kind", kind=kind or "…", allowed=", ".join(get_args(Kind)))
            return "choice"
        return kind  # type: ignore[return-value]

    def _take_facts(self, row: Row) -> None:
        get = row.cells.get
        name = self._new_name(row, "fact", self.facts)
        kind = self._kind(get("type", ""))
        fact = Fact(name, kind, unit=get("unit", ""), may_be_unknown=get("type", "").endswith("?"))
        if kind == "choice":
            fact = replace(fact, values=words(get("values", "")))
            if not fact.values:
                self._wrong("no_values", name=name)
        elif get("values", "-") not in NOTHING:
            least = self._try(lambda: cells.number_of(cells.normal(get("values", "")).removeprefix(">="), {}), None)
            fact = replace(fact, least=least)
        self.facts[name] = replace(fact, ordinary=self._value(fact, get("ordinary", "")))

    def _take_derived(self, row: Row) -> None:
        name = self._new_name(row, "fact", self.facts)
        kind = self._kind(row.cells.get("type", "number"))
        known = frozenset(self.facts)
        formula = self._try(
            lambda: read_formula(
                row.cells.get("formula", ""), facts=known, parameters=self._numbers, units=self._units
            ),
            None,
        )
        unknown = row.cells.get("type", "").endswith("?")
        self.facts[name] = Fact(name, kind, unit=row.cells.get("unit", ""), may_be_unknown=unknown, formula=formula)

    def _take_outcomes(self, row: Row) -> None:
        get = row.cells.get
        name = self._new_name(row, "outcome", self.outcomes)
        fact = Fact(
            name,
            self._kind(get("type", "")),
            values=words(get("values", "")),
            unit=get("unit", ""),
            may_be_unknown=True,
        )
        self.outcomes[name] = replace(fact, otherwise=self._value(fact, get("otherwise", "")))

    def _take_ambiguities(self, row: Row) -> None:
        get = row.cells.get
        name = get("id", "")
        if name in self.ambiguities:
            self._wrong("name_twice", name=name)
        told = (get("problem", ""), get("reading", ""), get("question", ""), get("status", "open"))
        self.ambiguities[name] = Ambiguity(name, get("kind", ""), words(get("clauses", "")), *told)

    def _take_labels(self, row: Row) -> None:
        self.labels[row.cells.get("id", "")] = {key: text for key, text in row.cells.items() if key != "id"}

    def _take_trends(self, row: Row) -> None:
        get = row.cells.get
        decision, outcome, fact, never = (get(name, "") for name in ("decision", "outcome", "fact", "never"))
        known = self.decisions.get(decision)
        said = {name for table in known.tables if table.hit == "layered" for name in table.outputs} if known else set()
        if outcome not in said or self.outcomes[outcome].kind not in {"number", "days", "count"}:
            self._wrong("trend_outcome", name=outcome or "…", decision=decision or "…")
        elif fact not in self.facts or self.facts[fact].kind in {"choice", "bool"}:
            self._wrong("trend_fact", name=fact or "…")
        elif never not in {"rises", "falls"}:
            self._wrong("trend_way", name=never or "…")
        else:
            trend = Trend(decision, outcome, fact, never, words(get("cite", "")))  # type: ignore[arg-type]
            self._check_cites(trend.cites)
            self.trends.append(trend)

    def _take_accepted(self, row: Row) -> None:
        """`kind | table | about | reason`; about is a list of names, or conditions such as `cause: no_reason; days: >7`."""
        get = row.cells.get
        kind, reason, about = get("kind", ""), get("reason", ""), get("about", "")
        if kind not in ACCEPTABLE:
            self._wrong("accepted_kind", kind=kind or "…", allowed=", ".join(ACCEPTABLE))
        if not reason or reason in NOTHING:
            self._wrong("accepted_reason")
        found: dict[str, cells.Cell] = {}
        for part in cells.normal(about).split(";") if ":" in about or "：" in about else ():
            name, _colon, text = (each.strip() for each in part.partition(":"))
            if name not in self.facts:
                self._wrong("no_fact", name=name or "…")
            else:
                found[name] = self._cell(self._column(name), text)
        names = () if found else words(about)
        table = "" if get("table", "") in NOTHING else get("table", "")
        self.accepted.append(Accepted(kind, table, names, found, reason, row.line))

    def _value(self, fact: Fact, text: str) -> Value:
        clean = cells.normal(text)
        if clean in NOTHING or clean in cells.UNKNOWN:
            return None
        if fact.kind not in {"choice", "bool"}:
            return self._try(lambda: cells.number_of(clean, self._numbers), None)
        if fact.kind == "bool":
            if clean not in cells.YES | cells.NO:
                self._wrong("no_yes_or_no", text=clean)
            return clean in cells.YES
        if clean not in fact.values:
            self._wrong("no_value", value=clean[:40], allowed=", ".join(fact.values)[: cells.LONGEST])
        return clean

    # Clauses and tables

    def _read_clauses(self) -> None:
        for section in self.document.sections:
            if found := _CLAUSE.match(section.title):
                key, title = found.groups()
                if key in self.clauses:
                    self.place = {"line": section.line}
                    self._wrong("name_twice", name=key)
                self.clauses[key] = Clause(key, title, section.prose, section.line)
        self.place = {}

    def _read_decisions(self) -> None:
        tables: list[Table] = []
        heading: tuple[re.Match[str], Section] | None = None
        for section in self.document.sections:
            self.place = {"line": section.line, "table": section.title[:60]}
            if found := _DECISION.match(section.title):
                self._close(heading, tables)
                heading, tables = (found, section), []
            elif found := _TABLE.match(section.title):
                table = self._table(section, found, tables)
                if heading is None:
                    self._wrong("table_outside")
                elif table is not None:
                    tables.append(table)
                self.has_torn_table |= table is None
            elif section.grids and not self._is_register(section):
                self._wrong("table_unknown", registers=", ".join(REGISTERS))
        self._close(heading, tables)
        self.place = {}

    def _is_register(self, section: Section) -> bool:
        first = section.title.split(" ")[0].lower()
        return first in REGISTERS or bool(_language_of(section)) or _CLAUSE.match(section.title) is not None

    def _close(self, heading: tuple[re.Match[str], Section] | None, tables: list[Table]) -> None:
        if heading is None:
            return
        key, _title, gives = heading[0].groups()
        before, self.place = self.place, {"line": heading[1].line, "table": heading[1].title[:60]}
        if not _NAME.match(key) or key in self.decisions:
            self._wrong("name_twice" if key in self.decisions else "bad_name", name=key, column="decision")
        known = {name for table in tables for name in (table.key, *table.outputs)} | set(self.facts)
        for name in words(gives):
            if name not in known and not self.has_torn_table:
                self._wrong("gives_nothing", name=name, decision=key)
        deciding = tuple(table for table in tables if table.outputs != (NEVER,))
        invariants = tuple(table for table in tables if table.outputs == (NEVER,))
        self.decisions[key] = Decision(key, deciding, words(gives), invariants)
        self.place = before

    def _table(self, section: Section, heading: re.Match[str], before: list[Table]) -> Table | None:
        key, title, hit, outputs_text = heading.groups()
        outputs, problems_before = words(outputs_text), len(self.problems)
        if hit not in get_args(Hit):
            self._wrong("bad_hit", hit=hit, allowed=", ".join(get_args(Hit)))
        if len(section.grids) != 1:
            self._wrong("one_grid", count=len(section.grids))
            return None
        grid = section.grids[0]
        inputs = tuple(name for name in grid.inputs if name not in {"id", "level"})
        if any(table.key == key for table in before):
            self._wrong("name_twice", name=key)
        made = {name for table in before if table.hit == "layered" for name in table.outputs}
        self._check_columns(grid, inputs, outputs, made if hit == "layered" else set(), made)
        if len(self.problems) > problems_before:
            return None
        rules = tuple(self._rule(section.title[:60], row, inputs, outputs) for row in grid.rows)
        if outputs == (NEVER,):
            hit = "collect"
        table = Table(key, title, hit, inputs, outputs, rules, section.line)  # type: ignore[arg-type]
        self.problems += order.problems_of(table)
        self._check_sums(table, before)
        return table

    def _check_sums(self, table: Table, before: list[Table]) -> None:
        """What an earlier table works out from the facts has no rows to look up: no later one may ask for it."""
        summed = {
            name
            for earlier in before
            for rule in earlier.rules
            for name, value in rule.outputs.items()
            if isinstance(value, Formula)
        }
        for name in table.inputs:
            if name in summed and not all(rule.cells[name].is_any for rule in table.rules):
                self.place = {"line": table.line, "table": table.key, "column": name}
                self._wrong("sum_asked", name=name)

    def _check_columns(
        self, grid: Grid, inputs: tuple[str, ...], outputs: tuple[str, ...], taken: set[str], made: set[str]
    ) -> None:
        """Inputs are facts or said by an earlier table; outputs are registered, stand in the table and are said once."""
        unknown = [name for name in inputs if name not in self.facts and name not in made]
        missing = [
            name for name in outputs if name not in (*self.outcomes, NEVER) or name not in (*grid.outputs, NEVER)
        ]
        strange = [name for name in grid.outputs if name not in outputs and name not in BESIDE]
        twice = [name for name in outputs if name in taken]
        for key, names in (("no_column", unknown), ("no_output", missing + strange), ("decided_twice", twice)):
            for name in names:
                self.place["column"] = name
                self._wrong(key, name=name)
        self.place.pop("column", None)
        if len(grid.rows) > MOST_RULES:
            self._wrong("too_many_rules", most=MOST_RULES)

    def _rule(self, title: str, row: Row, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Rule:
        name = row.left.get("id", "")
        self.place = {"line": row.line, "table": title, "row": name}
        if not name or name in self.rule_ids:
            self._wrong("rule_twice" if name else "rule_nameless", name=name)
        self.rule_ids[name] = title
        found: dict[str, cells.Cell] = {}
        for column in inputs:
            self.place["column"] = column
            found[column] = self._cell(self._column(column), row.left.get(column, ""))
        get = row.cells.get
        values = {column: self._output(column, get(column, "")) for column in outputs}
        self.place.pop("column", None)
        rule = Rule(
            name,
            self._level(row.left.get("level", "-")),
            found,
            values,
            over=words(get("over", "")),
            cites=words(get("cite", "")),
            flags=words(get("flags", "")),
            remark=get("remark", ""),
            line=row.line,
        )
        self._check_names(rule)
        return rule

    def _cell(self, column: cells.Column, text: str) -> cells.Cell:
        return self._try(lambda: column.read(text), cells.ANY)

    def _column(self, name: str) -> cells.Column:
        fact = self.facts.get(name) or self.outcomes.get(name) or Fact(name, "bool")  # a wrong name is told elsewhere
        return cells.Column(name, fact.kind, fact.values, fact.may_be_unknown, self.groups, self._numbers)

    def _output(self, column: str, text: str) -> Value | Formula:
        self.place["column"] = column
        fact = self.outcomes.get(column) or Fact(NEVER, "choice", (NEVER,))
        if fact.kind == "number" and cells.normal(text) not in NOTHING and looks_like_formula(text):
            known = frozenset(self.facts)
            return self._try(lambda: read_formula(text, facts=known, parameters=self._numbers, units=self._units), None)
        return self._value(fact, text)

    def _level(self, text: str) -> float:
        if text in NOTHING:
            return LOWEST
        found = _LEVEL.match(text)
        if found is None:
            self._wrong("bad_level", level=text)
            return LOWEST
        return float(found[1])

    def _check_cites(self, cites: Iterable[str]) -> None:
        for clause in cites:
            if clause not in self.clauses:
                self._wrong("no_clause", name=clause)

    def _check_names(self, rule: Rule) -> None:
        self._check_cites(rule.cites)
        for flag in rule.flags:
            if flag not in self.ambiguities:
                self._wrong("no_ambiguity", name=flag)
