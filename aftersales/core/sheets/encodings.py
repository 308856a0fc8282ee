"""In which encoding a text file was written: known for certain, well guessed, or asked.

UTF-8 and UTF-16 say so themselves. GB18030 (which contains GBK) and Big5 do not: their bytes mean characters in both. A right
reading consists almost wholly of the few thousand characters that people use, which both standards put first; a wrong one is
strewn over the rare ones. Where the two readings are not far apart, nothing is decided here: the person looks and chooses.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

LABELS: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB18030 / GBK",
    "big5": "Big5",
    "shift_jis": "Shift JIS",
}
"""The encodings one may choose; the codec's name first."""
_CODECS = {"big5": "big5hkscs"}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_RIVALS = ("gb18030", "big5", "shift_jis")
LIKELY = 0.9
"""So large a share of ordinary signs has a right reading at least."""
MARGIN = 4
"""So many more signs must be ordinary in one reading alone than in any other alone; by chance that happens to one file in many thousands."""
MEASURED = 65_536
"""Signs of a file that are looked at; names and heads repeat."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Guess:
    """The encoding a file is read in, and whether a person must say which it is."""

    encoding: str
    is_sure: bool


def decode(data: bytes, encoding: str) -> str:
    """The text; raises UnicodeDecodeError where these bytes cannot be of this encoding."""
    text = data.decode(_CODECS.get(encoding, encoding))
    return text.removeprefix("\ufeff")


def decode_some(data: bytes, encoding: str) -> str:
    """The text, with a mark for whatever cannot be of this encoding, or was cut off at the end."""
    return data.decode(_CODECS.get(encoding, encoding), "replace").removeprefix("\ufeff")


def guess(data: bytes) -> Guess:
    """In which encoding these bytes were most likely written."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Guess(encoding, is_sure=True)
    without_mark = _without_mark(data)
    if without_mark is not None:
        return without_mark
    ordinary = {encoding: _ordinary(data, encoding) for encoding in _RIVALS}
    best = max(_RIVALS, key=lambda encoding: (sum(ordinary[encoding]), -_RIVALS.index(encoding)))
    signs = ordinary[best]
    is_likely = bool(signs) and sum(signs) >= LIKELY * len(signs)
    return Guess(
        best,
        is_sure=is_likely and all(sum(signs) - sum(ordinary[other]) >= MARGIN for other in _RIVALS if other != best),
    )


def _without_mark(data: bytes) -> Guess | None:
    if b"\x00" in data:  # only UTF-16 has zero bytes in ordinary text: beside each letter, comma and line end
        return _utf_16(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # Several signs of three bytes are as good as never met by chance; of two, a short name in GBK may consist. ASCII is the same in all.
    return Guess("utf-8", is_sure=text.isascii() or sum(sign >= "\u0800" for sign in text[:MEASURED]) >= MARGIN)


def _utf_16(data: bytes) -> Guess:
    some = data[: MEASURED * 2 // 2 * 2]
    low, high = some[0::2].count(0), some[1::2].count(0)
    encoding = "utf-16-le" if high >= low else "utf-16-be"
    try:
        text = decode(data, encoding)
    except UnicodeDecodeError:
        return Guess(encoding, is_sure=False)
    return Guess(encoding, is_sure=not _CONTROL.search(text) and abs(high - low) * 2 > high + low)


def _ordinary(data: bytes, encoding: str) -> list[bool]:
    """For each sign beyond ASCII whether it is an ordinary one in this encoding; nothing where the bytes cannot be of it."""
    try:
        text = decode(data, encoding)
    except UnicodeDecodeError:
        return []
    if _CONTROL.search(text):
        return []
    return [_is_ordinary(sign, encoding) for sign in text[:MEASURED] if sign > "\x7f"]


def _is_ordinary(sign: str, encoding: str) -> bool:
    """Whether the encoding's standard counts the sign among the frequent ones, which stand in their own rows."""
    code = sign.encode(_CODECS.get(encoding, encoding), "ignore")
    if len(code) != 2:
        return False
    lead, trail = code
    if encoding == "gb18030":  # GB 2312; punctuation and full-width forms
        return trail >= 0xA1 and (0xB0 <= lead <= 0xF7 or lead in {0xA1, 0xA3})
    if encoding == "big5":  # frequently used characters; punctuation
        return 0xA4 <= lead <= 0xC6 or lead in {0xA1, 0xA2}
    return unicodedata.name(sign, "").startswith(("HIRAGANA", "KATAKANA")) or 0x88 <= lead <= 0x97
