"""What is wrong with a policy or with the facts of a case, said so that a manager can put it right."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@cache
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def say(key: str, language: str = "en", /, **details: object) -> str:
    """The sentence `key` of `words.toml` in one of the three languages, with its details filled in."""
    return _sentences()[key][language].format(**details)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: file, line, table, row and column as far as they are known."""

    key: str
    details: dict[str, object] = field(default_factory=dict)
    line: int = 0
    table: str = ""
    row: str = ""
    column: str = ""
    file: str = ""

    def where(self, language: str = "en") -> str:
        """The place in words."""
        parts = [
            say(f"at_{name}", language, it=getattr(self, name))
            for name in ("file", "line", "table", "row", "column")
            if getattr(self, name)
        ]
        return say("comma", language).join(parts)

    def text(self, language: str = "en") -> str:
        """The sentence in words."""
        return say(self.key, language, **self.details)

    def __str__(self) -> str:
        where = self.where()
        return f"{where}: {self.text()}" if where else self.text()


class PolicyError(Exception):
    """A policy that cannot be used; `problems` says why, all that was found at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class FactError(ValueError):
    """Facts that no policy can judge: unknown names, values outside what is allowed."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class CellError(ValueError):
    """A cell that cannot be read; the reader of the table adds the place."""

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(say(key, "en", **details))
        self.key, self.details = key, details
