"""What is typed about reports: only its shape is checked here, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language_info, gettext_lazy as _

from aftersales.reports.rules import schedule
from aftersales.reports.services import LANGUAGES


class DayForm(forms.Form):
    """Which station's report of which day, and whether as it stands now or as it was sent."""

    station = forms.ChoiceField(label=_("Station"), required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput)
    version = forms.ChoiceField(required=False, choices=[("", ""), ("sent", "")], widget=forms.HiddenInput)

    def __init__(self, stations: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station = self.fields["station"]
        if isinstance(station, forms.ChoiceField):
            station.choices = [("", ""), *stations]
        if len(stations) < 2:
            station.widget = forms.HiddenInput()


class PlanForm(forms.Form):
    """When a station's daily report goes out, and to whom."""

    is_on = forms.BooleanField(label=_("Send the daily report"), required=False)
    send_at = forms.TimeField(label=_("Hour"), help_text=_("On the clock of the station."), widget=forms.TimeInput)
    days = forms.ChoiceField(
        label=_("On which days"), choices=[(each.value, text) for each, text in schedule.DAYS_LABELS.items()]
    )
    covers = forms.ChoiceField(
        label=_("Covers"), choices=[(each.value, text) for each, text in schedule.COVERS_LABELS.items()]
    )
    addresses = forms.CharField(
        label=_("Receivers"),
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("E-mail addresses, one a line. Each gets a letter of its own."),
        max_length=6000,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[(code, get_language_info(code)["name_local"]) for code in LANGUAGES]
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TestForm(forms.Form):
    """Where a test letter goes."""

    address = forms.CharField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
