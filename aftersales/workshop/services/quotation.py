"""Giving a quotation to the customer, and recording his answer line by line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from aftersales.core import files, strokes, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.workshop import queries
from aftersales.workshop.models import Consent, Quotation, RepairOrder
from aftersales.workshop.rules import quotation
from aftersales.workshop.rules.intake import check_photo_count
from aftersales.workshop.rules.order import OrderAction, OrderState, WaitingFor
from aftersales.workshop.rules.quotation import Decision
from aftersales.workshop.services.lines import UNANSWERED, as_changes, sums_of
from aftersales.workshop.services.signing import how_signed
from aftersales.workshop.services.steps import (
    end_promise,
    end_wait,
    needed,
    open_step,
    start_promise,
    take_step,
)


@transaction.act
def quote_order(actor: Actor, *, number: str, note: str = "", now: datetime) -> RepairOrder:
    """The order with a new version of its quotation given to the customer, kept as it was given and valid for the house's number of days."""
    order, leads_to = open_step(actor, number, OrderAction.QUOTE, now=now)
    rules = queries.house_rules(order.station_id)
    until = quotation.valid_until(queries.today_at(order, now), rules.quotation_days)
    given = Quotation.objects.create(
        order=order,
        number=order.quotation_no + 1,
        lines=[line.snapshot() for line in order.lines.order_by("position")],
        total_fen=order.total_fen,
        valid_until=until,
        note=note.strip(),
        given_at=now,
        given_by=actor.name,
    )
    changes = {"valid_until": until, "quotation_no": given.number, "is_quoted": True}
    told = {"total": str(order.total), "quotation_no": given.number}
    return take_step(actor, order, OrderAction.QUOTE, leads_to, now=now, changes=changes, note=given.note, told=told)


@transaction.act
def approve_order(
    actor: Actor,
    *,
    number: str,
    way: str,
    given_by: str,
    note: str = "",
    agreed: Collection[int] | None = None,
    quotation_no: int | None = None,
    signature: Sequence[Any] = (),
    photos: Sequence[Any] = (),
    now: datetime,
) -> RepairOrder:
    """The order with the customer's recorded yes to the lines at the positions `agreed` (all, unless named; of alternatives the first); the other open ones are declined.

    `quotation_no` is the version he answered: when another was given meanwhile, the answer is refused.
    """
    order, leads_to = open_step(actor, number, OrderAction.APPROVE, now=now)
    lines = [line.facts() for line in order.lines.all()]
    if agreed is None:
        agreed = quotation.first_choices(lines)
    if not agreed:
        raise Invalid(
            _("Tick what the customer agrees to. When it is nothing, record that the customer declines."),
            field="agreed",
        )
    decisions = quotation.decide(lines, agreed=agreed)
    _refuse_stale(order, quotation_no)
    consent = _consent(
        actor, order, decisions, is_yes=True, way=way, given_by=given_by, note=note, signature=signature, now=now
    )
    _keep_proof(actor, order, photos, now=now)
    return _answered(actor, order, OrderAction.APPROVE, leads_to, consent, now=now)


@transaction.act
def decline_order(
    actor: Actor,
    *,
    number: str,
    way: str,
    given_by: str,
    note: str = "",
    quotation_no: int | None = None,
    signature: Sequence[Any] = (),
    photos: Sequence[Any] = (),
    now: datetime,
) -> RepairOrder:
    """The order with the customer's recorded no to everything that was not answered; what was agreed before stays agreed."""
    order, leads_to = open_step(actor, number, OrderAction.DECLINE, now=now)
    decisions = quotation.decide([line.facts() for line in order.lines.all()], agreed=())
    _refuse_stale(order, quotation_no)
    consent = _consent(
        actor, order, decisions, is_yes=False, way=way, given_by=given_by, note=note, signature=signature, now=now
    )
    _keep_proof(actor, order, photos, now=now)
    return _answered(actor, order, OrderAction.DECLINE, leads_to, consent, now=now)


