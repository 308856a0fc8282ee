"""A version's tables as grids to be edited, and what an edit that is not saved yet would bring about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.policies.engine import boxes
from aftersales.policies.engine.analyse import SERIOUS, Finding, analyse
from aftersales.policies.engine.document import Row, read_document
from aftersales.policies.engine.errors import PolicyError, Problem
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.model import Policy
from aftersales.policies.engine.one_table import BUDGET, Overlap, TableReport, budget_for, look_at
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import programs
from aftersales.policies.queries.cell_words import LEFT, Column, cell_words, columns_of
from aftersales.policies.queries.wording import engine_language, teller_of
from aftersales.policies.rules import editing, rows as rules
from aftersales.policies.rules.rows import Address, Cells, Sheet

WHOLE_BUDGET = 300_000
"""Steps of a walk through the whole policy while somebody types: up to three seconds."""
MOST_TOLD = 40
"""So many findings are told at once beside a table."""


@dataclass(frozen=True)
class CellView:
    """One cell: as it is written, and in words where they say more."""

    column: Column
    raw: str
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks or says nothing."""
        return self.raw in {"", "-"}


@dataclass(frozen=True)
class RowView:
    """One row: its name, the mark an edit of it must bring back, its cells, what it overrides and what overrides it."""

    id: str
    mark: str
    cells: tuple[CellView, ...]
    overlap: Overlap = field(default_factory=Overlap)
    findings: tuple[str, ...] = ()
    """Kinds of what was found about it."""

    def holds(self, typed: str) -> bool:
        """Whether something in it contains what was typed."""
        wanted = typed.casefold()
        return any(wanted in f"{cell.raw} {cell.words}".casefold() for cell in self.cells)


@dataclass(frozen=True)
class Found:
    """A finding in a sentence, with one example case, and whether it was there before the edit."""

    kind: str
    sentence: str
    example: str = ""
    decision: str = ""
    table: str = ""
    rules: tuple[str, ...] = ()
    is_new: bool = False
    cells: tuple[tuple[str, str], ...] = ()
    """Of a gap: for each column the cell of a row that would close it."""

    @property
    def is_serious(self) -> bool:
        """Whether it stands against handing in."""
        return self.kind in SERIOUS


@dataclass(frozen=True)
class GridView:
    """A table with its rows, its clauses in words, and what the check says of it alone."""

    sheet: Sheet
    title: str
    hit: str
    columns: tuple[Column, ...]
    rows: tuple[RowView, ...]
    clauses: tuple[tuple[str, str, str], ...] = ()
    found: tuple[Found, ...] = ()
    is_proved: bool = True

    @property
    def address(self) -> Address:
        """Where it stands."""
        return self.sheet.address


@dataclass(frozen=True)
class SheetLine:
    """A table in the overview: where it stands, its name, how many rows, what was found in it (None: not looked yet)."""

    address: Address
    title: str
    rows: int
    hit: str = ""
    faults: int | None = None


@dataclass(frozen=True)
class Overview:
    """All that can be edited in a version."""

    decisions: tuple[tuple[str, str, tuple[SheetLine, ...]], ...]
    registers: tuple[SheetLine, ...]
    clauses: tuple[tuple[str, str, str], ...]


def overview_of(actor: Actor, version: PolicyVersion, *, found: Sequence[Found] | None = None) -> Overview:
    """The tables, registers and clauses of a version, with the findings by table where there are any."""
    actor.require(Permission.SEE)
    document, policy = read_document(version.text), programs.policy_of(version)
    teller = teller_of(policy)
    by_decision: dict[str, list[SheetLine]] = {}
    registers: list[SheetLine] = []
    for sheet in rules.sheets_of(document):
        address = sheet.address
        if sheet.is_register:
            registers.append(SheetLine(address, _register_title(sheet), len(sheet.grid.rows)))
            continue
        faults = None if found is None else sum(_is_of(each, address) for each in found if each.is_serious)
        line = SheetLine(address, _table_title(sheet, policy, teller), len(sheet.grid.rows), _hit(sheet), faults)
        by_decision.setdefault(address.decision, []).append(line)
    decisions = tuple((key, teller.label(f"decision.{key}"), tuple(each)) for key, each in by_decision.items())
    clauses = tuple((each.id, each.title, each.text) for each in policy.clauses.values())
    return Overview(decisions, tuple(registers), clauses)


