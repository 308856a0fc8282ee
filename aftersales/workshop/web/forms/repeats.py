"""Whether an earlier fault came back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class JudgeRepeatForm(forms.Form):
    """The earlier order whose fault came back, or “other”, and why; the page draws the choice beside each earlier repair."""

    repeat_of = forms.CharField(max_length=24, required=False)
    repeat_note = forms.CharField(label=_("Why"), max_length=300, required=False)
