"""What is typed about people and stations: only its shape is checked here, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import get_language_info, gettext_lazy as _

from aftersales.core import access
from aftersales.core.actor import Actor
from aftersales.staff import queries, rules, services
from aftersales.ui.forms import PhoneInput

LANGUAGE_NAMES = tuple((code, get_language_info(code)["name_local"]) for code in rules.LANGUAGES)
"""Each in its own words: who reads only one of them must find it."""
TRADE_NAMES = {
    "agri": _("Agricultural machinery"),
    "gift": _("Gift wholesale"),
    "electronics": _("Electronics"),
    "automotive": _("Automotive"),
}


def station_choices(actor: Actor, *, only_open: bool = True) -> list[tuple[str, str]]:
    """The stations the actor sees, for a list to choose from."""
    return [(row.code, f"{row.code} · {row.name}") for row in queries.list_stations(actor, only_open=only_open)]


def duty_choices() -> list[tuple[str, str]]:
    """Every duty of the house, for a list to choose from."""
    return [(duty.code, str(duty.label)) for duty in access.duties()]


class PeopleFilter(forms.Form):
    """Which people the list shows."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    station = forms.ChoiceField(label=_("Station"), required=False)
    duty = forms.ChoiceField(label=_("Duty"), required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Active")), ("inactive", _("Deactivated")), ("all", _("All"))],
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "station", [("", _("All stations")), *station_choices(actor, only_open=False)])
        _offer(self, "duty", [("", _("All duties")), *duty_choices()])


class PersonForm(forms.Form):
    """The facts of a person."""

    name = forms.CharField(label=_("Full name"), max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    login = forms.CharField(
        label=_("Login"),
        max_length=40,
        help_text=_("What the person types to sign in, such as zhang.san. Letters, digits, dots and hyphens."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False, widget=PhoneInput)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Invitations and new passwords are sent there. May stay empty.")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser asks")), *LANGUAGE_NAMES]
    )


class EditPersonForm(PersonForm):
    """The facts of a person, with the version that was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RegisterPersonForm(PersonForm):
    """A new person with a first duty."""

    station = forms.ChoiceField(label=_("Station"))
    duty = forms.ChoiceField(label=_("Duty"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "station", station_choices(actor))
        _offer(self, "duty", duty_choices())


class AssignDutyForm(forms.Form):
    """One more duty."""

    station = forms.ChoiceField(label=_("Station"))
    duty = forms.ChoiceField(label=_("Duty"))
    from_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput, help_text=_("Empty means from today on.")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "station", station_choices(actor))
        _offer(self, "duty", duty_choices())


class StationForm(forms.Form):
    """The facts of a station."""

    name = forms.CharField(label=_("Name"), max_length=80)
    trades = forms.MultipleChoiceField(
        label=_("Trades"), choices=list(TRADE_NAMES.items()), widget=forms.CheckboxSelectMultiple
    )
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False, widget=PhoneInput)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    calendar_code = forms.CharField(
        label=_("Calendar"),
        max_length=16,
        initial="CN",
        help_text=_("The calendar by which promised days are counted."),
    )
    time_zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Asia/Shanghai")
    is_headquarters = forms.BooleanField(
        label=_("Headquarters"),
        required=False,
        help_text=_("Whoever has a duty here sees the records of all stations."),
    )


class OpenStationForm(StationForm):
    """A new station."""

    code = forms.CharField(
        label=_("Code"),
        min_length=2,
        max_length=4,
        help_text=_("2 to 4 letters, such as NJ. It stands in every number given out here and never changes."),
    )
    field_order = ("code", "name")


class EditStationForm(StationForm):
    """The facts of a station, with the version that was opened."""

    is_open = forms.BooleanField(
        label=_("In operation"),
        required=False,
        help_text=_("A closed station keeps its records but gets no new duties."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class LetterheadForm(forms.Form):
    """How a station speaks on its papers, with the version that was opened."""

    legal_name = forms.CharField(
        label=_("Legal name"),
        max_length=120,
        required=False,
        help_text=_("As in the business licence; it stands below the station's name."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "JPEG, PNG or WebP on a white or transparent ground; it is printed at most 42 mm wide and 16 mm high."
        ),
    )
    removes_logo = forms.BooleanField(label=_("Print no logo from now on"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in rules.TERMS_NAMES:
            self.fields[name] = forms.CharField(
                label=lazystr(services.LETTERHEAD_LABELS[name]),
                max_length=rules.MOST_TERMS,
                required=False,
                widget=forms.Textarea({"rows": 5}),
            )

    def terms(self) -> dict[str, str]:
        """The terms that were typed."""
        return {name: self.cleaned_data[name] for name in rules.TERMS_NAMES}

    def terms_fields(self) -> list[forms.BoundField]:
        """The boxes of the terms, paper by paper."""
        return [self[name] for name in rules.TERMS_NAMES]


class JoinForm(forms.Form):
    """The password that an invited person chooses."""

    password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        help_text=_("At least 12 characters. A sentence of four or five words is easy to keep in mind."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("New password, once more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same, or a slip of the finger locks the person out."""
        typed = self.cleaned_data
        if typed.get("password") != typed.get("password_again") and not self.errors:
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        return typed


class ForgotForm(forms.Form):
    """Whose password is to be chosen anew."""

    login = forms.CharField(
        label=_("Login"), max_length=60, widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"})
    )


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


assert set(TRADE_NAMES) == set(rules.TRADES)
