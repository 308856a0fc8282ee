"""Decisions are kept with all they were made from, so that they can be made again for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Refused
from aftersales.core.numbering import next_numbers
from aftersales.core.text import text as _
from aftersales.policies import queries
from aftersales.policies.models import Decision, PolicyVersion
from aftersales.policies.permissions import Permission

SERIES = "PD"


@dataclass(frozen=True)
class Case:
    """A case to be decided: its facts, the day by which the version is chosen, what it is about, the fen at stake."""

    facts: Mapping[str, Any]
    on: date
    subject: str = ""
    amount: int | None = None


def decide(actor: Actor, *, policy: str, decision: str, case: Case, now: datetime) -> Decision:
    """The decision on one case by the version in force on its day; refused while a fact that matters is missing."""
    return decide_many(actor, policy=policy, decision=decision, cases=[case], now=now)[0]


@transaction.act
def decide_many(actor: Actor, *, policy: str, decision: str, cases: Sequence[Case], now: datetime) -> list[Decision]:
    """The decisions on many cases, all of them or none."""
    actor.require(Permission.TRY)
    numbers = next_numbers(SERIES, scope=actor.home_scope or "HQ", year=now.year, count=len(cases))
    versions = {day: queries.version_for(policy, day) for day in sorted({case.on for case in cases})}
    made = [
        _made(actor, versions[case.on], decision, case, number, now)
        for case, number in zip(cases, numbers, strict=True)
    ]
    Decision.objects.bulk_create(made, batch_size=500)
    journal.record_many(
        actor,
        at=now,
        acts=(
            journal.Act(
                "decide",
                "policy_decision",
                each.number,
                each.scope,
                None,
                {"main": each.main, "version": each.version_id},
            )
            for each in made
        ),
    )
    return made


def _made(actor: Actor, version: PolicyVersion, decision: str, case: Case, number: str, now: datetime) -> Decision:
    verdict = queries.judge(version, decision, case.facts)
    if not verdict.said:
        missing = queries.teller_of(verdict.policy).question(verdict.needs[0])
        raise Refused(_("One more answer is needed before this can be decided: {what}", what=missing), field="facts")
    outcome = queries.plain(verdict.outcome)
    return Decision(
        number=number, version=version, digest=version.digest, decision=decision,
        facts=queries.plain(dict(case.facts)), outcome=outcome, main=str(outcome[verdict.gives[0]])[:60],
        rules=[rule.id for rule in verdict.rules], cites=list(verdict.cites), flags=list(verdict.flags),
        subject=case.subject.strip()[:120], amount=case.amount, scope=actor.home_scope, on=case.on,
        decided_by=actor.id, decided_name=actor.name, decided_at=now,
    )  # fmt: skip
