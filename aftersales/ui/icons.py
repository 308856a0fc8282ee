"""The icons that pages may show: the names in `icons.txt`, from which the asset build makes one sprite."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SPRITE = "vendor/icons.svg"


class UnknownIcon(ValueError):
    """A template names an icon that `icons.txt` does not list."""


@cache
def known_icons() -> frozenset[str]:
    """Every name listed in `icons.txt`."""
    return frozenset((Path(__file__).parent / "icons.txt").read_text(encoding="utf-8").split())


def checked_icon(name: object) -> str:
    """`name` itself, when it is listed."""
    if str(name) not in known_icons():
        raise UnknownIcon(f"There is no icon {name!r} in aftersales/ui/icons.txt; add its Tabler name there.")
    return str(name)
