"""The papers of a repair order, and when each of them exists."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class PaperKind(StrEnum):
    """What can be printed about an order, in the way it goes."""

    SLIP = "slip"
    LABEL = "label"


PAPER_LABELS: Mapping[PaperKind, Text] = {
    PaperKind.SLIP: _("Intake slip"),
    PaperKind.LABEL: _("Unit label"),
}
