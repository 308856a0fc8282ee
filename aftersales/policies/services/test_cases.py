"""The test cases of a draft: one added, the outcome of some accepted as it is now, some taken out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Conflict, Invalid
from aftersales.core.text import text as _
from aftersales.policies import queries
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.rules import cases as rules
from aftersales.policies.rules.cases import NewCase
from aftersales.policies.services import drafts


@transaction.act
def add_case(actor: Actor, *, policy: str, number: int, case: NewCase, now: datetime) -> PolicyVersion:
    """The draft with one more test case."""
    draft = _draft(actor, policy, number)
    queries.judge(draft, case.decision, queries.whole(queries.judge_of(draft, case.decision), case.facts))
    cases = rules.add_case(draft.cases, case)
    return drafts.write_draft(actor, draft, {"cases": cases}, act="add_case", now=now, note=case.id)


@transaction.act
def accept_outcomes(
    actor: Actor, *, policy: str, number: int, version: int, ids: Collection[str], now: datetime
) -> PolicyVersion:
    """The draft whose test cases of these ids expect what comes of them now; refused when it changed since that was seen."""
    draft = _draft(actor, policy, number)
    if draft.version != version:
        raise Conflict(changed_by=journal.last_actor(drafts.KIND, draft.pk), differences=(), stands=draft.version)
    results = {result.case.id: result for result in queries.run_cases(draft)}
    outcomes = {}
    for name in _named(ids):
        result = results.get(name)
        if result is not None and result.error:
            raise Invalid(_("“{name}” cannot be judged: {sentence}", name=name, sentence=result.error), field="id")
        differences = result.differences if result is not None else ()
        outcomes[name] = {each: found for each, _wanted, found in differences}
    cases = rules.expect(draft.cases, outcomes)
    return drafts.write_draft(actor, draft, {"cases": cases}, act="accept_outcomes", now=now, note=_told(ids))


@transaction.act
def remove_cases(actor: Actor, *, policy: str, number: int, ids: Collection[str], now: datetime) -> PolicyVersion:
    """The draft without these test cases."""
    draft = _draft(actor, policy, number)
    cases = rules.remove_cases(draft.cases, _named(ids))
    return drafts.write_draft(actor, draft, {"cases": cases}, act="remove_cases", now=now, note=_told(ids))


def _draft(actor: Actor, policy: str, number: int) -> PolicyVersion:
    actor.require(Permission.EDIT)
    draft = drafts.locked_version(actor, policy=policy, number=number)
    drafts.must_be_draft(draft)
    return draft


def _named(ids: Collection[str]) -> Collection[str]:
    if not ids:
        raise Invalid(_("Tick at least one test case."), field="id")
    return ids


def _told(ids: Collection[str]) -> str:
    return ", ".join(sorted(ids))[:200]
