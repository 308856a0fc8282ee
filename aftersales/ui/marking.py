"""Marks on an outline drawing: where something is, of what kind, and a note.

A drawing has `width`, `height`, `label`, `areas` (of `code`, `label`, `path`, `x`, `y`), `lines` and `views` (of `label`, `x`, `y`).
With script one taps on the drawing; without, one chooses area and kind from lists, and the mark stands at the area's own place. The value
is a list of `{area, x, y, kind, note}` whose meaning the calling room checks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Kinds = Mapping[str, Any]
ROWS_WITHOUT_SCRIPT = 4
LONGEST = 20_000


class MarksInput(forms.Widget):
    """The drawing to tap on, the list of marks in words, and lists to choose from."""

    template_name = "ui/marks.html"
    use_fieldset = True
    drawing: Any = None
    kinds: Kinds = {}
    longest_note = 80

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django names them
        """The marks sent as JSON less those that were to be removed, then those that were chosen from the lists."""
        sent = data.get(name, "") or "[]"
        marks = _read(sent)
        if marks is None:
            return sent
        dropped = set(_all(data, f"{name}.drop"))
        kept = [mark for place, mark in enumerate(marks) if str(place) not in dropped]
        rows = zip_longest(*(_all(data, f"{name}.{part}") for part in ("area", "kind", "note")), fillvalue="")
        return kept + [self._chosen(*row) for row in rows if row[0] or row[1]]

    def _chosen(self, area: str, kind: str, note: str) -> dict[str, Any]:
        found = next((each for each in self.drawing.areas if each.code == area), None)
        return {"area": area, "x": found.x if found else 0, "y": found.y if found else 0, "kind": kind, "note": note}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - as above
        """Whether no mark was sent in either way."""
        return not any(key == name or key.startswith(f"{name}.") for key in data)

    def format_value(self, value: Any) -> str:
        """What the hidden input holds."""
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False, separators=(",", ":"))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The drawing, the kinds, and the marks in words as far as they can be read."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        marks = _read(value) if isinstance(value, str) else value
        context["widget"] |= {
            "drawing": self.drawing,
            "kinds": self.kinds.items(),
            "marks": [self._worded(number, mark) for number, mark in enumerate(marks or [], start=1)],
            "rows": range(ROWS_WITHOUT_SCRIPT),
            "longest_note": self.longest_note,
        }
        return context

    def _worded(self, number: int, mark: Any) -> dict[str, Any]:
        mark = mark if isinstance(mark, Mapping) else {}
        areas = {area.code: area.label for area in self.drawing.areas}
        area, kind = str(mark.get("area", "")), str(mark.get("kind", ""))
        return {
            "number": number,
            "place": number - 1,
            "x": mark.get("x", 0),
            "y": mark.get("y", 0),
            "area": areas.get(area, area),
            "kind": self.kinds.get(kind, kind),
            "note": mark.get("note", ""),
        }

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002 - Django names it
        """The legend names the drawing."""
        return ""


class MarksField(forms.Field):
    """Marks on a drawing; `draw` says on which, and what kinds there are."""

    widget = MarksInput

    def draw(self, drawing: Any, kinds: Kinds, *, longest_note: int = 80) -> None:
        """Put this drawing under the marks."""
        self.widget.drawing, self.widget.kinds, self.widget.longest_note = drawing, kinds, longest_note

    def clean(self, value: Any) -> list[Any]:
        """The marks as they were sent; refuses what is no list."""
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise forms.ValidationError(_("The marks did not arrive whole. Mark the damage once more."))
        return value


def _all(data: Any, name: str) -> list[str]:
    return list(data.getlist(name)) if hasattr(data, "getlist") else [data[name]] if name in data else []


def _read(sent: str) -> list[Any] | None:
    if len(sent) > LONGEST:
        return None
    try:
        marks = json.loads(sent)
    except (ValueError, RecursionError):
        return None
    return marks if isinstance(marks, list) else None
