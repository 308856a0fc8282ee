"""A paper of the gallery, with every kind of block that can stand on one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language

from aftersales.core.text import text as _
from aftersales.ui.papers import (
    DEMONSTRATION,
    PAGES,
    Check,
    Checks,
    Column,
    Drawing,
    Fact,
    Facts,
    Letterhead,
    Paper,
    PaperSize,
    Row,
    Signature,
    Signatures,
    Sum,
    Table,
    Words,
    qr_picture,
    signature_picture,
    strokes_picture,
)
from aftersales.ui.templatetags.ui import local_time

NUMBER = "RO-NJ-2026-000123"
SIGNED = [[(0, 60), (30, 10), (50, 80), (80, 30), (120, 55)], [(140, 20), (150, 70), (190, 40)]]
OUTLINE = [[(10, 40), (60, 40), (90, 10), (180, 10), (220, 40), (290, 45), (290, 80), (10, 80), (10, 40)]]


def sample_paper(size: PaperSize, now: datetime) -> Paper:
    """The paper in the reader's language."""
    return Paper(
        size=size,
        language=get_language() or "en",
        title=str(_("Intake slip")),
        number=NUMBER,
        head=Letterhead("Northgate Service", ("1 Sample Street, Exampletown",)),
        code=qr_picture(f"https://example.invalid/orders/{NUMBER}/", NUMBER, width_mm=22),
        code_label=NUMBER,
        blocks=_blocks(now),
        notice=str(DEMONSTRATION),
        pages=str(PAGES),
        lines=("Phone X20 Pro", "8649 2004 1177 3321", local_time(now, "short"), "Zhang Wei"),
    )


def _blocks(now: datetime) -> tuple[Facts | Drawing | Table | Checks | Words | Signatures, ...]:
    customer, yes, no = str(_("Customer")), str(_("yes")), str(_("no"))
    columns = (Column(str(_("Unit")), is_main=True), Column(str(_("Amount")), is_number=True))
    rows = (
        Row(("Phone X20 Pro", "¥280.00"), note=str(_("Serial number")), brief="1 × ¥280.00", ticks=(True,)),
        Row(("Rice cooker 4L", "¥35.00"), brief="1 × ¥35.00", is_struck=True, ticks=(False,)),
    )
    fault = str(_("Turns itself off at 40 percent; the back is warm after charging."))
    return (
        Facts(
            (
                Fact(customer, "Zhang Wei"),
                Fact(str(_("Unit")), "Phone X20 Pro"),
                Fact(str(_("Fault")), fault, is_wide=True),
            )
        ),
        Table(columns, rows, (Sum(str(_("Total")), "¥280.00", is_strong=True),), boxes=(yes,)),
        Checks((Check("Phone X20 Pro", ((yes, True), (no, False))),)),
        Checks((Check(str(_("Received by")), (("", True),)), Check(customer, (("", False),)))),
        Drawing(strokes_picture(OUTLINE, "City SUV 1.5T", width=300, height=90, width_mm=70), ("City SUV 1.5T",)),
        Words(fault, look="box"),
        Words(fault, title=str(_("Note")), look="small"),
        Signatures(
            (
                Signature(customer, signature_picture(SIGNED, customer), "Zhang Wei", local_time(now)),
                Signature(str(_("Received by"))),
            )
        ),
    )
