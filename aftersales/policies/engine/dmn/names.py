"""Names from elsewhere as a policy can write them: small Latin letters, digits, low lines; each only once."""

from __future__ import annotations

import re

from aftersales.policies.engine.dmn import marks
from aftersales.policies.engine.read import REGISTERS

LONGEST = 50


class Names:
    """Names given so far, and what each was called."""

    def __init__(self) -> None:
        self.taken: set[str] = {*REGISTERS, *marks.BESIDE, "decision", "effective_from"}
        self._last: dict[str, int] = {}
        self.called: dict[str, str] = {}
        """By our name what stood in the file, where that is something else."""

    def give(self, wished: str) -> str:
        """A free name near to the wish."""
        bare = re.sub(r"[^a-z0-9]+", "_", wished.lower()).strip("_")[:LONGEST]
        bare = bare if bare[:1].isalpha() else f"n_{bare}".rstrip("_")
        name, number = bare, self._last.get(bare, 1)
        while name in self.taken:
            number += 1
            name = f"{bare}_{number}"
        self._last[bare] = number
        self.taken.add(name)
        if name != wished:
            self.called[name] = wished
        return name


def one_line(text: str) -> str:
    """A text as it may stand in a heading or a cell of a policy."""
    tidy = " ".join(text.split()).strip("#| ")
    return re.sub(r"(hit|gives):|->", r"\1", tidy)[:200] or "…"
