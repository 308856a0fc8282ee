"""What is said of signatures beside the records that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def how_signed(signature: Sequence[Any], *, is_on_paper: bool = False) -> str:
    """What the journal says of a signature; what was written stays with its record alone."""
    return "on_screen" if signature else "on_paper" if is_on_paper else ""
