"""Every write about customers and units: `people` and how to `reach` them, their `units`, both at once at `intake`, `merging`
of records that are one, the search for `duplicates`, a
person's copy (`copying`) and `erasing`.
"""

from aftersales.customers.services.copying import clear_copies, copy_out_customer, make_copy
from aftersales.customers.services.duplicates import dismiss_pair, find_duplicates, reopen_pair
from aftersales.customers.services.erasing import erase_again, erase_customer, list_path, write_list
from aftersales.customers.services.imports import CustomerImporter
from aftersales.customers.services.intake import find_or_register
from aftersales.customers.services.merging import merge_customers, merge_units
from aftersales.customers.services.moves import hand_over, take_back
from aftersales.customers.services.people import (
    CustomerFacts,
    edit_customer,
    locked_customer,
    register_customer,
    welcome_customer,
)
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
    "clear_copies",
    "copy_out_customer",
    "dismiss_pair",
    "edit_customer",
    "edit_unit",
    "erase_again",
    "erase_customer",
    "find_duplicates",
    "find_or_register",
    "hand_over",
    "keep_served",
    "list_path",
    "locked_customer",
    "make_copy",
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
    "write_list",
]
