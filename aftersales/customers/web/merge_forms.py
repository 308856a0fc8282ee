"""What is chosen when two records become one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.customers import queries


class MergeForm(forms.Form):
    """Whose value is kept, field by field; only fields in which the two differ are asked."""

    def __init__(self, *args: Any, comparison: queries.Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with"] = forms.IntegerField(widget=forms.HiddenInput, initial=comparison.gone.pk)
        for each in comparison.open_fields:
            both = [("both", _("Both, one below the other"))] if each.may_keep_both else []
            self.fields[each.name] = forms.ChoiceField(
                label=str(each.label),
                choices=[("kept", each.kept), ("gone", each.gone), *both],
                widget=forms.RadioSelect,
                initial=str(each.side),
            )

    def choices(self) -> dict[str, str]:
        """Field → the side that was chosen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "with"}


class PickForm(forms.Form):
    """The other record."""

    other = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    q = forms.CharField(required=False, max_length=100)

    def __init__(self, data: Any) -> None:
        super().__init__({"other": data.get("with", ""), "q": data.get("q", "")})
        self.is_valid()

    @property
    def other_id(self) -> int | None:
        """The id of the other record; None while none is chosen."""
        return self.cleaned_data.get("other")

    @property
    def typed(self) -> str:
        """What is searched for."""
        return str(self.cleaned_data.get("q", "")).strip()
