"""What the check before handover looked at, point by point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.ui.forms import PhotosField, VerdictSelect
from aftersales.workshop.rules.checking import VERDICT_TONES


class CheckForm(forms.Form):
    """The verdict on each point of the trade's checklist, what was noted about it, and photos."""

    note = forms.CharField(
        label=_("What else was found"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, points: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            self.fields[f"point_{point.code}"] = forms.ChoiceField(
                label=point.label,
                required=False,  # to send back, one failed point suffices; the browser asks for all before passing
                choices=[(answer.code, answer.label) for answer in point.answers],
                widget=VerdictSelect({"required": True}, tones=VERDICT_TONES),
            )
            self.fields[f"note_{point.code}"] = forms.CharField(
                label=_("What is not in order"),
                max_length=300,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": _("What is not in order"), "autocomplete": "off"}),
            )

    def questions(self) -> Iterator[tuple[Any, Any]]:
        """Each point with its note, as the page draws them."""
        return ((self[f"point_{point.code}"], self[f"note_{point.code}"]) for point in self.points)

    def clean(self) -> dict[str, Any]:
        """The verdicts and notes by point, and what belongs to the whole."""
        typed = super().clean() or {}
        return {
            "answers": self._typed(typed, "point"),
            "notes": self._typed(typed, "note"),
            "note": typed.get("note", ""),
            "photos": typed.get("photos", []),
        }

    def _typed(self, typed: dict[str, Any], kind: str) -> dict[str, str]:
        found = {point.code: typed.get(f"{kind}_{point.code}") for point in self.points}
        return {code: value for code, value in found.items() if value}
