"""Papers as PDF, set by typst. What people wrote travels as data, so that none of it can become markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import typst

from aftersales.ui.papers.blocks import Paper, PaperSize
from aftersales.ui.papers.fonts import FAMILIES, loaded_fonts, printable

TEMPLATES = Path(__file__).resolve().parent / "typ"
FILES = {PaperSize.A4: "a4.typ", PaperSize.ROLL: "roll.typ", PaperSize.LABEL: "label.typ"}
LANGUAGES = {"zh-hans": ("zh", "cn"), "zh-hant": ("zh", "tw"), "en": ("en", "gb")}
STANDARD: Final = "a-2a"
"""To be kept for years, read aloud and searched; typst then also refuses to leave an empty box for a character."""
_AS_IT_IS = frozenset({"svg", "kind", "look"})


def as_pdf(paper: Paper) -> bytes:
    """The paper as a PDF with its font inside; refuses when the font is not installed."""
    fonts = loaded_fonts()
    language, region = LANGUAGES[paper.language]
    data = _cleaned(paper.as_data()) | {"language": language, "region": region, "fonts": list(FAMILIES)}
    compiler = typst.Compiler(
        TEMPLATES / FILES[paper.size],
        root=TEMPLATES,
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=STANDARD)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


def _cleaned(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in _AS_IT_IS else printable(value)
    if isinstance(value, dict):
        return {key: _cleaned(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each, name) for each in value]
    return value
