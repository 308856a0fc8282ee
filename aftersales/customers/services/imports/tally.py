"""Counting what an import does: each record once, by the strongest thing that any row does to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from aftersales.exchange.queries import Effect

STRONGER = {Effect.UNCHANGED: 0, Effect.CHANGED: 1, Effect.NEW: 2}


class Tally:
    """How many records of each kind are new, changed, unchanged. A record is named by its id, or while it has none by a negative number."""

    def __init__(self, nouns: Iterable[str]) -> None:
        self.seen: dict[tuple[str, int], Effect] = {}
        self._counted: dict[str, Counter[str]] = {noun: Counter() for noun in nouns}

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Noun → effect → how many."""
        return {
            noun: {effect.value: counted[effect.value] for effect in Effect} for noun, counted in self._counted.items()
        }

    def note(self, noun: str, key: int, effect: Effect) -> Effect:
        """The strongest effect on this record so far."""
        before = self.seen.get((noun, key))
        if before is None or STRONGER[effect] > STRONGER[before]:
            self.seen[noun, key] = effect
            self._counted[noun][effect.value] += 1
            if before is not None:
                self._counted[noun][before.value] -= 1
        return self.seen[noun, key]

    def note_new(self, noun: str, keys: Sequence[int]) -> None:
        """Note these records as new, of which no row has told before."""
        self.seen.update(((noun, key), Effect.NEW) for key in keys)
        self._counted[noun][Effect.NEW.value] += len(keys)

    def was_seen(self, noun: str, key: int) -> bool:
        """Whether an earlier row concerned this record."""
        return (noun, key) in self.seen

    def rename(self, noun: str, keys: Mapping[int, int]) -> None:
        """Records that were new now have their ids."""
        for temporary, key in keys.items():
            self.seen[noun, key] = self.seen.pop((noun, temporary))
