"""Orders from before answers were kept per line: the order's own answer is that of each of its lines."""

from typing import Any

from django.db import migrations
from django.db.models import F

AGREED = ("approved", "repairing", "repaired", "checked", "ready", "handed_over", "closed")
BATCH = 2000


def carry_over(apps: Any, schema_editor: Any) -> None:
    orders = apps.get_model("workshop", "RepairOrder").objects  # house: a migration has no actor
    checks = apps.get_model("workshop", "QualityCheck").objects  # house: as above
    orders.update(house_promised_at=F("promised_at"))
    for order in orders.order_by("id").iterator(BATCH):
        _carry_order(apps, order)
    for check in checks.exclude(points=[]).iterator(BATCH):
        check.answers = dict.fromkeys(check.points, "passed" if check.has_passed else "failed")
        check.save(update_fields=["answers"])


def _carry_order(apps: Any, order: Any) -> None:
    consents = apps.get_model("workshop", "Consent").objects  # house: as above
    promises = apps.get_model("workshop", "Promise").objects  # house: as above
    quotations = apps.get_model("workshop", "Quotation").objects  # house: as above
    waits = apps.get_model("workshop", "Wait").objects  # house: as above
    last = consents.filter(order=order).order_by("-given_at", "-id").first()
    promises.create(order=order, promised_at=order.promised_at, made_at=order.received_at, made_by="")
    if order.waiting_for:
        waits.create(order=order, waiting_for=order.waiting_for, owner=order.waiting_on, started_at=order.waiting_since)
    lines = list(order.lines.order_by("position"))
    is_answered = last is not None and lines and (order.state in AGREED or order.state == "declined")
    was_given = order.valid_until is not None and lines
    if was_given:
        quotations.create(
            order=order,
            number=1,
            lines=[_copy(line) for line in lines],
            total_fen=order.total_fen,
            valid_until=order.valid_until,
            given_at=order.moved_at,
            given_by="",
        )
        order.quotation_no, order.is_quoted = 1, True
    if is_answered:
        decision = "agreed" if last.is_yes else "declined"
        order.lines.update(decision=decision, decided_at=last.given_at, consent=last)
        order.agreed_count = len(lines) if last.is_yes else 0
        if not last.is_yes:
            order.total_fen = order.due_fen = 0
    else:
        order.open_count = len(lines)
    if order.state in ("ready", "declined", "cancelled"):
        order.ready_at = order.moved_at
    order.save(
        update_fields=["quotation_no", "is_quoted", "agreed_count", "open_count", "ready_at", "total_fen", "due_fen"]
    )


def _copy(line: Any) -> dict[str, Any]:
    return {
        "position": line.position,
        "kind": line.kind,
        "code": "",
        "description": line.description,
        "basis": line.basis,
        "quantity": str(line.quantity),
        "unit_price_fen": line.unit_price_fen,
        "discount_fen": 0,
        "discount_reason": "",
        "amount_fen": line.amount_fen,
        "choice": "",
        "option": "",
        "decision": "open",
    }


class Migration(migrations.Migration):
    dependencies = [("workshop", "0002_quotation_per_line_waits_and_promises")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
