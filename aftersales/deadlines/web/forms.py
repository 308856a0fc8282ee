"""Forms check the shape of what was typed; whether it can be is said by the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.deadlines.queries import CalendarView

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
UNITS = (
    ("working_days", _("working days")),
    ("natural_days", _("natural days")),
    ("working_hours", _("working hours")),
    ("hours", _("hours")),
)
KINDS = (("off", _("day off")), ("workday", _("make-up workday")), ("hours", _("own hours")))


class CalendarForm(forms.Form):
    """Name, zone, basis and weekly hours of a calendar."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Calendar name"), max_length=80, required=False)
    zone = forms.CharField(label=_("Time zone"), max_length=40, help_text=_("Its IANA name, such as Asia/Shanghai."))
    based_on = forms.ChoiceField(
        label=_("Holidays taken from"),
        required=False,
        help_text=_("Days off and make-up workdays of that calendar hold here too, unless this one has its own."),
    )
    has_public_holidays = forms.BooleanField(
        label=_("Observes public holidays"),
        required=False,
        help_text=_("Leave empty for a service that is open all year: then no year lacks an announcement."),
    )

    def __init__(self, *args: Any, others: Iterable[CalendarView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bases = [(other.code, f"{other.code} · {other.label}") for other in others if not other.is_derived]
        self.fields["based_on"].choices = [("", _("no other calendar")), *bases]  # type: ignore[attr-defined]
        for number, weekday in enumerate(WEEKDAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=weekday,
                required=False,
                max_length=120,
                widget=forms.TextInput({"autocomplete": "off"}),
            )

    @property
    def week(self) -> list[forms.BoundField]:
        """The seven fields of the week."""
        return [self[f"day_{number}"] for number in range(7)]

    def facts(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        data = self.cleaned_data
        names = ("name", "zone", "based_on", "has_public_holidays")
        return {name: data[name] for name in names} | {"weekly": [data[f"day_{number}"] for number in range(7)]}


class NewCalendarForm(CalendarForm):
    """A calendar that does not exist yet."""

    code = forms.CharField(
        label=_("Calendar code"),
        max_length=16,
        help_text=_("Short and lasting, such as NJ; stations name their calendar by it."),
    )


class SpecialDayForm(forms.Form):
    """A date that does not follow its weekday."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Date"))
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Occasion"), max_length=40, required=False)
    periods = forms.CharField(
        label=_("Own hours"),
        max_length=120,
        required=False,
        help_text=_("Only for a day with own hours, such as 09:00-12:00, 14:00-17:00."),
    )
    follows = forms.TypedChoiceField(
        label=_("Works like a"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("first working day of the week")), *enumerate(WEEKDAYS)],
        help_text=_("Only for a make-up workday: whose hours hold."),
    )


class RemoveDayForm(forms.Form):
    """Which special day goes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(widget=forms.HiddenInput)


class YearForm(forms.Form):
    """A year's announcement, pasted in."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    days = forms.CharField(
        label=_("Announced days"),
        widget=forms.Textarea({"rows": 14, "spellcheck": "false", "class": "mono"}),
        help_text=_("One day per line: date, off or workday (休 or 班), name. A line with # is a remark."),
    )
    source = forms.CharField(
        label=_("Source of the announcement"),
        max_length=500,
        required=False,
        help_text=_("Where it was announced, such as an address."),
    )


class WorkOutForm(forms.Form):
    """From when, how much, on which calendar."""

    calendar = forms.ChoiceField(label=_("Calendar"))
    started_at = forms.DateTimeField(
        label=_("Counting from"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"),
        help_text=_("On the wall clock of the calendar's time zone."),
    )
    amount = forms.IntegerField(label=_("How much"), min_value=1, widget=forms.NumberInput({"inputmode": "numeric"}))
    unit = forms.ChoiceField(label=_("Days or hours"), choices=UNITS)

    def __init__(self, *args: Any, calendars: Iterable[CalendarView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(calendar.code, f"{calendar.code} · {calendar.label}") for calendar in calendars]
        self.fields["calendar"].choices = choices  # type: ignore[attr-defined]
