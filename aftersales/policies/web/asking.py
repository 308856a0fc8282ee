"""A case told one answer at a time: what was answered stands in the address, the next question is the one that matters most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from aftersales.core.errors import Invalid
from aftersales.core.text import Text
from aftersales.policies import queries
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge, Verdict
from aftersales.policies.engine.model import Fact
from aftersales.policies.queries import PolicyVersion

PREFIX = "f."
WORDS: dict[str, Any] = {"true": True, "false": False, "unknown": None}


@dataclass(frozen=True)
class Option:
    """One answer to pick, with the address that gives it."""

    label: str
    url: str


@dataclass(frozen=True)
class Asked:
    """The next question: answers to pick, or a box to type in (`kind` is number or date)."""

    name: str
    question: str
    options: tuple[Option, ...]
    kind: str = ""
    unit: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    unknown_url: str = ""
    typed: str = ""
    problem: Text | None = None


@dataclass(frozen=True)
class Answer:
    """An answer that was given, and the address without it."""

    name: str
    label: str
    value: str
    change_url: str


@dataclass(frozen=True)
class Interview:
    """A case as far as it was told."""

    answers: tuple[Answer, ...]
    facts: Mapping[str, Any]
    asked: Asked | None
    verdict: Verdict | None
    left: int
    """How many questions there may still be."""


def interview(version: PolicyVersion, decision: str, query: QueryDict) -> Interview:
    """What was answered so far and what is to be asked next; an answer that does not fit is asked for again."""
    judge = queries.judge_of(version, decision)
    teller = queries.teller_of(judge.policy)
    typed = {
        key.removeprefix(PREFIX): str(value).strip()
        for key, value in query.items()
        if key.startswith(PREFIX) and key.removeprefix(PREFIX) in judge.told and str(value).strip()
    }
    facts: dict[str, Any] = {}
    for name, value in typed.items():
        facts[name] = WORDS.get(value, value)
        try:
            queries.judge(version, decision, facts)
        except Invalid as refused:
            del facts[name]
            asked = _asked(judge, teller, query, name, problem=refused.sentence, typed=value)
            return Interview(_answers(judge, teller, query, facts), facts, asked, None, 1)
    verdict = queries.judge(version, decision, facts)
    answers = _answers(judge, teller, query, facts)
    if verdict.said:
        return Interview(answers, facts, None, verdict, 0)
    return Interview(answers, facts, _asked(judge, teller, query, verdict.needs[0]), None, len(verdict.needs))


def _answers(judge: Judge, teller: Teller, query: QueryDict, facts: Mapping[str, Any]) -> tuple[Answer, ...]:
    exact = judge.normalise(facts)
    return tuple(
        Answer(name, teller.label(name), teller.value(name, exact[name]), _address(query, name, None)) for name in facts
    )


def _asked(judge: Judge, teller: Teller, query: QueryDict, name: str, **more: Any) -> Asked:
    fact = judge.policy.facts[name]
    unknown = _address(query, name, "unknown") if fact.may_be_unknown else ""
    kind = "" if fact.kind in {"choice", "bool"} else "date" if fact.kind == "date" else "number"
    hidden = tuple((key, str(value)) for key, value in query.items() if key != PREFIX + name)
    return Asked(
        name,
        teller.question(name),
        _options(fact, teller, query),
        kind,
        teller.unit(fact.unit),
        hidden,
        unknown,
        **more,
    )


def _options(fact: Fact, teller: Teller, query: QueryDict) -> tuple[Option, ...]:
    if fact.kind == "choice":
        return tuple(Option(teller.value(fact.id, each), _address(query, fact.id, each)) for each in fact.values)
    if fact.kind == "bool":
        return tuple(
            Option(teller.value(fact.id, each), _address(query, fact.id, "true" if each else "false"))
            for each in (True, False)
        )
    return ()


def _address(query: QueryDict, name: str, value: str | None) -> str:
    """The address with this answer, or without it."""
    pairs = [(key, each) for key, each in query.items() if key != PREFIX + name]
    if value is not None:
        pairs.append((PREFIX + name, value))
    return f"?{urlencode(pairs)}"
