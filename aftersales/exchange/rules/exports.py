"""What becomes of an export, and how its file is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from aftersales.core.text import Text, text as _

SMALL = 2000
"""Up to so many rows are written while the person waits; more are the worker's."""
MOST_AT_ONCE = 3
"""So many exports of one person may be in the making."""
KEPT = timedelta(hours=24)


class Form(StrEnum):
    """The forms in which a list leaves the house."""

    XLSX = "xlsx"
    CSV = "csv"


class ExportState(StrEnum):
    """Where an export stands."""

    MAKING = "making"
    READY = "ready"
    STOPPED = "stopped"
    FAILED = "failed"


LABELS: Mapping[str, Text] = {
    ExportState.MAKING: _("Being made"),
    ExportState.READY: _("Ready to fetch"),
    ExportState.STOPPED: _("Stopped"),
    ExportState.FAILED: _("Not made"),
}
TONES: Mapping[str, str] = {
    ExportState.MAKING: "progress",
    ExportState.READY: "success",
    ExportState.STOPPED: "neutral",
    ExportState.FAILED: "danger",
}
_NOT_IN_A_NAME = re.compile(r'[\s<>:"/\\|?*\x00-\x1f]+')


def file_name(title: str, on: date, form: str) -> str:
    """How the file is called: the list and the day."""
    return f"{_NOT_IN_A_NAME.sub('-', title).strip('-.') or 'list'}-{on.isoformat()}.{form}"
