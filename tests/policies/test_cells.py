from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, strategies as some

from aftersales.policies.engine.axes import Axis
from aftersales.policies.engine.cells import Column
from aftersales.policies.engine.errors import CellError
from aftersales.policies.engine.formulas import months_between, read_formula
from aftersales.policies.engine.model import Fact


def column(kind="days", values=(), unknown=False):
    groups = {"fragile": ("tin", "cup")}
    return Column("it", kind, values, unknown, groups, {"week": Decimal(7)})


@pytest.mark.parametrize(
    ("text", "within", "outside"),
    [
        ("<=3", [0, 3], [4]),
        ("≤3", [3], [4]),
        (">$week", [8], [7]),
        ("[4..7]", [4, 7], [3, 8]),
        ("(3..7)", [4, 6], [3, 7]),
        ("4", [4], [3, 5]),
        ("1, [4..5]", [1, 4, 5], [2, 6]),
        ("-", [0, 99, None], []),
        ("", [0, None], []),
    ],
)
def test_a_cell_about_a_number_holds_for_these_and_not_for_those(text, within, outside):
    cell = column().read(text)
    assert all(cell.holds(value) for value in within)
    assert not any(cell.holds(value) for value in outside)


@pytest.mark.parametrize(
    ("text", "within", "outside"),
    [
        ("cup", ["cup"], ["tin", "book", None]),
        ("cup, tin", ["cup", "tin"], ["book"]),
        ("cup、tin", ["cup", "tin"], ["book"]),
        ("not(cup)", ["tin", "book"], ["cup", None]),
        ("非(cup)", ["tin"], ["cup"]),
        ("@fragile", ["cup", "tin"], ["book"]),
        ("unknown", [None], ["cup"]),
        ("cup, 未知", ["cup", None], ["tin"]),
        ("not(unknown)", ["cup", "tin", "book"], [None]),
    ],
)
def test_a_cell_about_a_choice_holds_for_these_and_not_for_those(text, within, outside):
    cell = column("choice", ("cup", "tin", "book"), unknown=True).read(text)
    assert all(cell.holds(value) for value in within)
    assert not any(cell.holds(value) for value in outside)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("是", True), ("false", False), ("否", False)])
def test_yes_and_no_are_read_in_both_languages(text, value):
    cell = column("bool").read(text)
    assert cell.holds(value)
    assert not cell.holds(not value)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("days", "soon", "is no number"),
        ("days", "[7..4]", "backwards"),
        ("days", ">$month", "no parameter “month”"),
        ("days", "1,,2", "comma has nothing beside it"),
        ("days", "unknown", "never unknown"),
        ("days", "9" * 500, "too long"),
        ("bool", "perhaps", "neither yes nor no"),
        ("choice", "bowl", "no value “bowl”; there are cup, tin"),
        ("choice", "@glass", "no group “glass”"),
        ("days", "__import__('os')", "is no number"),
    ],
)
def test_a_cell_that_is_not_understood_says_why(kind, text, sentence):
    with pytest.raises(CellError, match=sentence.replace("(", r"\(")):
        column(kind, ("cup", "tin")).read(text)


@given(some.text(max_size=60))
def test_whatever_is_typed_a_cell_is_read_or_refused_with_its_own_error(text):
    for kind in ("choice", "bool", "number", "days", "date"):
        with suppress(CellError):
            column(kind, ("cup", "tin"), unknown=True).read(text)


# Sums


def sum_of(text, **facts):
    formula = read_formula(
        text, facts=frozenset({"bags", "boxes", "cost", "start", "end"}), parameters={"fee": Decimal(5)}
    )
    return formula.work_out(facts)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$fee * bags + 20% * cost * boxes", Decimal(55)),
        ("(bags + boxes) / 2", Decimal("2.5")),
        ("max(0, bags - 10)", Decimal(0)),
        ("frac(cost / 8)", Decimal("0.5")),
        ("bags × 2 ÷ 4", Decimal("1.5")),
    ],
)
def test_a_sum_is_exact(text, result):
    assert sum_of(text, bags=3, boxes=2, cost=100) == result


def test_a_sum_with_something_unknown_or_divided_by_nothing_is_unknown():
    assert sum_of("bags + boxes", bags=3) is None
    assert sum_of("bags / boxes", bags=3, boxes=0) is None


@pytest.mark.parametrize(
    "text", ["bags +", "price", "(bags", "bags bags", "max(1)", "()", "", "(" * 30 + "1" + ")" * 30, "a.b", "bags ** 9"]
)
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(CellError):
        sum_of(text, bags=1)


@given(some.text(alphabet="bags+-*/()0123456789.% $fe,maxin", max_size=40))
def test_whatever_is_typed_a_sum_is_read_or_refused_with_its_own_error(text):
    with suppress(CellError):
        sum_of(text, bags=3, boxes=0, cost=1)


@given(some.dates(), some.integers(0, 40))
def test_months_between_two_days_count_whole_months_and_half_when_days_remain(start, months):
    end_month = start.year * 12 + start.month - 1 + months
    last = months_between(start.toordinal(), start.toordinal())
    assert last == 0
    if end_month // 12 < 9990 and start.day <= 28:
        end = start.replace(year=end_month // 12, month=end_month % 12 + 1)
        assert months_between(start.toordinal(), end.toordinal()) == months
        assert months_between(start.toordinal(), end.toordinal() + 1) == months + Decimal("0.5")


BOUND = some.decimals(-3, 9, places=1).map(str) | some.integers(-3, 9).map(str)
STRETCH = some.builds("{}{}..{}{}".format, some.sampled_from("[("), BOUND, BOUND, some.sampled_from("])"))
NUMBERS = some.one_of(BOUND, some.builds("{}{}".format, some.sampled_from(["<", "<=", ">", ">=", "="]), BOUND), STRETCH)
WANTED = some.lists(some.one_of(NUMBERS, some.just("unknown")), min_size=1, max_size=3).map(", ".join)


@given(
    some.sampled_from(["days", "number"]),
    some.sampled_from([None, Decimal(0), Decimal(2)]),
    some.lists(some.one_of(some.just("-"), WANTED, WANTED.map("not({})".format)), max_size=6),
)
def test_what_is_looked_up_is_what_the_cells_hold(kind, least, texts):
    wanted = []
    for text in texts:
        with suppress(CellError):  # a range written backwards
            wanted.append(column(kind, unknown=True).read(text))
    axis = Axis(Fact("it", kind, least=least, may_be_unknown=True), wanted)
    assert axis.masks(wanted) == tuple(
        sum(1 << at for at, cell in enumerate(wanted) if cell.holds(sample)) for sample in axis.samples
    )
