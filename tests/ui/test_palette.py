"""The palette keeps the contrast that WCAG 2.2 AA asks for, in the light and in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftersales import ui
from aftersales.ui.tones import TONES

TOKENS = (Path(ui.__file__).parent / "static/ui/css/tokens.css").read_text(encoding="utf-8")
LIGHT_PART, DARK_PART = TOKENS.split("@media screen")
HEX = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
LIGHT = dict(HEX.findall(LIGHT_PART))
DARK = LIGHT | dict(HEX.findall(DARK_PART))

GROUNDS = ("paper", "surface", "raised", "sunken", "hover")
TEXT_ON = [
    *((text, ground) for text in ("ink", "ink-2", "ink-3", "primary-text") for ground in (*GROUNDS, "primary-soft")),
    *((f"{tone}-text", ground) for tone in TONES for ground in (f"{tone}-soft", "surface", "paper")),
    *(("on-solid", f"{tone}-solid") for tone in TONES),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
]
MARK_ON = [
    *((f"{tone}-solid", ground) for tone in TONES for ground in ("surface", "paper")),
    ("control", "surface"),
    ("control", "paper"),
    ("focus", "surface"),
    ("focus", "paper"),
    ("primary", "surface"),
    ("seal", "paper"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_standard_measures_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(palette, text, ground):
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARK_ON)
def test_marks_and_borders_of_controls_can_be_seen(palette, mark, ground):
    assert contrast(palette[mark], palette[ground]) >= 3


def test_the_dark_palette_changes_every_colour_of_the_light_one():
    changed = {name for name, _colour in HEX.findall(DARK_PART)}
    assert changed == set(LIGHT)
