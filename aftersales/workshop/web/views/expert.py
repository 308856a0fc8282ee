"""Expert questions: the list, one question, asking, and one view per act of the `STEPS` table of questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock, files
from aftersales.core.errors import Refused
from aftersales.core.text import text
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.workflow import OpenAction
from aftersales.deadlines import queries as deadlines
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import chips, paginate
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.expert import (
    EXPERT_ANSWER,
    STATES,
    STEPS,
    QuestionAction,
    QuestionState,
)
from aftersales.workshop.web import asking, exports, forms

FORMS: Mapping[QuestionAction, type[django_forms.Form]] = {
    QuestionAction.ANSWER_QUESTION: forms.AnswerQuestionForm,
    QuestionAction.RECORD_ANSWER: forms.RecordAnswerForm,
    QuestionAction.WITHDRAW_QUESTION: forms.ReasonForm,
}
SERVICES: Mapping[QuestionAction, Callable[..., Any]] = {
    QuestionAction.ANSWER_QUESTION: services.answer_question,
    QuestionAction.RECORD_ANSWER: services.record_answer,
    QuestionAction.WITHDRAW_QUESTION: services.withdraw_question,
}


@needs(Permission.SEE)
@require_safe
def questions(request: ActorRequest) -> HttpResponse:
    """The expert questions of the actor's stations, filtered and paged."""
    now = clock.now()
    found = asking.listed(request, now)
    page = paginate(found.rows, request)
    context = {
        "page": page,
        "rows": [queries.question_row(question, now) for question in page],
        "form": found.form,
        "heads": found.sorting.heads,
        "chips": chips(request, found.form),
        "export": export_button(request, exports.QUESTIONS),
    }
    return render(request, "workshop/questions.html", context)


@dataclass(frozen=True)
class QuestionOffer:
    """One act on the question's page, with its address and its form."""

    open: OpenAction[QuestionAction]
    url: str
    form: django_forms.Form


@needs(Permission.SEE)
@require_safe
def question(request: ActorRequest, key: str) -> HttpResponse:
    """One question with its order, its clock, and its answer or the form for it."""
    return render(request, "workshop/question.html", _question_page(request, key))


def _question_page(
    request: ActorRequest, key: str, bound: tuple[QuestionAction, django_forms.Form] | None = None
) -> dict[str, Any]:
    now = clock.now()
    found = queries.get_question(request.actor, key)
    promise = deadlines.find_clock(subject=found.number, rule=EXPERT_ANSWER)
    order = queries.get_order(request.actor, found.order.number)
    offers = []
    for each in queries.open_question_actions(request.actor, found):
        form = bound[1] if bound is not None and bound[0] is each.action else FORMS[each.action]()
        form.auto_id = f"id_{each.action.value}_%s"
        offers.append(QuestionOffer(each, reverse(f"workshop:{each.action.value}", args=[found.number]), form))
    return {
        "row": queries.question_row(found, now),
        "question": found,
        "order": order,
        "offers": offers,
        "bound_action": bound[0] if bound else "",
        "clock": promise,
        "explanation": deadlines.explain_clock(promise) if promise else None,
        "photos": files.list_photos("order", order.number),
    }


@needs(Permission.ASK_EXPERTS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_expert(request: ActorRequest, number: str) -> HttpResponse:
    """Put a question about the order to an expert or to the manufacturer."""
    order = queries.get_order(request.actor, number)
    form = forms.AskForm(
        request.POST or None,
        experts=queries.experts_for(request.actor, order),
        makers=queries.manufacturers_for(order),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                asked = services.ask_expert(request.actor, number=order.number, now=clock.now(), **form.cleaned_data)
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, str(text("{addressee} was asked.", addressee=asked.addressee)))
                return redirect("workshop:question", key=asked.number)
    context = {"form": form, "order": order, "photos": files.list_photos("order", order.number)}
    return render(request, "workshop/ask_expert.html", context, status=status)


def _act_view(action: QuestionAction) -> Callable[..., HttpResponse]:
    permission = next(step.needs for (_state, each), step in STEPS.items() if each is action)

    @needs(permission)
    @require_POST
    def act(request: ActorRequest, key: str) -> HttpResponse:
        """Carry the act out and go back to the question, or show its form again with what is wrong."""
        found = queries.get_question(request.actor, key)
        form = FORMS[action](request.POST)
        status = 422
        if form.is_valid():
            try:
                done = SERVICES[action](request.actor, number=found.number, now=clock.now(), **form.cleaned_data)
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, f"{done.number} · {STATES[QuestionState(done.state)].label}")
                return redirect("workshop:question", key=done.number)
        return render(request, "workshop/question.html", _question_page(request, key, (action, form)), status=status)

    act.__name__ = act.__qualname__ = action.value
    return act


ACT_VIEWS: Mapping[QuestionAction, Callable[..., HttpResponse]] = {
    action: _act_view(action) for action in QuestionAction
}