def _refuse_stale(order: RepairOrder, quotation_no: int | None) -> None:
    if quotation_no is not None and quotation_no != order.quotation_no:
        raise Refused(
            _(
                "Version {current} of the quotation was given meanwhile; this answer was about version {answered}. Ask the customer about the new one.",
                current=order.quotation_no,
                answered=quotation_no,
            )
        )


def _consent(
    actor: Actor,
    order: RepairOrder,
    decisions: Mapping[int, Decision],
    *,
    is_yes: bool,
    way: str,
    given_by: str,
    note: str,
    signature: Sequence[Any],
    now: datetime,
) -> Consent:
    if way not in quotation.CONSENT_LABELS:
        raise Invalid(_("Choose how the answer was given."), field="way")
    person = needed(given_by, field="given_by", otherwise=_("Write who gave the answer."))
    answered = [line for line in order.lines.order_by("position") if line.position in decisions]
    wanted = Decision.AGREED if is_yes else Decision.DECLINED
    consent = Consent.objects.create(
        order=order,
        quotation_no=order.quotation_no,
        is_yes=is_yes,
        answers=[
            {
                "position": line.position,
                "description": line.description,
                "decision": decisions[line.position].value,
                "amount_fen": line.amount_fen,
            }
            for line in answered
        ],
        way=way,
        given_by=person,
        note=note.strip(),
        signature=strokes.checked_strokes(signature),
        total_fen=sum(line.amount_fen for line in answered if decisions[line.position] is wanted),
        given_at=now,
        recorded_by=actor.name,
    )
    for line in answered:
        line.decision, line.decided_at, line.consent = decisions[line.position].value, now, consent
        line.save(update_fields=["decision", "decided_at", "consent"])
    return consent


def _keep_proof(actor: Actor, order: RepairOrder, photos: Sequence[Any], *, now: datetime) -> None:
    """A photo of the signed paper or of the message, kept with the order's other photos."""
    check_photo_count(len(photos), kept=len(files.list_photos("order", order.number)) if photos else 0)
    for photo in photos:
        files.attach_photo(
            actor,
            kind="order",
            key=order.number,
            scope=order.station.code,
            upload=files.read_photo(photo, field="photos"),
            caption=str(_("Proof of the answer")),
            now=now,
        )


def _answered(
    actor: Actor, order: RepairOrder, action: OrderAction, leads_to: OrderState, consent: Consent, *, now: datetime
) -> RepairOrder:
    sums = sums_of(order)
    told = {
        "given_by": consent.given_by,
        "way": consent.way,
        "total": str(consent.total),
        "signed": how_signed(consent.signature),
        "declined": "、".join(each["description"] for each in consent.answers if each["decision"] == Decision.DECLINED),
    }
    changes: dict[str, Any] = {**as_changes(sums), "due_fen": sums.agreed.fen}
    if leads_to is OrderState.DECLINED:
        end_promise(actor, order.number, now)
        changes["ready_at"] = now
    if leads_to is OrderState.DECLINED or order.waiting_for == WaitingFor.CUSTOMER:  # the answer was waited for
        changes |= end_wait(actor, order, now=now)
    return take_step(actor, order, action, leads_to, now=now, changes=changes, note=consent.note, told=told)


@transaction.act
def revise_order(actor: Actor, *, number: str, reason: str, now: datetime) -> RepairOrder:
    """The order back at its quotation, which the customer has to be given and asked again; of a declined one everything is open again."""
    order, leads_to = open_step(actor, number, OrderAction.REVISE, now=now)
    why = needed(reason, field="reason", otherwise=_("Write why the quotation changes."))
    changes: dict[str, Any] = {"valid_until": None, "is_quoted": False, "ready_at": None}
    if order.state == OrderState.DECLINED:  # the customer thought better of it: the promise begins anew
        order.lines.update(**UNANSWERED)
        changes |= as_changes(sums_of(order))
        promise = start_promise(actor, order, now)
        changes |= {"promised_at": promise.due_at, "warn_at": promise.warn_at, "house_promised_at": promise.due_at}
    return take_step(actor, order, OrderAction.REVISE, leads_to, now=now, changes=changes, note=why)
