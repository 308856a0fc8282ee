"""The whole demonstration before anything is written: which order comes when, and every act of it until the present."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from aftersales.config.demo.dice import dice
from aftersales.config.demo.hours import Hours
from aftersales.config.demo.material import Job, house
from aftersales.config.demo.story import Crew, Step, Story, Turn, is_waiting_after, state_after
from aftersales.config.demo.town import Counter as Place, Owned, Town, counters

FULL = 1500
FRESH: Sequence[tuple[Turn, int]] = (
    (Turn("received"), 9),
    (Turn("diagnosed"), 7),
    (Turn("quoted"), 10),
    (Turn("approved"), 8),
    (Turn("repairing"), 12),
    (Turn("repaired"), 6),
    (Turn("checked"), 6),
    (Turn("cancelled"), 4),
    (Turn("declined"), 5),
    (Turn("ready"), 12),
    (Turn("handed_over"), 14),
)
"""How many of the latest orders stand where, at full size; in the order in which the newest come first."""
OLD: Sequence[tuple[Turn, int]] = (
    (Turn("repairing", "parts"), 9),
    (Turn("repairing", "manufacturer"), 3),
    (Turn("received", "customer"), 3),
    (Turn("diagnosed", "approval"), 3),
    (Turn("ready"), 4),
    (Turn("declined"), 3),
)
"""How many of those that came earlier are still here, and why."""
RETURNS = 0.12
COMES_BACK = 0.3
"""Of the units that come again, how many have the fault of the last visit."""
ASKED_AFTER = timedelta(days=4)
ASKED_EVERY = 3 * 8 * 3600
PHOTOGRAPHED = 0.16
RUNG_UP = 0.03
SOLD_ON = 0.005
FETCHED = ("客户说这几天抽空来取。", "无人接听，改发短信。", "客户出差，下周来取。", "已告知超期存放规定。")
HELD_AMONG = 1.5
"""Of so many times as many latest orders as are made to stand somewhere, the others go their own way."""
DRIFT = 0.12
"""How far the stops of the latest orders are mixed."""


@dataclass(frozen=True)
class Act:
    """One act at its instant, upon the order numbered `visit` in this plan."""

    at: datetime
    visit: int
    verb: str
    login: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Visit:
    """A unit's stay with us, as far as it has come."""

    number: int
    station: str
    unit: Owned
    received_at: datetime
    steps: tuple[Step, ...]
    meter: int | None
    photos: int
    is_again: bool = False
    """Whether the fault of the last visit came back."""

    @property
    def state(self) -> str:
        """Where the order stands at present."""
        return state_after(list(self.steps))

    @property
    def is_waiting(self) -> bool:
        """Whether it stands still."""
        return is_waiting_after(list(self.steps))


@dataclass(frozen=True)
class Plan:
    """Every visit, and all acts in the order in which they happened."""

    visits: tuple[Visit, ...]
    acts: tuple[Act, ...]


def build_plan(
    seed: object, town: Town, hours: Mapping[str, Hours], *, orders: int, start: datetime, now: datetime
) -> Plan:
    """So many orders between `start` and `now`, at the hours at which the stations are open."""
    planner = _Planner(seed, town, hours, now)
    arrivals = planner.arrivals(orders, start)
    turns = planner.turns(arrivals)
    for number, (at, place) in enumerate(arrivals):
        planner.receive(number, at, place, turns.get(number))
    planner.sell_some()
    acts = sorted(planner.acts, key=lambda act: (act.at, act.visit))
    return Plan(tuple(planner.visits), tuple(acts))


