"""What can be permitted in the workshop: `workshop:thing:verb`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """Alphabetical within the way a repair order goes."""

    SEE = "workshop:order:see"
    RECEIVE = "workshop:order:receive"
    EDIT = "workshop:order:edit"
    ADD_PHOTOS = "workshop:order:add-photos"
    ASSIGN = "workshop:order:assign"
    DIAGNOSE = "workshop:order:diagnose"
    QUOTE = "workshop:order:quote"
    RECORD_CONSENT = "workshop:order:record-consent"
    REPAIR = "workshop:order:repair"
    CHECK = "workshop:order:check"
    JUDGE_REPEAT = "workshop:order:judge-repeat"
    WAIT = "workshop:order:wait"
    ASK_EXPERTS = "workshop:question:ask"
    ANSWER_QUESTIONS = "workshop:question:answer"
    CONTACT = "workshop:order:contact"
    ANNOUNCE = "workshop:order:announce"
    RECORD_PAYMENT = "workshop:order:record-payment"
    HAND_OVER = "workshop:order:hand-over"
    CLOSE = "workshop:order:close"
    CANCEL = "workshop:order:cancel"
    SEE_COUNTS = "workshop:counts:see"
    SEE_OWN_QUALITY = "workshop:quality:see-own"
    SEE_QUALITY = "workshop:quality:see"
    EDIT_RULES = "workshop:rules:edit"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE: _("See the station's repair orders"),
    Permission.RECEIVE: _("Take a unit in and open a repair order"),
    Permission.EDIT: _("Correct what was written at intake"),
    Permission.ADD_PHOTOS: _("Add photos to a repair order"),
    Permission.ASSIGN: _("Assign a technician"),
    Permission.DIAGNOSE: _("Write the diagnosis"),
    Permission.QUOTE: _("Make the quotation"),
    Permission.RECORD_CONSENT: _("Record the customer's yes or no"),
    Permission.REPAIR: _("Start a repair and report it done"),
    Permission.CHECK: _("Check the quality of a repair"),
    Permission.JUDGE_REPEAT: _("Say whether an earlier fault came back, so that it is done without charge"),
    Permission.WAIT: _("Say what an order waits for"),
    Permission.ASK_EXPERTS: _("Ask experts and the manufacturer, record their answers"),
    Permission.ANSWER_QUESTIONS: _("Answer expert questions"),
    Permission.CONTACT: _("Tell the customer how it stands, and agree on a new promise"),
    Permission.ANNOUNCE: _("Tell the customer that the unit is ready"),
    Permission.RECORD_PAYMENT: _("Record a payment"),
    Permission.HAND_OVER: _("Hand the unit over"),
    Permission.CLOSE: _("Close an order"),
    Permission.CANCEL: _("Cancel an order"),
    Permission.SEE_COUNTS: _("See the work counted by category"),
    Permission.SEE_OWN_QUALITY: _("See the quality of one's own repairs"),
    Permission.SEE_QUALITY: _("See the quality of everybody's repairs"),
    Permission.EDIT_RULES: _("Change the station's own rules: validity, repeat repairs, unclaimed units"),
}
