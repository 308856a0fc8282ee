"""The font of the papers, and which characters it has. A character that it lacks is never left to a silent empty box."""

from __future__ import annotations

import functools
import struct
import unicodedata
from pathlib import Path

import typst

from aftersales.core.errors import Refused
from aftersales.core.text import text as _

FOLDER = Path(__file__).resolve().parent / "fonts"
FAMILIES = ("Noto Sans SC", "Source Sans 3")
"""The second has the Latin, Greek and Cyrillic letters that the first lacks, and is of one design with it."""
WEIGHTS = frozenset({400, 700})
STANDS_IN = "〓"
"""What printers have always set where a character is not in the case."""


class FontMissing(Refused):
    """No paper can be set: a font is not installed. Better no paper than one with empty boxes for words."""

    status = 503

    def __init__(self, family: str) -> None:
        super().__init__(
            _(
                "Papers cannot be made: the font {font} is not installed on the server. Ask whoever looks after it to run “make assets”.",
                font=family,
            )
        )


@functools.cache
def loaded_fonts(folder: Path = FOLDER) -> typst.Fonts:
    """The fonts in both weights and no others; refuses when one is missing."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    for family in FAMILIES:
        if not {font.weight for font in fonts.fonts() if font.family == family} >= WEIGHTS:
            raise FontMissing(family)
    return fonts


def printable(text: str) -> str:
    """The text as it can be set: what the fonts lack is shown as 〓, invisible controls are gone."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(_shown(character) for character in composed)


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _shown(character: str) -> str:
    if character == "\n":
        return character
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    if ord(character) in _letters():
        return character
    return "" if unicodedata.category(character) in {"Mn", "Me"} else STANDS_IN


@functools.cache
def _letters() -> frozenset[int]:
    """The characters that can be set in both weights."""
    fonts = loaded_fonts().fonts()
    having: dict[int, frozenset[int]] = dict.fromkeys(WEIGHTS, frozenset())
    for font in fonts:
        if font.path is not None:
            having[font.weight] |= characters_of(Path(font.path).read_bytes())
    return frozenset.intersection(*having.values())


def characters_of(font: bytes) -> frozenset[int]:
    """The code points that a TrueType font has glyphs for, from its table of segments (`cmap`, format 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = [struct.unpack_from(">4sLLL", font, 12 + 16 * each) for each in range(tables)]
    start = next(offset for tag, _sum, offset, _length in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    encodings = [struct.unpack_from(">HHL", font, start + 4 + 8 * each) for each in range(count)]
    table = next(start + offset for platform, encoding, offset in encodings if (platform, encoding) in _WHOLE_UNICODE)
    kind, _reserved, _length, _language, groups = struct.unpack_from(">HHLLL", font, table)
    if kind != _SEGMENTED:
        raise ValueError(f"The font's table of characters has format {kind}; {_SEGMENTED} was expected.")
    spans = [struct.unpack_from(">LLL", font, table + 16 + 12 * each) for each in range(groups)]
    return frozenset(code for first, last, _glyph in spans for code in range(first, last + 1))


_WHOLE_UNICODE = ((3, 10), (0, 6), (0, 4))
_SEGMENTED = 12
