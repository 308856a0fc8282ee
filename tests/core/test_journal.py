from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest
from django.db import DatabaseError, connection, transaction as django_transaction
from hypothesis import given, strategies as st

from aftersales.core import journal, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.models import JournalEntry
from aftersales.core.money import Money
from aftersales.core.text import text as _
from tests.factories.staff import NOW

WANG = Actor(id="person:7", name="王芳")

pytestmark = pytest.mark.django_db


class Colour(StrEnum):
    RED = "red"


def record(now, **facts):
    given_facts = {"at": now, "act": "edit", "kind": "unit", "key": 5, **facts}
    return journal.record(WANG, **given_facts)


def test_an_entry_tells_who_did_what_when_to_which_record(now):
    record(now, act="hand_over", kind="order", key="RO-NJ-2026-000001", scope="NJ", note="to Ms Li")
    (entry,) = journal.entries_of("order", "RO-NJ-2026-000001")
    assert (entry.actor_id, entry.actor_name) == ("person:7", "王芳")
    assert (entry.at, entry.act, entry.scope, entry.note) == (now, "hand_over", "NJ", "to Ms Li")
    assert entry.before is None
    assert entry.after is None


def test_of_before_and_after_only_what_differs_is_kept(now):
    record(now, before={"name": "张三", "phone": "139", "gone": 1}, after={"name": "张叁", "phone": "139", "new": 2})
    (entry,) = journal.entries_of("unit", 5)
    assert entry.before == {"name": "张三", "gone": 1, "new": None}
    assert entry.after == {"name": "张叁", "gone": None, "new": 2}


def test_of_a_new_record_all_is_kept(now):
    record(now, after={"name": "张三", "phone": "139"})
    assert journal.entries_of("unit", 5)[0].after == {"name": "张三", "phone": "139"}


def test_values_of_all_kinds_can_be_kept(now):
    token = uuid.uuid4()
    facts = {
        "at": now, "on": date(2026, 5, 20), "price": Money(1250), "hours": Decimal("1.5"), "colour": Colour.RED,
        "said": _("Waiting for {what}.", what="parts"), "token": token, "share": 0.5,
        "lines": [{"on": date(2026, 5, 21)}, (Money(1), None)], "by": {Colour.RED: now},
    }  # fmt: skip
    record(now, after=facts)
    kept = journal.entries_of("unit", 5)[0].after
    assert kept["at"] == now.isoformat()
    assert kept["on"] == "2026-05-20"
    assert (kept["price"], kept["hours"], kept["colour"]) == ("¥12.50", "1.5", "red")
    assert kept["said"]["source"] == "Waiting for {what}."
    assert kept["token"] == str(token)
    assert kept["lines"] == [{"on": "2026-05-21"}, ["¥0.01", None]]
    assert kept["by"] == {"red": now.isoformat()}


