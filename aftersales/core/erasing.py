"""What names a person is taken out of texts: names in both scripts and with a title, numbers however they are spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from aftersales.core.search_words import plain

SHORTEST_WORD = 2
SHORTEST_NUMBER = 7
LONGEST_WITHOUT_AREA = 8
_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_CHINESE_NAME = re.compile(rf"[{_CJK}]{{2,4}}")
_DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "夏侯",
        "司徒",
        "端木",
        "宇文",
        "长孙",
        "独孤",
        "南宫",
        "闻人",
        "澹台",
    ]
)
_TITLES = (
    "先生", "女士", "小姐", "太太", "师傅", "師傅", "老板", "老闆", "经理", "經理", "老师", "老師", "阿姨", "叔叔",
    "大哥", "大姐", "总", "總", "工",
)  # fmt: skip
_DIGITS = re.compile(r"\D")


@dataclass(frozen=True)
class Traces:
    """The words and numbers by which one person is known, and what stands in their place."""

    stand_in: str
    words: frozenset[str] = field(default_factory=frozenset)
    numbers: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        ways = [_spelled(word) for word in sorted(self.words, key=len, reverse=True) if len(word) >= SHORTEST_WORD]
        ways += [way for word in self.words for way in _with_title(word)]
        ways += [_digits(digits) for number in self.numbers for digits in _ways_to_dial(number)]
        return re.compile("|".join(dict.fromkeys(ways)), re.IGNORECASE) if ways else None

    def mentioned_in(self, value: Any) -> bool:
        """Whether the value, or anything in it, names the person."""
        if isinstance(value, str):
            return bool(self._pattern and self._pattern.search(value))
        if isinstance(value, Mapping):
            return any(self.mentioned_in(each) for each in value.values())
        return isinstance(value, (list, tuple)) and any(self.mentioned_in(each) for each in value)

    def taken_out(self, value: Any) -> Any:
        """The value with everything that names the person replaced, whatever its shape."""
        if isinstance(value, str):
            return self._pattern.sub(lambda _found: self.stand_in, value) if self._pattern else value
        if isinstance(value, Mapping):
            return {name: self.taken_out(each) for name, each in value.items()}
        return [self.taken_out(each) for each in value] if isinstance(value, (list, tuple)) else value


def _spelled(word: str) -> str:
    """The word in simplified and traditional characters, with or without blanks between them."""
    blank = r"[\s·•]*" if _CHINESE_NAME.fullmatch(word) else ""
    pattern = blank.join(_either(sign) for sign in word)
    return rf"\b{pattern}\b" if word.isascii() and word[:1].isalnum() and word[-1:].isalnum() else pattern


def _either(sign: str) -> str:
    if sign.isspace():
        return r"\s+"
    ways = {sign, plain(sign) or sign, _traditional(sign)}
    return re.escape(sign) if len(ways) == 1 else f"[{''.join(re.escape(each) for each in sorted(ways))}]"


@lru_cache(maxsize=4096)
def _traditional(sign: str) -> str:
    from opencc import OpenCC  # noqa: PLC0415 (loaded once, when somebody is erased)

    converted: str = OpenCC("s2t").convert(sign)
    return converted if len(converted) == 1 else sign


def _with_title(word: str) -> list[str]:
    """How somebody of this name is spoken of: 张先生, 欧阳女士."""
    simple = plain(word)
    if not _CHINESE_NAME.fullmatch(simple):
        return []
    surname = word[:2] if simple[:2] in _DOUBLE_SURNAMES else word[:1]
    return [_spelled(surname) + f"(?:{'|'.join(_TITLES)})"]


def _ways_to_dial(number: str) -> list[str]:
    """The digits that people write for this number; of a fixed line also those without its area code."""
    local = _DIGITS.sub("", number.removeprefix("+86"))
    is_fixed = number.startswith("+86") and not local.startswith("1") and len(local) > LONGEST_WITHOUT_AREA
    ways = [local, *((local[2:], local[3:]) if is_fixed else ())]
    return [way for way in ways if len(way) >= SHORTEST_NUMBER]


def _digits(local: str) -> str:
    """The number with whatever is written between its digits, with or without the country code, not as part of a longer one."""
    wide = [f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in local]
    return r"(?<!\d)(?:\+?86[\s-]*)?0?" + r"[\s\-()（）]*".join(wide) + r"(?!\d)"


def all_words(*texts: Iterable[str]) -> frozenset[str]:
    """The words of all these, without blanks around them and without empty ones."""
    return frozenset(word.strip() for each in texts for word in each if word and word.strip())
