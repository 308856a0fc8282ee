"""A trade as data: its words, the numbers its units carry, its checklists. One file per trade, checked when it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aftersales.catalog.rules import identifiers
from aftersales.catalog.rules.labels import LANGUAGES, Label, label
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _

T = TypeVar("T")
ONE_PER = ("trade", "category", "owner")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")


class ProfileError(ValueError):
    """A profile file is wrong; the message names the file, the key and what is expected there."""


@dataclass(frozen=True)
class Item:
    """One thing of a list, such as an accessory or a fault."""

    code: str
    label: Label


ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True)
class Answer(Item):
    """One answer a checklist item may have."""

    tone: str


@dataclass(frozen=True)
class Linked(Item):
    """A cause or a remedy, and the items of the list before it to which it usually belongs."""

    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChecklistItem(Item):
    """One line of a checklist with the answers it may have."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class SerialField:
    """How units of a category are told apart: the name of the number, its form, and among which units it is unique."""

    label: Label
    hint: Label
    pattern: str
    example: str
    one_per: str
    checksum: str = ""
    checksum_refuses: bool = False
    drops: str = ""

    def read(self, typed: str) -> identifiers.Reading:
        """The number in its one spelling, with doubts; refuses what cannot be such a number."""
        return identifiers.read_number(
            typed,
            pattern=self.pattern,
            drops=self.drops,
            checksum=self.checksum,
            checksum_refuses=self.checksum_refuses,
            label=self.label,
            example=self.example,
        )


@dataclass(frozen=True)
class PlateField:
    """Which kinds of plate units carry."""

    label: Label
    kinds: tuple[str, ...]

    def read(self, typed: str) -> str:
        """The plate in its one spelling; refuses what is not a plate."""
        return identifiers.read_plate(typed, kinds=self.kinds)


@dataclass(frozen=True)
class Meter:
    """What a unit counts as it works."""

    kind: str
    label: Label
    unit: Label
    highest: int

    def read(self, typed: str) -> int | None:
        """The reading as a whole number, or None when nothing was typed."""
        value = identifiers.plain(typed).replace(",", "").replace(" ", "")
        if not value:
            return None
        if not (value.isascii() and value.isdigit()) or int(value) > self.highest:
            raise Invalid(
                _("Write the {label} as a whole number up to {highest}.", label=self.label, highest=self.highest),
                field="meter",
            )
        return int(value)


@dataclass(frozen=True)
class CategoryProfile(Item):
    """A category as the profile ships it."""

    serial: SerialField
    plate: PlateField | None
    meter: Meter | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trade:
    """Everything the pages need to speak a trade's language."""

    code: str
    position: int
    icon: str
    label: Label
    unit: Label
    serial: SerialField
    plate: PlateField | None
    meter: Meter | None
    asks_purchase_date: bool
    asks_pieces: bool
    categories: tuple[CategoryProfile, ...]
    accessories: tuple[Item, ...]
    condition: tuple[ChecklistItem, ...]
    faults: tuple[Item, ...]
    """Also the symptoms of a diagnosis."""
    causes: tuple[Linked, ...]
    remedies: tuple[Linked, ...]
    quality: tuple[ChecklistItem, ...]

    def category(self, code: str) -> CategoryProfile | None:
        """The shipped category with this code, or None for one that was added later."""
        return next((category for category in self.categories if category.code == code), None)

    def serial_of(self, category: str) -> SerialField:
        """The number that units of this category carry."""
        found = self.category(category)
        return found.serial if found else self.serial

    def plate_of(self, category: str) -> PlateField | None:
        """The plate that units of this category carry, or None."""
        found = self.category(category)
        return found.plate if found else self.plate

    def meter_of(self, category: str) -> Meter | None:
        """The meter that units of this category have, or None."""
        found = self.category(category)
        return found.meter if found else self.meter

    def fault(self, code: str) -> Item:
        """The fault with this code."""
        return _the(self.faults, code)

    def cause(self, code: str) -> Linked:
        """The cause with this code."""
        return _the(self.causes, code)

    def remedy(self, code: str) -> Linked:
        """The remedy with this code."""
        return _the(self.remedies, code)

    def accessory(self, code: str) -> Item:
        """The accessory with this code."""
        return _the(self.accessories, code)


