"""Chance that falls the same way every time: what the demonstration shows depends on its seed and on the day, on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar


class Weighted(Protocol):
    """Anything that says how often it is met."""

    @property
    def weight(self) -> int:
        """How often, beside the others."""


W = TypeVar("W", bound=Weighted)


def dice(*names: object) -> Random:
    """Dice of their own for each thing that is decided, so that a change in one place does not shuffle all others."""
    return Random("/".join(map(str, names)))  # noqa: S311 - a demonstration, not a secret


def pick(random: Random, rows: Sequence[W]) -> W:
    """One of the rows, the heavier ones more often."""
    return random.choices(rows, weights=[row.weight for row in rows])[0]
