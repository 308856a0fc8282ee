"""How forms are drawn, and how a refusal is shown in them."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from pytest_django.asserts import assertHTMLEqual

from aftersales.core.errors import Conflict, Difference, Invalid, Refused
from aftersales.core.text import text as _
from aftersales.ui import widgets
from aftersales.ui.forms import MoneyInput, PhoneInput, PhotosField, ScanInput, add_refusal


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card <b>")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], required=False)
    bought_on = forms.DateField(label="Bought on", required=False)
    extras = forms.MultipleChoiceField(
        label="Extras",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("box", "Box"), ("cable", "Cable")],
    )
    is_express = forms.BooleanField(label="Express", required=False)
    amount = forms.CharField(label="Amount", required=False, widget=MoneyInput(attrs={"class": "wide"}))
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)


def tag(html: str, name: str) -> str:
    return next(
        found for found in re.findall(r"<(?:input|select|textarea)[^>]*>", str(html)) if f'name="{name}"' in found
    )


def test_every_widget_carries_the_class_of_its_kind():
    form = Sample()
    assert "form-control" in tag(form["name"], "name")
    assert "form-select" in tag(form["kind"], "kind")
    assert "form-check-input" in tag(form["extras"], "extras")
    assert "form-check-input" in tag(form["is_express"], "is_express")
    assert "class=" not in tag(form["version"], "version")
    assert {"wide", "form-control"} <= set(re.search(r'class="([^"]*)"', tag(form["amount"], "amount"))[1].split())


def test_a_date_is_asked_for_with_the_browsers_calendar_in_every_language(settings):
    for language in ("zh-hans", "zh-hant", "en"):
        from datetime import date

        from django.utils import translation

        with translation.override(language):
            drawn = tag(Sample(initial={"bought_on": date(2026, 3, 9)})["bought_on"], "bought_on")
        assert 'type="date"' in drawn
        assert 'value="2026-03-09"' in drawn


def test_help_and_errors_are_tied_to_the_input_and_escaped():
    form = Sample({"version": "1"})
    group = str(form["name"].as_field_group())
    assert 'aria-describedby="id_name_helptext id_name_error"' in group
    assert 'id="id_name_helptext"' in group
    assert 'id="id_name_error"' in group
    assert 'aria-invalid="true"' in group
    assert "is-invalid" in group
    assert "&lt;b&gt;" in group


def test_a_list_of_boxes_is_one_fieldset_with_a_legend_and_a_label_per_box():
    group = str(Sample()["extras"].as_field_group())
    assert group.count("<fieldset") == 1
    assert "<legend" in group
    assert group.count('<label class="tile"') == 2


def test_a_whole_form_draws_its_fields_and_its_hidden_ones():
    drawn = str(Sample())
    assert drawn.count('class="field') >= 6
    assert 'name="version"' in drawn


def test_a_refusal_stands_at_the_field_it_names():
    form = Sample({"name": "Zhang", "version": "1"})
    add_refusal(form, Invalid(_("No such name."), field="name"))
    assert form.errors["name"] == ["No such name."]
    assert not form.is_valid()


@pytest.mark.parametrize("field", ["", "elsewhere"])
def test_a_refusal_about_no_field_stands_above_them_all(field):
    form = Sample({"name": "Zhang", "version": "1"})
    add_refusal(form, Refused(_("Not today."), field=field))
    assert form.non_field_errors() == ["Not today."]
    assert "Not today." in str(form)


def test_after_a_collision_the_form_is_opened_at_the_version_that_stands():
    form = Sample({"name": "Zhang", "version": "1"})
    add_refusal(form, Conflict(changed_by="Li Na", differences=(Difference(_("Name"), "Zhao", "Zhang"),), stands=4))
    assert 'value="4"' in tag(form["version"], "version")
    assert form["name"].value() == "Zhang"


def test_photos_come_as_a_list():
    class Photos(forms.Form):
        photos = PhotosField(required=False)

    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(3)]
    form = Photos({}, MultiValueDict({"photos": files}))
    assert form.is_valid()
    assert form.cleaned_data["photos"] == files
    empty = Photos({}, MultiValueDict())
    assert empty.is_valid()
    assert empty.cleaned_data["photos"] == []
    assert "multiple" in str(form["photos"])


def test_inputs_say_what_they_take():
    assert "data-scan" in ScanInput().render("serial", "")
    assert 'type="tel"' in PhoneInput().render("phone", "")
    assert 'inputmode="decimal"' in MoneyInput().render("amount", "")


class Controls(forms.Form):
    """Every control that `widgets` draws, with what has to be escaped."""

    text = forms.CharField(initial='a "b" <c> & 1', widget=forms.TextInput(attrs={"data-x": "<&>", "hidden": False}))
    amount = forms.IntegerField(initial=12345)
    empty = forms.CharField(required=False)
    mail = forms.EmailField(initial="a@example.invalid")
    secret = forms.CharField(widget=forms.PasswordInput)
    bought_on = forms.DateField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    note = forms.CharField(widget=forms.Textarea, initial="\n<first> & second")
    file = forms.FileField(widget=forms.FileInput)
    kind = forms.ChoiceField(
        choices=[("", "All"), ("Group <1>", [("a", "A <b>"), ("b", "B & c")]), (3, _("Three"))], initial=3
    )
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["a", "b"])
    ways = forms.ChoiceField(choices=[("x", "X <y>"), ("z", "Z")], widget=forms.RadioSelect, initial="z")
    extras = forms.MultipleChoiceField(
        choices=[("x", "X"), ("z", "Z")], widget=forms.CheckboxSelectMultiple, initial=["x"]
    )
    is_express = forms.BooleanField(initial=True)


def parts_of(bound) -> list[str]:
    many = isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    return [each for option in bound.subwidgets for each in (str(option), option.tag())] if many else [str(bound)]


@pytest.mark.parametrize("name", list(Controls.base_fields))
def test_what_is_drawn_without_templates_is_what_django_would_have_drawn(name, monkeypatch):
    ours = parts_of(Controls()[name])
    monkeypatch.setattr(widgets, "DRAWN", {})
    theirs = parts_of(Controls()[name])
    for our, their in zip(ours, theirs, strict=True):
        assertHTMLEqual(our, their)
        assert our.count("\n") == 0 or name == "note"


def test_the_first_line_of_a_text_survives_in_its_box():
    assert ">\n\n&lt;first&gt;" in str(Controls()["note"])
