"""How the numbers on a unit are read: what people type and scanners send becomes one spelling, or a refusal that helps.

VIN: GB 16735 (the Chinese form of ISO 3779), check digit in the ninth place. IMEI: Luhn. Plates: GA 36 for road vehicles with
the longer ones of new energy vehicles, the seven special endings, embassies and armed police; NY 345 for farm machinery.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _

_VIN_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_LENGTH = 17
_VIN_CHECK_PLACE = 8

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SIMPLIFIED = str.maketrans("晉遼滬蘇閩贛魯粵瓊貴雲陝寧學領掛臨農", "晋辽沪苏闽赣鲁粤琼贵云陕宁学领挂临农")
_PLATE_SEPARATORS = re.compile(r"[\s·•・.\-－_]+")
_LETTER = "[A-HJ-NP-Z]"
_SIGN = "[A-HJ-NP-Z0-9]"
_PLATES: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "road": (
        re.compile(f"[{PROVINCES}]{_LETTER}{_SIGN}{{4}}[A-HJ-NP-Z0-9挂学警港澳]"),
        re.compile(f"[{PROVINCES}]{_LETTER}[A-HJK]{_SIGN}[0-9]{{4}}"),
        re.compile(f"[{PROVINCES}]{_LETTER}[0-9]{{5}}[A-HJK]"),
        re.compile(f"[{PROVINCES}]{_LETTER}[0-9]{{4}}领"),
        re.compile(r"[0-9]{6}使|使[0-9]{6}"),
        re.compile(f"临?[{PROVINCES}]{_LETTER}{_SIGN}{{4,5}}临|临[{PROVINCES}]{_LETTER}{_SIGN}{{4,5}}"),
        re.compile(f"WJ[{PROVINCES}]?[0-9]{{4}}[0-9TDSHBXJ]"),
    ),
    "tractor": (re.compile(f"[{PROVINCES}][0-9]{{2}}{_SIGN}{{4,5}}学?"),),
}
PLATE_KINDS = frozenset(_PLATES)


@dataclass(frozen=True)
class Reading:
    """A number in its one spelling, and what is odd about it without being wrong."""

    value: str
    warnings: tuple[Text, ...] = ()


def plain(typed: str) -> str:
    """What was typed in capitals, half-width, without invisible characters or outer blanks, single blanks inside."""
    shown = "".join(
        sign for sign in unicodedata.normalize("NFKC", typed) if unicodedata.category(sign) not in {"Cf", "Cc"}
    )
    return " ".join(shown.upper().split())


def read_number(
    typed: str, *, pattern: str, drops: str, checksum: str, checksum_refuses: bool, label: object, example: str
) -> Reading:
    """The serial number in its one spelling; refuses what does not have the form, and a wrong check digit where told to."""
    value = plain(typed).translate({ord(sign): None for sign in drops})
    if not value:
        return Reading("")
    if not re.fullmatch(pattern, value):
        raise Invalid(_why_not(value, checksum=checksum, label=label, example=example), field="serial")
    if not checksum or CHECKSUMS[checksum](value):
        return Reading(value)
    doubt = _(
        "The check digit of “{value}” does not fit. Compare it with the {label} once more.", value=value, label=label
    )
    if checksum_refuses:
        raise Invalid(doubt, field="serial")
    return Reading(value, (doubt,))


def read_plate(typed: str, *, kinds: Iterable[str]) -> str:
    """The plate in its one spelling, such as 苏A12345; refuses what no authority gives out."""
    value = _PLATE_SEPARATORS.sub("", plain(typed)).translate(_SIMPLIFIED)
    if value and not any(form.fullmatch(value) for kind in kinds for form in _PLATES[kind]):
        raise Invalid(
            _(
                "“{typed}” is not a Chinese plate. Write it like 苏A12345 or 苏AD12345, or leave it empty.",
                typed=typed.strip(),
            ),
            field="plate",
        )
    return value


def has_vin_check_digit(vin: str) -> bool:
    """Whether the ninth character of a 17-character VIN fits the others."""
    if len(vin) != _VIN_LENGTH or any(sign not in _VIN_VALUES for sign in vin):
        return False
    rest = sum(_VIN_VALUES[sign] * weight for sign, weight in zip(vin, _VIN_WEIGHTS, strict=True)) % 11
    return vin[_VIN_CHECK_PLACE] == ("X" if rest == 10 else str(rest))


def has_luhn_check_digit(digits: str) -> bool:
    """Whether the last digit fits the others by Luhn's rule."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    doubled = (int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


CHECKSUMS: Mapping[str, Callable[[str], bool]] = {"vin": has_vin_check_digit, "luhn": has_luhn_check_digit}


def _why_not(value: str, *, checksum: str, label: object, example: str) -> Text:
    if checksum == "vin" and len(value) == _VIN_LENGTH and re.search("[IOQ]", value):
        return _("A VIN never has the letters I, O or Q. “{value}” probably means 1 or 0 there.", value=value)
    return _(
        "“{value}” does not have the form of the {label}: it has {count} characters. It looks like {example}.",
        value=value,
        label=label,
        count=len(value),
        example=example,
    )
