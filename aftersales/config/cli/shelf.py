"""Policies kept as files, side by side: which one decides a case, and which of its versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from aftersales.policies.engine.errors import PolicyError, Problem
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.model import Policy
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from aftersales.policies.engine.versions import Line, NoVersion, lines_of


class Bench:
    """The decisions of one policy, each compiled when it is first needed."""

    def __init__(self, file: str | Path) -> None:
        self.policy: Policy = read_policy(Path(file).read_text(encoding="utf-8"))
        self.name = f"{self.policy.name}@{self.policy.version}"
        self.judges: dict[str, Judge] = {}
        self._chosen: tuple[tuple[str, ...] | None, str] = None, ""

    @cached_property
    def wanted(self) -> dict[str, frozenset[str]]:
        """For each decision the facts it may ask for."""
        return {key: frozenset(self.judge_of(key).wanted) for key in self.policy.decisions}

    def judge_of(self, decision: str) -> Judge:
        """The judge of a decision."""
        if decision not in self.judges:
            self.judges[decision] = Judge(compile_decision(self.policy, decision))
        return self.judges[decision]

    def choose(self, case: Mapping[str, Any], wanted: str) -> Judge:
        """By the type of the case, by the option, or the decision that asks for most of its facts."""
        named = str(case.get("type") or wanted)
        if named in self.policy.decisions:
            return self.judge_of(named)
        told = tuple(case.get("facts") or ())
        if told != self._chosen[0]:  # most cases tell the same as the one before
            facts = set(told)
            known = {key: set(self.judge_of(key).wanted) for key in self.policy.decisions}
            self._chosen = told, max(known, key=lambda key: (len(facts & known[key]), -len(known[key])))
        return self.judge_of(self._chosen[1])

    def fits(self, case: Mapping[str, Any], wanted: str) -> tuple[bool, int]:
        """How well a case fits: whether its type is decided here, and how many of its facts are asked for."""
        named = str(case.get("type") or wanted)
        facts = set(case.get("facts") or ())
        return named in self.policy.decisions, max(len(facts & wanted) for wanted in self.wanted.values())


class Shelf:
    """One policy, or several and several versions of each. One file alone decides whatever the day."""

    def __init__(self, paths: Sequence[str]) -> None:
        files = [file for path in paths for file in _files(Path(path))]
        self.benches = [_bench(file, len(files) > 1) for file in files]
        self._by_policy = {id(bench.policy): bench for bench in self.benches}

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """The versions of each policy in their order; PolicyError when they do not fit together."""
        return lines_of(bench.policy for bench in self.benches)

    def bench_for(self, case: Mapping[str, Any], *, policy: str, decision: str, on: date | None) -> Bench:
        """The version that decides a case; NoVersion when no version does, or when the case does not say its day."""
        if len(self.benches) == 1:
            return self.benches[0]
        line = self._line(case, policy, decision)
        wanted = line.latest.select_by
        told = case.get("on") or (case.get("facts") or {}).get(wanted) or on
        if told is None and len(line.terms) == 1:
            return self._by_policy[id(line.latest)]
        if told is None:
            raise NoVersion(Problem("version_wants_date", {"policy": line.name, "fact": wanted or "on"}))
        return self._by_policy[id(line.on(_day(told)))]

    def _line(self, case: Mapping[str, Any], policy: str, decision: str) -> Line:
        named = str(case.get("policy") or policy)
        if named in self.lines:
            return self.lines[named]
        fits = {
            name: self._by_policy[id(line.latest)].fits(case, decision) for name, line in sorted(self.lines.items())
        }
        return self.lines[max(fits, key=lambda name: fits[name])]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(path.glob("*.policy.md"))
    if not found:
        raise PolicyError([Problem("no_policies", {"path": path})])
    yield from found


def _bench(file: Path, is_named: bool) -> Bench:  # noqa: FBT001 - private
    try:
        return Bench(file)
    except PolicyError as error:
        name = file.name if is_named else ""
        raise PolicyError([replace(problem, file=name) for problem in error.problems]) from None


def _day(told: object) -> date:
    try:
        return told if isinstance(told, date) else date.fromisoformat(str(told))
    except ValueError:
        raise NoVersion(Problem("no_date", {"text": str(told)[:40]})) from None
