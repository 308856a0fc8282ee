"""Who comes to the counters and with what: customers and their units, thought up before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.config.demo import numbers
from aftersales.config.demo.dice import dice, pick
from aftersales.config.demo.material import Model, names, work_of

KNOWN_BEFORE = 0.45
"""How many of the persons stand in the old card file; firms all do."""
AT_TWO_STATIONS = 0.07
UNITS_PER_ORDER = 0.88


@dataclass(eq=False)
class Owned:
    """A unit and the customer who brings it."""

    owner: Person
    model: Model
    serial: str
    plate: str
    bought: date
    pieces: int | None
    meter: int | None

    @property
    def trade(self) -> str:
        """The trade of its model."""
        return self.model.trade

    @property
    def title(self) -> str:
        """The model as a receptionist writes it down."""
        return f"{self.model.maker} {self.model.name}"

    def is_covered(self, on: date) -> bool:
        """Whether the maker's warranty lasts on this day."""
        return (on - self.bought).days < self.model.months * 30


@dataclass(eq=False)
class Person:
    """A customer: somebody, or a firm with somebody to talk to."""

    name: str
    contact: str
    is_woman: bool
    is_firm: bool
    segment: str
    grade: str
    phone: str
    station: str
    address: str
    is_known: bool
    """Stands in the old card file; the others are first met at the counter."""
    brings: tuple[str, ...] = ()
    """The categories somebody like this brings; empty means anything."""
    other_phone: str = ""
    note: str = ""
    units: list[Owned] = field(default_factory=list)

    @property
    def called(self) -> str:
        """How one speaks of him or her: 李女士."""
        surname = self.contact[:2] if self.contact[:2] in names()["compound"] else self.contact[:1]
        return f"{surname}{'女士' if self.is_woman else '先生'}"


@dataclass(frozen=True)
class Counter:
    """Where a trade is served, and how many of all orders come there."""

    station: str
    trade: str
    share: int
    persons: int
    categories: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Station and trade."""
        return self.station, self.trade


@dataclass
class Town:
    """All customers, and the units that each counter will see."""

    people: list[Person]
    units: dict[tuple[str, str], list[Owned]]
    one_more: Callable[[Counter], Owned]
    """Somebody's further unit, for a counter that has seen all others."""


def counters() -> list[Counter]:
    """Every counter of the house."""
    return [Counter(**{**row, "categories": tuple(row.get("categories", ()))}) for row in names()["counters"]]


def build_town(seed: object, *, customers: int, orders: int, today: date) -> Town:
    """So many customers, with units for so many orders."""
    builder, places = _Builder(seed, today), counters()
    for place, count, units in zip(places, _shared(customers, places), _shared(orders, places), strict=True):
        builder.settle(place, count, round(units * UNITS_PER_ORDER))
    builder.bring_some_elsewhere(places)
    return Town(builder.people, builder.units, builder.one_more)


def _shared(count: int, places: Sequence[Counter]) -> list[int]:
    """The count, divided as the counters' shares say, without a remainder."""
    total = sum(place.share for place in places)
    marks = [0]
    for place in places:
        marks.append(marks[-1] + place.share)
    return [round(count * b / total) - round(count * a / total) for a, b in pairwise(marks)]


