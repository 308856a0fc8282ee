"""How telephone numbers and names are read, compared and masked."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from aftersales.core.errors import Invalid
from aftersales.core.search_words import plain
from aftersales.core.text import text as _

REGION = "CN"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SHORT = re.compile(r"(?:9[56]\d{3,6})")
_DIGITS = re.compile(r"\D")
_TOWN = 6
_SHORTEST_PART = 3
_WITH_COUNTRY_CODE = 13
_ABROAD = re.compile(r"^\s*00")
_EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
_NOT_IN_A_NAME = re.compile(r"[\s·•・.\-_()（）]+")


def read_phone(typed: str) -> str:
    """The number as the world writes it (`+8613800138000`); an extension stays in what was typed. Refuses what is no number."""
    wanted = " ".join(unicodedata.normalize("NFKC", typed).split())
    number = _ABROAD.sub("+", _EXTENSION.sub("", wanted))
    local = _local(number)
    if _MOBILE.fullmatch(local) or _SHORT.fullmatch(local):
        return f"+86{local}"  # new mobile ranges and service numbers are given out faster than tables learn them
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise Invalid(
            _(
                "“{typed}” is not a telephone number. Write a mobile number of 11 digits, or a fixed line with its area code.",
                typed=wanted,
            ),
            field="phone",
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _local(number: str) -> str:
    """The digits without the country code of China; nothing for a number of another country."""
    digits = _DIGITS.sub("", number)
    if number.startswith("+"):
        return digits.removeprefix("86") if digits.startswith("86") else ""
    return digits.removeprefix("86") if len(digits) == _WITH_COUNTRY_CODE else digits


def national(number: str) -> str:
    """The number as people here read it: `13800138000`, `025-84220000`, others with their country code."""
    if not number.startswith("+86"):
        return number
    local = number.removeprefix("+86")
    if _MOBILE.fullmatch(local) or _SHORT.fullmatch(local):
        return local
    parsed = phonenumbers.parse(number, REGION)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "-")


def as_read(number: str, typed: str) -> str:
    """The whole number as people here read it, with the extension where one was typed."""
    extension = _EXTENSION.search(unicodedata.normalize("NFKC", typed))
    return "-".join([national(number), *([_DIGITS.sub("", extension.group())] if extension else [])])


def masked_address(text: str) -> str:
    """The first few characters, which name the town; the rest is hidden."""
    return f"{text[: min(_TOWN, len(text) // 2)]}****"


def masked(number: str) -> str:
    """The number with its middle hidden: enough to recognise, too little to call."""
    local = _DIGITS.sub("", national(number))
    if _MOBILE.fullmatch(local):
        return f"{local[:3]}****{local[-4:]}"
    return f"****{local[-min(4, len(local) // 2) :]}"


def is_shown_as(typed: str, number: str) -> bool:
    """Whether what stands in a box is this number: masked as it was offered, a part by which it was found, or the whole."""
    if typed.strip() == masked(number):
        return True
    digits = _DIGITS.sub("", unicodedata.normalize("NFKC", typed))
    try:
        return read_phone(typed) == number
    except Invalid:
        return len(digits) >= _SHORTEST_PART and digits in _DIGITS.sub("", national(number))


def search_codes(number: str) -> list[str]:
    """The forms in which somebody may type the number into the search box."""
    local = _DIGITS.sub("", national(number))
    return [local] if number.startswith("+86") else [number.removeprefix("+")]


def read_name(typed: str) -> str:
    """The name without stray blanks and invisible characters; refuses an empty one."""
    shown = "".join(" " if unicodedata.category(sign) in {"Cc", "Cf"} else sign for sign in typed)
    name = " ".join(shown.split())
    if not name:
        raise Invalid(_("Write the customer's name."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(_("Write the name in at most {count} characters.", count=LONGEST_NAME), field="name")
    return name


LONGEST_NAME = 80


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for blanks, case, width, and simplified or traditional characters."""
    return bool(folded_name(one)) and folded_name(one) == folded_name(other)


def folded_name(name: str) -> str:
    """The name in the one form by which names are compared."""
    return _NOT_IN_A_NAME.sub("", plain(name))
