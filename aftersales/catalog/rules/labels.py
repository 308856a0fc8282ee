"""Words that come as data in three languages, not as sentences of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftersales.core.text import Text

LANGUAGES = ("en", "zh_hans", "zh_hant")


@dataclass
class _Reader:
    language: Callable[[], str] = lambda: "en"


_reader = _Reader()


def install_language(language: Callable[[], str]) -> None:
    """Let every `Label` ask `language` for the code of the reader's language, such as "zh-hans"."""
    _reader.language = language


@dataclass(frozen=True)
class Label(Text):
    """A word in three languages; as a string it is the one the reader reads. `source` is the English one."""

    zh_hans: str = ""
    zh_hant: str = ""

    def __str__(self) -> str:
        return self.in_language(_reader.language())

    def __hash__(self) -> int:
        return hash((self.source, self.zh_hans, self.zh_hant))

    def in_language(self, code: str) -> str:
        """The word in the language with this code; English where that language is not one of ours."""
        return {"zh-hans": self.zh_hans, "zh-hant": self.zh_hant}.get(code.lower()) or self.source

    def in_all_languages(self) -> tuple[str, ...]:
        """The word in every language once, so that a search finds it by any of them."""
        return tuple(dict.fromkeys(word for word in (self.source, self.zh_hans, self.zh_hant) if word))


def label(en: str, zh_hans: str = "", zh_hant: str = "") -> Label:
    """A label from its words; a language left out reads the English one."""
    return Label(en, zh_hans=zh_hans, zh_hant=zh_hant)
