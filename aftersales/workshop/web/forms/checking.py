"""What the check before handover looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    """What the check looked at."""

    note = forms.CharField(label=_("Note"), max_length=1000, required=False)

    def __init__(self, *args: Any, points: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            self.fields[f"point_{point.code}"] = forms.ChoiceField(
                label=point.label,
                required=False,
                choices=[("", "—"), *((answer.code, answer.label) for answer in point.answers)],
            )

    def clean(self) -> dict[str, Any]:
        """The note, and the answer to each point that was looked at."""
        typed = super().clean() or {}
        answers = {point.code: typed.get(f"point_{point.code}") for point in self.points}
        return {"note": typed.get("note", ""), "answers": {code: each for code, each in answers.items() if each}}
