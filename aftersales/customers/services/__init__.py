"""Every write about customers and units: `people` and how to `reach` them, their `units`, both at once at `intake`, `merging`
of records that are one, and the search for `duplicates`.
"""

from aftersales.customers.services.duplicates import dismiss_pair, find_duplicates, reopen_pair
from aftersales.customers.services.imports import CustomerImporter
from aftersales.customers.services.intake import find_or_register
from aftersales.customers.services.merging import merge_customers, merge_units
from aftersales.customers.services.moves import hand_over, take_back
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
from aftersales.customers.services.unmerging import keep_served, undo_merge

__all__ = [
    "CustomerFacts",
    "CustomerImporter",
    "UnitFacts",
    "add_address",
    "add_phone",
    "choose_main_phone",
    "dismiss_pair",
    "edit_customer",
    "edit_unit",
    "find_duplicates",
    "find_or_register",
    "hand_over",
    "keep_served",
    "merge_customers",
    "merge_units",
    "record_meter",
    "register_customer",
    "register_unit",
    "remove_address",
    "remove_phone",
    "reopen_pair",
    "reveal_contact",
    "take_back",
    "transfer_unit",
    "undo_merge",
    "welcome_customer",
]
