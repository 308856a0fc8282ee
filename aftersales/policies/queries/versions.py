"""Policies and their versions: what the house has, what is shipped, what governs a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from django.db.models import Count

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing, Refused
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.policies.engine.document import read_document, written
from aftersales.policies.engine.model import Ambiguity
from aftersales.policies.models import Decision, PolicyVersion, Ruling
from aftersales.policies.permissions import Permission
from aftersales.policies.queries.programs import examine, policy_of, read
from aftersales.policies.queries.wording import engine_language, teller_of
from aftersales.policies.rules import versions as rules
from aftersales.policies.rules.versions import OPEN, Standing, VersionFacts, VersionState

_SUFFIX = ".policy.md"


@dataclass(frozen=True)
class Shipped:
    """A version of a policy that comes with the system: its file, its code, its first day, its text, its test cases."""

    file: str
    policy: str
    effective_from: date
    text: str
    cases: str


def list_shipped(actor: Actor) -> list[Shipped]:
    """The shipped versions that the house has not taken over, oldest first."""
    actor.require(Permission.SEE)
    standing = PolicyVersion.objects.exclude(state=VersionState.WITHDRAWN.value)
    taken = set(standing.values_list("policy", "effective_from"))
    return [each for each in _all_shipped() if (each.policy, each.effective_from) not in taken]


def get_shipped(actor: Actor, file: str) -> Shipped:
    """One shipped policy."""
    actor.require(Permission.SEE)
    found = only(each for each in _all_shipped() if each.file == file)
    if found is None:
        raise Missing
    return found


def _all_shipped() -> list[Shipped]:
    folder = files("aftersales.policies") / "library"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(_SUFFIX))
    return [_shipped(name.removesuffix(_SUFFIX)) for name in names]


def _shipped(file: str) -> Shipped:
    folder = files("aftersales.policies") / "library"
    text = written(read_document((folder / f"{file}{_SUFFIX}").read_text(encoding="utf-8")))
    cases, known = folder / f"{file}.cases.jsonl", read(text)
    told = cases.read_text(encoding="utf-8") if cases.is_file() else ""
    return Shipped(file, known.name, known.effective_from, text, told)


def policy_codes(actor: Actor) -> list[str]:
    """The codes of all policies of the house."""
    actor.require(Permission.SEE)
    return list(PolicyVersion.objects.order_by("policy").values_list("policy", flat=True).distinct())


@dataclass(frozen=True)
class PolicyLine:
    """One policy of the house: the version in force, the open one, how many open questions and decisions it has."""

    policy: str
    title: str
    in_force: PolicyVersion | None
    open: PolicyVersion | None
    latest: PolicyVersion
    open_questions: int
    decisions: int


def list_policies(actor: Actor, *, today: date) -> list[PolicyLine]:
    """Every policy of the house."""
    actor.require(Permission.SEE)
    by_policy: dict[str, list[PolicyVersion]] = {}
    for version in PolicyVersion.objects.order_by("policy", "-number"):
        by_policy.setdefault(version.policy, []).append(version)
    counted = dict(Decision.objects.values_list("version__policy").annotate(count=Count("id")).order_by())
    return [_line(each, counted.get(policy, 0), today) for policy, each in by_policy.items()]


def _line(standing: Sequence[PolicyVersion], decisions: int, today: date) -> PolicyLine:
    in_force = rules.in_force(standing, today)
    open_one = only(each for each in standing if each.state in OPEN)
    shown = in_force or open_one or standing[0]
    known = policy_of(shown)
    waiting = sum(each.status != "ruled" for each in known.ambiguities.values())
    title = title_of(shown)
    return PolicyLine(shown.policy, title, in_force, open_one, standing[0], waiting, decisions)


def title_of(version: PolicyVersion) -> str:
    """What the policy is called in the reader's language: its label, or its first heading."""
    return title_in(version.text)


def title_in(text: str) -> str:
    """The same for a text that is no version yet."""
    known = read(text)
    teller = teller_of(known)
    own = f"policy.{known.name}"
    if own in known.labels:
        return teller.label(own)
    document = read_document(text)
    return next((section.title for section in document.sections if section.level == 1), known.name)


def list_versions(actor: Actor, *, policy: str) -> list[PolicyVersion]:
    """The versions of a policy, newest first; Missing when the house has no such policy."""
    actor.require(Permission.SEE)
    found = list(PolicyVersion.objects.filter(policy=policy).select_related("based_on").order_by("-number"))
    if not found:
        raise Missing
    return found


