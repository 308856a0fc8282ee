from __future__ import annotations

import random

import pytest
from django.db import transaction as django_transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from aftersales.core import numbering, transaction
from tests.faults.databases import at_once


def draw(scope="NJ", *, prefix="RO", year=2026):
    with transaction.atomic():
        return numbering.next_number(prefix, scope=scope, year=year)


def numbers(upto, *, prefix="RO", scope="NJ", year=2026):
    return [f"{prefix}-{scope}-{year}-{number:06d}" for number in range(1, upto + 1)]


@pytest.mark.django_db
def test_numbers_count_up_from_one():
    assert [draw() for _each in range(3)] == ["RO-NJ-2026-000001", "RO-NJ-2026-000002", "RO-NJ-2026-000003"]


@pytest.mark.django_db
def test_every_paper_place_and_year_counts_for_itself():
    assert draw() == "RO-NJ-2026-000001"
    assert draw("SUZ") == "RO-SUZ-2026-000001"
    assert draw(prefix="C") == "C-NJ-2026-000001"
    assert draw(year=2027) == "RO-NJ-2027-000001"
    assert draw() == "RO-NJ-2026-000002"


@pytest.mark.django_db
def test_an_act_that_is_undone_gives_its_number_back():
    draw()
    with pytest.raises(RuntimeError), transaction.atomic():
        numbering.next_number("RO", scope="NJ", year=2026)
        raise RuntimeError
    assert draw() == "RO-NJ-2026-000002"


@pytest.mark.django_db
def test_even_the_first_number_of_a_series_is_given_back():
    with transaction.atomic():
        numbering.next_number("RO", scope="NJ", year=2026)
        transaction.undo_all()
    assert draw() == "RO-NJ-2026-000001"


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    plan=st.lists(st.tuples(st.sampled_from(["NJ", "SUZ"]), st.booleans()), max_size=12), year=st.integers(2000, 2100)
)
def test_whatever_is_undone_no_number_is_missing_or_given_twice(plan, year):
    kept = {"NJ": [], "SUZ": []}
    with django_transaction.atomic():
        for scope, is_undone in plan:
            with transaction.atomic():
                number = numbering.next_number("RO", scope=scope, year=year)
                if is_undone:
                    transaction.undo_all()
                else:
                    kept[scope].append(number)
        django_transaction.set_rollback(True)
    for scope, given_out in kept.items():
        assert given_out == numbers(len(given_out), scope=scope, year=year)


def test_a_number_cannot_be_drawn_outside_an_act(shared_database):
    with pytest.raises(django_transaction.TransactionManagementError):
        numbering.next_number("RO", scope="NJ", year=2026)
    assert draw() == "RO-NJ-2026-000001"


def test_many_writers_share_no_number_and_skip_none_though_some_acts_fail(shared_database):
    def draw_many(seed):
        chance, mine = random.Random(seed), []
        for _each in range(12):
            with transaction.atomic():
                number = numbering.next_number("RO", scope="NJ", year=2026)
                if chance.random() < 0.4:
                    transaction.undo_all()
                else:
                    mine.append(number)
        return mine

    results = at_once(*[lambda seed=seed: draw_many(seed) for seed in range(8)])
    given_out = [number for mine in results for number in mine]
    assert len(given_out) > 20
    assert sorted(given_out) == numbers(len(given_out))
    assert draw() == numbers(len(given_out) + 1)[-1]
    for mine in results:
        assert mine == sorted(mine)


def test_the_first_number_of_a_year_is_given_once_though_all_ask_at_midnight(shared_database):
    for year in range(2027, 2032):
        assert sorted(at_once(*[lambda year=year: draw(year=year)] * 6)) == numbers(6, year=year)
