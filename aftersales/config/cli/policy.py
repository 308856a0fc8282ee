"""`aftersales policy …`: check, judge, explain, compare policies that are kept as files. Needs no database and no settings."""

from __future__ import annotations

import argparse
import csv
import difflib
import gc
import json
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from aftersales.config.cli.shelf import Bench, Shelf
from aftersales.policies.engine.analyse import SERIOUS, Finding, Report, analyse
from aftersales.policies.engine.compare import Trial, WhatIf, compare
from aftersales.policies.engine.dmn import from_dmn, to_dmn
from aftersales.policies.engine.dmn.xml import LARGEST
from aftersales.policies.engine.document import read_document, written
from aftersales.policies.engine.errors import FactError, PolicyError, Problem, say
from aftersales.policies.engine.excel import read_workbook, write_workbook
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge, Verdict
from aftersales.policies.engine.read import read_policy
from aftersales.policies.engine.versions import NoVersion

SOUND, FOUND, UNUSABLE = 0, 1, 2
"""Exit codes: nothing to say; something was found or a case was refused; the policy or the command cannot be used."""


def add_to(commands: Any) -> None:
    """The commands `policy check`, `judge`, `explain`, `questions`, `diff`, `whatif` and the ways to Excel and DMN."""
    parser = commands.add_parser("policy", help="check, judge and compare policies kept as files")
    words = parser.add_subparsers(metavar="WHAT", required=True)
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument("--language", choices=("zh-Hans", "zh-Hant", "en"), default="en")

    check = words.add_parser("check", help="gaps, contradictions, rules that never decide", parents=[language])
    _files(check)
    check.set_defaults(run=_guarded(_check))

    judge = words.add_parser("judge", help="decide cases; JSON lines out", parents=[language])
    _files(judge)
    _cases(judge, "--facts")
    judge.set_defaults(run=_guarded(_judge))

    explain = words.add_parser("explain", help="decide cases and say why", parents=[language])
    _files(explain)
    _cases(explain, "--facts")
    explain.add_argument("--why-not", default="", metavar="CLAUSE", help="say why this clause did not decide")
    explain.set_defaults(run=_guarded(_explain))

    questions = words.add_parser("questions", help="what the owner of a policy has to rule on", parents=[language])
    questions.add_argument("file")
    questions.set_defaults(run=_guarded(_questions))

    diff = words.add_parser("diff", help="which cases two versions decide differently", parents=[language])
    diff.add_argument("old")
    diff.add_argument("new")
    diff.set_defaults(run=_guarded(_diff))

    whatif = words.add_parser("whatif", help="past cases under two versions", parents=[language])
    whatif.add_argument("old")
    whatif.add_argument("new")
    _cases(whatif, "--cases")
    whatif.set_defaults(run=_guarded(_whatif))
    _add_excel(words, language)
    _add_dmn(words, language)


def _add_excel(words: Any, language: argparse.ArgumentParser) -> None:
    out = words.add_parser("to-excel", help="the policy as a workbook to edit", parents=[language])
    out.add_argument("file")
    out.add_argument("workbook")
    out.set_defaults(run=_guarded(_to_excel))
    back = words.add_parser("from-excel", help="what a workbook would change; --write changes it", parents=[language])
    back.add_argument("workbook")
    back.add_argument("file")
    back.add_argument("--write", action="store_true")
    back.set_defaults(run=_guarded(_from_excel))


def _files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="policies, or folders of them; several versions of one"
    )
    parser.add_argument("--on", type=date.fromisoformat, help="the day whose version decides, where a case tells none")
    parser.add_argument("--policy", default="", help="which of several policies, where a case does not say")


def _add_dmn(words: Any, language: argparse.ArgumentParser) -> None:
    out = words.add_parser("to-dmn", help="the policy as DMN 1.3, for other rule tools", parents=[language])
    out.add_argument("file")
    out.set_defaults(run=_guarded(_to_dmn))
    back = words.add_parser("from-dmn", help="a DMN file as a policy, or what in it cannot be held", parents=[language])
    back.add_argument("file")
    back.add_argument("--decision", default="", help="only this decision of the file, and what it requires")
    back.set_defaults(run=_guarded(_from_dmn))


