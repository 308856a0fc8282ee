"""What was done to an order, as its page tells it: the journal in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aftersales.catalog import queries as catalog
from aftersales.core.text import Text, text as _
from aftersales.ui.templatetags.ui import local_time
from aftersales.workshop.rules import expert
from aftersales.workshop.rules.handover import AUTHORITY_LABELS, OLD_PARTS_LABELS
from aftersales.workshop.rules.order import ACTIONS, STATES, WAITING_LABELS, OrderAction, OrderState
from aftersales.workshop.rules.promise import CONTACT_REASONS
from aftersales.workshop.rules.quotation import CONSENT_LABELS, PAYMENT_LABELS

if TYPE_CHECKING:
    from aftersales.core.models import JournalEntry

OTHER_ACTS: Mapping[str, Text] = {
    "receive": _("Unit taken in"),
    "edit": _("Intake corrected"),
    "add_photos": _("Photos added"),
    "sign": _("Intake signed"),
    "ask_expert": _("Expert asked"),
    **{action.value: info.done for action, info in expert.ACTIONS.items()},
}
TOLD: Mapping[str, Text] = {
    "line_before": _("Line before"),
    "line": _("Line"),
    "declined": _("Declined"),
    "declined_in": _("Declined in"),
    "quotation_no": _("Version"),
    "reached": _("Reached"),
    "reason": _("Why"),
    "promised_at": _("Promised"),
    "expected_on": _("Expected on"),
    "amount": _("Amount"),
    "total": _("Total"),
    "given_by": _("Answer by"),
    "way": _("How"),
    "failed_points": _("Not in order"),
    "old_parts": _("Old parts"),
    "reminded_of": _("Reminded of"),
    "taken_by": _("Taken by"),
    "authority": _("Who took it"),
    "technician": _("Technician"),
    "waiting_on": _("Sees to it"),
    "waiting_for": _("Waits for"),
    "signed_by": _("Signed by"),
    "signed": _("Signature"),
    "symptoms": _("Symptoms"),
    "cause": _("Cause"),
    "remedy": _("Remedy"),
    "addressee": _("Asked of"),
    "answered_by": _("Answered by"),
    "question_no": _("Question"),
    "meter_reading": _("Meter"),
}
Words = Mapping[str, Mapping[str, Text]]
"""For each field of the journal the words for its codes."""


def _by_code(*labels: Mapping[Any, Text]) -> Mapping[str, Text]:
    return {str(code): label for each in labels for code, label in each.items()}


WORDS: Words = {
    "way": _by_code(CONSENT_LABELS, PAYMENT_LABELS),
    "reason": _by_code(CONTACT_REASONS),
    "waiting_for": _by_code(WAITING_LABELS),
    "old_parts": _by_code(OLD_PARTS_LABELS),
    "authority": _by_code(AUTHORITY_LABELS),
    "signed": {"on_screen": _("on the screen"), "on_paper": _("on paper")},
}


@dataclass(frozen=True)
class Moment:
    """One journal entry in words."""

    at: datetime
    who: str
    title: Text
    tone: str
    note: str
    told: tuple[tuple[Text, str], ...]


def picks_in(trade: str) -> Words:
    """The words for what a diagnosis of this trade picks, by field and code."""
    lists = catalog.get_trade(trade)
    picked = {"symptoms": lists.faults, "cause": lists.causes, "remedy": lists.remedies}
    return {name: {item.code: item.label for item in items} for name, items in picked.items()}


def picks_of(order: Any) -> list[tuple[Text, str]]:
    """What was picked for the order, field by field, in words."""
    words = picks_in(order.trade)
    picked = ((TOLD[name], _told(name, getattr(order, name), words)) for name in words)
    return [(label, told) for label, told in picked if told]


def _told(name: str, value: Any, words: Words) -> str:
    """One fact of a journal entry in words."""
    known = words.get(name, {})
    values = value if isinstance(value, list) else [value]
    return " · ".join(str(known[each]) if each in known else _in_words(each) for each in values if each)


def moment(entry: JournalEntry, picks: Words | None = None) -> Moment:
    """The journal entry as the timeline shows it; `picks` has the words for what was picked from the trade's lists."""
    is_step = entry.act in {action.value for action in OrderAction}
    title = ACTIONS[OrderAction(entry.act)].done if is_step else OTHER_ACTS.get(entry.act, _("Changed"))
    after = entry.after or {}
    state = after.get("state", "")
    tone = STATES[OrderState(state)].tone if state in {s.value for s in OrderState} else "neutral"
    told = tuple(
        (label, _told(name, after[name], {**WORDS, **(picks or {})})) for name, label in TOLD.items() if after.get(name)
    )
    words = entry.note or "".join(str(after.get(name, "")) for name in ("diagnosis", "work_done"))
    return Moment(entry.at, entry.actor_name, title, tone, words, told)


def _in_words(value: Any) -> str:
    """A fact as it is read where no code stands for it: an instant in the station's time."""
    if isinstance(value, str) and _INSTANT.match(value):
        return local_time(datetime.fromisoformat(value))
    return str(value)


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
