"""A trade as data: its words, the numbers its units carry, its checklists. One file per trade, checked when it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aftersales.catalog.rules import identifiers
from aftersales.catalog.rules.labels import Label
from aftersales.catalog.rules.tables import Table
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _

ONE_PER = ("trade", "category", "owner")


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
    is_usual: bool = False
    """Whether it is what one finds when nothing is wrong."""


@dataclass(frozen=True)
class Linked(Item):
    """A cause or a remedy, and the items of the list before it to which it usually belongs."""

    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fitting(Item):
    """Something that concerns only some categories of a trade: those in `only`, or all but those in `but`."""

    is_required: bool = False
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def fits(self, category: str) -> bool:
        """Whether it concerns units of this category."""
        return category not in self.but and (not self.only or category in self.only)


@dataclass(frozen=True)
class ChecklistItem(Fitting):
    """One line of a checklist with the answers it may have."""

    answers: tuple[Answer, ...] = ()

    def answer(self, code: str) -> Answer | None:
        """The answer with this code, or None when it is none of these."""
        return next((answer for answer in self.answers if answer.code == code), None)


@dataclass(frozen=True)
class Reminder(Fitting):
    """What the customer is told to take out before he leaves the unit with us."""


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
    is_required: bool = False
    """Whether no unit is taken in without it, unless it cannot be read."""

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
    drawing: str
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
    drawing: str
    categories: tuple[CategoryProfile, ...]
    accessories: tuple[Item, ...]
    condition: tuple[ChecklistItem, ...]
    faults: tuple[Item, ...]
    """Also the symptoms of a diagnosis."""
    causes: tuple[Linked, ...]
    remedies: tuple[Linked, ...]
    quality: tuple[ChecklistItem, ...]
    reminders: tuple[Reminder, ...] = ()
    papers: tuple[Item, ...] = ()
    """What this trade calls the papers that it does not call by their general name."""

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

    def drawing_of(self, category: str) -> str:
        """The code of the drawing on which damage of such units is marked."""
        found = self.category(category)
        return found.drawing if found else self.drawing

    def condition_of(self, category: str) -> tuple[ChecklistItem, ...]:
        """What is looked at when a unit of this category is taken in."""
        return tuple(item for item in self.condition if item.fits(category))

    def reminder_of(self, category: str) -> Reminder | None:
        """What the owner of such a unit is told to take out, or None when nothing can be in it."""
        return next((reminder for reminder in self.reminders if reminder.fits(category)), None)

    def paper_of(self, code: str) -> Label | None:
        """What this trade calls the paper with this code, or None when it has no word of its own for it."""
        return next((paper.label for paper in self.papers if paper.code == code), None)

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
    top = Table(file, "", data)
    serials = {name: _read_serial(table) for name, table in top.table("serials").tables()}
    serial = top.choice("serial", serials)
    plate = _read_plate(top.table("plate")) if top.has("plate") else None
    meter = _read_meter(top.table("meter")) if top.has("meter") else None
    drawing = top.code("drawing")
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
        drawing=drawing,
        categories=lists.items("categories", lambda row: _read_category(row, serials, serial, plate, meter, drawing)),
        accessories=lists.items("accessories", lambda row: Item(row.code("code"), row.label())),
        condition=lists.items("condition", lambda row: _read_check(row, answers)),
        faults=lists.items("faults", lambda row: Item(row.code("code"), row.label())),
        causes=lists.items("causes", lambda row: _read_linked(row, lists.codes("faults"))),
        remedies=lists.items("remedies", lambda row: _read_linked(row, lists.codes("causes"))),
        quality=lists.items("quality", lambda row: _read_check(row, answers)),
        reminders=lists.items("reminders", _read_reminder) if lists.has("reminders") else (),
        papers=_read_papers(top.table("papers")) if top.has("papers") else (),
    )
    _check_categories(top, trade)
    lists.done()
    top.done()
    return trade


def read_answers(file: str, data: Mapping[str, Any]) -> dict[str, tuple[Answer, ...]]:
    """The sets of answers that checklists may name."""
    top = Table(file, "", data)
    return {
        name: top.items(
            name, lambda row: Answer(row.code("code"), row.label(), row.choice("tone", _TONES), row.flag_or_no("usual"))
        )
        for name in data
    }


_TONES = {tone: tone for tone in ("neutral", "info", "progress", "success", "warning", "danger")}


def _read_serial(table: Table) -> SerialField:
    field = SerialField(
        label=table.table("label").label(),
        hint=table.table("hint").label(),
        pattern=table.string("pattern"),
        example=table.string("example"),
        one_per=table.choice("one_per", {name: name for name in ONE_PER}),
        checksum=table.choice("checksum", {name: name for name in identifiers.CHECKSUMS})
        if table.has("checksum")
        else "",
        checksum_refuses=table.flag_or_no("checksum_refuses"),
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


def _read_plate(table: Table) -> PlateField:
    field = PlateField(label=table.table("label").label(), kinds=table.words("kinds"))
    if not field.kinds or not identifiers.PLATE_KINDS.issuperset(field.kinds):
        raise table.wrong("kinds", f"must be some of {', '.join(sorted(identifiers.PLATE_KINDS))}")
    table.done()
    return field


def _read_meter(table: Table) -> Meter:
    meter = Meter(
        kind=table.string("kind"),
        label=table.table("label").label(),
        unit=table.table("unit").label(),
        highest=table.number("highest"),
        is_required=table.flag_or_no("required"),
    )
    table.done()
    return meter


def _read_category(
    row: Table,
    serials: Mapping[str, SerialField],
    serial: SerialField,
    plate: PlateField | None,
    meter: Meter | None,
    drawing: str,
) -> CategoryProfile:
    return CategoryProfile(
        code=row.code("code"),
        label=row.label(),
        serial=row.choice("serial", serials) if row.has("serial") else serial,
        plate=plate if not row.has("plate") or row.flag("plate") else None,
        meter=meter if not row.has("meter") or row.flag("meter") else None,
        drawing=row.code("drawing") if row.has("drawing") else drawing,
        aliases=row.words_or_none("aliases"),
    )


def _read_check(row: Table, answers: Mapping[str, tuple[Answer, ...]]) -> ChecklistItem:
    return ChecklistItem(
        row.code("code"),
        row.label(),
        row.flag_or_no("required"),
        row.words_or_none("only"),
        row.words_or_none("but"),
        row.choice("answers", answers),
    )


def _read_reminder(row: Table) -> Reminder:
    return Reminder(
        row.code("code"), row.label(), row.flag_or_no("required"), row.words_or_none("only"), row.words_or_none("but")
    )


def _read_papers(table: Table) -> tuple[Item, ...]:
    return tuple(Item(code, words.label()) for code, words in table.tables())


def _read_linked(row: Table, before: frozenset[str]) -> Linked:
    of = row.words_or_none("of")
    unknown = sorted(set(of) - before)
    if unknown:
        raise row.wrong("of", f"names {unknown[0]}, which is not in the list before")
    return Linked(row.code("code"), row.label(), of)


def _check_categories(top: Table, trade: Trade) -> None:
    """A misspelt category in `only` or `but` would make a line disappear without a word."""
    known = {category.code for category in trade.categories}
    for item in (*trade.condition, *trade.quality, *trade.reminders):
        unknown = sorted({*item.only, *item.but} - known)
        if unknown:
            raise top.wrong("lists", f"has a line {item.code} for a category {unknown[0]} that is not on its list")
