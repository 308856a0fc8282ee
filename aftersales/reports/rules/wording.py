"""The report's own words; states, reasons and ways have theirs from the workshop."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.core.text import Text, text as _
from aftersales.reports.rules.daily import Figure
from aftersales.reports.rules.promises import Outcome

F = Figure

FIGURE_LABELS: Mapping[Figure, Text] = {
    F.TAKEN_IN: _("Taken in"),
    F.DIAGNOSED: _("Diagnosed"),
    F.QUOTED: _("Quoted"),
    F.AGREED: _("Customer agreed"),
    F.FINISHED: _("Reported done"),
    F.PASSED: _("Check passed"),
    F.FAILED: _("Sent back to repair"),
    F.ANNOUNCED: _("Customer told it is ready"),
    F.HANDED_OVER: _("Handed over"),
    F.DECLINED: _("Declined"),
    F.CANCELLED: _("Cancelled"),
    F.REPEATS: _("Repeat repairs"),
    F.PAID: _("Payments"),
    F.KEPT: _("Kept promises"),
    F.TOLD: _("Not kept, told in time"),
    F.MISSED: _("Not kept, not told in time"),
    F.OVERDUE: _("Overdue, still in the house"),
    F.DUE_NEXT: _("Due by the next working day"),
    F.WAITING: _("Waiting"),
    F.UNCLAIMED: _("Not fetched"),
    F.IN_HOUSE: _("In the house"),
}
FLOW: tuple[Figure, ...] = (
    F.TAKEN_IN, F.DIAGNOSED, F.QUOTED, F.AGREED, F.FINISHED, F.PASSED, F.FAILED, F.ANNOUNCED, F.HANDED_OVER,
    F.DECLINED, F.CANCELLED, F.REPEATS,
)  # fmt: skip
"""What was done, in the order of the way through the house."""
PROMISES: tuple[Figure, ...] = (F.KEPT, F.TOLD, F.MISSED, F.OVERDUE, F.DUE_NEXT)
STANDING: tuple[Figure, ...] = (F.WAITING, F.UNCLAIMED)
BY_STATION: tuple[Figure, ...] = (
    F.TAKEN_IN, F.FINISHED, F.HANDED_OVER, F.IN_HOUSE, F.KEPT, F.TOLD, F.MISSED, F.OVERDUE, F.WAITING,
)  # fmt: skip
"""The columns of the table of stations."""
TONES: Mapping[Figure, str] = {F.FAILED: "warning", F.TOLD: "warning", F.MISSED: "danger", F.OVERDUE: "danger"}
"""The figures that are no good news when there are any."""
OUTCOME_LABELS: Mapping[Outcome, Text] = {
    Outcome.KEPT: _("Kept"),
    Outcome.TOLD: _("Told in time"),
    Outcome.MISSED: _("Not told in time"),
}
HOUSE_RULE, NEW_PROMISE = _("House rule"), _("New promise")
OUTSIDE = _("Not in the house")


def rule_label(*, is_house_rule: bool) -> Text:
    """Whose promise it was."""
    return HOUSE_RULE if is_house_rule else NEW_PROMISE