json_values = st.recursive(
    st.one_of(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.integers(-(2**53), 2**53),
              st.booleans(), st.none(), st.dates(), st.integers().map(Money)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@given(facts=st.dictionaries(st.sampled_from(["name", "phone", "lines"]), json_values))
def test_whatever_the_facts_are_the_entry_is_written(facts):
    entry = record(NOW, after=facts)
    assert set(JournalEntry.objects.get(pk=entry.pk).after) == set(facts)


def test_entries_come_newest_first_and_of_their_record_only(now):
    for number in range(3):
        record(now - timedelta(hours=number), act=f"act{number}")
    record(now, kind="customer")
    record(now, key=55)
    assert [entry.act for entry in journal.entries_of("unit", "5")] == ["act2", "act1", "act0"]
    assert [entry.act for entry in journal.entries_of("unit", 5, limit=2)] == ["act2", "act1"]


def test_the_entries_of_several_records_are_one_list_by_time(now):
    record(now, act="second")
    record(now - timedelta(hours=1), act="first", kind="order", key="A")
    record(now + timedelta(hours=1), act="third", kind="order", key="B")
    record(now, act="other", kind="order", key="C")
    found = journal.entries_of_many({"unit": ["5"], "order": ["A", "B"]})
    assert [entry.act for entry in found] == ["third", "second", "first"]
    assert journal.entries_of_many({}) == []


def test_the_last_actor_is_named(now):
    assert journal.last_actor("unit", 5) == ""
    journal.record(SYSTEM, at=now, act="import", kind="unit", key=5)
    record(now)
    assert journal.last_actor("unit", 5) == "王芳"


def test_an_entry_carries_the_request_it_was_made_in(now):
    token = journal.request_id.set("0b7e")
    record(now)
    journal.request_id.reset(token)
    record(now)
    assert [entry.request_id for entry in journal.entries_of("unit", 5)] == ["", "0b7e"]


def test_an_act_that_fails_leaves_no_entry(now):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(now)
        raise RuntimeError
    assert journal.entries_of("unit", 5) == []


def refused_by_the_database(do):
    with pytest.raises(DatabaseError, match="the journal cannot be changed"), django_transaction.atomic():
        do()


def test_the_database_itself_refuses_to_change_or_delete_an_entry(now):
    entry = record(now, note="as it was")
    one = JournalEntry.objects.filter(pk=entry.pk)
    table = JournalEntry._meta.db_table
    refused_by_the_database(lambda: one.update(note="rewritten"))
    refused_by_the_database(lambda: one.update(note="as it was"))
    refused_by_the_database(one.delete)
    refused_by_the_database(entry.save)
    refused_by_the_database(lambda: connection.cursor().execute(f"DELETE FROM {table}"))
    refused_by_the_database(
        lambda: connection.cursor().execute(f"UPDATE {table} SET actor_name = 'x' WHERE id = %s", [entry.pk])
    )
    (still,) = journal.entries_of("unit", 5)
    assert (still.note, still.actor_name) == ("as it was", "王芳")


def test_no_side_door_replaces_an_entry(now):
    entry = record(now, note="as it was")
    columns = "id, at, recorded_at, actor_id, actor_name, act, kind, key, scope, note, request_id"
    values = "%s, at, recorded_at, actor_id, actor_name, act, kind, key, scope, 'rewritten', request_id"
    same = f"INTO core_journalentry ({columns}) SELECT {values} FROM core_journalentry"
    cursor = connection.cursor()
    if connection.vendor == "sqlite":
        refused_by_the_database(lambda: cursor.execute(f"INSERT OR REPLACE {same}", [entry.pk]))
        refused_by_the_database(lambda: cursor.execute(f"REPLACE {same}", [entry.pk]))
        upsert = f"INSERT {same} WHERE true ON CONFLICT (id) DO UPDATE SET note = 'rewritten'"
    else:
        refused_by_the_database(lambda: cursor.execute("TRUNCATE core_journalentry"))
        upsert = f"INSERT {same} ON CONFLICT (id) DO UPDATE SET note = 'rewritten'"
    refused_by_the_database(lambda: cursor.execute(upsert, [entry.pk]))
    assert [each.note for each in journal.entries_of("unit", 5)] == ["as it was"]


# Erasing a person


def blanked(entry, **values):
    return JournalEntry.objects.filter(pk=entry.pk).update(**({"erased_at": NOW} | values))


def test_values_that_name_a_person_can_be_blanked_and_the_rest_stays(now):
    record(now, before={"name": "张三", "grade": "key"}, after={"name": "张叁", "grade": None}, note="called Zhang San")
    record(now, after={"phones": ["139"], "fen": 1250, "is_new": True})
    everything = JournalEntry.objects.filter(kind="unit")
    names = {"name", "phones"}
    count = journal.erase(everything, is_personal=lambda name, _value: name in names, with_notes=bool, at=now)
    assert count == 2
    second, first = journal.entries_of("unit", 5)
    assert (first.before, first.after, first.note) == (
        {"name": "[erased]", "grade": "key"},
        {"name": "[erased]", "grade": None},
        "",
    )
    assert second.after == {"phones": "[erased]", "fen": 1250, "is_new": True}
    assert (first.actor_name, first.act, first.erased_at) == ("王芳", "edit", now)
    assert journal.erase(everything, is_personal=lambda name, _value: name in names, with_notes=bool, at=now) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"after": {"name": "李四", "fen": 5, "is_new": True}},
        {"after": {"name": "张三", "fen": 6, "is_new": True}},
        {"after": {"name": "张三", "fen": 5, "is_new": 1}},
        {"after": {"name": "张三", "fen": 5}},
        {"after": {"name": "张三", "fen": 5, "is_new": True, "more": "[erased]"}},
        {"after": {"name": "张三", "fen": 5, "other": "[erased]"}},
        {"after": None},
        {"before": {}},
        {"note": "rewritten"},
        {"actor_name": ""},
        {"kind": "[erased]"},
        {"at": NOW + timedelta(days=1)},
        {"after": {"name": "[erased]", "fen": 5, "is_new": True}, "erased_at": None},
    ],
)
def test_blanking_is_no_way_to_write_anything_else(now, values):
    entry = record(now, after={"name": "张三", "fen": 5, "is_new": True}, note="as it was")
    refused_by_the_database(lambda: blanked(entry, **values))
    blanked(entry, after={"name": "[erased]", "fen": 5, "is_new": True})
    refused_by_the_database(lambda: blanked(entry, after={"name": "张三", "fen": 5, "is_new": True}))
    refused_by_the_database(JournalEntry.objects.filter(pk=entry.pk).delete)
