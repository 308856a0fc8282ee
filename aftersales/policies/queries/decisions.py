"""Decisions that were made, and whether they would be made so again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.policies.engine.judge import Verdict
from aftersales.policies.models import Decision
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import programs
from aftersales.policies.queries.wording import teller_of


def list_decisions(
    actor: Actor, *, policy: str = "", number: int | None = None, main: str = "", clause: str = "", words: str = ""
) -> QuerySet[Decision]:
    """The decisions of the actor's places, newest first, narrowed by policy, version, outcome, clause or subject."""
    actor.require(Permission.SEE_DECISIONS)
    found = Decision.objects.filter(**actor.scope_filter("scope")).select_related("version").order_by("-id")
    wanted = {"version__policy": policy, "version__number": number, "main": main, "subject__icontains": words}
    found = found.filter(**{name: value for name, value in wanted.items() if value not in ("", None)})
    return found.filter(cites__icontains=f'"{clause}"') if clause else found


def get_decision(actor: Actor, *, number: str) -> Decision:
    """One decision."""
    found = only(list_decisions(actor).filter(number=number))
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Rerun:
    """A decision made again by the same version: what it says now, in sentences, and whether it is the same as then."""

    verdict: Verdict
    sentences: tuple[str, ...]
    is_same: bool


def rerun(decision: Decision) -> Rerun:
    """The decision, made again from its facts by its version."""
    version = decision.version
    judge = programs.judge_of(version, decision.decision)
    verdict = judge.judge(decision.facts)
    outcome = programs.plain(verdict.outcome)
    is_same = outcome == decision.outcome and [rule.id for rule in verdict.rules] == decision.rules
    is_same = is_same and programs.policy_of(version).digest == decision.digest
    told = tuple(teller_of(judge.policy).sentences(judge, verdict))
    return Rerun(verdict, told, is_same)
