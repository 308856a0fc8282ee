"""A checklist of which each line is answered by one tap; a line left alone stays unanswered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ChecklistInput(forms.Widget):
    """Rows of answers; the inputs are named after the field and the line, as in `condition.screen`."""

    template_name = "ui/checklist.html"
    use_fieldset = True
    points: tuple[Any, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:  # noqa: ARG002 - Django names them
        """Code of each answered line → code of its answer."""
        sent = {point.code: data.get(f"{name}.{point.code}", "") for point in self.points}
        return {code: answer for code, answer in sent.items() if answer}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002 - as above
        """Never: lines left alone send nothing."""
        return False

    def format_value(self, value: Any) -> dict[str, str]:
        """The answers so far."""
        return dict(value or {})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The lines, each with the answer it has."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        given = self.format_value(value)
        context["widget"]["rows"] = [
            {"point": point, "name": f"{name}.{point.code}", "given": given.get(point.code, "")}
            for point in self.points
        ]
        context["widget"]["has_usual"] = any(
            getattr(answer, "is_usual", False) for point in self.points for answer in point.answers
        )
        return context

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002 - Django names it
        """The legend names the list."""
        return ""


class ChecklistField(forms.Field):
    """Answers to points: each point has `code`, `label`, `answers` (of `code`, `label`, `tone`) and may have `is_required`."""

    widget = ChecklistInput

    def __init__(self, *, points: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        self.ask(points)

    def ask(self, points: Iterable[Any]) -> None:
        """Put these points on the list."""
        self.points = self.widget.points = tuple(points)

    def clean(self, value: Any) -> dict[str, str]:
        """The answers; refuses one that its line does not offer."""
        given: dict[str, str] = dict(value or {})
        for point in self.points:
            if given.get(point.code, "") not in {"", *(answer.code for answer in point.answers)}:
                raise forms.ValidationError(_("Choose one of the answers to “%(what)s”."), params={"what": point.label})
        return given

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether any answer differs."""
        return dict(initial or {}) != dict(data or {})
