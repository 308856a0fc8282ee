"""Drafts: begun from a shipped policy or from the version in force, edited as a text, its tables or its test cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError

from aftersales.core import journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.policies import queries
from aftersales.policies.engine.document import read_document, written
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.rules import editing
from aftersales.policies.rules.versions import OPEN, VersionState

KIND = "policy_version"
LABELS: Mapping[str, Text] = {
    "text": _("Text and tables"),
    "cases": _("Test cases"),
    "note": _("What changes and why"),
    "effective_from": _("In force from"),
}

_ALREADY_HERE = _("The house already has this version. Begin a draft on the page of the policy.")


@transaction.act
def adopt_shipped(actor: Actor, *, file: str, now: datetime) -> PolicyVersion:
    """The draft of a version that is shipped with the system, with its test cases; refused when the house has it, or another draft."""
    actor.require(Permission.EDIT)
    shipped = queries.get_shipped(actor, file)
    standing = list(locks.for_update(PolicyVersion.objects.filter(policy=shipped.policy).order_by("number")))
    kept = [each for each in standing if each.state != VersionState.WITHDRAWN]
    if any(each.effective_from == shipped.effective_from for each in kept):
        raise Refused(_ALREADY_HERE)
    if any(each.state in OPEN for each in kept):
        raise Refused(_("This policy has a draft already. Have it approved or give it up first."))
    try:
        with transaction.atomic():
            return _begun(
                actor,
                policy=shipped.policy,
                text=shipped.text,
                cases=shipped.cases,
                based_on=kept[-1] if kept else None,
                now=now,
            )
    except IntegrityError:  # somebody took it over in this very moment
        raise Refused(_ALREADY_HERE) from None


@transaction.act
def begin_draft(actor: Actor, *, policy: str, now: datetime, today: date) -> PolicyVersion:
    """The draft that follows the version in force, or the latest; the open one if there is one already."""
    actor.require(Permission.EDIT)
    return open_draft(actor, policy=policy, now=now, today=today)


def open_draft(actor: Actor, *, policy: str, now: datetime, today: date) -> PolicyVersion:
    """The policy's open draft, locked, begun if there is none; refused while one waits for approval. Inside an act."""
    # Locked, so that of two who begin a draft at once the second finds the first one's.
    standing = list(locks.for_update(PolicyVersion.objects.filter(policy=policy).order_by("number")))
    if not standing:
        raise Missing
    opened = PolicyVersion.objects.filter(policy=policy, state__in=[state.value for state in OPEN])
    found: PolicyVersion | None = only(locks.for_update(opened))
    if found is not None:
        if found.state == VersionState.REVIEWED:
            raise Refused(_("A version of this policy waits for approval. Approve it or send it back first."))
        return found
    approved = [each for each in standing if each.state == VersionState.APPROVED]
    based_on = max(approved, key=lambda each: each.effective_from, default=standing[-1])
    return _begun(
        actor,
        policy=policy,
        text=_dated(based_on.text, max(today, based_on.effective_from + timedelta(days=1))),
        cases=based_on.cases,
        based_on=based_on,
        now=now,
    )


def _begun(
    actor: Actor, *, policy: str, text: str, cases: str, based_on: PolicyVersion | None, now: datetime
) -> PolicyVersion:
    known = queries.read(text)
    last = PolicyVersion.objects.filter(policy=policy).order_by("-number").values_list("number", flat=True).first()
    made = PolicyVersion.objects.create(
        policy=policy, number=(last or 0) + 1, text=text, cases=cases, digest=known.digest,
        effective_from=known.effective_from, based_on=based_on, drafted_by=actor.id, drafted_name=actor.name,
        drafted_at=now,
    )  # fmt: skip
    journal.record(actor, at=now, act="begin_draft", kind=KIND, key=made.pk, after=_facts(made))
    return made


def _dated(text: str, day: date) -> str:
    """The text with another first day and, as the shipped ones have it, the day for its version."""
    document = read_document(text)
    front = dict(document.front) | {"version": day.isoformat(), "effective_from": day.isoformat()}
    return written(type(document)(front, document.sections))


@transaction.act
def edit_draft(
    actor: Actor, *, policy: str, number: int, version: int, changes: Mapping[str, Any], now: datetime
) -> PolicyVersion:
    """The draft with another `text`, `cases`, `note` or `effective_from`; refused when it cannot be read or somebody was faster."""
    actor.require(Permission.EDIT)
    draft = locked_version(actor, policy=policy, number=number)
    must_be_draft(draft)
    versions.check(
        stands=draft.version,
        opened=version,
        kind=KIND,
        key=draft.pk,
        current={name: getattr(draft, name) for name in changes},
        wanted=changes,
        labels=LABELS,
    )
    return write_draft(actor, draft, changes, act="edit_draft", now=now)


def write_draft(
    actor: Actor, draft: PolicyVersion, changes: Mapping[str, Any], *, act: str, now: datetime, note: str = ""
) -> PolicyVersion:
    """The draft as changed, read and hashed anew; whoever edits becomes its drafter. Inside an act, the draft locked."""
    before, old = _facts(draft), (draft.text, draft.cases)
    for name, value in changes.items():
        setattr(draft, name, value)
    if "effective_from" in changes:
        draft.text = _dated(draft.text, draft.effective_from)
    known = queries.read(draft.text)
    if known.name != draft.policy:
        raise Invalid(
            _("This text is of another policy, “{name}”. Open that policy, or mend the head.", name=known.name)
        )
    draft.text, draft.digest, draft.effective_from = (
        written(read_document(draft.text)),
        known.digest,
        known.effective_from,
    )
    queries.read_cases(draft.cases)
    draft.drafted_by, draft.drafted_name, draft.drafted_at = actor.id, actor.name, now
    draft.version += 1
    draft.save()
    lines = editing.changed_lines(old[0], draft.text) + editing.changed_lines(old[1], draft.cases)
    after = _facts(draft) | {"lines": lines}
    journal.record(actor, at=now, act=act, kind=KIND, key=draft.pk, before=before, after=after, note=note)
    return draft


def locked_version(actor: Actor, *, policy: str, number: int) -> PolicyVersion:
    """The version, locked until the act ends."""
    actor.require(Permission.SEE)
    found: PolicyVersion | None = only(locks.for_update(PolicyVersion.objects.filter(policy=policy, number=number)))
    if found is None:
        raise Missing
    return found


def must_be_draft(version: PolicyVersion) -> None:
    """Refuse to edit what has been handed in, approved or withdrawn."""
    if version.state != VersionState.DRAFT:
        raise Refused(_("This version is no draft any more. Send it back, or begin a new draft."))


def _facts(version: PolicyVersion) -> dict[str, Any]:
    names = ("policy", "number", "digest", "effective_from", "state", "note")
    return {name: getattr(version, name) for name in names}
