"""What stands in a cell, and what was meant by it.

A spreadsheet makes a number of a telephone number, a day of a number, and fifteen digits of eighteen. What can be brought back is
brought back; what is lost is refused, with a sentence that tells how to keep it next time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import text as _


@dataclass(frozen=True)
class Rounded:
    """A whole number of more than fifteen digits: the spreadsheet has rounded its last ones away."""

    digits: str


Cell = None | str | bool | int | Decimal | date | datetime | Rounded

_EXPONENT = re.compile(r"[+-]?\d+(?:\.(\d+))?E\+?(\d+)", re.IGNORECASE)
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
)
_PLAIN_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_REPUBLIC = re.compile(r"(?:民國|民国)\s*(\d{1,3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_REPUBLIC_BEGINS = 1911
_FIRST_DAY = date(1899, 12, 30)
_DAY_NUMBERS = range(20_000, 80_000)
"""Numbers that a spreadsheet shows as days of 1954 to 2119: a day whose format was lost."""


def cell_of(said: Any) -> Cell:
    """The cell as the reading process described it."""
    if said is None or isinstance(said, str):
        return said
    kind, value = said
    if kind == "n":
        return int(value) if value.lstrip("-").isdigit() else Decimal(value)
    if kind == "x":
        return Rounded(value)
    if kind == "d":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind == "t" else bool(value)


def is_empty(cell: Cell) -> bool:
    """Whether nothing but blanks stands there."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Cell) -> str:
    """What stands in the cell as one would have typed it; refuses digits that the spreadsheet has lost."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _in_full(cell.strip())
    if isinstance(cell, Rounded):
        raise Invalid(_rounded(cell.digits))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}" if cell.time() != time() else f"{cell:%Y-%m-%d}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def as_day(cell: Cell) -> date | None:
    """The day in the cell, however it was written; None when it is empty."""
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool) and cell in _DAY_NUMBERS:
        return _FIRST_DAY + timedelta(days=cell)
    found = _typed_day(unicodedata.normalize("NFKC", as_text(cell)).strip())
    if found is None:
        raise Invalid(_("“{typed}” is not a day. Write it like 2026-03-05.", typed=shown(cell)))
    return found


def as_whole(cell: Cell) -> int | None:
    """The whole number in the cell, 0 or more; None when it is empty."""
    if is_empty(cell):
        return None
    typed = unicodedata.normalize("NFKC", as_text(cell)).replace(",", "").replace(" ", "")
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number < 10**9:
        raise Invalid(_("“{typed}” is not a whole number. Write digits only, without a unit.", typed=shown(cell)))
    return int(number)


def as_money(cell: Cell) -> Money | None:
    """The amount of yuan in the cell; None when it is empty."""
    return None if is_empty(cell) else Money.parse(as_text(cell))


def shown(cell: Cell) -> str:
    """The cell in a sentence or a preview: as it stands, in one line, not too long."""
    line = " ".join((cell.digits if isinstance(cell, Rounded) else as_text_or_raw(cell)).split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def as_text_or_raw(cell: Cell) -> str:
    """What stands in the cell, right or wrong."""
    if isinstance(cell, str):
        return cell
    return cell.digits if isinstance(cell, Rounded) else as_text(cell)


def _typed_day(typed: str) -> date | None:
    republic = _REPUBLIC.fullmatch(typed)
    found = republic or _DAY.fullmatch(typed) or _PLAIN_DAY.fullmatch(typed)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year + (_REPUBLIC_BEGINS if republic else 0), month, day)
    except ValueError:
        return None


def _in_full(typed: str) -> str:
    """The number that was written `1.38001380000E+10`; refuses `1.38E+10`, whose digits are gone."""
    if typed.startswith('="') and typed.endswith('"'):  # how CSV files keep zeros in front
        return typed[2:-1]
    found = _EXPONENT.fullmatch(typed)
    if found is None:
        return typed
    decimals, exponent = len(found[1] or ""), int(found[2])
    if exponent < 5 or exponent > 40:  # 3E2 may well be a model
        return typed
    if decimals < exponent:
        raise Invalid(_rounded(typed))
    number = Decimal(typed)
    return f"{number.to_integral_value():f}" if number == number.to_integral_value() else f"{number:f}"


def _rounded(digits: str) -> Any:
    return _(
        "The spreadsheet has shortened this number to {digits}. Format the column as text, write the number anew in full, and save.",
        digits=digits,
    )
