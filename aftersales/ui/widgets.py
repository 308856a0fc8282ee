"""The plain form controls, drawn in Python.

Django draws each option of a list and each attribute by a template of its own; a page with seven lists to choose from spends a
quarter of its time there. What is drawn is the same; controls that are not in `DRAWN` stay Django's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape

Widget = Mapping[str, Any]
FOLDER = "django/forms/widgets"
INPUTS = (
    "checkbox", "date", "datetime", "email", "file", "hidden", "number", "password", "search", "tel", "text", "time",
)  # fmt: skip


def attributes(attrs: Mapping[str, Any]) -> str:
    """The attributes with a space before each; True is a name alone, False is left out."""
    shown = ((name, value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{conditional_escape(value)}"' for name, value in shown)


def an_input(widget: Widget) -> str:
    """One `<input>`."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{value}{attributes(widget["attrs"])}>'


def a_choice(widget: Widget) -> str:
    """One box or radio of a list, within its label where one is wanted."""
    if not widget.get("wrap_label"):
        return an_input(widget)
    for_id = f' for="{conditional_escape(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f"<label{for_id}>{an_input(widget)} {conditional_escape(widget['label'])}</label>"


def a_select(widget: Widget) -> str:
    """A `<select>` with its options."""
    inside = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>{inside}</select>'


def _group(name: Any, options: list[Widget]) -> str:
    drawn = "".join(
        f'<option value="{conditional_escape(option["value"])}"{attributes(option["attrs"])}>'
        f"{conditional_escape(option['label'])}</option>"
        for option in options
    )
    return f'<optgroup label="{conditional_escape(name)}">{drawn}</optgroup>' if name else drawn


def a_textarea(widget: Widget) -> str:
    """A `<textarea>`; the browser drops the line break after the tag, not the first of the text."""
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


DRAWN: Mapping[str, Callable[[Widget], str]] = {
    **{f"{FOLDER}/{kind}.html": an_input for kind in INPUTS},
    **{f"{FOLDER}/{kind}_option.html": a_choice for kind in ("checkbox", "radio")},
    f"{FOLDER}/select.html": a_select,
    f"{FOLDER}/textarea.html": a_textarea,
}
