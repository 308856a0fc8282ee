"""Tags and filters of every template: money, moments, masked phones, icons, the one-time key."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import segno
from django import template
from django.forms.utils import flatatt
from django.template import TemplateSyntaxError
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aftersales.core import access, clock, masking, strokes
from aftersales.core.money import Money
from aftersales.core.text import Text, text as _, text_n
from aftersales.ui import charts, icons, tones

if TYPE_CHECKING:
    from aftersales.core.errors import Refused

register = template.Library()

NOTHING = "—"
PASSED_ON = re.compile(r"^(hx-|data-|aria-)")
PASSED_ON_NAMES = frozenset({"id", "name", "value", "type", "title", "href", "role"})
MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 7 * 86400
MOBILE = re.compile(r"^(\+?86)?1\d{10}$")


@register.simple_tag
def once() -> SafeString:
    """The hidden one-time key that makes a double click one act."""
    return format_html('<input type="hidden" name="_once" value="{}">', secrets.token_urlsafe(18))


@register.simple_tag
def icon(name: object, label: object = "") -> SafeString:
    """An icon from the sprite; without `label` it is decoration and hidden from screen readers."""
    sprite = static(icons.SPRITE)
    if not label:
        return _decoration(str(name), sprite)
    address = f"{sprite}#{icons.checked_icon(name)}"
    return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)


@lru_cache(maxsize=1024)
def _decoration(name: str, sprite: str) -> SafeString:
    address = f"{sprite}#{icons.checked_icon(name)}"
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.filter
def tone(value: object) -> str:
    """The tone's name, checked against the palette."""
    return tones.checked_tone(value)


@register.filter
def button_tone(value: object) -> str:
    """The button tone's name, checked against the palette."""
    return tones.checked_button_tone(value)


@register.filter
def tone_icon(value: object) -> str:
    """The icon that says the same as the tone."""
    return tones.ICONS[tones.checked_tone(value)]


@register.simple_tag
def passed_on(attrs: Mapping[str, Any]) -> str:
    """The attributes a component hands through, escaped; a misspelt one is an error instead of silent HTML."""
    given = cast("Any", attrs).attrs_dict()
    if not given:
        return ""
    chosen: dict[str, Any] = {}
    for name, value in given.items():
        if not (PASSED_ON.match(name) or name in PASSED_ON_NAMES):
            raise TemplateSyntaxError(f"A component was given {name!r}, which it neither knows nor may hand through.")
        chosen[name] = value
    return flatatt(chosen)


@register.filter
def stroke_path(stroke: Iterable[Iterable[int]]) -> str:
    """A stroke that was signed on a screen as the `d` of an SVG path."""
    return strokes.path_of([list(point) for point in stroke])


@register.filter
def money(value: Money | int | str | None) -> str:
    """The amount as `¥1,234.50`; whole numbers are fen, nothing is a dash."""
    if value is None or value == "":
        return NOTHING
    return str(value if isinstance(value, Money) else Money(int(value)))


@register.filter
def local_time(value: datetime | None, form: str = "") -> str:
    """The instant in the viewer's time zone; `short` leaves the year out, `clock` leaves only hours and minutes."""
    if not value:
        return NOTHING
    name = {"": "DATETIME_FORMAT", "short": "SHORT_DATETIME_FORMAT", "clock": "TIME_FORMAT"}[form]
    return formats.date_format(_in_zone(value), formats.get_format(name))


@register.filter
def local_date(value: date | None, form: str = "") -> str:
    """The day, in the viewer's time zone; `short` leaves the year out, `weekday` and `long` add the day of the week."""
    if not value:
        return NOTHING
    names = {
        "": "DATE_FORMAT",
        "short": "SHORT_DATE_FORMAT",
        "weekday": "WEEKDAY_DATE_FORMAT",
        "long": "LONG_DATE_FORMAT",
    }
    day = _in_zone(value) if isinstance(value, datetime) else value
    return formats.date_format(day, formats.get_format(names[form]))


