"""What the technician found."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DiagnoseForm(forms.Form):
    """What the technician found."""

    diagnosis = forms.CharField(
        label=_("What was found, and what will remedy it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
