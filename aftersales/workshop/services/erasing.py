"""What the workshop's records say of a customer who is erased: what was done and paid stays, who he was does not.

Every text of an order and of what hangs on it is named below, so that none is forgotten when one is added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from aftersales.core import events, files, journal, transaction
from aftersales.core.erasing import Traces
from aftersales.core.models import JournalEntry
from aftersales.deadlines import services as deadlines
from aftersales.workshop.events import OrdersErased
from aftersales.workshop.models import (
    CHECK_PHOTOS,
    Consent,
    Contact,
    ExpertQuestion,
    Payment,
    Promise,
    QualityCheck,
    Quotation,
    QuotationLine,
    RepairOrder,
    Wait,
)
from aftersales.workshop.services.finding import index_order, index_question


@dataclass(frozen=True)
class Texts:
    """The texts of one table: whose words are replaced whole, what is emptied, from what the name is taken, what says nothing of him."""

    replaced: Sequence[str] = ()
    emptied: Sequence[str] = ()
    cleaned: Sequence[str] = ()
    kept: Sequence[str] = ()


TEXTS: Mapping[type[Model], Texts] = {
    RepairOrder: Texts(
        replaced=("signed_by", "taken_by", "intake_note"),
        emptied=("signature", "handover_signature"),
        cleaned=(
            "fault",
            "diagnosis",
            "work_done",
            "work_told",
            "advice",
            "repeat_note",
            "waiting_on",
            "accessories",
            "condition",
            "marks",
        ),
        kept=("number", "trade", "state", "waiting_for", "symptoms", "cause", "remedy", "old_parts", "authority"),
    ),
    Quotation: Texts(replaced=("note",), cleaned=("lines",), kept=("given_by",)),
    Consent: Texts(
        replaced=("given_by", "note"), emptied=("signature",), cleaned=("answers",), kept=("way", "recorded_by")
    ),
    QuotationLine: Texts(
        cleaned=("description", "basis", "discount_reason", "choice", "option"),
        kept=("kind", "code", "decision", "done_by"),
    ),
    Contact: Texts(replaced=("reached", "note"), kept=("way", "reason", "recorded_by")),
    Wait: Texts(cleaned=("owner", "note"), kept=("waiting_for", "started_by")),
    QualityCheck: Texts(cleaned=("note", "notes", "answers"), kept=("checked_by",)),
    ExpertQuestion: Texts(
        cleaned=("question", "answer", "addressee", "answered_by", "withdrawn_because"),
        kept=("number", "asked_of", "state", "recorded_by"),
    ),
    Payment: Texts(kept=("way", "recorded_by")),
    Promise: Texts(kept=("made_by",)),
}
SAID_OF_HIM = frozenset({"customer", "given_by", "taken_by", "told", "reached", "signed_by", "intake_note"})
"""Fields of the journal of orders that are blanked whole, like all its notes."""


@transaction.act
def erase_customer_in_orders(
    *, customer_ids: Sequence[int], unit_ids: Sequence[int], traces: Traces, now: datetime
) -> int:
    """The number of orders that name the customer no more, nor does anything that hangs on them."""
    his = RepairOrder.objects.filter(customer__in=customer_ids)
    of_his_units = RepairOrder.objects.filter(unit__in=unit_ids).exclude(customer__in=customer_ids)
    numbers = _erase(his, traces, is_his=True, now=now)
    others = _erase(of_his_units, traces, is_his=False, now=now)
    events.publish(OrdersErased(tuple(numbers), tuple(others), traces, now))
    return len(numbers) + len(others)


def _erase(orders: Any, traces: Traces, *, is_his: bool, now: datetime) -> list[str]:
    found = list(
        orders.select_related(
            "customer", "unit__category", "unit__model__manufacturer", "category", "station"
        ).order_by("pk")
    )
    numbers = [order.number for order in found]
    for model, texts in TEXTS.items():
        rows = found if model is RepairOrder else model.objects.filter(order__in=found)  # type: ignore[attr-defined]
        for row in rows:
            _clean(row, texts, traces, is_his=is_his)
    questions = list(ExpertQuestion.objects.filter(order__in=found).select_related(*_QUESTION_WITH))
    subjects = [*numbers, *(question.number for question in questions)]
    entries = JournalEntry.objects.filter(Q(kind="order") | Q(kind="clock") | Q(kind="question"), key__in=subjects)
    journal.erase(
        entries,
        is_personal=lambda name, value: (is_his and name in SAID_OF_HIM) or traces.mentioned_in(value),
        with_notes=bool if is_his else traces.mentioned_in,
        at=now,
    )
    deadlines.erase_notes(subjects, traces=traces)
    if is_his:
        files.erase_photos("order", numbers)
        files.erase_photos(CHECK_PHOTOS, QualityCheck.objects.filter(order__in=found).values_list("pk", flat=True))
    for order in found:
        index_order(order)
    for question in questions:
        index_question(question)
    return numbers


_QUESTION_WITH = ("order__unit__model__manufacturer", "order__category", "order__station")


def _clean(row: Any, texts: Texts, traces: Traces, *, is_his: bool) -> None:
    before = {name: getattr(row, name) for name in (*texts.replaced, *texts.emptied, *texts.cleaned)}
    after = {name: _fitting(row, name, traces.taken_out(value)) for name, value in before.items()}
    if is_his:
        after |= {name: traces.stand_in for name in texts.replaced if before[name]}
        after |= {name: [] for name in texts.emptied}
    changed = [name for name, value in after.items() if value != before[name]]
    for name in changed:
        setattr(row, name, after[name])
    if changed:
        row.save(update_fields=changed)


def _fitting(row: Any, name: str, value: Any) -> Any:
    """The text cut to what its column holds: what stands for a name may be longer than the name."""
    longest = row._meta.get_field(name).max_length
    return value[:longest] if longest and isinstance(value, str) else value
