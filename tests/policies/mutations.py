"""Slips of the pen in a policy: each row left out, each boundary shifted, each parameter changed. Every one has to be noticed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from typing import Any

from aftersales.policies.engine.analyse import SERIOUS, analyse
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.model import Policy
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy

LIBRARY = files("aftersales.policies") / "library"
NAMES = sorted(file.name.removesuffix(".policy.md") for file in LIBRARY.iterdir() if file.name.endswith(".policy.md"))


class Shipped:
    """A policy of the library with its cases, each told with whatever is out of the ordinary."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = (LIBRARY / f"{name}.policy.md").read_text(encoding="utf-8")

    @cached_property
    def policy(self) -> Policy:
        """The policy."""
        return read_policy(self.text)

    @cached_property
    def cases(self) -> list[dict[str, Any]]:
        """The cases that are kept beside it."""
        text = (LIBRARY / f"{self.name}.cases.jsonl").read_text(encoding="utf-8")
        return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]

    @cached_property
    def judges(self) -> dict[str, Judge]:
        """A judge for each decision."""
        return judges(self.policy)

    def facts(self, case: dict[str, Any]) -> dict[str, Any]:
        """All facts of a case."""
        return whole(self.judges[case["type"]], case["facts"])

    def told(self, case: dict[str, Any]) -> dict[str, Any]:
        """What the policy says of a case."""
        return _told(self.judges[case["type"]], self.facts(case))

    def slips(self) -> Iterator[tuple[str, str]]:
        """Each slip by name, and the policy with it."""
        lines = self.text.split("\n")
        for at, line in enumerate(lines):
            row = re.match(r"\| ([A-Z]\d+) \|", line)
            if row and "||" in line:
                yield f"without {row[1]}", "\n".join(lines[:at] + lines[at + 1 :])
                for name, shifted in _shifts(line, len(row[0])):
                    yield f"{row[1]} {name}", "\n".join([*lines[:at], shifted, *lines[at + 1 :]])
        for found in re.finditer(r"^\| (\w+) \| ([\d.]+)%? \|", self.text, re.MULTILINE):
            if found[1] in self.policy.parameters:
                for change in (-1, 1):
                    value = Decimal(found[2]) + change
                    yield f"{found[1]}{change:+d}", f"{self.text[: found.start(2)]}{value}{self.text[found.end(2) :]}"

    def notices(self, text: str) -> bool:
        """Whether a slip is refused by the reader, decides some case otherwise, or is found by the analysis."""
        try:
            policy = read_policy(text)
        except PolicyError:
            return True
        others = judges(policy)
        if any(_told(others[case["type"]], self.facts(case)) != case["expected"] for case in self.cases):
            return True
        quick = replace(policy, trends=())
        return any(report.of(*SERIOUS, "redundant") for it in (quick, policy) for report in analyse(it))


def judges(policy: Policy) -> dict[str, Judge]:
    """A judge for each decision of a policy."""
    return {key: Judge(compile_decision(policy, key)) for key in policy.decisions}


def whole(judge: Judge, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a case that names only what is out of the ordinary."""
    found: dict[str, Any] = {}
    for name in judge.wanted:
        fact = judge.policy.facts[name]
        is_day = fact.kind == "date" and isinstance(fact.ordinary, Decimal)
        found[name] = date.fromordinal(int(fact.ordinary)).isoformat() if is_day else fact.ordinary
    return found | facts


def _told(judge: Judge, facts: dict[str, Any]) -> dict[str, Any]:
    verdict = judge.judge(facts)
    return {**verdict.outcome, "cites": list(verdict.cites), "flags": list(verdict.flags)}


def _shifts(line: str, start: int) -> Iterator[tuple[str, str]]:
    """A row with each whole number among its conditions one less and one more."""
    for number in re.compile(r"(?<![\w$.])\d+(?![\w.%]*\w)").finditer(line.split("||", 1)[0], start):
        for change in (-1, 1):
            shifted = f"{line[: number.start()]}{int(number[0]) + change}{line[number.end() :]}"
            yield f"{number[0]}{change:+d}", shifted
