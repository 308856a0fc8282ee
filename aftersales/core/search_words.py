"""The words of the search index: how a name, a code and a text are taken apart, and how a typed line asks for them.

Plain Python. Both databases hold the same words and get the same question, so they find the same records. Each word begins
with one letter that says where it comes from (`n` name, `c` part of a code, `x` a whole code, `t` text, `s` scope, `k` kind,
`m` a mark, which nobody types);
the rest consists of lower-case letters, digits and characters only, so no typed sign can ever mean anything to a database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from hashlib import blake2b
from itertools import product
from operator import iconcat
from types import MappingProxyType
from typing import Any

LONGEST_QUESTION = 200
LONGEST_TEXT = 10_000
LONGEST_CODE = 128
LONGEST_WORD = 32
SHORTEST_CODE_PART = 3
SHORTEST_BEGINNING = 4
LONG_CODE = 8
MOST_TERMS = 8
MOST_TEXT_WORDS = 400
MOST_CHARACTERS_WITH_PINYIN = 16
MOST_READINGS = 12
NOTHING_SPELLED: Mapping[str, str] = MappingProxyType({})

_CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_PART = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>(?:(?![{_CJK}_])\w)+)")
_CHARACTERS = re.compile(rf"[{_CJK}]+")
_TERM = re.compile(rf"[{_CJK}]+|[^\s{_CJK}]+")
_BETWEEN_CHARACTERS = re.compile(rf"(?<=[{_CJK}])[\W_]+(?=[{_CJK}])")
_HYPHENATED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_LETTERS_OR_DIGITS = re.compile(r"\d+|\D+")
_SEPARATOR = re.compile(r"[\W_]+")
_MARK = re.compile(r"[\u0300-\u036f'’ʼ`]+")
_CHINA = re.compile(r"^(?:00)?86(?=1\d{10}$)")

# Readings in given names besides the usual one; for the first character every reading counts, so surnames need no list.
_GIVEN_NAMES = {
    "乐": ("le", "yue"), "朝": ("zhao", "chao"), "长": ("chang", "zhang"), "行": ("xing", "hang"), "重": ("chong", "zhong"),
    "晟": ("sheng", "cheng"), "盛": ("sheng", "cheng"), "茜": ("qian", "xi"), "佳": ("jia",), "曾": ("ceng", "zeng"),
    "藏": ("cang", "zang"), "调": ("diao", "tiao"), "传": ("chuan", "zhuan"), "强": ("qiang", "jiang"), "莘": ("shen", "xin"),
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One word of the index, or with `begins` every word that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True)
class Every:
    """All of these must be there."""

    parts: tuple[Question, ...]


@dataclass(frozen=True)
class Some:
    """At least one of these must be there."""

    parts: tuple[Question, ...]


Question = Word | Every | Some


@dataclass(frozen=True)
class Probe:
    """Asks for the records that have all of these words in their texts, and of each group of marks at least one.

    A Latin word of four letters or more also stands for the longer ones that begin with it.
    """

    words: tuple[str, ...] = ()
    marks: tuple[tuple[str, ...], ...] = ()

    def groups(self) -> list[tuple[Word, ...]]:
        """What must be there, as the index spells it: of each group one word."""
        return [
            *((beginning(word),) for word in self.words),
            *(tuple(Word(mark_word(mark)) for mark in group) for group in self.marks),
        ]


def plain(text: str) -> str:
    """The text in one spelling: half width, lower case, without accents, in simplified characters."""
    if text.isascii():
        return text.lower().replace("'", "")
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARK.sub("", folded)).translate(_simplified)


def spoken(name: str) -> str:
    """How a name is usually read, in letters: 张伟 and 章炜 sound the same. Without Chinese characters, the name itself."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (its dictionary takes a fifth of a second to load)

    return "".join(lazy_pinyin(_SEPARATOR.sub("", plain(name))))


def squashed(code: str) -> str:
    """A code without its separators: `RO-NJ 0012` and `ro·nj0012` become the same."""
    return _SEPARATOR.sub("", plain(code))


def entry_words(
    kind: str,
    *,
    names: Iterable[str],
    codes: Iterable[str],
    texts: Iterable[str],
    scopes: Iterable[str],
    marks: Iterable[str] = (),
    spelled: Mapping[str, str] = NOTHING_SPELLED,
    known: str = "",
) -> str:
    """Everything by which one record can be found, as words separated by single spaces.

    `spelled` are names whose words are known already, see `spelled_name`; `known` are more `own_words` of the record.
    """
    words = {_kind_word(kind): None}
    words.update(dict.fromkeys(_scope_word(scope) for scope in scopes) or {"sany": None})
    words.update(dict.fromkeys(known.split()))
    words.update(own_words(names=names, codes=codes, texts=texts, marks=marks, spelled=spelled))
    return " ".join(words)