class _Builder:
    def __init__(self, seed: object, today: date) -> None:
        self.today = today
        self.people: list[Person] = []
        self.units: dict[tuple[str, str], list[Owned]] = {}
        self.random = dice(seed, "town")
        self.used: set[str] = set()

    def settle(self, place: Counter, count: int, units: int) -> None:
        firms = count - round(count * place.persons / 100)
        people = [self._firm(place) for _each in range(firms)] + [self._person(place) for _each in range(count - firms)]
        self.people += people
        brought = self.units.setdefault(place.key, [])
        for person in people:
            brought.append(self._unit(person, place))
        weights = [6 if person.is_firm else 1 for person in people]
        for person in self.random.choices(people, weights, k=max(0, units - len(people))) if people else []:
            brought.append(self._unit(person, place))

    def bring_some_elsewhere(self, places: Sequence[Counter]) -> None:
        """Some have a thing of another trade, or work in another town, and are served by two stations."""
        for person in self.random.sample(self.people, round(len(self.people) * AT_TWO_STATIONS)):
            elsewhere = [place for place in places if place.station != person.station]
            place = self.random.choices(elsewhere, [each.share for each in elsewhere])[0]
            self.units[place.key].append(self._unit(person, place))

    def one_more(self, place: Counter) -> Owned:
        """Somebody's further unit; of a customer of this station where there are any."""
        here = [person for person in self.people if person.station == place.station]
        return self._unit(self.random.choice(here or self.people), place)

    def _unit(self, person: Person, place: Counter) -> Owned:
        wanted = person.brings if place.station == person.station else place.categories
        models = work_of(place.trade).models
        model = pick(self.random, [model for model in models if model.category in wanted] or models)
        bought = self.today - timedelta(days=self.random.randint(75, 1300))
        facts = {"trade": place.trade, "category": model.category}
        unit = Owned(
            owner=person,
            model=model,
            serial=self._new(lambda: numbers.serial(self.random, **facts, code=model.code, bought=bought)),
            plate=self._new(lambda: numbers.plate(self.random, **facts, station=place.station)),
            bought=bought,
            pieces=self.random.choice([6, 12, 20, 24, 48]) if place.trade == "gift" else None,
            meter=self._meter(model, bought),
        )
        person.units.append(unit)
        return unit

    def _meter(self, model: Model, bought: date) -> int | None:
        meter = catalog.get_trade(model.trade).meter_of(model.category)
        if meter is None:
            return None
        per_day = self.random.uniform(18, 70) if meter.kind == "kilometres" else self.random.uniform(0.3, 2.2)
        return round((self.today - bought).days * per_day)

    def _person(self, place: Counter) -> Person:
        is_woman = self.random.random() < (0.3 if place.trade == "agri" else 0.5)
        name = self._name(is_woman=is_woman)
        return Person(
            name=name,
            contact=name,
            is_woman=is_woman,
            is_firm=False,
            segment="retail",
            grade=self.random.choices(["ordinary", "important", "key"], [88, 10, 2])[0],
            phone=self._new(lambda: numbers.telephone(self.random)),
            station=place.station,
            brings=place.categories,
            address=self._address(place.station) if self.random.random() < 0.3 else "",
            is_known=self.random.random() < KNOWN_BEFORE,
            note=self.random.choice(_NOTES) if self.random.random() < 0.06 else "",
        )

    def _firm(self, place: Counter) -> Person:
        kinds = [row for row in names()["firms"] if (row["station"], row["trade"]) == place.key]
        kind = self.random.choice(kinds)
        is_woman = self.random.random() < 0.4
        return Person(
            name=self._firm_name(kind),
            contact=self._name(is_woman=is_woman),
            is_woman=is_woman,
            is_firm=True,
            segment=kind["segment"],
            grade=self.random.choices(["ordinary", "important", "key"], [45, 40, 15])[0],
            phone=self._new(lambda: numbers.telephone(self.random)),
            other_phone=self._new(lambda: numbers.telephone(self.random)) if self.random.random() < 0.5 else "",
            station=place.station,
            brings=tuple(kind.get("categories", ())),
            address=self._address(place.station),
            is_known=True,
            note=self.random.choice(_FIRM_NOTES) if self.random.random() < 0.3 else "",
        )

    def _name(self, *, is_woman: bool) -> str:
        words = names()
        surname = self.random.choice(words["compound"] if self.random.random() < 0.02 else words["surnames"])
        return f"{surname}{self.random.choice(words['women' if is_woman else 'men'])}"

    def _firm_name(self, kind: Mapping[str, Any]) -> str:
        def thought_up() -> str:
            town = self.random.choice(names()["towns"][kind["station"]])
            shape = self.random.choice(kind["shapes"])
            return str(shape).format(place=town[:-1], word=self.random.choice(kind["words"]))

        return self._new(thought_up, otherwise="{name}（{number}店）")

    def _address(self, station: str) -> str:
        town, road = (self.random.choice(names()[what][station]) for what in ("towns", "roads"))
        return f"{town}{road} {self.random.randint(1, 288)} 号"

    def _new(self, think: Callable[[], str], *, otherwise: str = "") -> str:
        """Something thought up that nobody has yet."""
        for number in range(2, 200):
            found = think()
            if otherwise and number > 20:
                found = otherwise.format(name=found, number=number - 19)
            if not found or found not in self.used:
                self.used.add(found)
                return found
        raise AssertionError("too many customers for the names there are")


_NOTES = (
    "老客户，喜欢先电话问价。",
    "白天上班，请在中午或傍晚联系。",
    "听力不好，请发短信。",
    "由女儿代为联系。",
    "要求保留旧件。",
)
_FIRM_NOTES = (
    "按月结算，凭对账单。",
    "维修前须报负责人确认。",
    "送修须附单位联系单。",
    "农忙季节请优先安排。",
    "可上门取送。",
)