def get_version(actor: Actor, *, policy: str, number: int) -> PolicyVersion:
    """One version."""
    actor.require(Permission.SEE)
    found = only(PolicyVersion.objects.filter(policy=policy, number=number).select_related("based_on"))
    if found is None:
        raise Missing
    return found


def version_for(policy: str, on: date) -> PolicyVersion:
    """The version that governs a day; refused when none does."""
    standing = PolicyVersion.objects.filter(
        policy=policy, state=VersionState.APPROVED.value, effective_from__lte=on
    ).order_by("-effective_from")
    found = only(standing[:1])
    if found is None:
        raise Refused(_("No version of this policy is in force on {day}. Have one approved first.", day=on.isoformat()))
    return found


def list_to_approve(actor: Actor) -> list[PolicyVersion]:
    """The versions that wait for this actor's approval: handed in, and neither drafted nor handed in by him."""
    if not actor.may(Permission.APPROVE):
        return []
    waiting = PolicyVersion.objects.filter(state=VersionState.REVIEWED.value).order_by("reviewed_at")
    return list(waiting.exclude(drafted_by=actor.id).exclude(reviewed_by=actor.id))


def list_to_ask(actor: Actor, *, today: date) -> list[str]:
    """The policies in force that this actor may try a case against."""
    if not actor.may(Permission.TRY):
        return []
    begun = PolicyVersion.objects.filter(state=VersionState.APPROVED.value, effective_from__lte=today)
    return list(begun.order_by("policy").values_list("policy", flat=True).distinct())


def standing_of(version: PolicyVersion, versions: Sequence[PolicyVersion], today: date) -> Standing:
    """What a version means today."""
    return rules.standing(version, versions, today)


def facts_of(actor: Actor, version: PolicyVersion) -> VersionFacts:
    """What stands for or against the next step of a version, for this actor."""
    examined = examine(version)
    others = PolicyVersion.objects.filter(
        policy=version.policy, state=VersionState.APPROVED.value, effective_from=version.effective_from
    ).exclude(pk=version.pk)
    return VersionFacts(
        is_proved=examined.is_proved,
        faults=len(examined.faults),
        red_cases=len(examined.red),
        is_drafter=version.drafted_by == actor.id,
        is_reviewer=version.reviewed_by == actor.id,
        is_day_taken=others.exists(),
    )


@dataclass(frozen=True)
class Question:
    """An open place of a policy's text: how it is read, how many rules and decisions rely on it, what was ruled."""

    ambiguity: Ambiguity
    rules: tuple[str, ...]
    decisions: int
    rulings: tuple[Ruling, ...]

    @property
    def is_ruled(self) -> bool:
        """Whether the owner has ruled on it in this version."""
        return self.ambiguity.status == "ruled"


def list_questions(actor: Actor, version: PolicyVersion, *, most_decisions: int = 20_000) -> list[Question]:
    """The open places of this version, those first that most decisions of late rely on and nobody has ruled on."""
    actor.require(Permission.SEE)
    known = policy_of(version)
    relying: dict[str, list[str]] = {}
    for decision in known.decisions.values():
        for table in decision.tables:
            for rule in table.rules:
                for flag in rule.flags:
                    relying.setdefault(flag, []).append(rule.id)
    counted: dict[str, int] = {}
    recent = Decision.objects.filter(version__policy=version.policy).order_by("-id")
    for flags in recent.values_list("flags", flat=True)[:most_decisions]:
        for flag in flags:
            counted[flag] = counted.get(flag, 0) + 1
    rulings: dict[str, list[Ruling]] = {}
    for ruling in Ruling.objects.filter(version__policy=version.policy).select_related("version"):
        rulings.setdefault(ruling.ambiguity, []).append(ruling)
    found = [
        Question(
            each.within(engine_language()),
            tuple(dict.fromkeys(relying.get(each.id, ()))),
            counted.get(each.id, 0),
            tuple(rulings.get(each.id, ())),
        )
        for each in known.ambiguities.values()
    ]
    return sorted(found, key=lambda each: (each.is_ruled, -each.decisions, each.ambiguity.id))


def get_question(actor: Actor, version: PolicyVersion, ambiguity: str) -> Question:
    """One open place."""
    found = only(each for each in list_questions(actor, version) if each.ambiguity.id == ambiguity)
    if found is None:
        raise Missing
    return found
