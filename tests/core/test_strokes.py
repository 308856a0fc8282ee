"""What was signed on a screen."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, strategies as st

from aftersales.core import strokes
from aftersales.core.errors import Invalid

points = st.tuples(st.integers(0, strokes.WIDTH), st.integers(0, strokes.HEIGHT)).map(list)
written = st.lists(st.lists(points, min_size=1, max_size=30), min_size=1, max_size=8).filter(
    lambda each: strokes.ink(each) >= strokes.LEAST_INK
)
A_LINE = [[100, 100], [300, 120]]


@given(written)
def test_what_was_written_comes_back_as_it_was(signature):
    assert strokes.read_strokes(json.dumps(signature)) == signature
    assert strokes.checked_strokes(signature) == signature


@given(written)
def test_a_signature_is_drawn_as_well_formed_svg_with_a_path_for_each_stroke(signature):
    picture = ET.fromstring(strokes.to_svg(signature))
    assert len(picture.findall(".//{http://www.w3.org/2000/svg}path")) == len(signature)


@given(st.text(max_size=200))
def test_any_text_is_either_a_signature_or_refused_with_a_sentence(typed):
    try:
        field = "signature" if isinstance(strokes.read_strokes(typed), list) else ""
    except Invalid as refused:
        field = refused.field
    assert field == "signature"


def test_nothing_written_is_no_signature():
    assert strokes.read_strokes("") == strokes.read_strokes("[]") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "{}",
        '"x"',
        "[[]]",
        "[[[1]]]",
        "[[[1, 2, 3]]]",
        "[[[1, 401], [900, 3]]]",
        "[[[-1, 0], [900, 3]]]",
        "[[[1.5, 2], [900, 3]]]",
        "[[[true, 2], [900, 3]]]",
        '[[["1", 2], [900, 3]]]',
        "[[[1e999, 2], [900, 3]]]",
        "[[[NaN, 2], [900, 3]]]",
        "[" * 5000,
        "[" * 50_000 + "]" * 50_000,
        "[[[" + "9" * 5000 + ", 2]]]",
        '<svg onload="alert(1)">',
    ],
)
def test_anything_else_is_refused(hostile):
    with pytest.raises(Invalid):
        strokes.read_strokes(hostile)


def test_a_dot_is_no_signature():
    with pytest.raises(Invalid, match="only a dot"):
        strokes.checked_strokes([[[5, 5], [6, 6]]])


def test_more_than_anybody_writes_is_refused():
    with pytest.raises(Invalid, match="more than a signature"):
        strokes.checked_strokes([A_LINE] * (strokes.MOST_STROKES + 1))
    with pytest.raises(Invalid, match="more than a signature"):
        strokes.checked_strokes([[[x % 1000, x % 400] for x in range(strokes.MOST_POINTS + 1)]])
    with pytest.raises(Invalid, match="more than a signature"):
        strokes.read_strokes(" " + "[" + "1" * strokes.LONGEST)
