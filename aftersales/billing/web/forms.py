"""Forms of accounts and freight: they check the shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.billing.rules import confirming, freight
from aftersales.billing.rules.entries import DEDUCTION_LABELS, KIND_LABELS
from aftersales.billing.rules.freight import FREIGHT
from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.ui.forms import MoneyInput
from aftersales.ui.signing import SignatureField

LONG = forms.Textarea(attrs={"rows": 2})


class MoneyField(forms.CharField):
    """An amount of yuan; gives `Money`."""

    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> Any:
        """The amount, or a sentence; nothing typed is no amount."""
        typed = super().clean(value)
        try:
            return Money.parse(typed) if typed else None
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused


def _choices(labels: Mapping[Any, object], first: object = None) -> Any:
    found = [(str(code), label) for code, label in labels.items()]
    return found if first is None else [("", first), *found]


class AccountFilterForm(forms.Form):
    """What the list of accounts is narrowed by."""

    q = forms.CharField(label=_("Customer"), required=False, max_length=60)
    standing = forms.ChoiceField(
        label=_("Balance"),
        required=False,
        choices=[
            ("", _("any")),
            ("owes", _("Receivable")),
            ("owed", _("Received in advance")),
            ("even", _("Even")),
        ],
    )


class VoucherFilterForm(forms.Form):
    """What the list of vouchers is narrowed by."""

    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    account = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _choices(KIND_LABELS, _("any"))  # type: ignore[attr-defined]


class FreightFilterForm(forms.Form):
    """What the list of freight documents is narrowed by."""

    q = forms.CharField(label=_("Number, waybill or customer"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False)
    liable = forms.ChoiceField(label=_("Liable"), required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = {state.value: info.label for state, info in FREIGHT.states.items()}
        self.fields["state"].choices = _choices(states, _("any"))  # type: ignore[attr-defined]
        self.fields["liable"].choices = _choices(freight.LIABLE_LABELS, _("any"))  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """The period of a statement."""

    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until"))


class PostingForm(forms.Form):
    """An amount, the paper it rests on, and a note."""

    amount = MoneyField(label=_("Amount (yuan)"))
    source = forms.CharField(
        label=_("Number of the paper"),
        max_length=60,
        help_text=_("Such as the receipt or the sales slip. The same paper is not posted twice."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=LONG)


class OffsetForm(PostingForm):
    """The same with a sign."""

    amount = MoneyField(label=_("Amount (yuan)"), help_text=_("Below zero lowers what the customer owes: -120.00"))


class CreditForm(forms.Form):
    """What returned goods are credited with."""

    goods = MoneyField(label=_("Price of the goods (yuan)"))
    percent = forms.IntegerField(
        label=_("Credited percent"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("80 after three months (2.C8)"),
    )
    bag = MoneyField(label=_("Missing carrier bags"), required=False)
    box = MoneyField(label=_("Missing or unfit packing"), required=False)
    other = MoneyField(label=_("Other deduction"), required=False)
    source = forms.CharField(
        label=_("Number of the return"), max_length=60, help_text=_("The same return is not credited twice.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=LONG)

    def deductions(self) -> list[tuple[str, Money]]:
        """What is taken off, by kind."""
        return [(kind, self.cleaned_data[kind]) for kind in DEDUCTION_LABELS if self.cleaned_data.get(kind)]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=LONG)


class ConfirmForm(forms.Form):
    """How and by whom something was confirmed."""

    way = forms.ChoiceField(label=_("How it was confirmed"))
    who = forms.CharField(label=_("Who confirmed on the customer's side"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = _choices(confirming.WAY_LABELS)  # type: ignore[attr-defined]


class ConfirmStatementForm(ConfirmForm):
    """The same for a statement, with the balance that the customer was shown."""

    closing = MoneyField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=LONG)


class FreightForm(forms.Form):
    """What stands on the carrier's paper."""

    carrier = forms.CharField(label=_("Carrier"), max_length=60)
    carrier_kind = forms.ChoiceField(label=_("Kind of carrier"))
    waybill = forms.CharField(label=_("Waybill number"), max_length=40)
    amount = MoneyField(label=_("Freight (yuan)"))
    received_on = forms.DateField(label=_("Goods came on"))
    cause = forms.ChoiceField(label=_("Why the goods came back"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=LONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier_kind"].choices = _choices(freight.CARRIER_LABELS)  # type: ignore[attr-defined]
        self.fields["cause"].choices = _choices(freight.CAUSE_LABELS)  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """Which salesperson signs."""

    salesperson = forms.TypedChoiceField(label=_("Salesperson"), coerce=int)

    def __init__(self, *args: Any, signers: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["salesperson"].choices = [(str(key), name) for key, name in signers]  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """Who is liable, why if it is another one than proposed, and the signature."""

    liable = forms.ChoiceField(label=_("Liable"))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=LONG,
        help_text=_("Needed where you differ from the rules."),
    )
    signature = SignatureField(label=_("Signature"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["liable"].choices = _choices(freight.LIABLE_LABELS)  # type: ignore[attr-defined]
