"""Decisions that were made: the list, and one of them with what it was made from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.policies import queries
from aftersales.policies.permissions import Permission
from aftersales.policies.web import exports, listing, telling
from aftersales.ui.lists import chips, paginate


@needs(Permission.SEE_DECISIONS)
@require_safe
def decisions(request: ActorRequest) -> HttpResponse:
    """The decisions of the actor's places, filtered, sorted and paged."""
    found = listing.listed(request)
    page = paginate(found.rows, request)
    context = {
        "page": page,
        "rows": [listing.row(each) for each in page],
        "form": found.form,
        "heads": found.sorting.heads,
        "chips": chips(request, found.form),
        "export": export_button(request, exports.DECISIONS),
    }
    return render(request, "policies/decisions.html", context)


@needs(Permission.SEE_DECISIONS)
@require_safe
def decision(request: ActorRequest, number: str) -> HttpResponse:
    """One decision: outcome, reasons, facts, and whether it comes out the same today."""
    found = queries.get_decision(request.actor, number=number)
    known = queries.policy_of(found.version)
    again = queries.rerun(found)
    context = {
        "decision": found,
        "title": queries.title_of(found.version),
        "label": telling.decision_title(queries.teller_of(known), found.decision),
        "main": telling.main_words(known, found.decision, found.main),
        "outcome": telling.outcome_facts(known, found.outcome),
        "facts": telling.told_facts(known, again.verdict.facts),
        "again": again,
    }
    return render(request, "policies/decision.html", context)