def _cases(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(name, dest="cases", required=True, help="JSON lines or CSV; - reads JSON lines from the input")
    parser.add_argument(
        "--decision", default="", help="where a case names no type; the one that knows its facts otherwise"
    )


def _guarded(act: Any) -> Any:
    def run(options: argparse.Namespace) -> int:
        try:
            return int(act(options))
        except PolicyError as error:
            for problem in error.problems:
                where = problem.where(options.language)
                print(f"{where}: " * bool(where) + problem.text(options.language), file=sys.stderr)
            return UNUSABLE
        except BrokenPipeError:  # whoever read along has seen enough
            sys.stderr.close()
            return SOUND
        except (OSError, UnicodeDecodeError) as error:
            print(error, file=sys.stderr)
            return UNUSABLE

    return run


def _read_cases(name: str) -> Iterator[dict[str, Any]]:
    """Cases with `id`, `facts` and perhaps `type`, one by one; a line that is none is marked `unfit`."""
    if name.endswith(".csv"):
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=1):
                yield _from_row(row, number)
        return
    if name == "-":
        yield from _from_lines(enumerate(sys.stdin, start=1))
        return
    with Path(name).open(encoding="utf-8") as lines:
        numbered = enumerate(lines, start=1)
        while block := list(islice(numbered, TOGETHER)):
            told = [(number, line) for number, line in block if line.strip()]
            yield from _from_block(told) or _from_lines(told)


TOGETHER = 200
"""So many lines are decoded together: they then share the names of their facts, which spares a sixth of the time."""
_decode = json.JSONDecoder(parse_float=Decimal).decode
"""Made once: `json.loads` would make it for every line."""


