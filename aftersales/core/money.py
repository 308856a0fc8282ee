"""Money as whole fen (分). A float never touches an amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _

_AMOUNT = re.compile(r"(-?)[¥￥]?\s?(-?)(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(\.\d{1,2})?\s?元?", re.ASCII)


@dataclass(frozen=True, order=True)
class Money:
    """An amount of yuan, kept as an integer number of fen."""

    fen: int = 0

    @classmethod
    def parse(cls, typed: str, *, field: str = "") -> Money:
        """The amount a person typed: `1234.5`, `¥1,234.50` or `１２.３０`. Refuses anything that is not an amount of yuan."""
        found = _AMOUNT.fullmatch(typed.strip().translate(_FULL_WIDTH))
        if found is None or (found[1] and found[2]):  # a comma stands only where it parts thousands: 12,50 is no amount
            raise Invalid(
                _("“{typed}” is not an amount. Write yuan with at most two decimals, such as 128.50.", typed=typed),
                field=field,
            )
        fen = int(Decimal(found[3].replace(",", "") + (found[4] or "")) * 100)
        return cls(-fen if found[1] or found[2] else fen)

    def times(self, quantity: Decimal | int) -> Money:
        """This amount `quantity` times, rounded half up to a fen."""
        return Money(int((Decimal(self.fen) * Decimal(quantity)).quantize(Decimal(1), rounding=ROUND_HALF_UP)))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{sign}¥{yuan:,}.{fen:02d}"

    @property
    def plain(self) -> str:
        """The amount as typed into a form: `1234.50`."""
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{sign}{yuan}.{fen:02d}"


_FULL_WIDTH = {ord(full): half for full, half in zip("０１２３４５６７８９．，－", "0123456789.,-", strict=True)}


def total(amounts: object) -> Money:
    """The sum of an iterable of `Money`; nothing sums to ¥0.00."""
    return Money(sum(amount.fen for amount in amounts))  # type: ignore[attr-defined]
