"""When two records may be one: the keys by which candidates meet, and how likely two candidates are the same, in words.

Candidates share at least one key, so nobody is ever compared with everybody. Keys are numbers made of the facts by a hash: they say
nothing by themselves, and two different facts with one number only cost one comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from aftersales.core.search_words import plain, spoken
from aftersales.core.text import Text, text as _
from aftersales.customers.rules import contacts

LISTED_FROM = 50
"""A pair with fewer points is not shown."""
CROWD = 25
"""A key that more records share says nothing about any two of them."""

_SHORTEST_ADDRESS = 6
_LONG_NUMBER = 12
_TAIL = 8
_MOBILE_TAIL = 4
_LIKE_OTHERS = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "G": "6"})
_NOT_IN_A_NUMBER = re.compile(r"[\W_]+")
_LEGAL_FORMS = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|责任公司|集团公司|分公司|公司|集团|厂|店|商行|经营部|合作社)$"
)
_TITLES = re.compile(r"(?:先生|女士|小姐|太太|师傅|老板|经理|总)$")


@dataclass(frozen=True)
class CustomerFacts:
    """What is compared of a customer."""

    id: int
    name: str
    kind: str = "person"
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitFacts:
    """What is compared of a unit. `one_per` says among which units its number is unique."""

    id: int
    owner_id: int
    trade: str
    category: str = ""
    model: str = ""
    serial: str = ""
    plate: str = ""
    one_per: str = "trade"


@dataclass(frozen=True)
class Likeness:
    """How likely two records are the same: points up to 100, and the reasons in words."""

    points: int
    reasons: tuple[Text, ...] = field(default_factory=tuple)


Reason = tuple[int, Text]
Facts = CustomerFacts | UnitFacts


def keys_of(facts: Facts) -> set[int]:
    """The keys under which a record is looked for."""
    words = _customer_keys(facts) if isinstance(facts, CustomerFacts) else _unit_keys(facts)
    return {_hashed(word) for word in words}


def likeness(one: Facts, other: Facts) -> Likeness:
    """How likely these two are the same."""
    if isinstance(one, CustomerFacts) and isinstance(other, CustomerFacts):
        reasons = list(_customer_reasons(one, other))
    elif isinstance(one, UnitFacts) and isinstance(other, UnitFacts):
        reasons = list(_unit_reasons(one, other))
    else:
        raise TypeError("A customer is not compared with a unit.")
    points = sum(points for points, _reason in reasons)
    told = sorted((reason for reason in reasons if reason[0] > 0), key=lambda reason: -reason[0])
    return Likeness(max(0, min(100, points)), tuple(sentence for _points, sentence in told))


def _hashed(word: str) -> int:
    """A number of 63 bits, which every database keeps as an integer."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 1


# Customers


def core_name(name: str) -> str:
    """The name in the one form by which names are compared, without its legal form or a title."""
    folded = contacts.folded_name(name)
    return _TITLES.sub("", _LEGAL_FORMS.sub("", folded)) or folded


def _folded_address(text: str) -> str:
    return _NOT_IN_A_NUMBER.sub("", plain(text))


def _customer_keys(facts: CustomerFacts) -> Iterator[str]:
    name = core_name(facts.name)
    sound = spoken(name)
    yield f"name:{name}"
    for number in facts.phones:
        yield f"phone:{number}"
        yield f"head:{sound}:{number[:-_MOBILE_TAIL]}"
        yield f"tail:{sound}:{number[-_MOBILE_TAIL:]}"
    for text in facts.addresses:
        address = _folded_address(text)
        if len(address) >= _SHORTEST_ADDRESS:
            yield f"address:{address}"


def _customer_reasons(one: CustomerFacts, other: CustomerFacts) -> Iterator[Reason]:
    yield from _phone_reasons(one.phones, other.phones)
    yield from _name_reasons(one, other)
    yield from _address_reasons(one.addresses, other.addresses)
    if one.kind != other.kind:
        yield -10, _("One is a person, the other an organisation")


def _phone_reasons(one: Sequence[str], other: Sequence[str]) -> Iterator[Reason]:
    shared = set(one) & set(other)
    if shared:
        yield 60, _("Same telephone number: {number}", number=contacts.masked(min(shared)))
        return
    near = [number for number in one if any(_is_one_slip(number, another) for another in other)]
    if near:
        yield (
            35,
            _("Telephone numbers differ in one digit or two swapped ones: {number}", number=contacts.masked(near[0])),
        )


