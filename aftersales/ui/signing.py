"""A field to sign in with a finger, a pen or a mouse.

`SignatureField` gives the strokes as `core.strokes` describes them, checked; an empty list when nobody signed. A form that comes back
still shows what was written. People without script see a hint instead: let the form also have a box for a signature on paper.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms

from aftersales.core import strokes
from aftersales.core.errors import Invalid


class SignatureInput(forms.Widget):
    """The sheet to sign on, and what was written as JSON in a hidden input."""

    template_name = "ui/signature.html"
    use_fieldset = True

    def format_value(self, value: Any) -> str:
        """What the hidden input holds."""
        if isinstance(value, str):
            return value
        return json.dumps(value, separators=(",", ":")) if value else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The strokes to draw at once, when they are strokes."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["written"] = _as_far_as_readable(value)
        context["widget"]["width"], context["widget"]["height"] = strokes.WIDTH, strokes.HEIGHT
        context["widget"]["most_points"], context["widget"]["most_strokes"] = strokes.MOST_POINTS, strokes.MOST_STROKES
        return context

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002 - Django names it
        """Nothing to focus: the legend names the sheet."""
        return ""


class SignatureField(forms.Field):
    """What was signed on the screen, as checked strokes."""

    widget = SignatureInput

    def to_python(self, value: Any) -> strokes.Strokes:
        """The strokes, or a sentence."""
        try:
            if isinstance(value, str) or value is None:
                return strokes.read_strokes(value or "")
            return strokes.checked_strokes(value)
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused


def _as_far_as_readable(value: Any) -> strokes.Strokes:
    try:
        return strokes.read_strokes(value) if isinstance(value, str) else strokes.checked_strokes(value or [])
    except Invalid:
        return []
