"""What the analysis of a policy can find, and a report of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aftersales.policies.engine import order
from aftersales.policies.engine.boxes import Box
from aftersales.policies.engine.program import Program

SERIOUS = ("gap", "conflict", "dead", "never", "trend")
"""What stands against a policy; the other kinds are notes."""


@dataclass(frozen=True)
class Finding:
    """One thing the owner of the policy should know.

    Attributes:
        kind: `gap`, `conflict`, `dead` (never wins), `never` (what the policy says must not be), `trend` (an outcome that
            moves the wrong way); as notes `redundant` (without it all stays the same), `no_citation`, `no_rule` (a clause no
            rule cites), `numbering` (numbers left out), `units` (unlike units put together), `needless` (an acceptance
            that fits nothing).
        table: key of the table; `rules`: ids concerned; `clauses`: clauses concerned, or units.
        region: for each fact that matters the values it holds for; `example`: one whole case in it.
        reason: why the owner lets it stand.

    """

    kind: str
    table: str = ""
    rules: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    region: Box | None = None
    example: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """All findings of one decision, and whether they are proved to be all; `accepted` are those the owner lets stand."""

    decision: str
    findings: tuple[Finding, ...]
    is_proved: bool
    steps: int
    left_out: int = 0
    accepted: tuple[Finding, ...] = ()

    def of(self, *kinds: str) -> tuple[Finding, ...]:
        """The findings of some kinds."""
        return tuple(each for each in self.findings if each.kind in kinds)


def example_in(program: Program, box: Box) -> dict[str, Any]:
    """A case in the region: ordinary wherever that is allowed."""
    found: dict[str, Any] = {}
    for name, codes in zip(program.axes, box.state, strict=True):
        axis = program.axes[name]
        if name not in program.asked:
            continue
        fact = program.policy.facts[name]
        ordinary = axis.code_of(fact.ordinary) if fact.ordinary is not None or fact.may_be_unknown else -1
        if ordinary >= 0 and codes >> ordinary & 1:
            found[name] = fact.ordinary
        else:
            found[name] = axis.samples[next(order.bits(codes))]
    return found