class _Planner:
    def __init__(self, seed: object, town: Town, hours: Mapping[str, Hours], now: datetime) -> None:
        self.seed, self.hours, self.now = seed, hours, now
        self.one_more = town.one_more
        self.random = dice(seed, "plan")
        self.crews = {place.key: _Crews(place) for place in counters()}
        self.waiting = {key: self.random.sample(units, len(units)) for key, units in town.units.items()}
        self.seen: dict[tuple[str, str], list[Owned]] = {key: [] for key in town.units}
        self.free_at: dict[int, datetime | None] = {}
        self.repaired: dict[int, Job | None] = {}
        self.meters: dict[int, int] = {}
        self.visits: list[Visit] = []
        self.acts: list[Act] = []

    # When units come

    def arrivals(self, orders: int, start: datetime) -> list[tuple[datetime, Place]]:
        """The instants at which units come in, earliest first."""
        places = counters()
        chosen = self.random.choices(places, [place.share for place in places], k=orders)
        return sorted(((self._moment(place.station, start), place) for place in chosen), key=lambda pair: pair[0])

    def _moment(self, station: str, start: datetime) -> datetime:
        hours = self.hours[station]
        first, last = hours.before(start), hours.before(self.now)
        return hours.at(self.random.randrange(first, max(last - 60, first + 1)))

    # Where the open ones stand

    def turns(self, arrivals: Sequence[tuple[datetime, Place]]) -> dict[int, Turn]:
        """Which of the arrivals are still open, and how."""
        size = len(arrivals) / FULL
        fresh, old = _scaled(FRESH, size), _scaled(OLD, size)
        latest = range(len(arrivals) - 1, -1, -1)[: round(len(fresh) * HELD_AMONG)]
        chosen = sorted(self.random.sample(latest, min(len(fresh), len(latest))), reverse=True)
        places = sorted(range(len(fresh)), key=lambda place: place + self.random.gauss(0, DRIFT * len(fresh)))
        found = {number: fresh[place] for number, place in zip(chosen, places, strict=False)}
        before = range(max(0, len(arrivals) - round(len(arrivals) * 0.4)), len(arrivals) - len(latest))
        return found | dict(zip(self.random.sample(before, min(len(old), len(before))), old, strict=False))

    # One visit

    def receive(self, number: int, at: datetime, place: Place, turn: Turn | None) -> None:
        """Tell the story of the unit that comes in at this instant."""
        random = dice(self.seed, "visit", number)
        unit, again = self._unit(place, at)
        crew = self.crews[place.key].crew(random, unit)
        story = Story(random, unit, crew, turn=turn, again=again, is_covered=unit.is_covered(at.date()))
        hours = self.hours[place.station]
        steps = self._until_now(random, hours, at, story.tell(), is_held=turn is not None)
        ends = [hours.after(at, step.after) for step in steps if step.verb == "hand_over"]
        self.free_at[id(unit)] = ends[0] if ends else None
        self.repaired[id(unit)] = story.job if any(step.verb == "explain" for step in steps) else None
        visit = Visit(
            len(self.visits),
            place.station,
            unit,
            at,
            tuple(steps),
            self._meter(random, unit),
            self._photos(random, at),
            story.is_again,
        )
        self.visits.append(visit)
        self.acts += [
            Act(hours.after(at, step.after), visit.number, step.verb, step.login, step.facts) for step in steps
        ]
        self._ring_up(random, visit)
        self._ask_to_fetch(random, visit, crew.advisor)

    def sell_some(self) -> None:
        """A few units change hands after their last visit."""
        last = {id(visit.unit): visit for visit in self.visits}
        gone = [visit for visit in last.values() if visit.state == "closed" and not visit.unit.owner.is_firm]
        for visit in self.random.sample(gone, min(len(gone), round(len(self.visits) * SOLD_ON))):
            heirs = [each.unit.owner for each in self.visits if each.unit.owner.is_known]
            here = [heir for heir in heirs if heir.station == visit.station and heir is not visit.unit.owner]
            heir = self.random.choice(here) if here else None
            hours = self.hours[visit.station]
            at = hours.after(visit.received_at, visit.steps[-1].after + self.random.randint(3600, 30000))
            if heir is not None and at < self.now:
                login = self.crews[visit.station, visit.unit.trade].by_duty["service_advisor"][0]
                self.acts.append(Act(at, visit.number, "transfer", login, {"heir": heir}))

    def _unit(self, place: Place, at: datetime) -> tuple[Owned, Job | None]:
        """The unit that comes in, and the work of its last visit if that has to be done again."""
        seen = [unit for unit in self.seen[place.key] if self._is_free(unit, at)]
        waiting = self.waiting[place.key]
        if seen and (not waiting or self.random.random() < RETURNS):
            unit = self.random.choice(seen)
            return unit, self.repaired[id(unit)] if self.random.random() < COMES_BACK else None
        unit = waiting.pop() if waiting else self.one_more(place)
        self.seen[place.key].append(unit)
        return unit, None

    def _is_free(self, unit: Owned, at: datetime) -> bool:
        free_at = self.free_at.get(id(unit))
        return free_at is not None and (at - free_at).total_seconds() > 20 * 3600

    def _until_now(self, random: Random, hours: Hours, at: datetime, steps: list[Step], *, is_held: bool) -> list[Step]:
        """The steps that have been taken by now; those of an order that is to stand somewhere are made to fit."""
        time = hours.before(self.now) - hours.before(at)
        last = steps[-1].after
        if is_held and last > time * 0.97:
            pace = time * random.uniform(0.6, 0.97) / last
            steps = [Step(int(step.after * pace), step.verb, step.login, step.facts) for step in steps]
        return [step for step in steps if step.after < time or step.verb == "receive"]

    def _meter(self, random: Random, unit: Owned) -> int | None:
        if unit.meter is None:
            return None
        self.meters[id(unit)] = self.meters.get(id(unit), unit.meter) + random.randint(1, 60)
        return self.meters[id(unit)]

    def _ring_up(self, random: Random, visit: Visit) -> None:
        """Now and then somebody at headquarters rings the customer, whose number is uncovered for that."""
        if random.random() < RUNG_UP:
            last = self.acts[-1].at
            at = visit.received_at + (last - visit.received_at) * random.random()
            self.acts.append(Act(at, visit.number, "reveal", random.choice(_logins("call_operator")), {}))

    def _ask_to_fetch(self, random: Random, visit: Visit, advisor: str) -> None:
        """Customers who do not come for their units are rung up, each time a few working days later."""
        ready_at = self.acts[-1].at if self.acts[-1].verb != "reveal" else self.acts[-2].at
        if visit.state not in {"ready", "declined", "cancelled"} or self.now - ready_at < ASKED_AFTER:
            return
        owner = visit.unit.owner
        for turn in range(1, random.choice([0, 1, 2, 3]) + 1):
            at = self.hours[visit.station].after(ready_at, turn * ASKED_EVERY + random.randrange(3600))
            if at < self.now:
                facts = {
                    "reason": "pick_up",
                    "way": "telephone",
                    "reached": owner.called,
                    "note": random.choice(FETCHED),
                }
                self.acts.append(Act(at, visit.number, "contact", advisor, facts))

    def _photos(self, random: Random, at: datetime) -> int:
        is_recent = (self.now - at).days < 7
        return random.choice([1, 1, 2]) if is_recent and random.random() < PHOTOGRAPHED else 0


