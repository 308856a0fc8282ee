"""Every write of the workshop: `intake` opens an order, `order` moves it, `lines` price it, `quotation` asks the customer, `waiting` stands still and tells, `expert` asks, `history` brings old repairs in."""

from aftersales.workshop.models import CHECK_PHOTOS
from aftersales.workshop.services.checking import fail_check, pass_check
from aftersales.workshop.services.correcting import edit_order
from aftersales.workshop.services.erasing import erase_customer_in_orders
from aftersales.workshop.services.expert import (
    answer_question,
    ask_expert,
    move_question,
    record_answer,
    withdraw_question,
    withdraw_questions_of_order,
)
from aftersales.workshop.services.handover import announce_order, close_order, explain_order, hand_over_order
from aftersales.workshop.services.history import HistoryReport, bring_in_past_repairs
from aftersales.workshop.services.house import RULE_LABELS, edit_house_rules
from aftersales.workshop.services.intake import Intake, add_photos, receive_order, sign_order
from aftersales.workshop.services.lines import add_line, discount_lines, edit_line, offer_again, remove_line
from aftersales.workshop.services.merging import give_back_orders, take_over_orders
from aftersales.workshop.services.order import (
    assign_order,
    cancel_order,
    complete_order,
    diagnose_order,
    finish_line,
    start_order,
)
from aftersales.workshop.services.payment import record_payment
from aftersales.workshop.services.quotation import approve_order, decline_order, quote_order, revise_order
from aftersales.workshop.services.repeats import judge_repeat
from aftersales.workshop.services.waiting import contact_customer, move_promise, resume_order, wait_order
from aftersales.workshop.services.wall import renew_wall_link, withdraw_wall_link

__all__ = [
    "CHECK_PHOTOS",
    "RULE_LABELS",
    "HistoryReport",
    "Intake",
    "add_line",
    "add_photos",
    "announce_order",
    "answer_question",
    "approve_order",
    "ask_expert",
    "assign_order",
    "bring_in_past_repairs",
    "cancel_order",
    "close_order",
    "complete_order",
    "contact_customer",
    "decline_order",
    "diagnose_order",
    "discount_lines",
    "edit_house_rules",
    "edit_line",
    "edit_order",
    "erase_customer_in_orders",
    "explain_order",
    "fail_check",
    "finish_line",
    "give_back_orders",
    "hand_over_order",
    "judge_repeat",
    "move_promise",
    "move_question",
    "offer_again",
    "pass_check",
    "quote_order",
    "receive_order",
    "record_answer",
    "record_payment",
    "remove_line",
    "renew_wall_link",
    "resume_order",
    "revise_order",
    "sign_order",
    "start_order",
    "take_over_orders",
    "wait_order",
    "withdraw_question",
    "withdraw_questions_of_order",
    "withdraw_wall_link",
]
