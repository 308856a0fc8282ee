"""The workshop's tables: the order, its quotation, waits and promises, expert questions, checks, payments, house rules, old repairs."""

from aftersales.workshop.models.checking import CHECK_PHOTOS, QualityCheck
from aftersales.workshop.models.counts import IntakeCount
from aftersales.workshop.models.expert import ExpertQuestion
from aftersales.workshop.models.history import PastRepair
from aftersales.workshop.models.house import StationRules
from aftersales.workshop.models.order import RepairOrder, SignedTerms
from aftersales.workshop.models.payment import Payment
from aftersales.workshop.models.quotation import Consent, Quotation, QuotationLine
from aftersales.workshop.models.waiting import Contact, Promise, Wait
from aftersales.workshop.models.wall import WallLink

__all__ = [
    "CHECK_PHOTOS",
    "Consent",
    "Contact",
    "ExpertQuestion",
    "IntakeCount",
    "PastRepair",
    "Payment",
    "Promise",
    "QualityCheck",
    "Quotation",
    "QuotationLine",
    "RepairOrder",
    "SignedTerms",
    "StationRules",
    "Wait",
    "WallLink",
]
