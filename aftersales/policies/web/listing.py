"""The list of decisions as its address asks for it, for the page and for the export."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.core.money import Money
from aftersales.core.text import text
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked
from aftersales.policies import queries
from aftersales.policies.queries import Decision
from aftersales.policies.web import telling
from aftersales.ui.lists import Column, Listed, sorting

COLUMNS = (
    Column("number", text("Decision"), ("id",)),
    Column("on", text("Day of the case"), ("on", "id")),
    Column("policy", text("Policy"), ("version__policy", "version__number", "id")),
    Column("main", text("Outcome"), ("main", "id")),
    Column("clauses", text("Clauses")),
    Column("subject", text("What it is about"), ("subject", "id")),
    Column("amount", text("Amount"), ("amount", "id"), is_number=True),
    Column("by", text("Decided by"), ("decided_name", "id")),
)


class FilterForm(forms.Form):
    """What the list of decisions is narrowed by."""

    q = forms.CharField(label=_("What it is about"), required=False, max_length=60)
    policy = forms.ChoiceField(label=_("Policy"), required=False)
    clause = forms.CharField(label=_("Clause"), required=False, max_length=20)
    version = forms.IntegerField(label=_("Version"), required=False, min_value=1, max_value=9999)

    def __init__(self, *args: object, policies: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["policy"].choices = [("", _("any")), *policies]  # type: ignore[attr-defined]


def listed(request: ActorRequest | Asked) -> Listed[Decision]:
    """The decisions, filtered and in order."""
    actor = request.actor
    form = FilterForm(request.GET, policies=[(code, code) for code in queries.policy_codes(actor)])
    said = form.cleaned_data if form.is_valid() else {}
    found = queries.list_decisions(
        actor,
        policy=said.get("policy", ""),
        number=said.get("version"),
        clause=said.get("clause", ""),
        words=said.get("q", ""),
    )
    order = sorting(request, COLUMNS, default="-number")
    return Listed(found.order_by(*order.order_by), form, order)


@dataclass(frozen=True)
class DecisionRow:
    """One decision in words."""

    decision: Decision
    title: str
    main: str
    amount: Money | None


def row(decision: Decision) -> DecisionRow:
    """One line of the list."""
    known = queries.policy_of(decision.version)
    amount = None if decision.amount is None else Money(decision.amount)
    return DecisionRow(
        decision,
        queries.title_of(decision.version),
        telling.main_words(known, decision.decision, decision.main),
        amount,
    )
