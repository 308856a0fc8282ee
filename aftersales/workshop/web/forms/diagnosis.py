"""What the technician found: picked from the trade's lists with one tap each, and in his own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PickOne(forms.RadioSelect):
    """Tiles of which one is picked; each says to which picks of the list before it usually belongs (`diagnosis.js`)."""

    def __init__(self, narrowed_by: str) -> None:
        super().__init__(attrs={"data-narrowed-by": narrowed_by, "data-more": _("Show all")})
        self.belongs_to: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option with the codes it belongs to."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-of"] = self.belongs_to.get(str(value), "")
        return option


class DiagnoseForm(forms.Form):
    """What the technician found."""

    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"data-narrows": "cause"})
    )
    cause = forms.ChoiceField(label=_("Cause"), required=False, widget=PickOne("symptoms"))
    remedy = forms.ChoiceField(label=_("Remedy"), required=False, widget=PickOne("cause"))
    diagnosis = forms.CharField(
        label=_("What was found, and what will remedy it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("May stay empty where the picks say it all."),
    )

    def __init__(
        self,
        *args: Any,
        symptoms: Iterable[Any] = (),
        causes: Sequence[Any] = (),
        remedies: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["symptoms"], symptoms)
        offer(self.fields["cause"], causes)
        offer(self.fields["remedy"], remedies)


def offer(field: forms.Field, items: Iterable[Any]) -> None:
    """Let these items of a trade's list be picked in the field."""
    if not isinstance(field, forms.ChoiceField):
        return
    listed = list(items)
    field.choices = [(item.code, item.label) for item in listed]
    if isinstance(field.widget, PickOne):
        field.widget.belongs_to = {item.code: " ".join(item.of) for item in listed}