def _is_of(found: Found, address: Address) -> bool:
    return (found.decision, found.table) == (address.decision, address.table)


def sheet_title(sheet: Sheet, policy: Policy, teller: Teller) -> str:
    """What a table or register is called."""
    return _register_title(sheet) if sheet.is_register else _table_title(sheet, policy, teller)


def _register_title(sheet: Sheet) -> str:
    """The heading; the part of it that is a Chinese name where there is one."""
    first, _space, rest = sheet.title.partition(" ")
    return rest if rest and rest not in {"en", "ambiguities"} else first


def _table_title(sheet: Sheet, policy: Policy, teller: Teller) -> str:
    own = f"table.{sheet.address.table}"
    if own in policy.labels:
        return teller.label(own)
    return sheet.title.partition(" hit:")[0].partition(" ")[2] or sheet.address.table


def _hit(sheet: Sheet) -> str:
    return sheet.title.partition(" hit:")[2].strip().split(" ")[0]


def tell_examination(version: PolicyVersion) -> list[Found]:
    """The findings of the whole check, in sentences; worked out when it is first asked for."""
    policy = programs.policy_of(version)
    judges = _judges_of(policy)
    reports = programs.examine(version).reports
    return [tell(judges(report.decision), report.decision, each) for report in reports for each in report.findings]


def tell(judge: Judge, decision: str, finding: Finding) -> Found:
    """A finding in the reader's language."""
    teller = teller_of(judge.policy)
    own = f"table.{finding.table}"
    sentence = teller.say(
        f"found_{finding.kind}",
        table=teller.label(own) if own in judge.policy.labels else finding.table,
        rules=", ".join(finding.rules),
        clauses=", ".join(finding.clauses),
        region=teller.region(judge, finding.region) if finding.region else "",
    )
    example = _example(judge, finding, teller)
    cells: tuple[tuple[str, str], ...] = ()
    if finding.kind == "gap" and finding.region is not None:
        axes = judge.program.axes
        cells = tuple((name, boxes.told(axes[name], codes) or "-") for name, codes in finding.region.sides.items())
    return Found(finding.kind, sentence, example, decision, finding.table, finding.rules, cells=cells)


def _example(judge: Judge, finding: Finding, teller: Teller) -> str:
    """The example case: what is out of the ordinary in it, and what its region is about."""
    about = set() if finding.region is None else set(finding.region.sides)
    facts = judge.policy.facts
    telling = {
        name: value
        for name, value in finding.example.items()
        if facts[name].formula is None and (name in about or value != facts[name].ordinary)
    }
    return teller.say("comma").join(
        teller.say("explain_is", name=teller.label(name), value=teller.value(name, value))
        for name, value in telling.items()
    )


# One table


def get_grid(actor: Actor, version: PolicyVersion, address: Address) -> GridView:
    """One table of a version with everything an editor wants to know of it."""
    actor.require(Permission.SEE)
    document, policy = read_document(version.text), programs.policy_of(version)
    sheet, teller = rules.sheet_at(document, address), teller_of(policy)
    columns = tuple(columns_of(policy, sheet, teller))
    looked = None if sheet.is_register else look_at(policy, address.decision, address.table)
    found = () if looked is None else _told_table(looked, address)
    kinds: dict[str, list[str]] = {}
    for each in found:
        for rule in each.rules:
            kinds.setdefault(rule, []).append(each.kind)
    overlaps = {} if looked is None else looked.overlaps
    names = rules.names_of(sheet.grid)
    rows = [_row_view(policy, columns, row, name, teller) for row, name in zip(sheet.grid.rows, names, strict=True)]
    shown = tuple(
        replace(row, overlap=overlaps.get(row.id, Overlap()), findings=tuple(dict.fromkeys(kinds.get(row.id, ()))))
        for row in rows
    )
    title = sheet_title(sheet, policy, teller)
    proved = looked is None or looked.report.is_proved
    return GridView(sheet, title, _hit(sheet), columns, shown, _cited(policy, sheet), found, proved)


