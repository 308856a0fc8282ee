"""The outlines on which damage is marked."""

from __future__ import annotations

import copy
import tomllib
import xml.etree.ElementTree as ET
from importlib import resources

import pytest

from aftersales.catalog import queries
from aftersales.catalog.rules.drawings import read_drawing
from aftersales.catalog.rules.tables import ProfileError

FOLDER = resources.files("aftersales.catalog") / "drawings"
NAMES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".toml"))


def raw(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_drawing_has_its_name_in_three_languages(name):
    drawing = read_drawing(name, raw(name))
    assert len(drawing.areas) >= 5
    for part in (*drawing.areas, *drawing.views):
        assert all((part.label.source, part.label.zh_hans, part.label.zh_hant))


@pytest.mark.parametrize("name", NAMES)
def test_no_two_parts_of_a_drawing_are_called_the_same(name):
    for language in ("en", "zh-hans", "zh-hant"):
        names = [area.label.in_language(language) for area in read_drawing(name, raw(name)).areas]
        assert len(names) == len(set(names)), language


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_with_marks_is_one_well_formed_picture_with_numbers(name):
    drawing = read_drawing(name, raw(name))
    marks = [{"x": area.x, "y": area.y} for area in drawing.areas]
    picture = ET.fromstring(queries.drawing_svg(drawing, marks))
    numbers = [text.text for text in picture.findall(".//{http://www.w3.org/2000/svg}text")]
    assert numbers == [str(place + 1) for place in range(len(marks))]


def test_every_category_of_every_trade_has_a_drawing_and_each_drawing_is_used():
    used = {
        queries.drawing_of(trade.code, category.code).code
        for trade in queries.list_trades()
        for category in trade.categories
    }
    assert used == {name.removesuffix(".toml") for name in NAMES}


def test_a_category_added_by_the_house_has_the_drawing_of_its_trade():
    assert queries.drawing_of("automotive", "hovercraft").code == "car"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.update(width=0), "car.toml: width"),
        (lambda data: data["areas"][0].update(x=1001), r"car.toml: areas\[0\].x"),
        (lambda data: data["areas"][0].update(path='M0 0"/><script>'), r"car.toml: areas\[0\].path"),
        (lambda data: data.update(lines=["M0 0 url(#x)"]), "car.toml: lines"),
        (lambda data: data["areas"].append(dict(data["areas"][0])), "twice"),
        (lambda data: data.update(colour="red"), "colour is not a key"),
    ],
)
def test_a_mistake_in_a_drawing_is_told_by_file_and_key(change, told):
    data = copy.deepcopy(raw("car.toml"))
    assert read_drawing("car.toml", data).code == "car"
    change(data)
    with pytest.raises(ProfileError, match=told):
        read_drawing("car.toml", data)
