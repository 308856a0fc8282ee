"""Sentences for people, written in plain Python and translated when shown.

Rules may not import Django, yet every refusal and explanation must reach the reader in his own language. A `Text` keeps
the English sentence and its parameters apart; it is translated by the installed translator at the moment it becomes a string,
so the same stored explanation can be read in three languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]
TranslatePlural = Callable[[str, str, int], str]


@dataclass
class _Translator:
    one: Translate = lambda sentence: sentence
    many: TranslatePlural = lambda singular, plural, count: singular if count == 1 else plural


_translator = _Translator()


def install_translator(one: Translate, many: TranslatePlural) -> None:
    """Let every `Text` be translated by these two functions from now on."""
    _translator.one, _translator.many = one, many


@dataclass(frozen=True)
class Text:
    """A sentence for a person: English source with `{named}` parameters, translated when turned into a string."""

    source: str
    params: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""
    count: int | None = None

    def __str__(self) -> str:
        if self.count is None:
            sentence = _translator.one(self.source)
        else:
            sentence = _translator.many(self.source, self.plural, self.count)
        return sentence.format(**self.params) if self.params else sentence

    def __hash__(self) -> int:
        return hash((self.source, self.plural, self.count))

    def as_data(self) -> dict[str, Any]:
        """The sentence as JSON-ready data; `from_data` gives the same sentence back."""
        params = {name: _param_as_data(value) for name, value in self.params.items()}
        return {"source": self.source, "params": params, "plural": self.plural, "count": self.count}


def text(source: str, **params: Any) -> Text:
    """Mark `source` for translation; `{name}` is filled from `params` after translating."""
    return Text(source, params)


def text_n(singular: str, plural: str, count: int, **params: Any) -> Text:
    """Mark a sentence whose form depends on `count`; `{count}` may be used in it."""
    return Text(singular, {"count": count, **params}, plural, count)


def enumerated(parts: Sequence[Text]) -> Text:
    """The words one after the other, with the comma of the reader's language between them."""
    so_far, *rest = parts
    for each in rest:
        so_far = text("{these}, {more}", these=so_far, more=each)
    return so_far


def from_data(data: Mapping[str, Any]) -> Text:
    """The sentence that `Text.as_data` described."""
    params = {name: from_data(value) if isinstance(value, Mapping) else value for name, value in data["params"].items()}
    return Text(data["source"], params, data.get("plural", ""), data.get("count"))


def _param_as_data(value: Any) -> Any:
    if isinstance(value, Text):
        return value.as_data()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