def _told_table(looked: TableReport, address: Address) -> tuple[Found, ...]:
    first = sorted(looked.report.findings, key=lambda each: each.kind not in SERIOUS)[:MOST_TOLD]
    return tuple(tell(looked.judge, address.decision, each) for each in first)


def _row_view(policy: Policy, columns: Sequence[Column], row: Row, name: str, teller: Teller) -> RowView:
    cells = []
    for column in columns:
        raw = (row.left if column.side == LEFT else row.cells)[column.name]
        words = cell_words(policy, column, raw, teller)
        cells.append(CellView(column, raw, "" if words == raw else words))
    return RowView(name, rules.mark_of(row), tuple(cells))


def _cited(policy: Policy, sheet: Sheet) -> tuple[tuple[str, str, str], ...]:
    """The clauses the table's rows cite, in the order of the text."""
    if "cite" not in sheet.grid.outputs:
        return ()
    named = {clause.strip() for row in sheet.grid.rows for clause in row.cells["cite"].split(",")}
    return tuple((each.id, each.title, each.text) for each in policy.clauses.values() if each.id in named)


def get_row(grid: GridView, row: str) -> RowView:
    """One row of a grid."""
    for each in grid.rows:
        if each.id == row:
            return each
    raise Missing


def new_row(version: PolicyVersion, grid: GridView, *, like: str = "", gap: Found | None = None) -> RowView:
    """An empty row with the next free id, a copy of another, or the row whose conditions are just those of a gap."""
    document = read_document(version.text)
    name = rules.next_id(document, rules.sheet_at(document, grid.address), like=like)
    if like:
        copied = get_row(grid, like)
        cells = tuple(CellView(each.column, name if each.column.role == "id" else each.raw) for each in copied.cells)
        return RowView(name, "", cells)
    said = {"id": name, "never": "never"}
    closing = dict(gap.cells) if gap is not None else {}
    empty = tuple(
        CellView(
            each,
            said.get(each.role)
            or closing.get(each.name if each.role == "condition" else "", "-" * (each.side == LEFT)),
        )
        for each in grid.columns
    )
    return RowView(name, "", empty)


# An edit that is not saved yet


@dataclass(frozen=True)
class Trouble:
    """Something in the text that cannot be read: the engine's sentence, and the column when it is of the row in hand."""

    sentence: str
    column: str = ""


@dataclass(frozen=True)
class WholeTrial:
    """What an edit would bring about in the policy as a whole: serious findings that were not there before."""

    found: tuple[Found, ...] = ()
    is_proved: bool = True


@dataclass(frozen=True)
class Trial:
    """What an edit would bring about, without anything being stored."""

    troubles: tuple[Trouble, ...] = ()
    found: tuple[Found, ...] = ()
    mended: int = 0
    overlap: Overlap = field(default_factory=Overlap)
    red: tuple[str, ...] = ()
    """Test cases that would newly come out otherwise than they should; `green`: those that would no longer."""
    green: tuple[str, ...] = ()
    is_proved: bool = True

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to say against the edit."""
        return not (self.troubles or self.red or any(each.is_serious for each in self.found))


def try_text(version: PolicyVersion, text: str, address: Address, row: str) -> Trial:
    """What it would mean if this text stood in the version's place, told for one row of one table."""
    language = engine_language()
    try:
        policy = read_policy(text)
    except PolicyError as error:
        return Trial(tuple(_trouble(each, row, language) for each in error.problems[:8]))
    before = programs.policy_of(version)
    found_before, _proved, _overlaps = _checked(before, address)
    found, is_proved, overlaps = _checked(policy, address)
    known = {(each.kind, each.sentence) for each in found_before}
    told = [replace(each, is_new=(each.kind, each.sentence) not in known) for each in found]
    now = {(each.kind, each.sentence) for each in found}
    mended = sum(each.is_serious and (each.kind, each.sentence) not in now for each in found_before)
    red_before = {result.case.id for result in programs.run_cases(version) if not result.is_green}
    red_now = red_cases(policy, version.cases)
    return Trial(
        found=tuple(sorted(told, key=lambda each: (not each.is_serious, not each.is_new))[:MOST_TOLD]),
        mended=mended,
        overlap=overlaps.get(row, Overlap()),
        red=tuple(each for each in red_now if each not in red_before),
        green=tuple(sorted(red_before - set(red_now))),
        is_proved=is_proved,
    )


