"""What a row says: the words in its cells become the codes, numbers and days of our records, or problems that say what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.utils import translation

from aftersales.catalog import queries as catalog
from aftersales.core.errors import Refused
from aftersales.core.search_words import plain
from aftersales.core.sheets import values
from aftersales.core.text import Text, text as _
from aftersales.customers.rules import contacts, kinds
from aftersales.customers.services.people import CustomerFacts
from aftersales.customers.services.reach import read_address
from aftersales.customers.services.units import UnitFacts
from aftersales.exchange.queries import Line, Problem

V = TypeVar("V")
LONGEST_NOTE = 2000
MORE_KINDS = {
    "person": ("个人", "私人", "散户", "个人客户", "person", "private"),
    "organisation": ("单位", "公司", "企业", "机构", "单位客户", "企业客户", "company", "organization"),
}
MORE_SEGMENTS = {
    "retail": ("零售", "零售客户", "散客"),
    "dealer": ("经销商", "批发", "批发客户"),
    "fleet": ("车队", "大客户"),
}
MORE_GRADES = {
    "ordinary": ("普通", "普通客户", "一般"),
    "important": ("重要", "重要客户"),
    "key": ("重点", "重点客户", "vip", "vip客户"),
}


@dataclass
class CustomerRow:
    """What a row says about its customer; what it does not say is empty."""

    number: str = ""
    name: str = ""
    phone: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    """Number → as it was typed."""
    phones: list[str] = field(default_factory=list)
    address: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    """The given ones of `CustomerFacts`."""


@dataclass
class UnitRow:
    """What a row says about its unit."""

    facts: UnitFacts
    meter: int | None = None


class Reader:
    """Reads cells by the words of the house, in whichever language they are written."""

    def __init__(self, *, today: date, category: tuple[str, str] | None = None) -> None:
        self.today = today
        self.category = category
        """Trade and category of rows that name none."""
        self.kinds = _codes(kinds.KIND_LABELS, MORE_KINDS)
        self.segments = _codes(kinds.SEGMENT_LABELS, MORE_SEGMENTS)
        self.grades = _codes(kinds.GRADE_LABELS, MORE_GRADES)
        self.trade_labels = {trade.code: trade.label for trade in catalog.list_trades()}
        self.trades = {
            _folded(word): trade.code
            for trade in catalog.list_trades()
            for word in (trade.code, *trade.label.in_all_languages())
        }
        self.categories: dict[str, list[tuple[str, str]]] = {}
        for row in catalog.list_categories():
            for word in {_folded(each) for each in (row.code, *row.label.in_all_languages())}:
                self.categories.setdefault(word, []).append((row.trade, row.code))
        self.rows = {(row.trade, row.code): row for row in catalog.list_categories()}
        self.find_model = catalog.model_finder()

    def customer(self, line: Line, problems: list[Problem]) -> CustomerRow:
        """What the row says about its customer; adds to the problems what is wrong."""
        read = _Cells(line, problems)
        found = CustomerRow(number=read.typed("number").upper(), name=read("name", contacts.read_name) or "")
        found.phones = [number for key in ("phone", "phone_2") if (number := self._phone(read, key, found))]
        found.phone = found.phones[0] if found.phones else ""
        if not (found.number or found.phone) and not read.has_problem("phone"):
            problems.append(
                Problem("phone", _("Write a telephone number; by number and name the customer is known again."))
            )
        found.address = (read("address", read_address) or "") if read.typed("address") else ""
        given = {
            "kind": read("kind", lambda typed: _code(typed, self.kinds, kinds.KIND_LABELS)),
            "segment": read("segment", lambda typed: _code(typed, self.segments, kinds.SEGMENT_LABELS)),
            "grade": read("grade", lambda typed: _code(typed, self.grades, kinds.GRADE_LABELS)),
            "contact_name": read("contact_name", contacts.read_name) if read.typed("contact_name") else "",
            "note": read("note", _note),
        }
        found.facts = {name: value for name, value in given.items() if value}
        read.whole(lambda: CustomerFacts(**found.facts).checked())
        return found

    def _phone(self, read: _Cells, key: str, found: CustomerRow) -> str:
        typed = read.typed(key)
        number = read(key, contacts.read_phone) if typed else ""
        if number:
            found.typed[number] = typed[:40]
        return number or ""

    def unit(self, line: Line, problems: list[Problem]) -> UnitRow | None:
        """What the row says about its unit; None when it has problems."""
        read = _Cells(line, problems)
        before = len(problems)
        place = self._category(read, problems)
        if place is None:
            return None
        trade = catalog.get_trade(place[0])
        serial = read("serial", lambda typed: trade.serial_of(place[1]).read(typed).value)
        plate_field, meter_field = trade.plate_of(place[1]), trade.meter_of(place[1])
        facts = UnitFacts(
            trade=place[0],
            category=place[1],
            model_text=" ".join(part for part in (self._brand(read), read.typed("model")) if part)[:120],
            serial=serial or "",
            plate=(read("plate", plate_field.read) if plate_field else read.typed("plate")) or "",
            pieces=read.cell("pieces", values.as_whole) or None,
            purchased_on=read.cell("purchased_on", values.as_day),
            shipped_on=read.cell("shipped_on", values.as_day),
            note=read("unit_note", _note) or "",
        )
        meter = read.cell("meter", values.as_whole)
        if meter is not None and meter_field is None:
            problems.append(Problem("meter", _("Units of this category have no meter. Leave it empty.")))
        elif meter is not None and meter_field is not None:
            read("meter", meter_field.read)
        if not (facts.serial or facts.plate or facts.model_text) and len(problems) == before:
            problems.append(
                Problem("serial", _("Write at least the serial number, the plate or the model of the unit."))
            )
        if len(problems) > before:
            return None
        checked = read.whole(lambda: facts.checked(today=self.today, find_model=self.find_model))
        return UnitRow(checked, meter) if checked else None

    def _brand(self, read: _Cells) -> str:
        brand = read.typed("brand")
        return "" if _folded(read.typed("model")).startswith(_folded(brand)) else brand

    def _category(self, read: _Cells, problems: list[Problem]) -> tuple[str, str] | None:
        trade = read("trade", lambda typed: _code(typed, self.trades, self.trade_labels))
        typed = read.typed("category")
        if not typed and self.category:
            return self.category
        found = [place for place in self.categories.get(_folded(typed), []) if not trade or place[0] == trade]
        if len(found) > 1 and self.category:
            found = [place for place in found if place[0] == self.category[0]] or found
        if len(found) == 1:
            return found[0]
        if not read.has_problem("trade"):
            sentence = (
                _("“{typed}” is a category of several trades. Add a column with the trade.", typed=typed)
                if found
                else _("“{typed}” is not a category of the catalog. Use one of the names there.", typed=typed)
            )
            problems.append(Problem("category", sentence))
        return None


@dataclass
class _Cells:
    """The cells of one row; what cannot be read becomes a problem of its field, once."""

    line: Line
    problems: list[Problem]

    def typed(self, key: str) -> str:
        """What stands there, or nothing when it cannot be read."""
        return self.cell(key, values.as_text) or ""

    def __call__(self, key: str, read: Callable[[str], V]) -> V | Any:
        """What `read` makes of the text; nothing where it refuses, which becomes a problem."""
        return self.cell(key, lambda cell: read(values.as_text(cell)))

    def cell(self, key: str, read: Callable[[values.Cell], V]) -> V | None:
        """What `read` makes of the cell; None where it refuses, which becomes a problem."""
        try:
            return read(self.line.cells.get(key))
        except Refused as refused:
            if not self.has_problem(key):
                self.problems.append(Problem(key, refused.sentence))
            return None

    def whole(self, read: Callable[[], V]) -> V | None:
        """What `read` makes of the whole row; None where it refuses, which becomes a problem of the field it names."""
        try:
            return read()
        except Refused as refused:
            self.problems.append(Problem(refused.field, refused.sentence))
            return None

    def has_problem(self, key: str) -> bool:
        """Whether this cell could not be read."""
        return any(problem.field == key for problem in self.problems)


def _note(typed: str) -> str:
    return typed.strip()[:LONGEST_NOTE]


def _folded(word: str) -> str:
    return "".join(plain(word).split())


def _codes(labels: Mapping[str, Text], more: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Every word for each code, in every language of the house, → the code."""
    found = {_folded(word): code for code, words in more.items() for word in words}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.update({_folded(str(label)): str(code) for code, label in labels.items()})
    found.update({_folded(code): str(code) for code in labels})
    return found


def _code(typed: str, known: Mapping[str, str], labels: Mapping[str, Text]) -> str:
    if not typed:
        return ""
    code = known.get(_folded(typed))
    if code is None:
        words = ", ".join(str(label) for label in labels.values())
        raise Refused(_("“{typed}” is none of these: {words}.", typed=typed, words=words))
    return code