class _Crews:
    """The people of one counter."""

    def __init__(self, place: Place) -> None:
        self.place = place
        here = house()["people"][place.station]
        self.by_duty = {
            duty: [row["login"] for row in here if duty in _duties(row)]
            for duty in {d for row in here for d in _duties(row)}
        }
        able = [row["login"] for row in here if place.trade in row.get("trades", ())]
        self.by_duty["technician"] = able
        self.clerks = _logins("data_clerk")
        self.cashiers = _logins("finance")

    def crew(self, random: Random, unit: Owned) -> Crew:
        """Who works on this order."""
        supervisor = self.by_duty["reception_supervisor"][0]
        advisors = self.by_duty["service_advisor"]
        advisor = random.choices([*advisors, supervisor], [5] * len(advisors) + [1])[0]
        is_on_card = unit.owner.is_known and unit.owner.station == self.place.station
        returns = self.by_duty.get("returns_clerk", []) if is_on_card and self.place.trade == "gift" else []
        return Crew(
            receiver=random.choice([advisor, *returns]),
            advisor=advisor,
            supervisor=supervisor,
            technician=random.choice(self.by_duty["technician"]),
            inspector=random.choice(self.by_duty["quality_inspector"]),
            keeper=self.by_duty["parts_keeper"][0],
            manager=self.by_duty["service_manager"][0],
            closer=random.choice([supervisor, *self.clerks]),
            cashier=random.choice(self.cashiers),
        )


def _duties(row: Mapping[str, Any]) -> list[str]:
    return [row["duty"], *row.get("also", ())]


def _logins(duty: str) -> list[str]:
    return [row["login"] for row in house()["people"]["HQ"] if row["duty"] == duty]


def _scaled(turns: Sequence[tuple[Turn, int]], size: float) -> list[Turn]:
    return [turn for turn, count in turns for _each in range(max(1, round(count * size)))]


def count_states(plan: Plan) -> Counter[str]:
    """How many orders stand where."""
    return Counter(visit.state for visit in plan.visits)
