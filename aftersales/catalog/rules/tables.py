"""Tables of a TOML file that know where they stand, so that each mistake can be told by file and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from aftersales.catalog.rules.labels import LANGUAGES, Label, label

T = TypeVar("T")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")


class ProfileError(ValueError):
    """A profile file is wrong; the message names the file, the key and what is expected there."""


class Table:
    """One table of a file; `done` refuses keys that nobody has read."""

    def __init__(self, file: str, path: str, data: Mapping[str, Any]) -> None:
        self.file, self.path, self.data, self.read = file, path, data, set[str]()

    def wrong(self, key: str, what: str) -> ProfileError:
        """The mistake, told by file and key."""
        place = ".".join(part for part in (self.path, key) if part)
        return ProfileError(f"{self.file}: {place} {what}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def string(self, key: str) -> str:
        """A text that is not empty."""
        return str(
            self._value(key, lambda value: isinstance(value, str) and value.strip(), "must be a text that is not empty")
        )

    def code(self, key: str) -> str:
        """A short word of small letters, digits and hyphens."""
        value = self.string(key)
        if not _CODE.fullmatch(value):
            raise self.wrong(key, "must be small letters, digits and hyphens, at most 30")
        return value

    def number(self, key: str) -> int:
        """A whole number, not negative."""
        return int(self._value(key, lambda value: type(value) is int and value >= 0, "must be a whole number"))

    def flag(self, key: str) -> bool:
        """True or false."""
        return bool(self._value(key, lambda value: isinstance(value, bool), "must be true or false"))

    def flag_or_no(self, key: str) -> bool:
        """True or false; a key left out is no."""
        return self.flag(key) if self.has(key) else False

    def words_or_none(self, key: str) -> tuple[str, ...]:
        """Texts; a key left out is none."""
        return self.words(key) if self.has(key) else ()

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self._value(key, _is_words, "must be a list of texts"))

    def choice(self, key: str, choices: Mapping[str, T]) -> T:
        """What the word at the key stands for among `choices`."""
        value = self.string(key)
        if value not in choices:
            raise self.wrong(key, f"must be one of {', '.join(sorted(choices))}")
        return choices[value]

    def table(self, key: str) -> Table:
        """The table at the key."""
        data = self._value(key, lambda value: isinstance(value, Mapping), "must be a table")
        return Table(self.file, f"{self.path}.{key}".lstrip("."), data)

    def tables(self) -> list[tuple[str, Table]]:
        """Every table in this one, with its key."""
        return [(key, self.table(key)) for key in self.data]

    def label(self) -> Label:
        """The words in three languages that stand in this table."""
        return label(*(self.string(language) for language in LANGUAGES))

    def items(self, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
        """Rows with a code each, every code once."""
        codes = [table.code("code") for table in self._tables(key)]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice:
            raise self.wrong(key, f"has the code {twice} twice")
        return self.rows(key, read)

    def rows(self, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
        """Rows without a code of their own."""
        tables = self._tables(key)
        for table in tables:
            table.read.add("code")
        found = tuple(read(table) for table in tables)
        for table in tables:
            table.done()
        return found

    def _tables(self, key: str) -> list[Table]:
        rows = self._value(key, lambda value: isinstance(value, list) and value, "must be a list with at least one row")
        return [Table(self.file, f"{self.path}.{key}[{place}]".lstrip("."), row) for place, row in enumerate(rows)]

    def codes(self, key: str) -> frozenset[str]:
        """The codes of a list's rows, which were read or will be."""
        return frozenset(row.get("code", "") for row in self.data.get(key) or ())

    def done(self) -> None:
        """Refuse keys that nobody asked for: they are misspelt."""
        unknown = sorted(set(self.data) - self.read)
        if unknown:
            raise self.wrong(unknown[0], "is not a key that is known here")

    def _value(self, key: str, fits: Callable[[Any], Any], expected: str) -> Any:
        self.read.add(key)
        value = self.data.get(key)
        if not fits(value):
            raise self.wrong(key, f"{expected}, and is {'missing' if value is None else repr(value)}")
        return value


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