def try_whole(version: PolicyVersion, text: str, address: Address) -> WholeTrial | None:
    """What this text would newly be faulted for outside of the table at hand; None when it cannot be read."""
    try:
        policy = read_policy(text)
    except PolicyError:
        return None
    known = {(each.kind, each.sentence) for each in tell_examination(version)}
    judges = _judges_of(policy)
    reports = analyse(policy, budget=_budget(policy, WHOLE_BUDGET))
    told = (tell(judges(each.decision), each.decision, one) for each in reports for one in each.findings)
    elsewhere = (each for each in told if each.is_serious and not _is_told_beside(each, address))
    new = tuple(replace(each, is_new=True) for each in elsewhere if (each.kind, each.sentence) not in known)
    return WholeTrial(new[:MOST_TOLD], all(report.is_proved for report in reports))


def _budget(policy: Policy, budget: int) -> int:
    tables = [table for decision in policy.decisions.values() for table in decision.tables]
    return budget_for(max(len(table.rules) for table in tables), budget)


def _is_told_beside(found: Found, address: Address) -> bool:
    return address.decision == rules.REGISTER or (_is_of(found, address) and found.kind in {"gap", "conflict", "dead"})


def _trouble(problem: Problem, row: str, language: str) -> Trouble:
    is_here = problem.row == row
    said = problem.text(language)
    where = "" if is_here else problem.where(language)
    return Trouble(f"{where}: {said}" if where else said, problem.column if is_here else "")


def _checked(policy: Policy, address: Address) -> tuple[list[Found], bool, Mapping[str, Overlap]]:
    """The findings of a table, or of the whole policy where a register is edited."""
    if address.decision == rules.REGISTER:
        judges = _judges_of(policy)
        reports = analyse(policy, budget=_budget(policy, BUDGET))
        found = [tell(judges(each.decision), each.decision, one) for each in reports for one in each.findings]
        return found, all(report.is_proved for report in reports), {}
    looked = look_at(policy, address.decision, address.table)
    return list(_told_table(looked, address)), looked.report.is_proved, looked.overlaps


def red_cases(policy: Policy, cases: str) -> list[str]:
    """The test cases that a policy decides otherwise than they say."""
    judges = _judges_of(policy)
    results = (programs.result_of(policy, judges, case) for case in programs.read_cases(cases))
    return [result.case.id for result in results if not result.is_green]


def _judges_of(policy: Policy) -> Callable[[str], Judge]:
    return cache(lambda decision: Judge(compile_decision(policy, decision)))


def cells_from(columns: Sequence[Column], typed: Mapping[str, Any]) -> Cells:
    """What was typed, by the column's key, as the cells of a row."""
    sides: dict[str, dict[str, str]] = {LEFT: {}, "right": {}}
    for column in columns:
        if column.key in typed:
            sides[column.side][column.name] = str(typed[column.key])
    return Cells(sides[LEFT], sides["right"])


def rules_citing(version: PolicyVersion, clause: str) -> list[tuple[str, Address]]:
    """The rows that cite a clause, each with where it stands."""
    known = programs.policy_of(version)
    return [
        (rule.id, Address(decision.key, table.key))
        for decision in known.decisions.values()
        for table in decision.tables
        for rule in table.rules
        if clause in rule.cites
    ]


def lines_between(old: str, new: str) -> list[str]:
    """The lines of a text that went (`-`) and came (`+`)."""
    return editing.changed_lines(old, new)
