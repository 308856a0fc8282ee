"""Personal data as it is shown to people who need not know it in full: enough to recognise, too little to use."""

from __future__ import annotations

import re

STARS = "****"
_EXTENSION = re.compile(r"(?:转|轉|ext\.?|x|#|,).*$|(?<=\d{7})\s*-\s*\d{1,6}$", re.IGNORECASE)
_CHINA = re.compile(r"^(?:\+|00)86(?=\d{7})")
_MOBILE = re.compile(r"^1\d{10}$")
_FIXED = re.compile(r"^(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})$")


def mask_phone(number: str) -> str:
    """A phone number with its middle hidden: `138****5678`, `025-****6789`, `+86 138****5678`."""
    digits = re.sub(r"[^\d+]", "", _EXTENSION.sub("", number.strip()))
    country, digits = ("+86 ", _CHINA.sub("", digits)) if _CHINA.match(digits) else ("", digits)
    fixed = _FIXED.match(digits)
    if fixed:
        return f"{country}{fixed[1]}-{STARS}{fixed[2][4:]}"
    if _MOBILE.match(digits):
        return f"{country}{digits[:3]}{STARS}{digits[-4:]}"
    return country + _middle_hidden(digits, first=3, last=4)


def mask_name(name: str) -> str:
    """A name of which only the first character (of each word, in alphabets) is left: `张*`, `欧***`, `J*** S***`."""
    words = name.split()
    if name.isascii():
        return " ".join(f"{word[0]}***" for word in words)
    return "".join(words)[:1] + "*" * min(3, max(1, len("".join(words)) - 1))


def mask_id(number: str) -> str:
    """An identity, passport or licence number with at least half of it hidden: `320***********1234`."""
    return _middle_hidden(number.strip(), first=3, last=4)


def _middle_hidden(text: str, *, first: int, last: int) -> str:
    length = len(text)
    first, last = min(first, length // 4), min(last, length // 4)
    return text[:first] + "*" * (length - first - last) + text[length - last :]
