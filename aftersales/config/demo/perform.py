"""Doing what was planned: every act by its person, at its instant, through the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aftersales.config.demo.founding import House
from aftersales.config.demo.hours import Hours
from aftersales.config.demo.material import TRADES, work_of
from aftersales.config.demo.photos import draw_photos
from aftersales.config.demo.plan import Act, Plan, Visit
from aftersales.config.demo.town import Owned, Person
from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.customers import services as customers
from aftersales.staff import queries as staff
from aftersales.workshop import queries as orders, services as workshop
from aftersales.workshop.queries import Fault

CLERK = "fang.hui"
ANOTHER = (
    "这次是另一个部位。",
    "客户又摔了一次，是新伤。",
    "上次修的正常，这次是别的毛病。",
    "人为损坏，与上次维修无关。",
)
"""Why what comes again is another fault."""
EXPERT = "lu.zhiyuan"
OPEN_QUESTIONS = (
    (1, False, "拆检后与报修现象对不上，请看照片，下一步先量哪里？", ""),
    (7, False, "同型号本月第三台，是否有技术通报或改进件？", ""),
    (80, True, "厂家手册无此代码，能否提供检测流程？", ""),
)
"""After how many hours they stand open, whether the order waits, and what is asked."""
ORDER_ACTS: Mapping[str, Callable[..., Any]] = {
    "edit": workshop.edit_order,
    "assign": workshop.assign_order,
    "diagnose": workshop.diagnose_order,
    "add_line": workshop.add_line,
    "discount": workshop.discount_lines,
    "contact": workshop.contact_customer,
    "quote": workshop.quote_order,
    "approve": workshop.approve_order,
    "decline": workshop.decline_order,
    "revise": workshop.revise_order,
    "start": workshop.start_order,
    "complete": workshop.complete_order,
    "pass_check": workshop.pass_check,
    "fail_check": workshop.fail_check,
    "announce": workshop.announce_order,
    "explain": workshop.explain_order,
    "record_payment": workshop.record_payment,
    "hand_over": workshop.hand_over_order,
    "close": workshop.close_order,
    "cancel": workshop.cancel_order,
    "wait": workshop.wait_order,
    "resume": workshop.resume_order,
}


class Performer:
    """Everybody at work; knows which planned customer, unit and order became which record."""

    def __init__(self, house: House, seed: object) -> None:
        self.house, self.seed = house, seed
        self.customers: dict[int, int] = {}
        self.units: dict[int, int] = {}
        self.served: set[tuple[int, str]] = set()
        self.orders: dict[int, Any] = {}
        self.last_at: dict[int, datetime] = {}

    def keep_card_file(self, people: Sequence[Person], hours: Hours, *, start: datetime, until: datetime) -> None:
        """Enter the old card file, card after card, between two instants."""
        first, time = hours.before(start), hours.before(until) - hours.before(start)
        for place, person in enumerate(people):
            self._enter(person, hours.at(first + time * (place + 1) // (len(people) + 1)))

    def _enter(self, person: Person, now: datetime) -> None:
        clerk = self.house.actors[CLERK]
        kind = "organisation" if person.is_firm else "person"
        facts = customers.CustomerFacts(
            kind=kind,
            segment=person.segment,
            grade=person.grade,
            contact_name=person.contact if person.is_firm else "",
            may_be_advertised_to=person.grade != "ordinary",
            note=person.note,
        )
        made = customers.register_customer(
            clerk,
            name=person.name,
            phone=person.phone,
            phone_label="mobile",
            facts=facts,
            station=person.station,
            now=now,
        )
        self.customers[id(person)] = made.pk
        self.served.add((id(person), person.station))
        if person.other_phone:
            label = "driver" if person.segment == "fleet" else "finance"
            customers.add_phone(clerk, customer_id=made.pk, phone=person.other_phone, label=label, now=now)
        if person.address:
            customers.add_address(clerk, customer_id=made.pk, text=person.address, now=now)
        for unit in person.units:
            self.units[id(unit)] = customers.register_unit(
                clerk, customer_id=made.pk, facts=self._card(unit), now=now
            ).pk

    def _card(self, unit: Owned) -> customers.UnitFacts:
        return customers.UnitFacts(
            trade=unit.trade,
            category=unit.model.category,
            model_id=self.house.models[unit.model.code],
            serial=unit.serial,
            plate=unit.plate,
            pieces=unit.pieces,
            purchased_on=unit.bought,
        )

    def carry_out(self, plan: Plan, told: Callable[[Act, int], object]) -> None:
        """All acts of the plan, in their order; `told` hears of each with the number of orders so far."""
        for act in plan.acts:
            visit = plan.visits[act.visit]
            if act.verb == "receive":
                self._receive(act, visit)
            elif act.verb == "reveal":
                customers.reveal_contact(
                    self.house.actors[act.login], customer_id=self._order(act).customer_id, now=act.at
                )
            elif act.verb == "transfer":
                self._transfer(act, visit)
            else:
                self._move(act)
            self.last_at[act.visit] = act.at
            told(act, len(self.orders))

    def _receive(self, act: Act, visit: Visit) -> None:
        unit, person = visit.unit, visit.unit.owner
        is_known_here = (id(person), visit.station) in self.served
        customer_id, unit_id = (
            (self.customers.get(id(person)), self.units.get(id(unit))) if is_known_here else (None, None)
        )
        actor = self.house.actors[act.login]
        intake = workshop.Intake(
            phone="" if customer_id else person.phone,
            name="" if customer_id else person.name,
            trade=unit.trade,
            category=unit.model.category,
            serial="" if unit_id else unit.serial,
            plate="" if unit_id else unit.plate,
            model_text="" if unit_id else unit.title,
            meter=visit.meter,
            is_meter_unreadable=visit.meter is None,
            customer_id=customer_id,
            unit_id=unit_id,
            station=visit.station,
            **act.facts,
            **self._came_back(actor, act, visit, unit_id),
        )
        photos = draw_photos(f"{self.seed}/{visit.number}", unit.trade, unit.model.category, visit.photos)
        order = workshop.receive_order(actor, intake=intake, photos=photos, now=act.at)
        self.customers[id(person)], self.units[id(unit)] = order.customer_id, order.unit_id
        self.served.add((id(person), visit.station))
        self.orders[act.visit] = order

    def _came_back(self, actor: Actor, act: Act, visit: Visit, unit_id: int | None) -> dict[str, Any]:
        """What the counter says when the unit was repaired here a short while ago."""
        station = staff.get_station(actor, visit.station)
        found = (
            orders.list_suspects(
                actor,
                unit_id=unit_id,
                station_id=station.pk,
                fault=Fault(act.facts["fault"]),
                today=clock.local_date(act.at, station.time_zone),
            )
            if unit_id
            else []
        )
        if not found:
            return {}
        if visit.is_again:
            return {"repeat_of": found[0].order.number}
        return {"repeat_of": "other", "repeat_note": ANOTHER[visit.number % len(ANOTHER)]}

    def _transfer(self, act: Act, visit: Visit) -> None:
        heir = self.customers[id(act.facts["heir"])]
        customers.transfer_unit(
            self.house.actors[act.login],
            unit_id=self.units[id(visit.unit)],
            to_customer_id=heir,
            note="客户来电告知已转手。",
            now=act.at,
        )

    def _move(self, act: Act) -> None:
        order = self._order(act)
        actor = self.house.actors[act.login]
        self.orders[act.visit] = ORDER_ACTS[act.verb](actor, number=order.number, **self._facts(act, order), now=act.at)

    def ask_about_the_latest(self, *, now: datetime) -> None:
        """Questions to the expert: some hard ones that he answered, and three open: fresh, pressing, and overdue with the order waiting."""
        last_at = {self.orders[visit].pk: at for visit, at in self.last_at.items()}
        people = {actor.person_id: actor for actor in self.house.actors.values()}
        at_work = [order for order in self.orders.values() if order.state in ("diagnosed", "repairing")]
        idle = [order for order in reversed(at_work) if order.technician_id and not order.waiting_for]
        rested = {order.pk: (now - last_at[order.pk]) // timedelta(hours=1) for order in idle}
        for order, hours, waits, question, answer in _questions(idle, rested):
            asked = workshop.ask_expert(
                people[order.technician_id],
                number=order.number,
                question=question,
                expert_id=self.house.person_id(EXPERT),
                waits=waits,
                now=min(now, max(last_at[order.pk] + timedelta(minutes=1), now - timedelta(hours=hours))),
            )
            if answer:
                workshop.answer_question(
                    self.house.actors[EXPERT],
                    number=asked.number,
                    answer=answer,
                    now=min(now, asked.asked_at + timedelta(hours=2)),
                )

    def _order(self, act: Act) -> Any:
        return self.orders[act.visit]

    def _facts(self, act: Act, order: Any) -> dict[str, Any]:
        facts = dict(act.facts)
        if act.verb == "assign":
            return {"technician_id": self.house.person_id(facts["technician"])}
        if act.verb == "wait":
            owner_id = self.house.person_id(facts.pop("on"))
            return {**facts, "owner_id": owner_id}
        if act.verb == "contact" and "days" in facts:
            again = max(order.promised_at, act.at) + timedelta(days=facts.pop("days"))
            return {**facts, "promised_at": again}
        if act.verb == "explain" and "next_visit_in" in facts:
            days = facts.pop("next_visit_in")
            return facts | {"next_visit_on": act.at.date() + timedelta(days=days)}
        if act.verb == "edit":
            stands = {name: getattr(order, name) for name in ("version", "accessories", "condition")}
            return {**stands, **facts}
        return facts


def _questions(orders: Sequence[Any], rested: Mapping[int, int]) -> Iterator[tuple[Any, int, bool, str, str]]:
    """The open questions about orders at which nobody has worked for as long; then an answered one about each hard diagnosis.

    `rested` are the hours since the last act on each order.
    """
    hard = {job.diagnosis: job for trade in TRADES for job in work_of(trade).jobs if job.question}
    left = list(orders)
    for asked in reversed(OPEN_QUESTIONS):
        if left:
            longest = max(left, key=lambda order: rested[order.pk])
            order = next((order for order in left if rested[order.pk] > asked[0]), longest)
            left.remove(order)
            yield (order, *asked)
    for order in left:
        if order.diagnosis in hard:
            yield order, 50, False, hard[order.diagnosis].question, hard[order.diagnosis].answer
