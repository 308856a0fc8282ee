"""What is typed into the workshop's pages. Forms check shape; whether it may be done is the services' business."""

from aftersales.workshop.web.forms.checking import CheckForm
from aftersales.workshop.web.forms.diagnosis import DiagnoseForm
from aftersales.workshop.web.forms.expert import AnswerQuestionForm, AskForm, RecordAnswerForm
from aftersales.workshop.web.forms.handover import AnnounceForm, ExplainForm, HandOverForm, PaymentForm
from aftersales.workshop.web.forms.house import HouseRulesForm
from aftersales.workshop.web.forms.intake import EditForm, IntakeForm, Kind, PhotosForm, SignForm, kind_of
from aftersales.workshop.web.forms.quotation import (
    AnswerForm,
    ApproveForm,
    DiscountForm,
    EditLineForm,
    LineForm,
    OfferAgainForm,
    PositionForm,
    QuoteForm,
)
from aftersales.workshop.web.forms.repair import ActForm, AssignForm, CompleteForm, ReasonForm
from aftersales.workshop.web.forms.repeats import JudgeRepeatForm
from aftersales.workshop.web.forms.shared import Choices, MoneyField, choices_of
from aftersales.workshop.web.forms.waiting import AskedForm, ContactForm, WaitForm

__all__ = [
    "ActForm",
    "AnnounceForm",
    "AnswerForm",
    "AnswerQuestionForm",
    "ApproveForm",
    "AskForm",
    "AskedForm",
    "AssignForm",
    "CheckForm",
    "Choices",
    "CompleteForm",
    "ContactForm",
    "DiagnoseForm",
    "DiscountForm",
    "EditForm",
    "EditLineForm",
    "ExplainForm",
    "HandOverForm",
    "HouseRulesForm",
    "IntakeForm",
    "JudgeRepeatForm",
    "Kind",
    "LineForm",
    "MoneyField",
    "OfferAgainForm",
    "PaymentForm",
    "PhotosForm",
    "PositionForm",
    "QuoteForm",
    "ReasonForm",
    "RecordAnswerForm",
    "SignForm",
    "WaitForm",
    "choices_of",
    "kind_of",
]