def _the(items: Iterable[ItemT], code: str) -> ItemT:
    found = next((item for item in items if item.code == code), None)
    if found is None:
        raise Missing(_("“{code}” is not on the list of this trade.", code=code))
    return found


def read_trade(file: str, data: Mapping[str, Any], answers: Mapping[str, tuple[Answer, ...]]) -> Trade:
    """The trade that a profile file describes; a mistake names the file and the key."""
    top = _Table(file, "", data)
    serials = {name: _read_serial(table) for name, table in top.table("serials").tables()}
    serial = top.choice("serial", serials)
    plate = _read_plate(top.table("plate")) if top.has("plate") else None
    meter = _read_meter(top.table("meter")) if top.has("meter") else None
    lists = top.table("lists")
    trade = Trade(
        code=top.code("code"),
        position=top.number("position"),
        icon=top.string("icon"),
        label=top.table("label").label(),
        unit=top.table("unit").label(),
        serial=serial,
        plate=plate,
        meter=meter,
        asks_purchase_date=top.flag("asks_purchase_date"),
        asks_pieces=top.flag("asks_pieces"),
        categories=lists.items("categories", lambda row: _read_category(row, serials, serial, plate, meter)),
        accessories=lists.items("accessories", lambda row: Item(row.code("code"), row.label())),
        condition=lists.items("condition", lambda row: _read_check(row, answers)),
        faults=lists.items("faults", lambda row: Item(row.code("code"), row.label())),
        causes=lists.items("causes", lambda row: _read_linked(row, lists.codes("faults"))),
        remedies=lists.items("remedies", lambda row: _read_linked(row, lists.codes("causes"))),
        quality=lists.items("quality", lambda row: _read_check(row, answers)),
    )
    lists.done()
    top.done()
    return trade


def read_answers(file: str, data: Mapping[str, Any]) -> dict[str, tuple[Answer, ...]]:
    """The sets of answers that checklists may name."""
    top = _Table(file, "", data)
    return {
        name: top.items(name, lambda row: Answer(row.code("code"), row.label(), row.choice("tone", _TONES)))
        for name in data
    }


_TONES = {tone: tone for tone in ("neutral", "info", "progress", "success", "warning", "danger")}


def _read_serial(table: _Table) -> SerialField:
    field = SerialField(
        label=table.table("label").label(),
        hint=table.table("hint").label(),
        pattern=table.string("pattern"),
        example=table.string("example"),
        one_per=table.choice("one_per", {name: name for name in ONE_PER}),
        checksum=table.choice("checksum", {name: name for name in identifiers.CHECKSUMS})
        if table.has("checksum")
        else "",
        checksum_refuses=table.flag("checksum_refuses") if table.has("checksum_refuses") else False,
        drops=table.string("drops") if table.has("drops") else "",
    )
    table.done()
    try:
        reading = field.read(field.example)
    except re.error as error:
        raise table.wrong("pattern", f"must be a regular expression ({error})") from error
    except Invalid as error:
        raise table.wrong("example", f"must fit the pattern and the check digit ({error})") from error
    if reading.warnings:
        raise table.wrong("example", "must have the right check digit")
    return field


def _read_plate(table: _Table) -> PlateField:
    field = PlateField(label=table.table("label").label(), kinds=table.words("kinds"))
    if not field.kinds or not identifiers.PLATE_KINDS.issuperset(field.kinds):
        raise table.wrong("kinds", f"must be some of {', '.join(sorted(identifiers.PLATE_KINDS))}")
    table.done()
    return field


def _read_meter(table: _Table) -> Meter:
    meter = Meter(
        kind=table.string("kind"),
        label=table.table("label").label(),
        unit=table.table("unit").label(),
        highest=table.number("highest"),
    )
    table.done()
    return meter


