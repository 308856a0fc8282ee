"""Undoing a merge."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from aftersales.core import journal, search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.customers import queries, services
from aftersales.customers.models import Customer, Merge
from tests.customers.merging import LATER, merged, snapshot, undone
from tests.factories.catalog import make_categories
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import NOW, make_station


@pytest.fixture
def clerk(db):
    make_categories()
    return make_actor("NJ")


def test_undoing_restores_both_exactly(clerk):
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("张三丰", phone="13900139000", grade="key")
    make_unit(gone, serial="PF3K9X2M")
    before = snapshot()
    merge = merged(clerk, kept, gone)
    assert snapshot() != before
    undone(clerk, merge)
    assert snapshot() == before
    assert search.keys(clerk, "customer", gone.number) == [str(gone.pk)]
    assert search.keys(clerk, "customer", "13900139000") == [str(gone.pk)]


def test_what_came_since_stays_with_the_kept_record_and_is_said_before(clerk):
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("张三", phone="13900139000", note="旧")
    moved = make_unit(gone)
    merge = merged(clerk, kept, gone)
    services.add_phone(clerk, customer_id=kept.pk, phone="13700137000", now=LATER + timedelta(hours=1))
    found = queries.get_customer(clerk, kept.pk)
    services.edit_customer(
        clerk,
        customer_id=kept.pk,
        version=found.version,
        name="张三",
        facts=services.CustomerFacts(note="新", grade="key"),
        now=LATER + timedelta(hours=1),
    )
    new = services.register_unit(
        clerk,
        customer_id=gone.pk,
        facts=services.UnitFacts(trade="electronics", category="laptop"),
        now=LATER + timedelta(hours=2),
    )
    view = queries.preview_undo(clerk, merge.pk, now=LATER + timedelta(hours=3))
    assert view.why_not is None
    assert [(str(label), count) for label, count in view.goes_back] == [
        ("Telephone numbers", 1),
        ("Units", 1),
        ("Entries in owner histories", 1),
    ]
    assert [str(item.title) for item in view.since] == ["Unit registered", "Customer changed", "Telephone number added"]
    undone(clerk, merge, now=LATER + timedelta(hours=3))
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.note, kept.grade, gone.note) == ("新", "key", "旧")
    assert {phone.number for phone in kept.phones.all()} == {"+8613800138000", "+8613700137000"}
    assert [phone.number for phone in gone.phones.all()] == ["+8613900139000"]
    assert (queries.list_units_of(clerk, kept.pk), queries.list_units_of(clerk, gone.pk)) == ([new], [moved])


def test_undoing_again_changes_nothing(clerk):
    kept, gone = make_customer("张三"), make_customer("张三")
    merge = merged(clerk, kept, gone)
    undone(clerk, merge)
    before = (snapshot(without=()), len(journal.entries_of("customer", kept.pk)))
    assert undone(clerk, merge).undone_at == LATER
    assert (snapshot(without=()), len(journal.entries_of("customer", kept.pk))) == before
    assert merged(clerk, kept, gone) != merge


@pytest.mark.parametrize("days", [30, 31])
def test_it_can_be_undone_for_thirty_days(clerk, days):
    kept, gone = make_customer("张三"), make_customer("张三")
    merge = merged(clerk, kept, gone)
    now = LATER + timedelta(days=days)
    if days > 30:
        with pytest.raises(Refused, match="30 days"):
            undone(clerk, merge, now=now)
        assert queries.get_customer(clerk, gone.pk) == kept
    else:
        undone(clerk, merge, now=now)
        assert queries.get_customer(clerk, gone.pk) == gone


def test_the_last_merge_is_undone_first(clerk):
    one, two, three = make_customer("甲"), make_customer("乙"), make_customer("丙")
    before = snapshot()
    first = merged(clerk, one, two)
    second = merged(clerk, one, three)
    with pytest.raises(Refused, match="later merge"):
        undone(clerk, first)
    undone(clerk, second)
    undone(clerk, first)
    assert snapshot() == before


def test_a_chain_of_merges_leads_to_its_end_and_is_undone_from_there(clerk):
    one, two, three = make_customer("甲"), make_customer("乙"), make_customer("丙")
    before = snapshot()
    first = merged(clerk, two, three)
    second = merged(clerk, one, two)
    assert queries.get_customer(clerk, three.pk) == one
    assert search.keys(clerk, "customer", three.number) == [str(one.pk)]
    with pytest.raises(Refused, match="merged further"):
        undone(clerk, first)
    undone(clerk, second)
    undone(clerk, first)
    assert snapshot() == before


def test_a_unit_that_changed_hands_since_stays_one(clerk):
    owner, heir = make_customer("张三"), make_customer("李四")
    merge = merged(clerk, make_unit(owner), gone := make_unit(owner))
    services.transfer_unit(clerk, unit_id=gone.pk, to_customer_id=heir.pk, now=LATER)
    with pytest.raises(Refused, match="changed hands"):
        undone(clerk, merge)


def test_a_number_given_to_another_unit_since_stands_in_the_way(clerk):
    owner = make_customer("张三")
    car = {"trade": "automotive", "category": "car"}
    kept, gone = make_unit(owner, plate="苏A12345", **car), make_unit(owner, plate="苏A67890", **car)
    merge = merged(clerk, kept, gone, plate="kept")
    other = make_unit(owner, plate="苏A67890", **car)
    before = snapshot(without=())
    with pytest.raises(Refused, match="another unit"):
        undone(clerk, merge)
    assert snapshot(without=()) == before
    assert other.pk


def test_who_does_not_see_all_stations_cannot_undo(clerk):
    headquarters = make_actor("HQ", everywhere=True)
    kept, gone = make_customer("张三"), make_customer("李四", station="SZ")
    merge = merged(headquarters, kept, gone)
    assert queries.get_customer(clerk, kept.pk) == kept
    with pytest.raises(Refused, match="headquarters"):
        undone(clerk, merge)
    undone(headquarters, merge)
    with pytest.raises(Missing):
        queries.get_customer(clerk, gone.pk)


@pytest.mark.parametrize("seed", range(12))
def test_merging_and_undoing_is_as_if_nothing_had_happened(clerk, seed):
    dice = Random(seed)
    make_station("SZ")
    headquarters = make_actor("HQ", everywhere=True)
    people = [a_random_customer(dice, f"客户{number}") for number in range(4)]
    units = [unit for person in people for unit in a_few_units(dice, person)]
    for unit in dice.sample(units, len(units) // 2):
        heir = dice.choice([person for person in people if person.pk != unit.owner_id])
        with suppress(Invalid):  # the heir has a product of the same lot
            services.transfer_unit(SYSTEM, unit_id=unit.pk, to_customer_id=heir.pk, now=NOW + timedelta(hours=1))
    before, merges = snapshot(), []
    for _round in range(dice.randint(1, 4)):
        records = list(Customer.objects.filter(merged_into=None)) if dice.random() < 0.6 else units
        kept, gone = dice.sample(list(records), 2)
        choices = {
            name: dice.choice(["kept", "gone"]) for name in ("name", "note", "serial", "owner", "plate", "model")
        }
        try:
            merges.append(merged(headquarters, kept, gone, **choices))
        except (Refused, Missing):
            continue
    for merge in reversed(merges):
        if Merge.objects.get(pk=merge.pk).undone_at is None:
            undone(headquarters, merge)
    assert snapshot() == before


def a_random_customer(dice, name):
    words = {"note": dice.choice(["", "常客", "开发票"]), "grade": dice.choice(["ordinary", "key"])}
    customer = make_customer(name, station=dice.choice(["NJ", "SZ"]), phone=f"1380013800{dice.randint(0, 3)}", **words)
    for number in dice.sample(range(4), dice.randint(0, 3)):
        if not customer.phones.filter(number=f"+861390013900{number}").exists():
            services.add_phone(SYSTEM, customer_id=customer.pk, phone=f"1390013900{number}", now=NOW)
    for number in dice.sample(range(3), dice.randint(0, 2)):
        services.add_address(SYSTEM, customer_id=customer.pk, text=f"中山路{number}号", now=NOW)
    return customer


def a_few_units(dice, owner):
    for number in range(dice.randint(1, 3)):
        kind = dice.choice(["laptop", "car", "lot"])
        serial = f"{owner.pk}{number}{dice.randint(100, 999)}"
        if kind == "car":
            yield make_unit(
                owner, trade="automotive", category="car", plate=f"苏A{owner.pk % 100:02}{dice.randint(100, 999)}"
            )
        elif kind == "lot":
            yield make_unit(owner, trade="gift", category="ceramics", serial=f"LOT/{dice.randint(1, 3)}/{number}")
        else:
            yield make_unit(owner, serial=f"SN{serial}", note=dice.choice(["", "刮花"]))