def own_words(
    *,
    names: Iterable[str],
    codes: Iterable[str],
    texts: Iterable[str],
    marks: Iterable[str] = (),
    spelled: Mapping[str, str] = NOTHING_SPELLED,
) -> dict[str, None]:
    """The words of a record that do not depend on its kind and on who may find it, each once."""
    words: dict[str, None] = {}
    for code in codes:
        words.update(dict.fromkeys(_code_words(squashed(code)[:LONGEST_CODE])))
    for name in names:
        known = spelled.get(name)
        words.update(dict.fromkeys(known.split() if known is not None else _marked_name_words(name[:LONGEST_TEXT])))
    for text in texts:
        words.update(dict.fromkeys(f"t{word}" for word in text_words(text)))
    words.update(dict.fromkeys(mark_word(mark) for mark in marks))
    return words


def spelled_name(name: str) -> str:
    """The words by which a name is found, separated by single spaces: its reading is the dearest part of an entry."""
    return " ".join(_marked_name_words(name[:LONGEST_TEXT]))


def text_words(text: str) -> list[str]:
    """The words of a text in its order, as the index takes it apart, without the letter that says where they come from."""
    return _text_words(plain(text[:LONGEST_TEXT]))


def beginning(word: str) -> Word:
    """A word of a text as `Probe` asks for it."""
    return Word(f"t{word}", begins=word.isascii() and len(word) >= SHORTEST_BEGINNING)


@lru_cache(maxsize=4096)
def mark_word(mark: str) -> str:
    """The word for a mark: what a record is, such as its category, to be compared whole and in one spelling."""
    return f"m{blake2b(plain(mark).strip().encode(), digest_size=8).hexdigest()}"


def questions(typed: str) -> list[Question]:
    """What a typed line asks for, best first: a whole code; names and parts of codes; all of that and texts. Maybe nothing."""
    line = plain(typed[:LONGEST_QUESTION])
    code = _SEPARATOR.sub("", line)
    terms = [term for term in _TERM.findall(line) if _SEPARATOR.sub("", term)][:MOST_TERMS]
    if not terms:
        return []
    readings = list(dict.fromkeys([code, _CHINA.sub("", code)]))
    exact = Some(tuple(Word(f"x{reading}"[:LONGEST_CODE]) for reading in readings))
    in_codes = tuple(part for reading in readings for part in _part_of_code(reading))
    named = Every(tuple(_asked(term, "n") for term in terms))
    anywhere = Every(tuple(_asked(term, "nt") for term in terms))
    return [exact, Some((*in_codes, named)), Some((*in_codes, anywhere))]


def is_whole_code(typed: str) -> bool:
    """Whether the line is long enough that a code equal to it is surely what was meant."""
    return len(squashed(typed[:LONGEST_QUESTION])) >= LONG_CODE


def within(question: Question, *, kinds: Iterable[str] | None, scopes: Iterable[str] | None) -> Question:
    """The question narrowed to these kinds and scopes; None narrows nothing, no kinds at all finds nothing."""
    narrowed = [question]
    if kinds is not None:
        narrowed.append(Some(tuple(Word(_kind_word(kind)) for kind in kinds) or (Word("knone"),)))
    if scopes is not None:
        narrowed.append(Some((Word("sany"), *(Word(_scope_word(scope)) for scope in scopes))))
    return Every(tuple(narrowed))


def as_fts5(question: Question) -> str:
    """The question in the language of SQLite's full-text index."""
    if isinstance(question, Word):
        return f'"{question.text}" *' if question.begins else f'"{question.text}"'
    sign = " AND " if isinstance(question, Every) else " OR "
    return f"({sign.join(as_fts5(part) for part in question.parts)})"


def as_tsquery(question: Question) -> str:
    """The question in the language of PostgreSQL's full-text index."""
    if isinstance(question, Word):
        return f"'{question.text}':*" if question.begins else f"'{question.text}'"
    sign = " & " if isinstance(question, Every) else " | "
    return f"({sign.join(as_tsquery(part) for part in question.parts)})"


def _kind_word(kind: str) -> str:
    return f"k{kind.encode().hex()}"


def _scope_word(scope: str) -> str:
    # Hexadecimal keeps “A-B” and “AB” apart: a scope is a wall, not something to be found approximately.
    return f"s{scope.encode().hex()}"


def _code_words(code: str) -> Iterator[str]:
    if code:
        yield f"x{code}"[:LONGEST_CODE]
        yield f"c{code[:LONGEST_WORD]}"
    for start in range(1, len(code) - SHORTEST_CODE_PART + 1):
        yield f"c{code[start : start + LONGEST_WORD]}"


def _text_words(text: str) -> list[str]:
    words: list[str] = []
    for found in _PART.finditer(text):
        words += _character_words(found["cjk"]) if found["cjk"] else _latin_words(found["word"])
    if "-" in text:
        words += [joined.replace("-", "")[:LONGEST_WORD] for joined in _HYPHENATED.findall(text)]
    return words[:MOST_TEXT_WORDS]


