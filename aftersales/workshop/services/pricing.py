"""What a line costs by the house's own price list: labour operations with standard hours, and parts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from aftersales.catalog import queries as catalog
from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.workshop.rules.quotation import LineKind, labour_basis, part_basis


@dataclass(frozen=True)
class Priced:
    """A line's code, words, quantity, price and basis."""

    code: str
    description: str
    quantity: Decimal
    unit_price: Money
    basis: str


def price_line(
    *,
    trade: str,
    kind: str,
    code: str,
    description: str,
    quantity: Decimal | None,
    unit_price: Money | None,
    basis: str,
) -> Priced:
    """The line as typed, with what was left empty taken from the price list; refuses a price that nobody knows."""
    listed = _find(trade, kind, code.strip() or description.strip())
    if listed is None:
        if unit_price is None:
            raise Invalid(
                _("Write a price: “{what}” is not on the price list.", what=description.strip()), field="unit_price"
            )
        quantity = Decimal(1) if quantity is None else quantity
        return Priced("", description.strip(), quantity, unit_price, basis.strip())
    is_code = description.strip().upper() in {"", listed.code.upper()}
    return Priced(
        listed.code,
        listed.description if is_code else description.strip(),
        listed.quantity if quantity is None else quantity,
        listed.unit_price if unit_price is None else unit_price,
        basis.strip() or (listed.basis if unit_price in {None, listed.unit_price} else ""),
    )


def _find(trade: str, kind: str, typed: str) -> Priced | None:
    if not typed:
        return None
    if kind == LineKind.LABOUR:
        operation = catalog.find_operation_named(typed, trade)
        if operation is not None:
            basis = labour_basis(operation.code, operation.hours, operation.rate)
            return Priced(operation.code, operation.name, operation.hours, operation.rate, str(basis))
    if kind == LineKind.PART:
        part = catalog.find_part_named(typed)
        if part is not None:
            return Priced(part.code, part.name, Decimal(1), part.price, str(part_basis(part.code)))
    return None
