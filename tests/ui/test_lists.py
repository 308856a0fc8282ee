"""Pages of lists, sorting and the chips of filters."""

from __future__ import annotations

import pytest
from django import forms
from django.test import RequestFactory
from hypothesis import given, strategies as st

from aftersales.core.models import SearchEntry
from aftersales.ui import lists


def asked(query: str = ""):
    return RequestFactory().get(f"/somewhere/?{query}")


@given(rows=st.integers(0, 130), per_page=st.integers(1, 40))
def test_the_pages_together_show_every_row_once(rows, per_page):
    seen, number = [], 1
    while True:
        page = lists.paginate(range(rows), asked(f"page={number}"), per_page)
        seen += page.items
        assert page.has_previous == (number > 1)
        assert page.items or not rows, "a page was announced that has no rows"
        if not page.has_next:
            break
        number += 1
    assert seen == list(range(rows))
    assert page.count == rows


@pytest.mark.parametrize("typed", ["", "0", "-3", "abc", "1e9", "٣", "9999999999999999999", "1;drop"])
def test_a_page_number_that_is_none_means_the_first(typed):
    page = lists.paginate(range(9), asked(f"page={typed}"), 5)
    assert page.number == 1
    assert list(page) == [0, 1, 2, 3, 4]


def test_very_far_down_the_pages_end_and_say_that_there_is_more(monkeypatch):
    monkeypatch.setattr(lists, "FARTHEST", 20)
    last = lists.paginate(range(99), asked("page=4"), 5)
    assert (last.number, list(last), last.has_next, last.is_last_shown) == (4, [15, 16, 17, 18, 19], False, True)
    beyond = lists.paginate(range(99), asked("page=77"), 5)
    assert (beyond.number, list(beyond)) == (4, list(last))
    exact = lists.paginate(range(20), asked("page=4"), 5)
    assert (exact.has_next, exact.is_last_shown) == (False, False)


def test_a_page_behind_the_end_is_empty_and_leads_back():
    page = lists.paginate(range(9), asked("page=7"), 5)
    assert (len(page), page.first_row, page.count, page.has_next, page.has_previous) == (0, 0, 9, False, True)
    assert page.first_url == "?"


def test_the_neighbours_keep_the_filters():
    page = lists.paginate(range(99), asked("state=open&state=late&q=%E5%BC%A0&page=2"), 5)
    assert page.next_url == "?state=open&state=late&q=%E5%BC%A0&page=3"
    assert page.previous_url == "?state=open&state=late&q=%E5%BC%A0"


def test_counting_stops_at_the_cap():
    page = lists.paginate(range(5000), asked(), 50, count_cap=200)
    assert (page.total, page.is_capped, page.last_row) == ("200+", True, 50)
    assert lists.paginate(range(200), asked(), 50, count_cap=200).total == "200"


@pytest.mark.django_db
def test_a_page_of_a_table_costs_two_queries_and_one_when_it_is_the_only_page(django_assert_num_queries):
    SearchEntry.objects.bulk_create(
        SearchEntry(kind="sample", key=str(number), title=str(number), words="") for number in range(30)
    )
    rows = SearchEntry.objects.filter(kind="sample").order_by("id")
    with django_assert_num_queries(2):
        page = lists.paginate(rows, asked(), 20)
    assert (len(page), page.count, page.has_next) == (20, 30, True)
    with django_assert_num_queries(1):
        assert lists.paginate(rows, asked(), 50).count == 30


COLUMNS = (
    lists.Column("name", "Name", ("name", "-id")),
    lists.Column("state", "State"),
    lists.Column("amount", "Amount", ("amount",), is_number=True),
)


def test_sorting_follows_the_address_and_turns_round():
    order = lists.sorting(asked("sort=-name&page=4&q=a"), COLUMNS, default="amount")
    assert order.order_by == ("-name", "id")
    assert [head.direction for head in order.heads] == ["descending", "", ""]
    assert order.heads[0].url == "?q=a&sort=name"
    assert order.heads[1].url == ""


@pytest.mark.parametrize("typed", ["", "state", "password", "--name", "name__x"])
def test_sorting_by_what_is_not_offered_falls_back(typed):
    order = lists.sorting(asked(f"sort={typed}"), COLUMNS, default="-amount")
    assert order.order_by == ("-amount",)
    assert order.heads[2].aria_sort == "descending"


class Filters(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=[("", "all"), ("open", "Open ones")])
    q = forms.CharField(label="Words", required=False)


def test_every_filter_in_force_is_a_chip_that_takes_itself_off():
    request = asked("state=open&q=zhang&page=3&sort=name")
    found = lists.chips(request, Filters(request.GET))
    assert [(chip.label, chip.value) for chip in found] == [("State", "Open ones"), ("Words", "zhang")]
    assert found[0].remove_url == "?q=zhang&sort=name"
    assert lists.chips(asked("state=&page=2"), Filters()) == []


@pytest.mark.django_db
def test_far_down_a_page_has_the_same_rows_and_filters_as_near_the_top(monkeypatch, django_assert_num_queries):
    SearchEntry.objects.bulk_create(
        SearchEntry(kind="odd" if number % 2 else "even", key=str(number), title=str(number), words="")
        for number in range(40)
    )
    rows = SearchEntry.objects.filter(kind="odd").order_by("-id")
    near = [lists.paginate(rows, asked(f"page={number}"), 6) for number in (1, 2, 3, 4, 5)]
    monkeypatch.setattr(lists, "FAR", 6)
    far = [lists.paginate(rows, asked(f"page={number}"), 6) for number in (1, 2, 3, 4, 5)]
    assert [list(page) for page in far] == [list(page) for page in near]
    assert [page.has_next for page in far] == [True, True, True, False, False]
    with django_assert_num_queries(3):
        assert [entry.title for entry in lists.paginate(rows, asked("page=3"), 6)] == ["15", "13", "11", "9", "7", "5"]
