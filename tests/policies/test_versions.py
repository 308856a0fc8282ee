"""Which version of a policy holds on a day, and what is said when versions do not fit together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as some

from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.read import read_policy
from aftersales.policies.engine.versions import NoVersion, chosen, lines_of
from tests.policies.conftest import SMALL


def version(name, start, *more, policy="small", week="7", **front):
    head = "\n".join(f"{key}: {value}" for key, value in front.items())
    text = SMALL.replace("policy: small\nversion: 2020-01-01\neffective_from: 2020-01-01", (
        f"policy: {policy}\nversion: {name}\neffective_from: {start}\n{head}".rstrip()
    ))  # fmt: skip
    return read_policy(text.replace("| week | 7 | day |", f"| week | {week} | day |" + "".join(more)))


FIRST = version("one", "2020-01-01")
SECOND = version("two", "2021-06-01", supersedes="one")
THIRD = version("three", "2022-01-01", supersedes="two", effective_to="2022-12-31")


def problems(*policies):
    with pytest.raises(PolicyError) as refused:
        lines_of(policies)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2020-01-01", "one"),
        ("2021-05-31", "one"),
        ("2021-06-01", "two"),
        ("2021-12-31", "two"),
        ("2022-01-01", "three"),
        ("2022-12-31", "three"),
    ],
)
def test_the_version_is_chosen_by_the_declared_day(day, name):
    assert chosen([SECOND, THIRD, FIRST], on=date.fromisoformat(day)).version == name


def test_before_the_first_and_after_the_last_there_is_none_and_it_is_said():
    with pytest.raises(NoVersion, match="the first begins on 2020-01-01"):
        chosen([SECOND, FIRST], on=date(2019, 12, 31))
    with pytest.raises(NoVersion, match="the last one ended with 2022-12-31"):
        chosen([FIRST, SECOND, THIRD], on=date(2023, 1, 1))


def test_the_last_version_has_no_end_unless_somebody_gave_it_one():
    assert chosen([FIRST, SECOND], on=date.max).version == "two"


def test_two_versions_in_force_on_one_day_are_refused_with_what_to_do():
    (told,) = problems(FIRST, version("two", "2021-06-01"))
    assert told == (
        "On 2021-06-01 the versions one and two of “small” are both in force: "
        "write “supersedes: one” in two, or an effective_to in one."
    )


def test_days_without_a_version_are_refused_and_named():
    (told,) = problems(version("one", "2020-01-01", effective_to="2021-04-30"), SECOND)
    assert told.startswith("From 2021-05-01 through 2021-05-31 no version of “small” is in force")


def test_an_end_the_day_before_the_next_begins_leaves_neither_a_hole_nor_a_choice():
    ended = version("one", "2020-01-01", effective_to="2021-05-31")
    assert chosen([ended, version("two", "2021-06-01")], on=date(2021, 6, 1)).version == "two"


def test_a_version_twice_and_one_that_ends_before_it_begins_are_refused():
    assert any("“small” is there twice" in told for told in problems(FIRST, version("one", "2021-01-01")))
    (told,) = problems(version("one", "2020-01-01", effective_to="2019-01-01"))
    assert "ends with 2019-01-01, before it begins" in told


def test_drafts_and_void_versions_hold_on_no_day():
    draft = version("two", "2021-06-01", status="draft")
    void = version("zero", "2019-01-01", status="void")
    assert chosen([FIRST, draft, void], on=date(2022, 1, 1)).version == "one"


def test_what_a_version_supersedes_may_be_a_paper_nobody_has_here():
    assert chosen([version("one", "2020-01-01", supersedes="the old paper")], on=date(2020, 1, 1)).version == "one"


def test_versions_of_two_policies_are_no_line():
    with pytest.raises(PolicyError, match="there are: other, small"):
        chosen([FIRST, version("one", "2020-01-01", policy="other")], on=date(2020, 1, 1))


def test_a_number_that_another_policy_is_home_of_is_the_same_there():
    columns = SMALL.replace("| parameter | value | unit |\n|---|---|---|\n| week | 7 | day |", (
        "| parameter | value | unit | clause | same_as |\n|---|---|---|---|---|\n| week | 7 | day | 1 | home.{} |"
    )).replace("policy: small", "policy: guest")  # fmt: skip
    guest, lost = (read_policy(columns.format(name)) for name in ("week", "month"))
    assert set(lines_of([guest, version("one", "2020-01-01", policy="home")])) == {"guest", "home"}
    (told,) = problems(guest, version("one", "2020-01-01", policy="home", week="8"))
    assert told == "Parameter “week” of “guest” is 7, but home.week is 8: a number has one home."
    (told,) = problems(lost, version("one", "2020-01-01", policy="home"))
    assert "“week” of “guest” is said to be that of home.month, which does not exist" in told
    long_ago = version("one", "2018-01-01", policy="home", week="8", effective_to="2019-12-31")
    assert set(lines_of([guest, long_ago])) == {"guest", "home"}, "they never hold on the same day"


def test_a_wrong_last_day_is_said_when_the_policy_is_read():
    with pytest.raises(PolicyError, match="“soon” is no date"):
        version("one", "2020-01-01", effective_to="soon")


DAYS = some.dates(date(2019, 1, 1), date(2024, 1, 1))
VERSIONS = some.lists(some.tuples(DAYS, some.none() | DAYS, some.booleans()), min_size=1, max_size=4)


@given(VERSIONS, DAYS)
def test_either_exactly_one_version_holds_on_each_day_between_first_and_last_or_the_versions_are_refused(made, day):
    texts, before = [], ""
    for number, (start, end, closes) in enumerate(sorted(made, key=lambda each: each[0])):
        front = {"effective_to": end} if end else {}
        front |= {"supersedes": before} if closes and before else {}
        texts.append(version(f"v{number}", start, **front))
        before = f"v{number}"
    try:
        line = lines_of(texts)["small"]
    except PolicyError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert all("in force" in told or "before it begins" in told for told in refused.split("\n"))
        return
    holding = [term.policy.version for term in line.terms if term.holds_on(day)]
    last = line.terms[-1].last
    inside = line.terms[0].first <= day and (last is None or day <= last)
    assert len(holding) == (1 if inside else 0)
    if inside:
        assert line.on(day).version == holding[0]
        assert line.on(day).effective_from <= day
    else:
        with pytest.raises(NoVersion):
            line.on(day)


def test_the_day_after_a_version_ends_the_next_one_holds():
    line = lines_of([FIRST, SECOND, THIRD])["small"]
    for one, other in zip(line.terms, line.terms[1:], strict=False):
        assert one.last is not None
        assert one.last + timedelta(days=1) == other.first
