"""The facts of a station's day, read from the tables of the rooms below and from the journal. Nothing here writes.

How many queries are asked does not depend on how many orders there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Missing
from aftersales.core.models import JournalEntry
from aftersales.deadlines import queries as deadlines
from aftersales.reports.rules import schedule
from aftersales.reports.rules.daily import HANDOVER
from aftersales.reports.rules.facts import Amount, Answer, DayFacts, Move, Order, Promised, Stop, Told
from aftersales.workshop import queries as workshop
from aftersales.workshop.models import Consent, Contact, Payment, Promise, Quotation, RepairOrder, Wait

T = TypeVar("T")
AT_ONCE = 5000
"""How many values one query may name."""
NEXT_WORKING_DAY_WITHIN = 20
"""No holiday is longer than this many days."""
RECEIVED = "received"
PHASE_OF: Mapping[str, str] = {state.value: phase for phase, states in workshop.PHASES.items() for state in states}
DELAYS = {reason.value for reason in workshop.DELAYS}


def gather(station: Any, day: date, *, until: datetime, since: datetime | None = None) -> DayFacts:
    """What is known of the station's day up to `until`; `since` is where the report before ended, if before this day."""
    start = schedule.start_of(day, station.time_zone)
    house = workshop.house_rules(station.pk)
    moves = moves_between(station.code, start, until)
    stock = stock_at(station, until)
    promised_to = _orders_promised(station, start, until)
    ids = {**{number: pk for number, (pk, _state) in stock.items()}, **promised_to}
    orders = orders_by_number({*ids, *(move.number for move in moves)}, until=until, handover=_in_handover(stock))
    earlier = moves_between(station.code, since, start) if since is not None and since < start else []
    orders |= orders_by_number({move.number for move in earlier} - orders.keys(), until=until)
    return DayFacts(
        station=station.code,
        station_name=station.name,
        day=day,
        zone=station.time_zone,
        start=start,
        until=until,
        due_until=_end_of_next_working_day(station, day),
        phases=PHASE_OF,
        unclaimed_before=until - timedelta(days=house.unclaimed_days),
        moves=moves,
        since=since if earlier else None,
        earlier=earlier,
        stock={number: state for number, (_pk, state) in stock.items()},
        orders=orders,
        answers=_answers(moves, start, until),
        quoted=_quoted(moves, start, until),
        paid=_paid(moves, start, until),
        promised=promises_of(ids.values()),
        told=told_about(promised_to.values()),
        stops=_stops([pk for pk, _state in stock.values()], until),
    )


def moves_between(scope: str, start: datetime, until: datetime) -> list[Move]:
    """Every act on the station's orders from `start` to before `until`, in its order."""
    entries = JournalEntry.objects.filter(scope=scope, at__gte=start, at__lt=until, kind="order").order_by("at", "id")
    return [
        Move(key, act, by, at, *_states(act, before, after))
        for key, act, by, at, before, after in entries.values_list("key", "act", "actor_name", "at", "before", "after")
    ]


def _states(act: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, str]:
    if act == "receive":
        return "", RECEIVED
    if before and after and "state" in before and "state" in after:
        return str(before["state"]), str(after["state"])
    return "", ""


def stock_at(station: Any, until: datetime) -> dict[str, tuple[int, str]]:
    """Number → (id, state) of every order that stood in the house at that instant: as it is now, with all later moves taken back."""
    here = RepairOrder.objects.filter(station=station)
    still = here.filter(handed_over_at=None)
    since_left = here.filter(handed_over_at__gte=until)
    if not _is_recent(station.code, until):  # many have left since, and few of them had come by then
        since_left = since_left.filter(received_at__lt=until)
    rows = [row for part in (still, since_left) for row in part.values_list("number", "pk", "state", "received_at")]
    stock = {number: (pk, state) for number, pk, state, received_at in rows if received_at < until}
    for number, state in _states_before_later_moves(station.code, list(stock), until):
        stock[number] = (stock[number][0], state)
    return {number: found for number, found in stock.items() if found[1] in PHASE_OF}


def _is_recent(scope: str, instant: datetime) -> bool:
    """Whether so little has been done since that it is best found by the time alone."""
    return JournalEntry.objects.filter(scope=scope, at__gte=instant)[:AT_ONCE].count() < AT_ONCE


def _states_before_later_moves(scope: str, numbers: Sequence[str], until: datetime) -> Iterator[tuple[str, str]]:
    wanted, seen = set(numbers), set[str]()
    for rows in _later_moves(scope, numbers, until):
        for number, before in rows.order_by("at", "id").values_list("key", "before"):
            if before and number in wanted and number not in seen:
                seen.add(number)
                yield number, str(before["state"])


def _later_moves(scope: str, numbers: Sequence[str], until: datetime) -> Iterator[QuerySet[JournalEntry]]:
    """All that moved these orders since: of a recent day found by the time, of one long past by the orders."""
    later = JournalEntry.objects.filter(at__gte=until)
    moving = later.filter(kind="order", before__has_key="state")
    if _is_recent(scope, until):
        yield moving.filter(scope=scope)
    else:
        yield from (moving.filter(key__in=some) for some in chunks(numbers))


def _in_handover(stock: Mapping[str, tuple[int, str]]) -> set[str]:
    return {number for number, (_pk, state) in stock.items() if PHASE_OF[state] == HANDOVER}