@lru_cache(maxsize=4096)  # in an import a name comes again with each unit
def _marked_name_words(name: str) -> tuple[str, ...]:
    return tuple(f"n{word}" for word in _name_words(plain(name)))


def _name_words(name: str) -> list[str]:
    together = _BETWEEN_CHARACTERS.sub("", name)
    words = _text_words(together)
    for found in _PART.finditer(together):
        if found["cjk"]:
            words += _pinyin_words(found["cjk"][:MOST_CHARACTERS_WITH_PINYIN])
    return words


def _character_words(run: str) -> list[str]:
    """Pairs, and the last character alone: one character is then found as the beginning of a pair."""
    return [run[at : at + 2] for at in range(len(run))]


def _latin_words(word: str) -> list[str]:
    pieces = _LETTERS_OR_DIGITS.findall(word)
    return (
        [word[:LONGEST_WORD], *(piece[:LONGEST_WORD] for piece in pieces)] if len(pieces) > 1 else [word[:LONGEST_WORD]]
    )


@lru_cache(maxsize=4096)
def _pinyin_words(run: str) -> tuple[str, ...]:
    """Syllables, and from each syllable on all that follow: joined, and as initials."""
    words: dict[str, None] = {}
    for syllables in _readings(run):
        for at in range(len(syllables)):
            rest = syllables[at:]
            words.update(dict.fromkeys((rest[0], "".join(rest)[:LONGEST_WORD], "".join(each[0] for each in rest))))
    return tuple(words)


def _readings(run: str) -> Sequence[Sequence[str]]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (its dictionary takes a fifth of a second to load)

    usual = lazy_pinyin(run, errors="ignore")
    if not usual:
        return []
    if len(usual) != len(run):  # characters without a reading stand between: nothing can be said about each one's place
        return [usual]
    first = [usual[0], *_all_readings(run[0])]
    choices = [first, *([each, *_GIVEN_NAMES.get(char, ())] for char, each in zip(run[1:], usual[1:], strict=True))]
    spelled: list[list[str]] = [_spellings(each) for each in choices]
    if reduce(lambda count, each: count * len(each), spelled, 1) > MOST_READINGS:
        spelled = [spelled[0], *(each[:1] for each in spelled[1:])]
    return list(product(*spelled))[:MOST_READINGS]


@lru_cache(maxsize=4096)  # there are a few hundred surnames
def _all_readings(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # noqa: PLC0415 (its dictionary takes a fifth of a second to load)

    return tuple(pinyin(character, heteronym=True, style=Style.NORMAL)[0])


def _spellings(syllables: Sequence[str]) -> list[str]:
    """Each syllable once; ü is typed as v, as u, and in passports as yu."""
    ways = [[each, each.replace("v", "u"), each.replace("v", "yu")] if "v" in each else [each] for each in syllables]
    return list(dict.fromkeys(reduce(iconcat, ways, [])))


def _part_of_code(code: str) -> tuple[Word, ...]:
    # Two letters or digits are part of nearly every code, so they stand for themselves; with a character, as on a plate,
    # they say enough.
    if len(code) < SHORTEST_CODE_PART and code.isascii():
        return (Word(f"x{code}"),)
    return (Word(f"c{code[:LONGEST_WORD]}", begins=True),)


def _asked(term: str, sources: str) -> Question:
    """One term of the line, looked for in each of the sources, and as a part of a code."""
    if _CHARACTERS.fullmatch(term):
        return Some(tuple(_asked_characters(term, source) for source in sources))
    words = [found["word"][:LONGEST_WORD] for found in _PART.finditer(term)][:MOST_TERMS]
    joined = "".join(words)[:LONGEST_WORD]
    pieces = _LETTERS_OR_DIGITS.findall(joined)[:MOST_TERMS] if len(words) == 1 else words
    ways: list[Question] = []
    for source in sources:
        ways.append(Word(f"{source}{joined}", begins=True))
        if len(pieces) > 1:
            ways.append(Every(tuple(Word(f"{source}{piece}", begins=True) for piece in pieces)))
    return Some((*ways, *_part_of_code(_SEPARATOR.sub("", term))))


def _asked_characters(run: str, source: str) -> Question:
    if len(run) == 1:
        return Word(f"{source}{run}", begins=True)
    return Every(tuple(Word(f"{source}{run[at : at + 2]}") for at in range(min(len(run) - 1, LONGEST_WORD))))


class _Simplified(dict[int, str]):
    """Traditional to simplified character by character, learned on demand; a phrase must not depend on its neighbours."""

    converter: Any = None

    def __missing__(self, code: int) -> str:
        if self.converter is None:
            from opencc import OpenCC  # noqa: PLC0415 (loaded once, when the first Chinese text comes by)

            self.converter = OpenCC("t2s")
        char = chr(code)
        self[code] = simple = self.converter.convert(char) if code > 0x2E7F and not _is_surrogate(code) else char
        return simple


def _is_surrogate(code: int) -> bool:
    return 0xD800 <= code <= 0xDFFF


_simplified = _Simplified()
