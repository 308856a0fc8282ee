"""What is written down at intake, decided without a database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from aftersales.catalog import queries as catalog
from aftersales.core.errors import Invalid
from aftersales.core.text import text
from aftersales.workshop.rules import intake as rules

AREAS = ("front", "back")
marks = st.fixed_dictionaries(
    {
        "area": st.sampled_from(AREAS),
        "x": st.integers(0, 1000),
        "y": st.integers(0, 500),
        "kind": st.sampled_from([each.value for each in rules.Damage]),
        "note": st.text("ab 划痕", max_size=rules.LONGEST_NOTE),
    }
)
anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
PHONE = catalog.get_trade("electronics").condition_of("phone")


def checked(given: Any) -> list[dict[str, Any]]:
    return rules.check_marks(given, areas=AREAS, width=1000, height=500)


def a_mark(**facts: Any) -> dict[str, Any]:
    return {"area": "front", "x": 10, "y": 20, "kind": "dent", "note": ""} | facts


@given(st.lists(marks, max_size=rules.MOST_MARKS))
def test_marks_are_kept_in_their_order_with_nothing_but_what_a_mark_has(given: list[dict[str, Any]]) -> None:
    kept = checked([mark | {"extra": "<b>"} for mark in given])
    assert [mark | {"note": " ".join(mark["note"].split())} for mark in given] == kept
    assert checked(kept) == kept


@given(st.lists(anything, max_size=5))
def test_whatever_else_is_sent_as_marks_is_refused_with_a_sentence(given: list[Any]) -> None:
    at_fault = ""
    try:
        checked(given)
    except Invalid as refused:
        at_fault = refused.field
    assert at_fault == ("marks" if given else "")


@pytest.mark.parametrize(
    "facts",
    [
        {"area": "moon"},
        {"area": ["front"]},
        {"x": -1},
        {"x": 1001},
        {"y": 501},
        {"x": 1.5},
        {"x": True},
        {"x": "1"},
        {"kind": "bent"},
        {"kind": ""},
        {"kind": ["dent"]},
        {"note": "x" * 81},
        {"note": None},
    ],
)
def test_a_mark_off_the_drawing_or_of_an_unknown_kind_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        checked([a_mark(**facts)])


def test_at_most_forty_marks() -> None:
    assert len(checked([a_mark()] * 40)) == 40
    with pytest.raises(Invalid, match="40"):
        checked([a_mark()] * 41)


def test_answers_stand_in_the_order_of_the_checklist() -> None:
    given = {"locked": "none", "screen": "worn"}
    assert list(rules.check_answers(given, PHONE)) == ["screen", "locked"]


@pytest.mark.parametrize("given", [{"screen": "yes"}, {"fuel": "full"}, {"screen": ""}])
def test_answers_that_no_line_of_the_checklist_has_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        rules.check_answers(given, PHONE)


def test_what_was_only_ticked_long_ago_stays_noted() -> None:
    assert rules.check_answers({"screen": rules.NOTED}, PHONE) == {"screen": rules.NOTED}


def test_the_refusal_names_everything_that_is_missing() -> None:
    seen = rules.Seen(PHONE, {}, meter=text("Mileage"), reminder=text("reminder"))
    with pytest.raises(Invalid) as refused:
        rules.check_complete(seen)
    assert str(refused.value) == (
        "Still missing before the unit can be taken in: Screen lock, Mileage, the reminder of valuables."
    )
    assert refused.value.field == "condition"


def test_nothing_is_missing_when_everything_is_there() -> None:
    rules.check_complete(
        rules.Seen(
            PHONE,
            {"locked": "none"},
            meter=text("Mileage"),
            has_reading=True,
            reminder=text("reminder"),
            is_reminded=True,
        )
    )


@pytest.mark.parametrize(
    ("trade", "category", "asked"),
    [
        ("electronics", "phone", ["locked"]),
        ("electronics", "kettle", []),
        ("automotive", "car", ["energy"]),
        ("automotive", "trailer", []),
        ("agri", "implement", []),
    ],
)
def test_each_kind_of_unit_is_asked_what_it_has(trade: str, category: str, asked: list[str]) -> None:
    points = catalog.get_trade(trade).condition_of(category)
    assert [point.code for point in points if point.is_required] == asked


def test_a_photo_too_many_is_refused_at_once_and_on_the_order() -> None:
    rules.check_photo_count(12, kept=48)
    with pytest.raises(Invalid, match="at once"):
        rules.check_photo_count(13)
    with pytest.raises(Invalid, match="60"):
        rules.check_photo_count(1, kept=60)
