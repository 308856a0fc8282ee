"""Figures handed to charts, and the table that says the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from aftersales.core.text import text as _
from aftersales.ui import charts, tones
from aftersales.ui.charts import Chart, Series

FAULTS = Chart("Faults", ["phones", "cars", "gifts"], [Series("orders", [20, 70, 10])])


def test_a_pareto_chart_puts_the_largest_first_and_adds_up_to_the_whole():
    spec = charts.as_spec(FAULTS, "pareto")
    assert spec["labels"] == ["cars", "phones", "gifts"]
    assert spec["share"] == [70.0, 90.0, 100.0]


def test_the_table_says_what_the_chart_says():
    table = charts.as_table(FAULTS, "pareto")
    assert [str(head) for head in table.head] == ["", "orders", "Cumulative share"]
    assert table.rows == (("cars", 70, "70.0 %"), ("phones", 20, "90.0 %"), ("gifts", 10, "100.0 %"))
    assert charts.as_table(FAULTS, "bar").rows[0] == ("phones", 20)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20))
def test_shares_never_fall_and_end_at_the_whole(values):
    share = charts.as_spec(Chart("x", list(range(len(values))), [Series("y", values)]), "pareto")["share"]
    assert share == sorted(share)
    assert share[-1] == (100.0 if any(values) else 0.0)


def test_the_spec_is_json_even_with_translated_words_and_gaps():
    chart = Chart(_("Orders"), [_("June"), "7"], [Series(_("Received"), [1, None], "success")])
    assert json.loads(json.dumps(charts.as_spec(chart, "line")))["series"][0]["values"] == [1, None]


@pytest.mark.parametrize("kind", ["pie", "", "Bar"])
def test_an_unknown_kind_is_an_error(kind):
    with pytest.raises(ValueError, match="no chart of the kind"):
        charts.as_spec(FAULTS, kind)


def test_values_must_fit_the_labels_and_tones_the_palette():
    with pytest.raises(ValueError, match="2 values for 3 labels"):
        Chart("x", ["a", "b", "c"], [Series("y", [1, 2])])
    with pytest.raises(tones.UnknownTone):
        Chart("x", ["a"], [Series("y", [1], "pink")])
    with pytest.raises(ValueError, match="exactly one series"):
        charts.as_spec(Chart("x", ["a"], [Series("y", [1]), Series("z", [2])]), "pareto")