def _name_reasons(one: CustomerFacts, other: CustomerFacts) -> Iterator[Reason]:
    name, another = core_name(one.name), core_name(other.name)
    if name == another:
        yield (55 if _is_telling(name) else 40), _("Same name")
    elif spoken(name) == spoken(another):
        yield 30, _("Names that sound the same: {one}, {other}", one=one.name, other=other.name)
    elif _is_near_name(name, another):
        yield 20, _("Similar names: {one}, {other}", one=one.name, other=other.name)
    elif name[:1] != another[:1]:
        yield -15, _("Different names")


def _is_telling(name: str) -> bool:
    """Whether two records of this name are hardly a coincidence."""
    return len(name) >= 5


def _is_near_name(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return (len(shorter) >= 2 and shorter in longer) or (len(shorter) >= 3 and distance(one, other, most=1) <= 1)


def _address_reasons(one: Iterable[str], other: Iterable[str]) -> Iterator[Reason]:
    ours, theirs = ({_folded_address(text) for text in texts} for texts in (one, other))
    if any(len(address) >= _SHORTEST_ADDRESS for address in ours & theirs):
        yield 30, _("Same address")


# Units


def look_alike(number: str) -> str:
    """A number without separators, in which signs that are taken for one another are one: O and 0, I and 1, B and 8."""
    return _NOT_IN_A_NUMBER.sub("", plain(number)).upper().translate(_LIKE_OTHERS)


def _unit_keys(facts: UnitFacts) -> Iterator[str]:
    within = f"{facts.trade}:{facts.owner_id}" if facts.one_per == "owner" else facts.trade
    serial, plate, model = look_alike(facts.serial), look_alike(facts.plate), contacts.folded_name(facts.model)
    yield f"of:{facts.owner_id}:{facts.category}:{model}"
    if serial:
        yield f"serial:{within}:{serial}"
    if len(serial) >= _LONG_NUMBER:
        yield f"tail:{within}:{serial[-_TAIL:]}"
    if plate:
        yield f"plate:{plate}"


def _unit_reasons(one: UnitFacts, other: UnitFacts) -> Iterator[Reason]:
    if one.trade != other.trade or (one.one_per == "owner" and one.owner_id != other.owner_id):
        yield -100, _("Different trades")
        return
    yield from _serial_reasons(one, other)
    yield from _plate_reasons(one, other)
    if one.category != other.category:
        yield -10, _("Different categories")
    same_model = bool(one.model) and contacts.folded_name(one.model) == contacts.folded_name(other.model)
    if same_model:
        yield 10, _("Same model")
    if one.owner_id == other.owner_id:
        yield 15, _("Same owner")
        if same_model and one.category == other.category and not all(map(_has_number, (one, other))):
            yield 25, _("One of the two carries no number")


def _has_number(facts: UnitFacts) -> bool:
    return bool(facts.serial or facts.plate)


def _serial_reasons(one: UnitFacts, other: UnitFacts) -> Iterator[Reason]:
    ours, theirs = look_alike(one.serial), look_alike(other.serial)
    if not ours or not theirs:
        return
    if one.serial == other.serial:
        yield 70, _("Same number: {number}", number=one.serial)
    elif ours == theirs:
        yield 75, _("The same number spelled differently: {one}, {other}", one=one.serial, other=other.serial)
    elif (
        ours[-_TAIL:] == theirs[-_TAIL:]
        and min(len(ours), len(theirs)) >= _LONG_NUMBER
        and distance(ours, theirs, most=2) <= 2
    ):
        yield 50, _("Nearly the same number: {one}, {other}", one=one.serial, other=other.serial)
    else:
        yield -60, _("Different numbers")


def _plate_reasons(one: UnitFacts, other: UnitFacts) -> Iterator[Reason]:
    ours, theirs = look_alike(one.plate), look_alike(other.plate)
    if not ours or ours != theirs:
        return
    if one.plate == other.plate:
        yield 45, _("Same plate: {plate}", plate=one.plate)
    else:
        yield 50, _("The same plate spelled differently: {one}, {other}", one=one.plate, other=other.plate)


# How far apart two words are


def distance(one: str, other: str, *, most: int) -> int:
    """How many signs must be changed, added, left out or swapped with a neighbour; counted no further than `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        now = [row]
        for column, another in enumerate(other, 1):
            step = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (sign != another))
            if row > 1 and column > 1 and sign == other[column - 2] and one[row - 2] == another:
                step = min(step, before[column - 2] + 1)
            now.append(step)
        before, last = last, now
    return min(last[-1], most + 1)


def _is_one_slip(one: str, other: str) -> bool:
    return len(one) == len(other) and distance(one, other, most=1) == 1


def as_data(likely: Likeness) -> dict[str, Any]:
    """The reasons as JSON keeps them."""
    return {"points": likely.points, "reasons": [reason.as_data() for reason in likely.reasons]}