@register.filter
def iso(value: date | None) -> str:
    """The instant or day for a machine, as in `<time datetime>`."""
    return value.isoformat() if value else ""


@register.filter
def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago (or how soon) the instant is, in one unit; the date when it is more than a week."""
    if not value:
        return NOTHING
    seconds = ((now or clock.now()) - value).total_seconds()
    if abs(seconds) >= WEEK:
        return local_date(value)
    return str(_past(int(seconds)) if seconds >= 0 else _future(int(-seconds)))


def _past(seconds: int) -> Text:
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        return text_n("{count} minute ago", "{count} minutes ago", seconds // MINUTE)
    if seconds < DAY:
        return text_n("{count} hour ago", "{count} hours ago", seconds // HOUR)
    return text_n("{count} day ago", "{count} days ago", seconds // DAY)


def _future(seconds: int) -> Text:
    if seconds < HOUR:
        return text_n("in {count} minute", "in {count} minutes", max(1, seconds // MINUTE))
    if seconds < DAY:
        return text_n("in {count} hour", "in {count} hours", seconds // HOUR)
    return text_n("in {count} day", "in {count} days", seconds // DAY)


@register.filter
def phone(value: object) -> str:
    """The number with its middle hidden: `138****5678`, `025-****1234`."""
    return masking.mask_phone(str(value or "")) or NOTHING


@register.filter
def phone_full(value: object) -> str:
    """The whole number, in groups the eye can follow: `138 0013 8000`. Only where the actor may see contacts."""
    number = str(value or "").strip()
    if MOBILE.match(number):
        local = number[-11:]
        return f"{local[:3]} {local[3:7]} {local[7:]}"
    return number or NOTHING


@register.filter
def initial(name: object) -> str:
    """The letter for a round name badge: the family name's character, or the first letter."""
    return str(name or "?").strip()[:1].upper()


@register.filter
def phone_nav(groups: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """The up to four menu lines that stand at the bottom of a phone."""
    lines = [line for group in groups or [] for line in group["items"]]
    return ([line for line in lines if line.get("on_phone")] or lines)[:4]


@register.simple_tag
def qr(content: object, label: object = "", size: int = 96) -> SafeString:
    """A QR code as an image that needs no second request; `label` says what it opens."""
    image = segno.make(str(content), error="m", micro=False).svg_data_uri(border=2, scale=4, dark="#000", light="#fff")
    return format_html('<img class="qr" src="{}" alt="{}" width="{}" height="{}">', image, label or content, size, size)


@register.filter
def clock_tone(running: Any) -> str:
    """The tone of a running clock at this moment."""
    return tones.checked_tone(running.tone(clock.now()))


@register.filter
def chart_spec(data: charts.Chart, kind: str) -> dict[str, Any]:
    """What the browser needs to draw the chart as `kind`."""
    return charts.as_spec(data, kind)


@register.filter
def chart_table(data: charts.Chart, kind: str) -> charts.Table:
    """The same figures as rows and columns."""
    return charts.as_table(data, kind)


@register.filter
def duty_labels(codes: Iterable[str]) -> list[Text]:
    """The names of these duties, as the house calls them; a duty that no longer exists is left out."""
    return [duty.label for duty in map(access.find_duty, codes) if duty is not None]


@register.filter
def message_tone(level: str) -> str:
    """The tone of one of Django's message levels."""
    return {"error": "danger", "debug": "neutral"}.get(level, level or "info")


@register.filter
def or_dash(value: object) -> object:
    """The value, or a dash when there is nothing but blanks."""
    return value if str(value if value is not None else "").strip() else NOTHING


@register.filter
def differences(refused: Refused | None) -> tuple[Any, ...]:
    """What two people changed at once, when the refusal is about that."""
    return tuple(getattr(refused, "differences", ()))


def _in_zone(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
