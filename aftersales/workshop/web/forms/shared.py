"""Fields and choices that several forms use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import Text
from aftersales.ui.forms import MoneyInput

Choices = list[tuple[str, str | Text]]


def choices_of(labels: Mapping[Any, Text]) -> Choices:
    """Pick-list entries from a mapping of codes to labels."""
    return [(str(code), label) for code, label in labels.items()]


class MoneyField(forms.CharField):
    """An amount of yuan as typed by a person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=MoneyInput, **kwargs)

    def clean(self, value: Any) -> Any:
        """The amount as `Money`."""
        typed = super().clean(value)
        if not typed:  # only where the field may stay empty
            return None
        try:
            return Money.parse(typed)
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused
