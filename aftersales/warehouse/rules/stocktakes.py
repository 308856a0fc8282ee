"""The states of a stocktake and what was decided about goods that lie too long."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class StocktakeState(StrEnum):
    """How far a stocktake is."""

    COUNTING = "counting"
    HANDED_IN = "handed_in"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


OPEN = (StocktakeState.COUNTING, StocktakeState.HANDED_IN)
STATE_LABELS: Mapping[str, Text] = {
    StocktakeState.COUNTING: _("Being counted"),
    StocktakeState.HANDED_IN: _("Waits for approval"),
    StocktakeState.APPROVED: _("Approved by another"),
    StocktakeState.WITHDRAWN: _("Withdrawn"),
}
STATE_TONES: Mapping[str, str] = {
    StocktakeState.COUNTING: "info",
    StocktakeState.HANDED_IN: "warning",
    StocktakeState.APPROVED: "success",
    StocktakeState.WITHDRAWN: "neutral",
}


class Handling(StrEnum):
    """What is to be done with goods that lie too long."""

    KEEP = "keep"
    RETURN = "return"
    DISCOUNT = "discount"
    TRANSFER = "transfer"
    SCRAP = "scrap"


HANDLING_LABELS: Mapping[str, Text] = {
    Handling.KEEP: _("Keep for now"),
    Handling.RETURN: _("Return to the factory"),
    Handling.DISCOUNT: _("Sell at a discount"),
    Handling.TRANSFER: _("Move where it sells"),
    Handling.SCRAP: _("Scrap"),
}
