from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from aftersales.core import journal, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Conflict
from aftersales.core.models import NumberSeries
from aftersales.core.text import text as _
from tests.faults.databases import at_once

WANG = Actor(id="person:7", name="王芳")
LABELS = {"name": _("Name"), "phone": _("Phone"), "note": _("Note")}


def check(stands, opened, *, current, wanted):
    versions.check(stands=stands, opened=opened, kind="customer", key=1, current=current, wanted=wanted, labels=LABELS)


@given(st.integers(1, 10**6), st.dictionaries(st.sampled_from(list(LABELS)), st.text()))
def test_an_edit_of_what_still_stands_passes(version, wanted):
    check(version, version, current={}, wanted=wanted)


@pytest.mark.django_db
def test_an_edit_of_what_has_moved_on_is_refused_with_name_and_both_versions(now):
    journal.record(WANG, at=now, act="edit", kind="customer", key=1)
    with pytest.raises(Conflict) as refusal:
        check(
            3,
            2,
            current={"name": "张三", "phone": "139", "note": ""},
            wanted={"name": "张叁", "phone": "139", "note": "急", "secret": "x"},
        )
    assert "王芳" in str(refusal.value)
    shown = [(str(each.label), each.theirs, each.yours) for each in refusal.value.differences]
    assert shown == [("Name", "张三", "张叁"), ("Note", "—", "急")]
    assert refusal.value.status == 409


@pytest.mark.django_db
@given(stands=st.integers(1, 50), opened=st.integers(-5, 60))
def test_only_the_version_that_stands_can_be_edited(stands, opened):
    if stands == opened:
        check(stands, opened, current={}, wanted={})
        return
    with pytest.raises(Conflict):
        check(stands, opened, current={}, wanted={})


def test_of_many_who_save_at_once_one_wins_and_all_others_are_told(shared_database):
    """200 rivals in rounds of 8: no change is overwritten silently."""
    row = NumberSeries.objects.create(prefix="T", scope="EDIT", year=2026)

    def edit(opened, value):
        @transaction.act
        def save():
            standing = NumberSeries.objects.select_for_update().get(pk=row.pk)
            versions.check(
                stands=standing.last, opened=opened, kind="series", key=row.pk, current={"name": str(standing.year)},
                wanted={"name": str(value)}, labels=LABELS,
            )  # fmt: skip
            standing.year, standing.last = value, standing.last + 1
            standing.save()
            return value

        return save()

    for version in range(25):
        results = at_once(*[lambda value=value, version=version: edit(version, value) for value in range(1, 9)])
        winners = [result for result in results if isinstance(result, int)]
        losers = [result for result in results if isinstance(result, Conflict)]
        row.refresh_from_db()
        assert (len(winners), len(losers)) == (1, 7)
        assert (row.year, row.last) == (winners[0], version + 1)
        assert {each.differences[0].theirs for each in losers} == {str(winners[0])}
