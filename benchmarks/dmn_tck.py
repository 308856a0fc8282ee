"""The decision tables of the DMN Technology Compatibility Kit, judged by our engine after import.

make bench WHAT=dmn_tck ARGS="path/to/dmn_tck_testcases.tar.xz"

The kit (github.com/dmn-tck/tck, folder TestCases, as a folder or packed) does not belong to this project. Counted are all expected
results in test files whose model has a decision table; each is passed, refused with the reason, or wrong, and none may be wrong.
"""

from __future__ import annotations

import argparse
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from aftersales.policies.engine.dmn import from_dmn
from aftersales.policies.engine.dmn.xml import Node, read_xml
from aftersales.policies.engine.errors import FactError, PolicyError
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.model import Fact, Policy
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy

DAY = date(2026, 1, 1)
MOST_SHOWN = 110


def main() -> None:
    """Print a line for each model and the sums; fail when a result is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path)
    options = parser.parse_args()
    sums: Counter[str] = Counter()
    print("| model | passed | refused | wrong | why refused |\n|---|---|---|---|---|")
    for folder, model, tests in _models(_files(options.kit)):
        counts: Counter[str] = Counter()
        reasons: dict[str, None] = {}
        for raw in tests:
            for status, reason in _results(model, read_xml(raw)):
                counts[status] += 1
                if status != "passed":
                    reasons.setdefault(reason)
        sums += counts
        why = "; ".join(reasons).replace("|", "\\|")[:MOST_SHOWN]
        print(f"| {folder} | {counts['passed']} | {counts['refused']} | {counts['wrong']} | {why} |")
    print(f"\n{sums['passed']} passed, {sums['refused']} refused, {sums['wrong']} wrong.")
    sys.exit(1 if sums["wrong"] else 0)


def _files(kit: Path) -> dict[PurePosixPath, bytes]:
    if kit.is_dir():
        return {PurePosixPath(file): file.read_bytes() for file in sorted(kit.rglob("*")) if file.is_file()}
    with tarfile.open(kit) as packed:
        members = sorted((member for member in packed if member.isfile()), key=lambda member: member.name)
        return {PurePosixPath(member.name): packed.extractfile(member).read() for member in members}


def _models(files: Mapping[PurePosixPath, bytes]) -> Iterator[tuple[str, bytes, list[bytes]]]:
    for name, raw in files.items():
        if name.suffix == ".dmn" and b"decisionTable" in raw:
            beside = [each for other, each in files.items() if other.parent == name.parent and other.suffix == ".xml"]
            yield (
                f"{name.parent.parent.name}/{name.parent.name}",
                raw,
                [each for each in beside if b"testCases" in each],
            )


def _results(model: bytes, tests: Node) -> Iterator[tuple[str, str]]:
    for case in tests.all("testCase"):
        told = dict(pair for node in case.all("inputNode") for pair in _flat(node, node.get("name")))
        for result in case.all("resultNode"):
            if case.get("invocableName"):
                yield "refused", f"invokes {case.get('invocableName')}"
                continue
            expected = result.one("expected")
            yield _judged(model, result.get("name"), told, None if expected is None else _value(expected))


def _flat(node: Node, name: str) -> Iterator[tuple[str, Any]]:
    """Inputs by the expression that names them."""
    for part in node.all("component"):
        yield from _flat(part, f"{name}.{part.get('name')}")
    if not node.all("component"):
        yield name, _value(node)


def _value(node: Node) -> Any:
    if (items := node.one("list")) is not None:
        return [_value(each) for each in items.all("item")]
    if parts := node.all("component"):
        return {part.get("name"): _value(part) for part in parts}
    value = node.one("value")
    if value is None or value.get("nil") == "true":
        return None
    kind = value.get("type").rpartition(":")[2]
    if kind == "boolean":
        return value.text.strip() == "true"
    return Decimal(value.text.strip()) if kind in {"decimal", "double", "integer", "int", "float"} else value.text


@cache
def _imported(model: bytes, decision: str) -> tuple[Policy, Judge] | str:
    try:
        policy = read_policy(from_dmn(model, decision=decision, day=DAY))
    except PolicyError as error:
        return str(error.problems[0])
    return policy, Judge(compile_decision(policy))


def _judged(model: bytes, decision: str, told: Mapping[str, Any], expected: Any) -> tuple[str, str]:
    found = _imported(model, decision)
    if isinstance(found, str):
        return "refused", found
    policy, judge = found
    facts = {}
    for name, fact in policy.facts.items():
        called = _called(policy, name)
        if fact.formula is None and called in told and (told[called] is not None or fact.may_be_unknown):
            facts[name] = _fitting(fact, told[called])
    try:
        verdict = judge.judge(facts)
    except FactError as error:
        return "refused", str(error)
    if verdict.needs:
        return "refused", f"asks for {', '.join(verdict.needs)}"
    said = _said(policy, verdict.outcome)
    return ("passed", "") if said == expected else ("wrong", f"{decision}: {said} instead of {expected}")


def _called(policy: Policy, name: str) -> str:
    return policy.labels.get(name, {}).get("en") or name


def _fitting(fact: Fact, value: Any) -> Any:
    """A text that no cell names is another one, where the file declares no values."""
    is_open = fact.kind == "choice" and fact.values[-1].startswith("other") and isinstance(value, str)
    return fact.values[-1] if is_open and value not in fact.values else value


def _said(policy: Policy, outcome: Mapping[str, Any]) -> Any:
    if len(outcome) == 1:
        (value,) = outcome.values()
        return [_renamed(policy, each) for each in value] if isinstance(value, list) else value
    return _renamed(policy, outcome)


def _renamed(policy: Policy, value: Any) -> Any:
    return {_called(policy, name): each for name, each in value.items()} if isinstance(value, Mapping) else value


if __name__ == "__main__":
    main()
