"""What the lists of customers and units export. Their columns are those that an import of the same records understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.permissions import Permission
from aftersales.customers.web import listing
from aftersales.exchange.queries import Asked, Field, ListExport, register_list


def _first_phone(customer: Any, place: int = 0) -> Any:
    return next(iter(customer.phones.all()[place : place + 1]), None)


def _masked(phone: Any) -> str:
    return phone.masked if phone else ""


def _in_full(phone: Any) -> str:
    return phone.national if phone else ""


CUSTOMERS = register_list(
    ListExport(
        code="customers:customers",
        title=_("Customers"),
        needs=Permission.SEE_CUSTOMERS,
        uncovers=Permission.SEE_CONTACT,
        rows=lambda asked: listing.listed_customers(asked).rows.prefetch_related("addresses"),
        fields=(
            Field(_("Customer number"), lambda one: one.number),
            Field(_("Name"), lambda one: one.name),
            Field(
                _("Telephone"),
                lambda one: _masked(_first_phone(one)),
                uncovered=lambda one: _in_full(_first_phone(one)),
            ),
            Field(
                _("Second telephone"),
                lambda one: _masked(_first_phone(one, 1)),
                uncovered=lambda one: _in_full(_first_phone(one, 1)),
            ),
            Field(_("Person or organisation"), lambda one: one.kind_label),
            Field(_("Contact person"), lambda one: one.contact_name),
            Field(_("Buys as"), lambda one: one.segment_label),
            Field(_("Grade"), lambda one: one.grade_label),
            Field(
                _("Address"),
                lambda one: "\n".join(address.masked for address in one.addresses.all()),
                uncovered=lambda one: "\n".join(address.text for address in one.addresses.all()),
            ),
            Field(_("Units"), lambda one: one.unit_count),
            Field(_("Station"), lambda one: one.home_station.name),
            Field(_("Since"), lambda one: one.created_at),
            Field(_("Note"), lambda one: one.note),
        ),
    )
)


@dataclass(frozen=True)
class UnitLine:
    """A unit with what is looked up for many at once."""

    unit: Any
    phone: Any
    trade: catalog.Trade


def _unit_lines(_asked: Asked, units: list[Any]) -> Sequence[UnitLine]:
    phones = queries.main_phones(unit.owner_id for unit in units)
    return [UnitLine(unit, phones.get(unit.owner_id), catalog.get_trade(unit.trade)) for unit in units]


UNITS = register_list(
    ListExport(
        code="customers:units",
        title=_("Units"),
        needs=Permission.SEE_UNITS,
        uncovers=Permission.SEE_CONTACT,
        rows=lambda asked: listing.listed_units(asked).rows,
        prepare=_unit_lines,
        fields=(
            Field(_("Owner"), lambda line: line.unit.owner.name),
            Field(_("Telephone"), lambda line: _masked(line.phone), uncovered=lambda line: _in_full(line.phone)),
            Field(_("Trade"), lambda line: line.trade.label),
            Field(_("Category"), lambda line: line.unit.category.label),
            Field(_("Model"), lambda line: line.unit.model_text),
            Field(_("Serial number"), lambda line: line.unit.serial),
            Field(_("Plate"), lambda line: line.unit.plate),
            Field(_("Meter"), lambda line: line.unit.meter_reading),
            Field(_("Pieces"), lambda line: line.unit.pieces),
            Field(_("Bought on"), lambda line: line.unit.purchased_on),
            Field(_("Shipped on"), lambda line: line.unit.shipped_on),
            Field(_("In use"), lambda line: line.unit.is_active),
            Field(_("Since"), lambda line: line.unit.created_at),
            Field(_("Note"), lambda line: line.unit.note),
        ),
    )
)


def _why(pair: Any) -> str:
    return "\n".join(map(str, queries.reasons_of(pair)))


def _owned(unit: Any) -> str:
    return unit.model_text or str(unit.category.label)


FOUND = (
    Field(_("Why"), _why),
    Field(_("Found on"), lambda pair: pair.found_at),
    Field(_("Found different by"), lambda pair: pair.dismissed_by),
)
CUSTOMER_PAIRS = register_list(
    ListExport(
        code="customers:duplicate_customers",
        title=_("Possible duplicates"),
        needs=Permission.MERGE_CUSTOMERS,
        uncovers=Permission.SEE_CONTACT,
        rows=lambda asked: listing.listed_pairs(asked, "customer"),
        fields=(
            Field(_("Customer number"), lambda pair: pair.low.number),
            Field(_("Name"), lambda pair: pair.low.name),
            Field(
                _("Telephone"),
                lambda pair: _masked(_first_phone(pair.low)),
                uncovered=lambda pair: _in_full(_first_phone(pair.low)),
            ),
            Field(_("Other record"), lambda pair: pair.high.number),
            Field(_("Other name"), lambda pair: pair.high.name),
            Field(
                _("Other telephone"),
                lambda pair: _masked(_first_phone(pair.high)),
                uncovered=lambda pair: _in_full(_first_phone(pair.high)),
            ),
            *FOUND,
        ),
    )
)
UNIT_PAIRS = register_list(
    ListExport(
        code="customers:duplicate_units",
        title=_("Possible duplicates"),
        needs=Permission.MERGE_UNITS,
        rows=lambda asked: listing.listed_pairs(asked, "unit"),
        fields=(
            Field(_("Unit"), lambda pair: _owned(pair.low)),
            Field(_("Serial number"), lambda pair: pair.low.serial),
            Field(_("Plate"), lambda pair: pair.low.plate),
            Field(_("Owner"), lambda pair: pair.low.owner.name),
            Field(_("Other record"), lambda pair: _owned(pair.high)),
            Field(_("Other serial number"), lambda pair: pair.high.serial),
            Field(_("Other plate"), lambda pair: pair.high.plate),
            Field(_("Other owner"), lambda pair: pair.high.owner.name),
            *FOUND,
        ),
    )
)
