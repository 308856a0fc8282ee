"""How forms look: every field with its label, help and errors tied to it, and a refusal shown where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import DjangoTemplates
from django.template import loader

from aftersales.core.errors import Refused
from aftersales.ui import widgets
from aftersales.ui.tones import checked_tone

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.Select, "form-select"),
)
"""Which class Tabler wants on which widget; all others are `form-control`. The first that fits counts."""


class BoundField(DjangoBoundField):
    """A field of a form on a page: its widget carries the classes and browser types that our look needs."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        widget = field.widget
        # Browsers bring their own calendar; the first input format of every language is the one they understand.
        if type(widget) is forms.DateInput and widget.input_type == "text":
            widget.input_type = "date"
        elif type(widget) is forms.DateTimeInput and widget.input_type == "text":
            widget.input_type = "datetime-local"
        elif type(widget) is forms.TimeInput and widget.input_type == "text":
            widget.input_type = "time"

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The widget's attributes with our classes added."""
        drawn = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(attrs, drawn)
        if drawn.is_hidden:
            return built
        classes = [
            drawn.attrs.get("class", ""),
            built.get("class", ""),
            class_of(drawn),
            "is-invalid" * bool(self.errors),
        ]
        built["class"] = " ".join(dict.fromkeys(" ".join(classes).split()))
        return built

    @property
    def is_group(self) -> bool:
        """Whether the widget is a list of boxes or radios, drawn as tiles under one legend."""
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_check(self) -> bool:
        """Whether the widget is a single box, whose label stands beside it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_file(self) -> bool:
        """Whether the widget takes files."""
        return isinstance(self.field.widget, forms.FileInput)


class Renderer(DjangoTemplates):
    """Draws forms and fields with our templates, and the plain widgets without any."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = BoundField

    def get_template(self, template_name: str) -> Any:
        """Our own templates from the pages' engine, which knows the components; all else from Django's."""
        if template_name.startswith("ui/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """What the template gives, or the same drawn by `widgets`."""
        draw = widgets.DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def class_of(widget: forms.Widget) -> str:
    """The class that Tabler wants on this widget."""
    return next((name for kind, name in CLASSES if isinstance(widget, kind)), "form-control")


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Show the refusal in the form: at the field at fault, or above all fields.

    When two people collided, both versions are shown and the form is opened anew at the version that stands now, so that
    sending it again is a decision made with both in view.
    """
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    cast("Any", form).refused = refused
    stands = getattr(refused, "stands", None)
    if stands is not None and "version" in form.fields:
        data = cast("Any", form.data).copy()
        data[form.add_prefix("version")] = str(stands)
        form.data = data


class ScanInput(forms.TextInput):
    """A box that is filled by a scanner or by hand; a scanner's Enter moves on to the next box."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"data-scan": True, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
            | (attrs or {})
        )


class PhoneInput(forms.TextInput):
    """A telephone number; a phone shows its digits."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "tel", "autocomplete": "off", "maxlength": 24} | (attrs or {}))


class MoneyInput(forms.TextInput):
    """An amount of yuan, right-aligned."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "is-amount"} | (attrs or {}))


class VerdictSelect(forms.RadioSelect):
    """A few answers side by side, each with its tone; one of the tone danger uncovers the note beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, tones: Mapping[str, str]) -> None:
        super().__init__(attrs)
        self.tones = tones

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One answer that says its tone."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-tone"] = checked_tone(self.tones.get(str(value), ""))
        return option


class PhotosInput(forms.FileInput):
    """Several photos at once, from the camera or the album, shown before they are sent.

    The kinds are named because telephones then turn their own format into one of them.
    """

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"accept": "image/jpeg,image/png,image/webp", "multiple": True, "data-preview": True} | (attrs or {})
        )


class PhotosField(forms.FileField):
    """A list of uploaded photos; whether they are photos is decided where they are stored."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every uploaded file, checked one by one; none gives an empty list."""
        if isinstance(data, list | tuple):
            return [super(PhotosField, self).clean(file, initial) for file in data]
        one = super().clean(data, initial)
        return [one] if one else []
