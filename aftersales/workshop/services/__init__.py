"""Every write of the workshop: `intake` opens an order, `order` moves it, `quotation` prices it, `waiting` stands still and tells, `history` brings old repairs in."""

from aftersales.workshop.services.history import HistoryReport, bring_in_past_repairs
from aftersales.workshop.services.intake import Intake, add_photos, edit_order, receive_order, sign_order
from aftersales.workshop.services.merging import give_back_orders, take_over_orders
from aftersales.workshop.services.order import (
    announce_order,
    assign_order,
    cancel_order,
    close_order,
    complete_order,
    diagnose_order,
    fail_check,
    finish_line,
    hand_over_order,
    pass_check,
    start_order,
)
from aftersales.workshop.services.quotation import (
    add_line,
    approve_order,
    decline_order,
    discount_lines,
    edit_line,
    offer_again,
    quote_order,
    record_payment,
    remove_line,
    revise_order,
)
from aftersales.workshop.services.waiting import contact_customer, move_promise, resume_order, wait_order
from aftersales.workshop.services.wall import renew_wall_link, withdraw_wall_link

__all__ = [
    "HistoryReport",
    "Intake",
    "add_line",
    "add_photos",
    "announce_order",
    "approve_order",
    "assign_order",
    "bring_in_past_repairs",
    "cancel_order",
    "close_order",
    "complete_order",
    "contact_customer",
    "decline_order",
    "diagnose_order",
    "discount_lines",
    "edit_line",
    "edit_order",
    "fail_check",
    "finish_line",
    "give_back_orders",
    "hand_over_order",
    "move_promise",
    "offer_again",
    "pass_check",
    "quote_order",
    "receive_order",
    "record_payment",
    "remove_line",
    "renew_wall_link",
    "resume_order",
    "revise_order",
    "sign_order",
    "start_order",
    "take_over_orders",
    "wait_order",
    "withdraw_wall_link",
]
