"""How a customer confirms: a statement, or a freight charge."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _

WAY_LABELS: Mapping[str, Text] = {
    "signed": _("Signed on paper"),
    "phone": _("By telephone"),
    "message": _("By message"),
    "email": _("By reply e-mail"),
    "in_person": _("In person"),
}


def check(*, way: str, who: str) -> None:
    """Nothing; refused unless it is said how it was confirmed and by whom."""
    if way not in WAY_LABELS:
        raise Invalid(_("Choose how it was confirmed."), field="way")
    if not who.strip():
        raise Invalid(_("Say who confirmed it on the customer's side."), field="who")
