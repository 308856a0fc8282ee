"""Which version of a policy holds on a day. A later version closes the one it supersedes; there is never a choice of two, nor none.

A version holds from its `effective_from` through its `effective_to`, or until the day before the version that names it in
`supersedes` begins. Drafts and void versions hold on no day. What `supersedes` names is often a paper outside; then it closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from aftersales.policies.engine.errors import PolicyError, Problem
from aftersales.policies.engine.model import Policy

IDLE = frozenset({"draft", "reviewed", "void"})
"""A version with one of these as its status holds on no day."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """A version and the days on which it holds, both included; None for no end."""

    policy: Policy
    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the version holds on the day."""
        return self.first <= day and (self.last is None or day <= self.last)


class NoVersion(LookupError):
    """No version holds on the day; `problem` says so, with the days on which there is one."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Line:
    """The versions of one policy that hold one after the other, the earliest first."""

    name: str
    terms: tuple[Term, ...]

    def on(self, day: date) -> Policy:
        """The version that holds on the day; NoVersion when there is none."""
        for term in self.terms:
            if term.holds_on(day):
                return term.policy
        first, last = self.terms[0].first, self.terms[-1].last
        key = "version_before" if day < first else "version_after"
        raise NoVersion(Problem(key, {"policy": self.name, "day": day, "first": first, "last": last}))

    @property
    def latest(self) -> Policy:
        """The version that begins last."""
        return self.terms[-1].policy


def chosen(policies: Iterable[Policy], on: date) -> Policy:
    """The version of one policy that holds on the declared day; PolicyError when the versions do not fit together."""
    lines = lines_of(policies)
    if len(lines) != 1:
        raise PolicyError([Problem("versions_of_many", {"names": ", ".join(sorted(lines)) or "…"})])
    return next(iter(lines.values())).on(on)


def lines_of(policies: Iterable[Policy]) -> dict[str, Line]:
    """The policies by name, each with its versions in order; PolicyError with all that does not fit together."""
    active = sorted(
        (policy for policy in policies if policy.meta.get("status", "") not in IDLE),
        key=lambda policy: (policy.name, policy.effective_from, policy.version),
    )
    found = {name: Line(name, _terms(list(versions))) for name, versions in groupby(active, lambda each: each.name)}
    problems = [problem for line in found.values() for problem in _problems(line)]
    problems += list(_strangers(found))
    if problems:
        raise PolicyError(problems)
    return found


def _terms(versions: list[Policy]) -> tuple[Term, ...]:
    closed_by = {
        policy.meta.get("supersedes", ""): policy.effective_from - _DAY
        for policy in versions
        if policy.effective_from > date.min and policy.meta.get("supersedes") != policy.version
    }
    terms = []
    for policy in versions:
        ends = [day for day in (policy.effective_to, closed_by.get(policy.version)) if day is not None]
        terms.append(Term(policy, policy.effective_from, min(ends, default=None)))
    return tuple(terms)


def _problems(line: Line) -> Iterable[Problem]:
    """Versions of one name, ends before beginnings, two versions on one day, days without one."""
    seen: set[str] = set()
    for term in line.terms:
        told: dict[str, object] = {"policy": line.name, "version": term.policy.version}
        if term.policy.version in seen:
            yield Problem("version_twice", told)
        seen.add(term.policy.version)
        if term.last is not None and term.last < term.first:
            yield Problem("version_backwards", {**told, "first": term.first, "last": term.last})
    for one, other in pairwise(line.terms):
        yield from _seam(line.name, one, other)


def _seam(name: str, one: Term, other: Term) -> Iterable[Problem]:
    told: dict[str, object] = {"policy": name, "one": one.policy.version, "other": other.policy.version}
    if one.last is None or one.last >= other.first:
        yield Problem("version_overlap", {**told, "day": other.first})
    elif one.last + _DAY < other.first:
        yield Problem("version_hole", {**told, "first": one.last + _DAY, "last": other.first - _DAY})


def _strangers(lines: Mapping[str, Line]) -> Iterable[Problem]:
    """Numbers that a policy repeats from another one, and that are different there, or not there, while both hold."""
    for term in (term for line in lines.values() for term in line.terms):
        for parameter in term.policy.parameters.values():
            home, _dot, name = parameter.same_as.partition(".")
            for other in (each for each in lines[home].terms if _meet(term, each)) if home in lines else ():
                told: dict[str, object] = {"policy": term.policy.name, "name": parameter.id, "home": parameter.same_as}
                if name not in other.policy.parameters:
                    yield Problem("parameter_homeless", told)
                elif other.policy.parameters[name].value != parameter.value:
                    value = other.policy.parameters[name].value
                    yield Problem("parameter_differs", {**told, "value": parameter.value, "other": value})


def _meet(one: Term, other: Term) -> bool:
    """Whether there is a day on which both hold."""
    return one.holds_on(max(one.first, other.first)) and other.holds_on(max(one.first, other.first))
