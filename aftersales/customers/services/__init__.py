"""Every write about customers and units: `people` and how to `reach` them, their `units`, and both at once at `intake`."""

from aftersales.customers.services.intake import find_or_register
from aftersales.customers.services.people import CustomerFacts, edit_customer, register_customer, welcome_customer
from aftersales.customers.services.reach import (
    add_address,
    add_phone,
    choose_main_phone,
    remove_address,
    remove_phone,
    reveal_contact,
)
from aftersales.customers.services.units import UnitFacts, edit_unit, record_meter, register_unit, transfer_unit

__all__ = [
    "CustomerFacts",
    "UnitFacts",
    "add_address",
    "add_phone",
    "choose_main_phone",
    "edit_customer",
    "edit_unit",
    "find_or_register",
    "record_meter",
    "register_customer",
    "register_unit",
    "remove_address",
    "remove_phone",
    "reveal_contact",
    "transfer_unit",
    "welcome_customer",
]