def _from_block(block: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """All lines decoded as one list; nothing when one of them is no case.

    Between them stands a number that nobody can foresee, so that no line can end in the next one.
    """
    mark = secrets.randbits(62)
    try:
        found = _decode(f"[{f',{mark},'.join(line for _number, line in block)}]")
    except (ValueError, RecursionError):
        return []
    cases, marks = found[::2], found[1::2]
    is_whole = len(found) == 2 * len(block) - 1 and all(each == mark for each in marks)
    return cases if is_whole and all(_is_case(case) for case in cases) else []


def _from_lines(lines: Iterable[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            case = _decode(line)
        except (ValueError, RecursionError):
            case = None
        yield case if _is_case(case) else {"id": f"line {number}", "facts": {}, "unfit": True}


def _is_case(case: object) -> bool:
    return isinstance(case, dict) and isinstance(case.get("facts"), dict)


def _from_row(row: Mapping[str, str | None], number: int) -> dict[str, Any]:
    """A CSV row: `id`, `type` and one column for each fact; an empty cell is a fact nobody told."""
    facts: dict[str, Any] = {}
    for name, text in row.items():
        if name in {"id", "type"} or not text:
            continue
        facts[name] = {"true": True, "false": False, "null": None, "unknown": None}.get(
            text.strip().lower(), text.strip()
        )
    return {"id": row.get("id") or f"line {number + 1}", "type": row.get("type") or "", "facts": facts}


def _judged(
    shelf: Shelf, options: argparse.Namespace
) -> Iterator[tuple[dict[str, Any], Bench | None, Judge | None, Verdict | str]]:
    for case in _read_cases(options.cases):
        if case.get("unfit"):
            yield case, None, None, say("case_unfit", options.language)
            continue
        try:
            bench = shelf.bench_for(case, policy=options.policy, decision=options.decision, on=options.on)
            judge = bench.choose(case, options.decision)
            yield case, bench, judge, judge.judge(case["facts"])
        except (FactError, NoVersion) as error:
            yield case, None, None, error.problem.text(options.language)


# The commands


def _check(options: argparse.Namespace) -> int:
    shelf = Shelf(options.files)
    shelf.lines  # noqa: B018 - versions that do not fit together are told before anything else
    return max(_check_one(bench, options, named=len(shelf.benches) > 1) for bench in shelf.benches)


def _check_one(bench: Bench, options: argparse.Namespace, *, named: bool) -> int:
    teller = Teller(bench.policy, options.language)
    if named:
        print(bench.name)
    serious = False
    for report in analyse(bench.policy):
        print(_headline(teller, report))
        for finding in report.findings:
            serious = serious or finding.kind in SERIOUS
            print("  " + _finding(teller, bench.judge_of(report.decision), finding))
        by_reason: dict[str, list[Finding]] = {}
        for finding in report.accepted:
            by_reason.setdefault(finding.reason, []).append(finding)
        for reason, findings in by_reason.items():
            told = _finding(teller, bench.judge_of(report.decision), findings[0])
            print("  " + teller.say("check_accepted", finding=told, reason=reason, count=len(findings)))
        serious = serious or not report.is_proved
    return FOUND if serious else SOUND


def _headline(teller: Teller, report: Report) -> str:
    key = "check_proved" if report.is_proved else "check_not_proved"
    counts = {kind: len(report.of(kind)) for kind in ("gap", "conflict", "dead", "redundant")}
    return teller.say(key, decision=teller.label(f"decision.{report.decision}"), steps=report.steps, **counts)


def _finding(teller: Teller, judge: Judge, finding: Finding) -> str:
    details: dict[str, Any] = {
        "table": teller.label(f"table.{finding.table}") if finding.table else "",
        "rules": teller.say("comma").join(finding.rules),
        "clauses": teller.say("comma").join(finding.clauses),
        "region": teller.region(judge, finding.region) if finding.region else "",
    }
    return teller.say(f"found_{finding.kind}", **details)


def _judge(options: argparse.Namespace) -> int:
    shelf = Shelf(options.files)
    refused = False
    for case, bench, judge, verdict in _judged(shelf, options):
        if isinstance(verdict, str) or bench is None or judge is None:
            refused = True
            print(json.dumps({"id": case.get("id"), "error": verdict}, ensure_ascii=False))
            continue
        told = " ".join(Teller(bench.policy, options.language).sentences(judge, verdict))
        outcome = _outcome(verdict)
        line = {
            "id": case.get("id"),
            "outcome": outcome,
            "rules": [rule.id for rule in verdict.rules],
            "explanation": told,
        }
        if len(shelf.benches) > 1:
            line["policy"] = bench.name
        print(json.dumps(line, ensure_ascii=False, default=_plain))
    return FOUND if refused else SOUND


def _outcome(verdict: Verdict) -> dict[str, Any]:
    outcome = {**verdict.outcome, "cites": list(verdict.cites), "flags": list(verdict.flags)}
    if verdict.needs:
        outcome |= {"needs": list(verdict.needs), "possible": len(verdict.possible)}
    return outcome


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _explain(options: argparse.Namespace) -> int:
    shelf = Shelf(options.files)
    refused = False
    for case, bench, judge, verdict in _judged(shelf, options):
        print(f"{case.get('id')}")
        if isinstance(verdict, str) or bench is None or judge is None:
            refused = True
            print(f"  {verdict}")
            continue
        teller = Teller(bench.policy, options.language)
        for sentence in teller.sentences(judge, verdict):
            print(f"  {sentence}")
        if options.why_not:
            for sentence in teller.missed(verdict, options.why_not):
                print(f"  {sentence}")
    return FOUND if refused else SOUND


def _questions(options: argparse.Namespace) -> int:
    policy = Bench(options.file).policy
    relying: dict[str, list[str]] = {}
    for rule in (rule for each in policy.decisions.values() for table in each.tables for rule in table.rules):
        for flag in rule.flags:
            relying.setdefault(flag, []).append(rule.id)
    comma = say("comma", options.language)
    for each in policy.ambiguities.values():
        if each.status == "ruled":
            continue
        told = each.within(options.language)
        parts = {"problem": told.problem, "reading": told.reading, "question": told.question}
        print(say("question_head", options.language, id=each.id, clauses=comma.join(each.clauses)))
        for name, text in parts.items():
            print("  " + say(f"question_{name}", options.language, text=text))
        rules = comma.join(relying.get(each.id, [])) or say("nothing", options.language)
        print("  " + say("question_rules", options.language, rules=rules))
    return SOUND


def _diff(options: argparse.Namespace) -> int:
    old, new = Bench(options.old), Bench(options.new)
    teller = Teller(new.policy, options.language)
    found = False
    for key in new.policy.decisions:
        if key not in old.policy.decisions:
            continue
        difference = compare(old.policy, new.policy, key)
        decision = teller.label(f"decision.{key}")
        print(teller.say("diff_head", decision=decision, count=len(difference.regions)))
        if not difference.is_proved:
            print("  " + teller.say("diff_not_proved"))
        gives = new.policy.decisions[key].gives
        for region in difference.regions:
            found = True
            first = next((name for name in gives if region.before.get(name) != region.after.get(name)), gives[0])
            where = teller.say("comma").join(
                f"{teller.label(name)} {teller.cell(name, cell)}" for name, cell in region.cells.items()
            )
            before, after = (teller.value(first, side.get(first)) for side in (region.before, region.after))
            print("  " + teller.say("diff_region", where=where or teller.say("always"), before=before, after=after))
    return FOUND if found else SOUND


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Hundreds of thousands of cases hold no circles of objects; searching for them takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_not_collecting()
def _whatif(options: argparse.Namespace) -> int:
    old, new = Bench(options.old), Bench(options.new)
    teller = Teller(new.policy, options.language)
    trials: dict[str, Trial] = {}
    refused = False
    for case in _read_cases(options.cases):
        if case.get("unfit"):
            refused = True
            print(f"{case['id']}: {say('case_unfit', options.language)}", file=sys.stderr)
            continue
        judge = new.choose(case, options.decision)
        key = judge.program.decision.key
        if key in old.policy.decisions:
            trial = trials.get(key) or trials.setdefault(key, Trial(old.judge_of(key), judge))
            trial.take(str(case.get("id")), case["facts"])
    for key, trial in trials.items():
        found = trial.end()
        refused = refused or bool(found.unfit)
        _print_whatif(teller, key, found, new.policy.decisions[key].gives[0])
    return FOUND if refused else SOUND


def _print_whatif(teller: Teller, key: str, found: WhatIf, first: str) -> None:
    head = teller.say("whatif_head", decision=teller.label(f"decision.{key}"), total=found.total, changed=found.changed)
    print(head)
    for (before, after), cell in sorted(found.matrix.items(), key=lambda each: -each[1].count):
        sums = ", ".join(f"{teller.label(name)} {amount:+f}" for name, amount in cell.sums.items() if amount)
        names = teller.value(first, before), teller.value(first, after)
        print("  " + teller.say("whatif_line", before=names[0], after=names[1], count=cell.count, sums=sums))
    if found.unfit:
        print("  " + teller.say("whatif_unfit", count=len(found.unfit), cases=", ".join(found.unfit[:5])))


def _to_excel(options: argparse.Namespace) -> int:
    text = Path(options.file).read_text(encoding="utf-8")
    read_policy(text)  # a policy that cannot be used is said here, not after an evening with the workbook
    write_workbook(Path(options.workbook), read_document(text))
    print(say("excel_written", options.language, file=options.workbook))
    return SOUND


def _from_excel(options: argparse.Namespace) -> int:
    new = written(read_document(read_workbook(Path(options.workbook))))
    read_policy(new)
    file = Path(options.file)
    old = written(read_document(file.read_text(encoding="utf-8"))) if file.exists() else ""
    changes = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
    if not changes:
        print(say("excel_same", options.language))
        return SOUND
    for line in changes:
        if not line.startswith("@@"):
            print(line)
    count = sum(line[0] in "+-" for line in changes)
    if options.write:
        aside = file.with_suffix(".part")
        aside.write_text(new, encoding="utf-8")
        aside.replace(file)
        print(say("excel_written", options.language, file=options.file))
        return SOUND
    print(say("excel_changed", options.language, count=count))
    return FOUND


def _to_dmn(options: argparse.Namespace) -> int:
    print(to_dmn(Path(options.file).read_text(encoding="utf-8")), end="")
    return SOUND


def _from_dmn(options: argparse.Namespace) -> int:
    file = Path(options.file)
    if file.stat().st_size > LARGEST:  # not even read
        raise PolicyError([Problem("dmn_too_large", {"most": LARGEST})])
    print(from_dmn(file.read_bytes(), decision=options.decision), end="")
    return SOUND
