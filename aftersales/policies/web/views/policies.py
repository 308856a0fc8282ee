"""The policies of the house, and one of them as a document beside its tables."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.policies import queries, services
from aftersales.policies.permissions import Permission
from aftersales.policies.web import telling
from aftersales.policies.web.panels import header


@needs(Permission.SEE)
@require_safe
def policies(request: ActorRequest) -> HttpResponse:
    """Every policy of the house, and those that are shipped and not taken over."""
    context = {
        "lines": queries.list_policies(request.actor, today=timezone.localdate(clock.now())),
        "shipped": [_shipped(each) for each in queries.list_shipped(request.actor)],
        "may_edit": request.actor.may(Permission.EDIT),
        "may_try": request.actor.may(Permission.TRY),
    }
    return render(request, "policies/policies.html", context)


def _shipped(each: queries.Shipped) -> dict[str, object]:
    known = queries.read(each.text)
    return {
        "file": each.file,
        "policy": each.policy,
        "title": queries.title_in(each.text),
        "day": each.effective_from,
        "clauses": len(known.clauses),
        "questions": len(known.ambiguities),
    }


@needs(Permission.EDIT)
@require_POST
def adopt_shipped(request: ActorRequest) -> HttpResponse:
    """A shipped policy, taken over as a draft."""
    draft = services.adopt_shipped(request.actor, file=request.POST.get("file", ""), now=clock.now())
    messages.success(request, str(_("The policy is here as a draft. Read it, rule on its questions, hand it in.")))
    return redirect("policies:version", policy=draft.policy, number=draft.number)


@needs(Permission.SEE)
@require_safe
def policy(request: ActorRequest, policy: str) -> HttpResponse:
    """A policy to be read: every clause with the rules made of it, then the whole tables."""
    head = header(request, policy, "read")
    known = queries.policy_of(head.version)
    words = request.GET.get("q", "").strip()
    blocks = telling.clause_blocks(known)
    if words:
        blocks = [block for block in blocks if words.lower() in _all_of(block).lower()]
    context = {
        "head": head,
        "known": known,
        "blocks": blocks,
        "words": words,
        "decisions": telling.decisions_of(known),
        "parameters": known.parameters.values(),
    }
    return render(request, "policies/policy.html", context)


def _all_of(block: telling.ClauseBlock) -> str:
    return " ".join([block.id, block.title, block.text, *(line.id for line in block.rules)])
