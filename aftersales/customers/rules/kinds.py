"""The words by which customers are sorted."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Kind(StrEnum):
    """Who the customer is in law."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Segment(StrEnum):
    """How the customer buys."""

    RETAIL = "retail"
    DEALER = "dealer"
    FLEET = "fleet"


class Grade(StrEnum):
    """How much attention the customer is promised."""

    ORDINARY = "ordinary"
    IMPORTANT = "important"
    KEY = "key"


KIND_LABELS: Mapping[str, Text] = {Kind.PERSON: _("Private person"), Kind.ORGANISATION: _("Organisation")}
SEGMENT_LABELS: Mapping[str, Text] = {
    Segment.RETAIL: _("Retail customer"),
    Segment.DEALER: _("Dealer"),
    Segment.FLEET: _("Fleet"),
}
GRADE_LABELS: Mapping[str, Text] = {
    Grade.ORDINARY: _("Ordinary"),
    Grade.IMPORTANT: _("Important"),
    Grade.KEY: _("Key customer"),
}
GRADE_TONES: Mapping[str, str] = {Grade.ORDINARY: "neutral", Grade.IMPORTANT: "info", Grade.KEY: "warning"}

LANGUAGES: Mapping[str, Text] = {
    "": _("As the station"),
    "zh-hans": _("Simplified Chinese"),
    "zh-hant": _("Traditional Chinese"),
    "en": _("English"),
}

PHONE_LABELS: Mapping[str, Text] = {
    "": _("Telephone"),
    "mobile": _("Mobile"),
    "office": _("Office phone"),
    "home": _("Home phone"),
    "driver": _("Driver's phone"),
    "finance": _("Accounts department"),
}
"""Whose telephone it is; anything else that was typed is shown as typed."""