def _read_category(
    row: _Table, serials: Mapping[str, SerialField], serial: SerialField, plate: PlateField | None, meter: Meter | None
) -> CategoryProfile:
    return CategoryProfile(
        code=row.code("code"),
        label=row.label(),
        serial=row.choice("serial", serials) if row.has("serial") else serial,
        plate=plate if not row.has("plate") or row.flag("plate") else None,
        meter=meter if not row.has("meter") or row.flag("meter") else None,
        aliases=row.words("aliases") if row.has("aliases") else (),
    )


def _read_check(row: _Table, answers: Mapping[str, tuple[Answer, ...]]) -> ChecklistItem:
    return ChecklistItem(row.code("code"), row.label(), row.choice("answers", answers))


def _read_linked(row: _Table, before: frozenset[str]) -> Linked:
    of = row.words("of") if row.has("of") else ()
    unknown = sorted(set(of) - before)
    if unknown:
        raise row.wrong("of", f"names {unknown[0]}, which is not in the list before")
    return Linked(row.code("code"), row.label(), of)


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


class _Table:
    """A table of a TOML file that knows where it stands, so that each mistake can be told by file and key."""

    def __init__(self, file: str, path: str, data: Mapping[str, Any]) -> None:
        self.file, self.path, self.data, self.read = file, path, data, set[str]()

    def wrong(self, key: str, what: str) -> ProfileError:
        place = ".".join(part for part in (self.path, key) if part)
        return ProfileError(f"{self.file}: {place} {what}")

    def has(self, key: str) -> bool:
        return key in self.data

    def string(self, key: str) -> str:
        return str(
            self._value(key, lambda value: isinstance(value, str) and value.strip(), "must be a text that is not empty")
        )

    def code(self, key: str) -> str:
        value = self.string(key)
        if not _CODE.fullmatch(value):
            raise self.wrong(key, "must be small letters, digits and hyphens, at most 30")
        return value

    def number(self, key: str) -> int:
        return int(self._value(key, lambda value: type(value) is int and value >= 0, "must be a whole number"))

    def flag(self, key: str) -> bool:
        return bool(self._value(key, lambda value: isinstance(value, bool), "must be true or false"))

    def words(self, key: str) -> tuple[str, ...]:
        return tuple(self._value(key, _is_words, "must be a list of texts"))

    def choice(self, key: str, choices: Mapping[str, T]) -> T:
        value = self.string(key)
        if value not in choices:
            raise self.wrong(key, f"must be one of {', '.join(sorted(choices))}")
        return choices[value]

    def table(self, key: str) -> _Table:
        data = self._value(key, lambda value: isinstance(value, Mapping), "must be a table")
        return _Table(self.file, f"{self.path}.{key}".lstrip("."), data)

    def tables(self) -> list[tuple[str, _Table]]:
        return [(key, self.table(key)) for key in self.data]

    def label(self) -> Label:
        return label(*(self.string(language) for language in LANGUAGES))

    def items(self, key: str, read: Callable[[_Table], T]) -> tuple[T, ...]:
        rows = self._value(key, lambda value: isinstance(value, list) and value, "must be a list with at least one row")
        tables = [_Table(self.file, f"{self.path}.{key}[{place}]".lstrip("."), row) for place, row in enumerate(rows)]
        codes = [table.code("code") for table in tables]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice:
            raise self.wrong(key, f"has the code {twice} twice")
        found = tuple(read(table) for table in tables)
        for table in tables:
            table.done()
        return found

    def codes(self, key: str) -> frozenset[str]:
        """The codes of a list's rows, which were read or will be."""
        return frozenset(row.get("code", "") for row in self.data.get(key) or ())

    def done(self) -> None:
        unknown = sorted(set(self.data) - self.read)
        if unknown:
            raise self.wrong(unknown[0], "is not a key that is known here")

    def _value(self, key: str, fits: Callable[[Any], Any], expected: str) -> Any:
        self.read.add(key)
        value = self.data.get(key)
        if not fits(value):
            raise self.wrong(key, f"{expected}, and is {'missing' if value is None else repr(value)}")
        return value
