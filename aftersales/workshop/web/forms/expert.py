"""What is asked of an expert, and what he answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.workshop.rules.expert import ADDRESSEE_LABELS, Addressee

PERSON, MAKER = "person", "maker"


class AskForm(forms.Form):
    """A question and whom it is put to."""

    to = forms.ChoiceField(label=_("Whom you ask"))
    contact = forms.CharField(label=_("Person at the manufacturer, if you know one"), max_length=40, required=False)
    question = forms.CharField(
        label=_("What you want to know"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you see, what you tried, what you measured. The photos of the order are shown with it."),
    )
    waits = forms.BooleanField(label=_("The order waits for the answer"), required=False)

    def __init__(self, *args: Any, experts: Iterable[Any] = (), makers: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(f"{PERSON}:{person.pk}", person.name) for person in experts]
        known = [(f"{MAKER}:{maker.pk}", " · ".join(filter(None, (maker.name, maker.hotline)))) for maker in makers]
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (str(ADDRESSEE_LABELS[kind]), group)
                for kind, group in ((Addressee.EXPERT, people), (Addressee.MANUFACTURER, known))
                if group
            ]

    def clean(self) -> dict[str, Any]:
        """What the service is told: whom by number, and the rest as it was typed."""
        typed = super().clean() or {}
        kind, _colon, number = str(typed.pop("to", "")).partition(":")
        to: dict[str, int | None] = {"expert_id": None, "manufacturer_id": None}
        if number.isdigit():
            to["expert_id" if kind == PERSON else "manufacturer_id"] = int(number)
        return {**typed, **to}


class AnswerQuestionForm(forms.Form):
    """The expert's own answer."""

    answer = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class RecordAnswerForm(forms.Form):
    """What the manufacturer said, typed in."""

    answered_by = forms.CharField(
        label=_("Who answered, and how"), max_length=80, help_text=_("For example: Engineer Wu, by phone.")
    )
    answer = forms.CharField(label=_("The answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
