"""What is typed into the editor's pages. Forms check shape; the engine and the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.policies.queries import Column, RowView

LONG = {"problem", "reading", "question", "remark", "values", "formula"}
"""Columns in which whole sentences stand."""
MOST = 4000


class FilterForm(forms.Form):
    """What narrows the rows of a table."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    clause = forms.ChoiceField(label=_("Clause"), required=False)
    found = forms.BooleanField(label=_("Only rows with a finding"), required=False)
    all = forms.BooleanField(label=_("Empty columns as well"), required=False)

    def __init__(self, data: Any, *, clauses: list[tuple[str, str]], has_findings: bool) -> None:
        super().__init__(data)
        if clauses:
            self.fields["clause"].choices = [("", _("All")), *clauses]  # type: ignore[attr-defined]
        else:
            del self.fields["clause"]
        if not has_findings:
            del self.fields["found"]


class RowForm(forms.Form):
    """One row of a table: a field for each column."""

    row = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    mark = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    after = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, columns: tuple[Column, ...], data: Any = None, *, row: RowView | None, after: str = "") -> None:
        initial: dict[str, Any] = {"after": after}
        if row is not None:
            initial |= {"row": row.id if row.mark else "", "mark": row.mark}
            initial |= {cell.column.key: cell.raw for cell in row.cells}
        super().__init__(data, initial=initial)
        for column in columns:
            self.fields[column.key] = _field(column, initial.get(column.key, ""))
        self.columns = columns

    def cells(self) -> dict[str, str]:
        """What was typed, by the column's key."""
        return {column.key: self.cleaned_data.get(column.key, "") for column in self.columns}


def _field(column: Column, now: str) -> forms.Field:
    if column.is_closed:
        known = {pick.value for pick in column.picks}
        offered = [(pick.value, _named(pick.value, pick.label)) for pick in column.picks]
        if now not in known and now != "":
            offered.append((now, now))
        widget: forms.Widget = forms.Select(choices=offered)
        return forms.CharField(label=column.label, required=False, max_length=MOST, widget=widget)
    attrs: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    if column.name in LONG and column.role not in {"condition", "outcome", "id"}:
        widget = forms.Textarea(attrs={"rows": 2})
    else:
        widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=column.label, required=False, max_length=MOST, widget=widget)


def _named(value: str, label: str) -> str:
    return value if label in {"", value} else f"{label} · {value}"


class ClauseForm(forms.Form):
    """A clause's title and words."""

    title = forms.CharField(label=_("Title"), max_length=200)
    said = forms.CharField(
        label=_("Words"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In your own words; the tables beside it cite the clause by its number."),
    )  # fmt: skip
    was = forms.CharField(widget=forms.HiddenInput, max_length=20)


class TextForm(forms.Form):
    """The whole policy as a text."""

    text = forms.CharField(
        label=_("Text and tables"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "class": "policy-source", "wrap": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AboutForm(forms.Form):
    """Since when the draft is to hold, and what it changes."""

    effective_from = forms.DateField(label=_("In force from"))
    note = forms.CharField(
        label=_("What changes and why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
