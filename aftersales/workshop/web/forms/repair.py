"""Acts of the repair itself: who does it, what was done, why it stops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.workshop.web.forms.shared import Choices


class ActForm(forms.Form):
    """An act that needs no words: its button is the form."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class AssignForm(forms.Form):
    """Which technician."""

    technician_id = forms.TypedChoiceField(label=_("Technician"), coerce=int)

    def __init__(self, *args: Any, technicians: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        field = self.fields["technician_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(technicians)


class CompleteForm(forms.Form):
    """What was done."""

    work_done = forms.CharField(
        label=_("What was done, in words for the customer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cause = forms.ChoiceField(label=_("Cause"), required=False)
    remedy = forms.ChoiceField(label=_("Remedy"), required=False)

    def __init__(self, *args: Any, causes: Iterable[Any] = (), remedies: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, items in (("cause", causes), ("remedy", remedies)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "—"), *((item.code, item.label) for item in items)]
