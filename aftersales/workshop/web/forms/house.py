"""What a station decides for itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.workshop.rules.order import WAITING_LABELS
from aftersales.workshop.web.forms.shared import choices_of


class HouseRulesForm(forms.Form):
    """The rules of a station, each with what follows from it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    quotation_days = forms.IntegerField(
        label=_("Quotations hold, in days"),
        help_text=_("After them the answer is not taken any more, and the quotation is given again. Usual: 15."),
    )
    repeat_days = forms.IntegerField(
        label=_("A fault counts as come back, in days"),
        help_text=_(
            "Counted from the handover. The counter has to say whether the same fault came back; then it is done again without charge, and counted. Usual: 30."
        ),
    )
    repair_warranty_days = forms.IntegerField(
        label=_("The house answers for a repair, in days"),
        help_text=_("Counted from the first handover; doing it again never starts them anew. Usual: 90."),
    )
    unclaimed_days = forms.IntegerField(
        label=_("A unit counts as not fetched, in days"),
        help_text=_("Counted from the day the customer was told. Then it is listed, to be asked for. Usual: 7."),
    )
    pauses_for = forms.MultipleChoiceField(
        label=_("The promise stands still while waiting for"),
        choices=choices_of(WAITING_LABELS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Article 九 of the department's rules promises three working days and names no exception: usually nothing is ticked."
        ),
    )
    may_check_own_work = forms.BooleanField(
        label=_("Who repaired a unit may check it himself"),
        required=False,
        help_text=_("Only where there is nobody else. Usually somebody else checks."),
    )
