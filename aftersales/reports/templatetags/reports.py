"""Tags of the report's pages and letters: cells by what stands in them, and the look of a letter, whose styles must lie inline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aftersales.core.money import Money
from aftersales.core.text import Text
from aftersales.reports.queries.tables import Moment, OrderNo, Toned
from aftersales.ui.templatetags.ui import local_date, local_time
from aftersales.ui.tones import checked_tone

register = template.Library()

SHORT = 12
"""Characters that fit into one line of a narrow column."""

FONT = "font-family:'PingFang SC','PingFang TC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif"
INK, QUIET, LINE, GROUND, HEAD = "#1b2a26", "#5b6b66", "#d9e0dd", "#f3f6f4", "#eaf0ed"
LOOKS: Mapping[str, str] = {
    "page": f"margin:0;padding:0;background:{GROUND};color:{INK};{FONT};font-size:14px;line-height:1.5",
    "ground": f"background:{GROUND};width:100%",
    "sheet": f"background:#ffffff;width:100%;max-width:860px;border:1px solid {LINE};border-radius:8px",
    "inside": "padding:24px 28px",
    "h1": f"margin:0;font-size:20px;line-height:1.3;color:{INK}",
    "h2": f"margin:28px 0 8px;font-size:15px;color:{INK}",
    "quiet": f"margin:4px 0 0;color:{QUIET};font-size:13px",
    "alert": "margin:16px 0 0;padding:10px 14px;background:#fff4e0;border-left:4px solid #c77700;font-size:13px",
    "table": f"width:100%;border-collapse:collapse;border-top:1px solid {LINE}",
    "th": f"padding:6px 8px;text-align:left;font-size:12px;color:{QUIET};background:{HEAD};border-bottom:1px solid {LINE};white-space:nowrap",
    "th_number": f"padding:6px 8px;text-align:right;font-size:12px;color:{QUIET};background:{HEAD};border-bottom:1px solid {LINE};white-space:nowrap",
    "td": f"padding:6px 8px;text-align:left;vertical-align:top;border-bottom:1px solid {LINE};font-size:13px",
    "short": "white-space:nowrap",
    "td_number": f"padding:6px 8px;text-align:right;vertical-align:top;border-bottom:1px solid {LINE};font-size:13px;white-space:nowrap",
    "figures": "width:100%;border-collapse:separate;border-spacing:0 0;margin:8px -4px 0",
    "figure": f"padding:10px 12px;background:{GROUND};border:4px solid #ffffff;vertical-align:top;width:25%",
    "figure_label": f"display:block;font-size:12px;color:{QUIET}",
    "figure_count": f"font-size:22px;line-height:1.3;font-weight:bold;color:{INK};text-decoration:none",
    "link": "color:#0b6b52;text-decoration:none;white-space:nowrap",
    "button": "display:inline-block;padding:9px 18px;background:#0b6b52;color:#ffffff;text-decoration:none;border-radius:6px;font-size:14px",
    "tone_danger": "color:#b42318;font-weight:bold",
    "tone_warning": "color:#9a5b00;font-weight:bold",
    "tone_neutral": f"color:{INK}",
    "foot": f"margin:28px 0 0;padding-top:12px;border-top:1px solid {LINE};font-size:12px;color:{QUIET};word-break:break-all",
}


@register.simple_tag
def look(*names: str) -> SafeString:
    """The style of a part of a letter. Mail programs throw style sheets away, so it must lie in the tag itself."""
    return format_html(' style="{}"', ";".join(LOOKS[name] for name in names))


@register.filter
def cell(value: Any, site: str = "") -> Any:
    """What stands in a cell as the reader sees it; an order's number leads to the order, in a letter on the full address."""
    if isinstance(value, OrderNo):
        address = f"{site}{reverse('workshop:order', args=[value.number])}"
        style = look("link") if site else ""
        return format_html('<a href="{}"{}>{}</a>', address, style, value.number)
    if isinstance(value, Toned):
        if site:
            return format_html("<span{}>{}</span>", look(f"tone_{value.tone}"), value)
        badge = '<span class="badge tone-{}"><i class="dot" aria-hidden="true"></i>{}</span>'
        return format_html(badge, checked_tone(value.tone), value)
    return plain_cell(value)


@register.filter
def plain_cell(value: Any) -> str:
    """What stands in a cell, as text."""
    if isinstance(value, Moment):
        return local_time(value.at, "short")
    return local_date(value, "short") if isinstance(value, date) else str(value)


@register.filter
def is_number(value: Any) -> bool:
    """Whether a cell is to be read from the right."""
    return isinstance(value, int | Money)


@register.filter
def is_short(value: Any) -> bool:
    """Whether a cell is better not broken into lines: a moment, a label, a name."""
    return isinstance(value, (Moment, Toned, Text, date)) or len(str(value)) <= SHORT


@register.filter
def number_columns(table: Any) -> list[tuple[Any, bool]]:
    """The heads of a table, each with whether its column has numbers."""
    first = table.rows[0]
    return [(head, is_number(first[place])) for place, head in enumerate(table.heads)]


@register.filter
def with_heads(table: Any, row: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    """The cells of a row, each with the head of its column: on a telephone they stand beneath each other."""
    return list(zip(table.heads, row, strict=True))


@register.filter
def signed(value: int) -> str:
    """A change with its sign."""
    return f"{value:+d}" if value else "±0"


@register.filter
def in_rows_of(values: list[Any], length: int) -> list[list[Any]]:
    """The values in rows of that length, the last one filled up with nothing."""
    rows = [values[start : start + length] for start in range(0, len(values), length)]
    return [[*row, *[None] * (length - len(row))] for row in rows]
