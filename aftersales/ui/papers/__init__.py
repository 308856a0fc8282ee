"""Papers: what is printed or sent as PDF, described once and drawn twice, as a page to print and by typst as PDF.

A room says what stands on a paper in `blocks`; nothing here knows its trade.
"""

from aftersales.ui.papers.blocks import (
    Block,
    Check,
    Checks,
    Column,
    Drawing,
    Fact,
    Facts,
    Letterhead,
    Paper,
    PaperSize,
    Picture,
    Row,
    Signature,
    Signatures,
    Sum,
    Table,
    Words,
)
from aftersales.ui.papers.drawings import LOGO_MM, qr_picture, signature_picture, strokes_picture, wrapped_jpeg
from aftersales.ui.papers.engine import as_pdf
from aftersales.ui.papers.wording import DEMONSTRATION, PAGES

__all__ = [
    "DEMONSTRATION",
    "LOGO_MM",
    "PAGES",
    "Block",
    "Check",
    "Checks",
    "Column",
    "Drawing",
    "Fact",
    "Facts",
    "Letterhead",
    "Paper",
    "PaperSize",
    "Picture",
    "Row",
    "Signature",
    "Signatures",
    "Sum",
    "Table",
    "Words",
    "as_pdf",
    "qr_picture",
    "signature_picture",
    "strokes_picture",
    "wrapped_jpeg",
]
