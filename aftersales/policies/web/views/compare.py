"""Two versions side by side: which cases they decide differently, and what that means for cases that have happened."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.core.errors import Missing
from aftersales.core.money import Money
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.policies import queries
from aftersales.policies.engine.model import Policy
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import PolicyVersion
from aftersales.policies.rules import editing
from aftersales.policies.web import telling
from aftersales.policies.web.panels import Header, header
from aftersales.ui.charts import Chart, Series
from aftersales.ui.lists import paginate

MOST_REGIONS = 60


@needs(Permission.SEE)
@require_safe
def compare(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Every region of cases that this version decides otherwise than another, and the lines that differ."""
    head, against = _both(request, policy, number, "compare")
    context: dict[str, Any] = {"head": head, "against": against}
    if against is not None:
        old, new = queries.policy_of(against), queries.policy_of(head.version)
        teller = queries.teller_of(new)
        parts = []
        for difference in queries.differences(against, head.version):
            lines = [telling.region_line(old, new, each) for each in difference.regions[:MOST_REGIONS]]
            left = len(difference.regions) - len(lines)
            parts.append((telling.decision_title(teller, difference.decision), lines, left, difference.is_proved))
        context |= {"parts": parts, "lines": editing.changed_lines(against.text, head.version.text)}
    return render(request, "policies/compare.html", context)


def _both(request: ActorRequest, policy: str, number: int, here: str) -> tuple[Header, PolicyVersion | None]:
    """The version, and the other one: as asked, else the one it is based on, else the one in force."""
    head = header(request, policy, here, number=number)
    asked = request.GET.get("with", "")
    others = [each for each in head.versions if each != head.version]
    if asked:
        against = only(each for each in others if str(each.number) == asked)
        if against is None:
            raise Missing
        return head, against
    return head, head.version.based_on or (head.in_force if head.in_force != head.version else None)


@needs(Permission.SEE_DECISIONS)
@require_safe
def what_if(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Past cases under this version: a matrix old → new with counts and money."""
    head, against = _both(request, policy, number, "what_if")
    known = queries.policy_of(head.version)
    decision = _decision(request, head)
    context: dict[str, Any] = {
        "head": head,
        "against": against,
        "decision": decision,
        "decisions": [(key, telling.decision_title(queries.teller_of(known), key)) for key in known.decisions],
    }
    if against is not None:
        found = queries.what_if(request.actor, head.version, against, decision=decision)
        context |= {
            "found": found,
            "rows": [(move, *_words(head, against, decision, move), _sums(head, move.sums)) for move in found.moves],
            "sums": _sums(head, found.sums),
            "chart": _chart(head, against, decision, found),
            "links": {"decision": decision, "with": against.number},
        }
    return render(request, "policies/what_if.html", context)


def _decision(request: ActorRequest, head: Header) -> str:
    known = queries.policy_of(head.version).decisions
    asked = request.GET.get("decision", "")
    return asked if asked in known else next(iter(known))


def _words(head: Header, against: PolicyVersion, decision: str, move: queries.Move) -> tuple[str, str, str]:
    """The two outcomes in words, and the query that leads to the cases behind."""
    before = telling.main_words(queries.policy_of(against), decision, move.before)
    after = telling.main_words(queries.policy_of(head.version), decision, move.after)
    pairs = {"decision": decision, "with": against.number, "before": move.before, "after": move.after}
    return before, after, urlencode(pairs)


def _sums(head: Header, sums: dict[str, int]) -> list[tuple[object, Money, bool]]:
    known = queries.policy_of(head.version)
    return [(_sum_name(known, name), Money(fen), fen > 0) for name, fen in sums.items() if fen]


def _sum_name(known: Policy, name: str) -> object:
    """What a sum is called; a share of the price is told as the money it makes."""
    label = queries.teller_of(known).label(name)
    return _("{what}, in money", what=label) if known.outcomes[name].unit == "share" else label


def _chart(head: Header, against: PolicyVersion, decision: str, found: queries.WhatIf) -> Chart | None:
    """How often each outcome came and would come."""
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for move in found.moves:
        old, new, _query = _words(head, against, decision, move)
        before[old] = before.get(old, 0) + move.count
        after[new] = after.get(new, 0) + move.count
    names = sorted({*before, *after}, key=lambda name: -max(before.get(name, 0), after.get(name, 0)))
    if not names:
        return None
    return Chart(
        title=_("Past cases by outcome"),
        labels=names,
        series=[
            Series(_("Version {number}", number=against.number), [before.get(name, 0) for name in names], "neutral"),
            Series(_("Version {number}", number=head.version.number), [after.get(name, 0) for name in names], "info"),
        ],
        is_horizontal=True,
    )


@needs(Permission.SEE_DECISIONS)
@require_safe
def moved_cases(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The past cases behind one number of the matrix, each with both outcomes."""
    head, against = _both(request, policy, number, "what_if")
    if against is None:
        raise Missing
    decision = _decision(request, head)
    names = request.GET.get("before", ""), request.GET.get("after", "")
    page = paginate(queries.list_moved(request.actor, head.version, against, decision=decision, names=names), request)
    rows = [
        (each, Money(each.amount) if each.amount is not None else None, _changes(each), _sums(head, dict(each.sums)))
        for each in page
    ]
    words = [
        telling.main_words(queries.policy_of(version), decision, name)
        for version, name in ((against, names[0]), (head.version, names[1]))
    ]
    context = {"head": head, "against": against, "decision": decision, "page": page, "rows": rows, "words": words}
    return render(request, "policies/moved_cases.html", context)


def _changes(moved: queries.Moved) -> list[tuple[str, str, str]]:
    """What of the outcome differs: label, before, after."""
    if moved.before is None or moved.after is None:
        return []
    teller = queries.teller_of(moved.after.policy)
    return [
        (teller.label(name), teller.value(name, moved.before.outcome.get(name)), teller.value(name, value))
        for name, value in moved.after.outcome.items()
        if moved.before.outcome.get(name) != value
    ]


@needs(Permission.SEE_DECISIONS)
@require_safe
def coverage(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Which rules past cases used, and which none ever did."""
    head = header(request, policy, "coverage", number=number)
    used = queries.rule_uses(request.actor, head.version)
    parts = []
    for decision in telling.decisions_of(queries.policy_of(head.version)):
        counted = [(table, [(line, used.get(line.id, 0)) for line in table.lines]) for table in decision.tables]
        tables = [(table, lines, sum(not count for _line, count in lines)) for table, lines in counted]
        parts.append((decision, tables))
    never = sum(count == 0 for count in used.values())
    context = {"head": head, "parts": parts, "all": len(used), "never": never, "used": len(used) - never}
    return render(request, "policies/coverage.html", context)
