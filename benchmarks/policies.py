"""The policy engine beside its floor, a decision written by hand in Python, and beside zen-engine, in the same run.

make bench WHAT=policies

Each figure is the processor's time of one core, so that other work on the machine says less.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import zen

from aftersales.config.cli import main as aftersales
from aftersales.policies.engine.analyse import analyse
from aftersales.policies.engine.batch import Batch, Coder, Column, column_of
from aftersales.policies.engine.compare import compare, what_if
from aftersales.policies.engine.dmn import to_dmn
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.model import Policy
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from benchmarks.__main__ import _machine
from benchmarks.zen import to_zen

ROUNDS = 5


def main() -> None:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200_000)
    options = parser.parse_args()
    text = (files("aftersales.policies") / "library" / "returns_2012-03-20.policy.md").read_text(encoding="utf-8")
    policy = read_policy(text)
    judge = Judge(compile_decision(policy, "return"))
    raw = _cases(judge, options.cases)
    cases = [judge.normalise(facts) for facts in raw]
    print(f"{options.cases:,} cases; {_machine()}\n")
    print("| what | µs each | per second |\n|---|---|---|")
    _line("by hand, if and elif, the ground only (floor)", _each(_by_hand, cases))
    _line("compiled, all tables with trace", _each(judge.program.run, cases))
    _line("facts made exact", _each(judge.normalise, raw[:50_000]))
    _line(
        "judged whole: made exact, decided, put together", _each(lambda facts: judge.judge(facts).outcome, raw[:50_000])
    )
    _many(judge, raw)
    _zen(text, cases)
    teller = Teller(policy, "zh-Hans")
    _line("explained", _each(lambda facts: list(teller.sentences(judge, judge.judge(facts))), raw[:500]))
    new = read_policy(text.replace("| free_days | 3 |", "| free_days | 4 |"))
    print("\n| what | s |\n|---|---|")
    print(f"| read the policy | {_once(lambda: read_policy(text)):.3f} |")
    print(f"| analyse it, proved | {_once(lambda: analyse(policy)):.3f} |")
    print(f"| compare two versions, proved | {_once(lambda: compare(policy, new, 'return')):.3f} |")
    print(f"| what if, two versions | {_once(lambda: _what_if(policy, new, raw), rounds=1):.2f} |")
    with TemporaryDirectory() as folder:
        words = _written(Path(folder), text, raw)
        print(f"| the same by the command, cases read from a file | {_once(lambda: _command(words), rounds=1):.2f} |")
    many = read_policy(_thousand_rules())
    print(f"| compile 1,000 rules of 12 conditions | {_once(lambda: _first(many), rounds=1):.2f} |")
    big = Judge(compile_decision(many))
    wide = [{f"f{at}": random.Random(number * 13 + at).randrange(100) for at in range(12)} for number in range(2000)]
    _line("decide among them", _each(big.program.run, wide))


def _many(judge: Judge, raw: Sequence[Mapping[str, Any]]) -> None:
    """Whole columns: from facts to columns, from columns to codes, and deciding by all tables."""
    batch, coder = Batch(judge.program), Coder(judge)
    columns = _columns(raw)
    codes, _fits = coder.code(columns)
    _line("many at once: facts to coded columns", _once(lambda: coder.code(_columns(raw))) / len(raw))
    _line(
        "many at once: coded columns decided by all tables",
        _once(lambda: batch.decide(codes, len(raw)), rounds=9) / len(raw),
    )


def _columns(raw: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    turned = zip(*(facts.values() for facts in raw), strict=True)
    return {
        name: column for name, values in zip(raw[0], turned, strict=True) if (column := column_of(values)) is not None
    }


def _zen(text: str, cases: Sequence[Mapping[str, Any]]) -> None:
    """The same tables in another engine, as they are written to DMN."""
    decision = zen.ZenEngine().create_decision(to_zen(to_dmn(text), "return"))
    told = [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in facts.items()}
        for facts in cases[:3000]
    ]
    _line("zen-engine, all tables from dicts", _each(decision.evaluate, told))


def _written(folder: Path, text: str, raw: Sequence[Mapping[str, Any]]) -> list[str]:
    """Two versions and the cases as files, and the words that try one on the other."""
    old, new, cases = folder / "old.policy.md", folder / "new.policy.md", folder / "cases.jsonl"
    old.write_text(text, encoding="utf-8")
    new.write_text(text.replace("| free_days | 3 |", "| free_days | 4 |"), encoding="utf-8")
    with cases.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": str(at), "facts": facts}) + "\n" for at, facts in enumerate(raw))
    return ["policy", "whatif", str(old), str(new), "--cases", str(cases)]


def _command(words: list[str]) -> None:
    with redirect_stdout(io.StringIO()):
        aftersales(words)


def _first(policy: Policy) -> object:
    return compile_decision(policy).run


def _what_if(old: Policy, new: Policy, raw: Sequence[Mapping[str, Any]]) -> object:
    judges = (Judge(compile_decision(policy, "return")) for policy in (old, new))
    return what_if(*judges, ((str(number), facts) for number, facts in enumerate(raw)))


def _cases(judge: Judge, count: int) -> list[dict[str, Any]]:
    dice = random.Random(5)
    found = []
    for _each_case in range(count):
        facts: dict[str, Any] = {}
        for name in judge.wanted:
            fact = judge.policy.facts[name]
            if fact.kind == "choice":
                facts[name] = dice.choice(fact.values)
            elif fact.kind == "bool":
                facts[name] = dice.choice([True, False, None] if fact.may_be_unknown else [True, False])
            elif fact.kind == "days":
                facts[name] = dice.choice([dice.randrange(12), dice.randrange(400)])
            else:
                facts[name] = dice.randint(1, 5)
        found.append(facts)
    return found


def _by_hand(facts: Mapping[str, Any]) -> str:  # noqa: C901 - a floor is written as somebody in a hurry would
    if facts["stock_class"] == "not_ours":
        return "foreign"
    cause, days = facts["cause"], facts["days_recv"]
    if cause == "quality":
        if days <= 3:
            return "ours" if facts["photo"] else "photo"
        if facts["stock_class"] == "regular":
            if facts["kind"] in {"craft", "porcelain", "tin"} and days <= 7:
                return "ours" if facts["photo"] else "photo"
            if facts["kind"] in {"practical", "phone", "appliance"} and days <= 90:
                return "window"
        if facts["kind"] in {"phone", "appliance"} and days <= 365:
            return "warranty"
        return "salesperson" if facts["stock_class"] == "regular" else "undecided"
    if cause == "transit_damage":
        if facts["at_carrier"] and facts["condition"] == "damaged":
            return "refuse"
        if days <= 3:
            return "ours" if facts["photo"] else "photo"
        return "salesperson" if facts["stock_class"] == "regular" else "undecided"
    if cause in {"no_reason", "normal_adjust", "customer_damage"}:
        return "wish"
    return "ours"


def _thousand_rules() -> str:
    dice = random.Random(9)
    head = "---\npolicy: many\nversion: 1\neffective_from: 2026-01-01\n---\n\n# facts\n| fact | type | values | ordinary |\n|---|---|---|---|\n"
    facts = "".join(f"| f{at} | days | >=0 | 1 |\n" for at in range(12))
    outcomes = "\n# outcomes\n| outcome | type | values | otherwise |\n|---|---|---|---|\n| o | count | | 0 |\n"
    names = " | ".join(f"f{at}" for at in range(12))
    table = f"\n# decision d gives: o\n\n## o many hit: layered -> o\n| id | {names} || o | over |\n|{'---|' * 13}|---|---|\n"
    rows = []
    for number in range(1000):
        cells = []
        for _column in range(12):
            low = dice.randrange(60)
            cells.append(dice.choice(["-", f"<={low + 30}", f">{low}", f"[{low}..{low + 40}]"]))
        over = f"R{number - 1}" if number else ""
        rows.append(f"| R{number} | {' | '.join(cells)} || {number} | {over} |\n")
    return head + facts + outcomes + table + "".join(rows)


def _each(act: Callable[[Any], object], cases: Sequence[Any]) -> float:
    """Seconds for one, the median of some rounds."""
    for case in cases[:1000]:
        act(case)
    rounds = []
    for _round in range(ROUNDS):
        started = time.process_time()
        for case in cases:
            act(case)
        rounds.append((time.process_time() - started) / len(cases))
    return statistics.median(rounds)


def _once(act: Callable[[], object], rounds: int = 3) -> float:
    found = []
    for _round in range(rounds):
        started = time.process_time()
        act()
        found.append(time.process_time() - started)
    return statistics.median(found)


def _line(name: str, seconds: float) -> None:
    print(f"| {name} | {seconds * 1e6:.2f} | {1 / seconds:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