def orders_by_number(numbers: Iterable[str], *, until: datetime, handover: Iterable[str] = ()) -> dict[str, Order]:
    """The orders as a report names them. What is owed is told of those that stand ready to be fetched."""
    owing = set(handover)
    rows = RepairOrder.objects.select_related("unit__category", "repeat_of")
    found: dict[str, Order] = {}
    for some in chunks(sorted(numbers)):
        for row in rows.filter(number__in=some):
            found[row.number] = Order(
                number=row.number,
                unit=row.unit.label,
                ready_at=row.ready_at if row.ready_at and row.ready_at < until else None,
                repeat_of=row.repeat_of.number if row.repeat_of else "",
                due_fen=row.due_fen if row.number in owing else 0,
            )
    return found


def _orders_promised(station: Any, start: datetime, until: datetime) -> dict[str, int]:
    """Number → id of the orders to which an instant of the day was promised."""
    return {number: pk for number, (pk, _ready_at) in orders_promised([station], start, until).items()}


def orders_promised(
    stations: Iterable[Any], start: datetime, until: datetime
) -> dict[str, tuple[int, datetime | None]]:
    """Number → (id, when it was ready) of the stations' orders to which an instant in that time was promised.

    The promises are found by their instant first: joined with the station, a database without statistics reads every order.
    """
    here = {station.pk for station in stations}
    due = Promise.objects.filter(promised_at__gte=start, promised_at__lt=until).values_list("order_id", flat=True)
    return {
        number: (pk, ready_at)
        for some in chunks(sorted(set(due)))
        for number, pk, ready_at, station in RepairOrder.objects.filter(pk__in=some).values_list(
            "number", "pk", "ready_at", "station_id"
        )
        if station in here
    }


def promises_of(order_ids: Iterable[int]) -> list[Promised]:
    """Every promise that was ever made for these orders."""
    return [
        Promised(number, promised_at, made_at, contact is None)
        for some in chunks(sorted(order_ids))
        for number, promised_at, made_at, contact in Promise.objects.filter(order__in=some).values_list(
            "order__number", "promised_at", "made_at", "contact_id"
        )
    ]


def told_about(order_ids: Iterable[int]) -> list[Told]:
    """Every time the customers of these orders were told that it will be later."""
    return [
        Told(number, at, reason, note)
        for some in chunks(sorted(order_ids))
        for number, at, reason, note in Contact.objects.filter(order__in=some, reason__in=DELAYS).values_list(
            "order__number", "contacted_at", "reason", "note"
        )
    ]


def _stops(order_ids: Sequence[int], until: datetime) -> list[Stop]:
    open_then = Q(ended_at=None) | Q(ended_at__gte=until)
    return [
        Stop(*row)
        for some in chunks(order_ids)
        for row in Wait.objects.filter(open_then, order__in=some, started_at__lt=until).values_list(
            "order__number", "waiting_for", "owner", "started_at", "expected_on", "note"
        )
    ]


def _answers(moves: Sequence[Move], start: datetime, until: datetime) -> list[Answer]:
    rows = _of_orders(Consent.objects.filter(given_at__gte=start, given_at__lt=until), moves, "approve", "decline")
    return [_answer(number, answers) for number, answers in rows.values_list("order__number", "answers")]


def _answer(number: str, answers: Sequence[Mapping[str, Any]]) -> Answer:
    sums = {"agreed": [0, 0], "declined": [0, 0]}
    for each in answers:
        count_and_fen = sums.get(each["decision"])
        if count_and_fen is not None:
            count_and_fen[0] += 1
            count_and_fen[1] += each["amount_fen"]
    return Answer(number, sums["agreed"][0], sums["declined"][0], sums["agreed"][1], sums["declined"][1])


def _quoted(moves: Sequence[Move], start: datetime, until: datetime) -> list[Amount]:
    rows = _of_orders(Quotation.objects.filter(given_at__gte=start, given_at__lt=until), moves, "quote")
    return [Amount(number, fen) for number, fen in rows.values_list("order__number", "total_fen")]


def _paid(moves: Sequence[Move], start: datetime, until: datetime) -> list[Amount]:
    rows = _of_orders(Payment.objects.filter(paid_at__gte=start, paid_at__lt=until), moves, "record_payment")
    return [Amount(number, fen, way) for number, fen, way in rows.values_list("order__number", "amount_fen", "way")]


def _of_orders(rows: QuerySet[Any], moves: Sequence[Move], *acts: str) -> QuerySet[Any]:
    """Those of the orders on which one of these acts was done that day, found by the order, oldest first."""
    numbers = {move.number for move in moves if move.act in acts}
    return rows.filter(order__number__in=sorted(numbers)).order_by("pk")


def _end_of_next_working_day(station: Any, day: date) -> datetime:
    first, last = day + timedelta(days=1), day + timedelta(days=NEXT_WORKING_DAY_WITHIN)
    return schedule.end_of(worked_days(station, first, last)[0], station.time_zone)


def worked_days(station: Any, first: date, last: date) -> list[date]:
    """The station's working days from `first` to `last`, never none: without a calendar, or in a long holiday, every day counts."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    try:
        return deadlines.list_worked_days(SYSTEM, code=station.calendar_code, first=first, last=last) or every
    except Missing:
        return every


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit into one query; one list when there are few."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some
