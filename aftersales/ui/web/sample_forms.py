"""Forms for the gallery: every kind of field, one that was refused, and two people who changed one record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from aftersales.core.errors import Conflict, Difference, Invalid
from aftersales.core.text import text as _
from aftersales.ui.checklist import ChecklistField
from aftersales.ui.forms import MoneyInput, PhoneInput, PhotosField, ScanInput, VerdictSelect, add_refusal
from aftersales.ui.marking import MarksField
from aftersales.ui.signing import SignatureField
from aftersales.ui.web.samples import BOX, DAMAGE, POINTS


class FilterForm(forms.Form):
    """Filters of the sample list."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Every state")), ("open", gettext_lazy("Open")), ("late", gettext_lazy("Overdue"))],
    )
    since = forms.DateField(label=gettext_lazy("Received since"), required=False)


class SignInForm(forms.Form):
    """A sign-in that signs nobody in."""

    login = forms.CharField(label=gettext_lazy("Sign-in name"))
    password = forms.CharField(label=gettext_lazy("Password"), widget=forms.PasswordInput)


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=gettext_lazy("Customer"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), widget=PhoneInput, help_text=gettext_lazy("Mobile or fixed line, as dialled.")
    )
    serial = forms.CharField(label=gettext_lazy("Serial number"), widget=ScanInput, required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=[("", "—"), ("phone", gettext_lazy("Mobile phone")), ("laptop", gettext_lazy("Laptop"))],
    )
    bought_on = forms.DateField(label=gettext_lazy("Bought on"), required=False)
    amount = forms.CharField(label=gettext_lazy("Estimate"), widget=MoneyInput, required=False)
    fault = forms.CharField(label=gettext_lazy("What is wrong"), widget=forms.Textarea(attrs={"rows": 3}))
    accessories = forms.MultipleChoiceField(
        label=gettext_lazy("Brought along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("charger", gettext_lazy("Charger")),
            ("cable", gettext_lazy("Cable")),
            ("box", gettext_lazy("Box")),
            ("card", gettext_lazy("Warranty card")),
        ],
    )
    screen = forms.ChoiceField(
        label=gettext_lazy("Screen"),
        required=False,
        widget=VerdictSelect(tones={"good": "success", "broken": "danger"}),
        choices=[("good", gettext_lazy("Good")), ("broken", gettext_lazy("Broken"))],
    )
    screen_note = forms.CharField(
        label=gettext_lazy("What is broken"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("What is broken")}),
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("The customer agreed"),
        widget=forms.RadioSelect,
        required=False,
        choices=[("here", gettext_lazy("Here, in person")), ("phone", gettext_lazy("By telephone"))],
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)
    condition = ChecklistField(label=gettext_lazy("Condition"), points=POINTS)
    marks = MarksField(label=gettext_lazy("Damage"), required=False)
    signature = SignatureField(label=gettext_lazy("Signature"), required=False)
    is_express = forms.BooleanField(label=gettext_lazy("Express lane"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = self.fields["marks"]
        if isinstance(marks, MarksField):
            marks.draw(BOX, DAMAGE)


def refused_form() -> SampleForm:
    """The form after a service has refused it."""
    form = SampleForm({"name": "Zhang Wei", "phone": "1380013800", "category": "phone", "fault": "…"})
    add_refusal(form, Invalid(_("This is not a telephone number. Count its digits."), field="phone"))
    return form


def conflict() -> Conflict:
    """Two people have changed one record."""
    changed = (
        Difference(_("Phone"), "138 0013 8000", "138 0013 8001"),
        Difference(_("Address"), "Nanjing, Zhongshan Road 18", "Nanjing, Zhongshan Road 81"),
    )
    return Conflict(changed_by="Li Na", differences=changed)
