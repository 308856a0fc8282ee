from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import events, journal, search
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.customers import queries, services
from aftersales.customers.events import UnitTransferred
from aftersales.customers.models import Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from aftersales.customers.services import UnitFacts
from tests.factories.catalog import make_categories, make_model
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import NOW

pytestmark = pytest.mark.django_db
VIN = "LSVAA4186C2184847"
IMEI = "860123045678900"


def car(owner=None, **facts):
    return make_unit(owner, trade="automotive", category="car", **({"model_text": "斯柯达 明锐"} | facts))


def test_a_unit_is_registered_with_owner_history_and_journal():
    customer = make_customer()
    unit = make_unit(customer, category="phone", serial=" 860123-045678-900 ", purchased_on=date(2026, 1, 5))
    assert (unit.serial, unit.serial_key) == (IMEI, f"electronics/{IMEI}")
    assert unit.label == "联想 小新 14 · …678900"
    assert [(row.customer, row.until_at) for row in unit.ownerships.all()] == [(customer, None)]
    entry = journal.entries_of("unit", unit.pk)[0]
    assert (entry.act, entry.scope, entry.after["purchased_on"]) == ("register", "NJ", "2026-01-05")


def test_a_model_from_the_catalog_gives_the_unit_its_name():
    model = make_model("Mate 60")
    unit = make_unit(category="phone", model_id=model.pk, model_text="ignored")
    assert (unit.model, unit.model_text) == (model, "华为 Mate 60")


def test_a_unit_without_any_name_or_number_is_called_by_its_category():
    assert make_unit(model_text="").label == "Laptops"


def test_the_same_serial_number_is_refused_and_the_first_unit_stays():
    first = make_unit(category="phone", serial=IMEI)
    with pytest.raises(Invalid, match="already on another unit") as refused:
        make_unit(category="phone", serial=IMEI)
    assert refused.value.field == "serial"
    assert Unit.objects.get() == first


def test_makers_number_each_kind_of_machine_on_their_own():
    make_unit(trade="agri", category="harvester-rice", serial="1001")
    make_unit(trade="agri", category="harvester-corn", serial="1001")
    with pytest.raises(Invalid):
        make_unit(trade="agri", category="harvester-corn", serial="1001")
    assert Unit.objects.count() == 2


def test_a_lot_number_is_shared_by_many_owners_but_stands_once_with_each():
    owner = make_customer()
    make_unit(owner, trade="gift", category="ceramics", serial="CX2026-07", pieces=50)
    make_unit(make_customer(), trade="gift", category="ceramics", serial="CX2026-07")
    with pytest.raises(Invalid):
        make_unit(owner, trade="gift", category="ceramics", serial="cx2026-07")


def test_a_plate_is_on_one_unit_in_use():
    first = car(plate="苏A·12345")
    with pytest.raises(Invalid, match="plate is already") as refused:
        car(plate="蘇A12345")
    assert refused.value.field == "plate"
    services.edit_unit(
        make_actor("NJ"), unit_id=first.pk, version=1, now=NOW,
        facts=UnitFacts(trade="automotive", category="car", plate="苏A12345", is_active=False),
    )  # fmt: skip
    assert car(plate="苏A12345").plate == "苏A12345"


def test_the_database_itself_refuses_a_second_serial_and_a_second_plate():
    unit = car(serial=VIN, plate="苏A12345")
    for twin in (
        {"serial": VIN, "serial_key": unit.serial_key},
        {"plate": "苏A12345"},
        {"serial": "X"},
        {"meter_reading": 5},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.create(owner=unit.owner, trade="automotive", category=unit.category, created_at=NOW, **twin)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"serial": "123"}, "serial"),
        ({"plate": "not a plate"}, "plate"),
        ({"purchased_on": date(2026, 11, 24)}, "purchased_on"),
        ({"shipped_on": date(2030, 1, 1)}, "shipped_on"),
        ({"purchased_on": date(2026, 1, 1), "shipped_on": date(2026, 1, 2)}, "purchased_on"),
    ],
)
def test_what_cannot_be_is_refused_at_the_field(facts, field):
    with pytest.raises(Invalid) as refused:
        car(**facts)
    assert refused.value.field == field
    assert not Unit.objects.exists()


def test_a_plate_meter_or_model_where_there_is_none_is_refused():
    with pytest.raises(Invalid, match="no plate"):
        make_unit(plate="苏A12345")
    with pytest.raises(Invalid, match="no meter"):
        make_unit(meter=5)
    with pytest.raises(Invalid, match="another trade"):
        car(model_id=make_model().pk)
    assert not Unit.objects.exists()


def test_the_day_of_purchase_is_a_day_at_the_station():
    late = NOW.replace(hour=17)  # one in the morning of the 24th in Shanghai
    customer = make_customer()
    make_categories()
    facts = UnitFacts(trade="electronics", category="laptop", purchased_on=date(2026, 11, 24))
    assert services.register_unit(make_actor("NJ"), customer_id=customer.pk, facts=facts, now=late)


def test_without_the_permission_nothing_is_written():
    unit = make_unit()
    heir = make_customer("李四")
    reader = make_actor("NJ", Permission.SEE_UNITS, Permission.EDIT_CUSTOMERS)
    facts = UnitFacts(trade="electronics", category="laptop")
    for attempt in (
        lambda: services.register_unit(reader, customer_id=heir.pk, facts=facts, now=NOW),
        lambda: services.edit_unit(reader, unit_id=unit.pk, version=1, facts=facts, now=NOW),
        lambda: services.transfer_unit(reader, unit_id=unit.pk, to_customer_id=heir.pk, now=NOW),
        lambda: services.record_meter(reader, unit_id=unit.pk, reading=1, now=NOW),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert Unit.objects.get() == unit
    assert len(journal.entries_of("unit", unit.pk)) == 1


def test_two_edits_at_once_are_told_of_each_other_and_the_first_stands():
    unit = make_unit(serial="PF3K9X2M")
    actor = make_actor("NJ")
    facts = UnitFacts(trade="electronics", category="laptop", serial="PF3K9X2M", model_text="ThinkPad")
    services.edit_unit(actor, unit_id=unit.pk, version=1, facts=facts, now=NOW)
    with pytest.raises(Conflict) as conflict:
        services.edit_unit(
            actor,
            unit_id=unit.pk,
            version=1,
            now=NOW,
            facts=UnitFacts(trade="electronics", category="laptop", model_text="YOGA"),
        )
    told = {(d.label.source, d.theirs, d.yours) for d in conflict.value.differences}
    assert told == {("Model", "ThinkPad", "YOGA"), ("Serial number", "PF3K9X2M", "—")}
    unit.refresh_from_db()
    assert (unit.model_text, unit.serial, unit.version) == ("ThinkPad", "PF3K9X2M", 2)


def test_a_unit_changes_hands_and_its_history_stays(monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(events, "publish", seen.append)
    giver, heir = make_customer("张三"), make_customer("李四")
    unit = make_unit(giver, serial="PF3K9X2M")
    seen.clear()
    later = NOW + timedelta(days=30)
    actor = make_actor("NJ")
    services.transfer_unit(actor, unit_id=unit.pk, to_customer_id=heir.pk, note="二手转让", now=later)
    unit.refresh_from_db()
    assert unit.owner == heir
    assert [(o.customer, o.ownership.since_at, o.ownership.until_at) for o in queries.list_owners(actor, unit)] == [
        (heir, later, None), (giver, NOW, later),
    ]  # fmt: skip
    assert seen == [UnitTransferred(unit.pk, giver.pk, heir.pk, later)]
    assert queries.find_units(actor, "李四") == [unit]
    assert queries.find_units(actor, "张三") == []
    with pytest.raises(Invalid, match="already owns"):
        services.transfer_unit(actor, unit_id=unit.pk, to_customer_id=heir.pk, now=later)


def test_a_lot_number_goes_with_its_unit_to_the_new_owner():
    giver, heir = make_customer("张三"), make_customer("李四")
    unit = make_unit(giver, trade="gift", category="ceramics", serial="CX-07")
    services.transfer_unit(make_actor("NJ"), unit_id=unit.pk, to_customer_id=heir.pk, now=NOW)
    make_unit(giver, trade="gift", category="ceramics", serial="CX-07")
    with pytest.raises(Invalid):
        make_unit(heir, trade="gift", category="ceramics", serial="CX-07")


def test_a_unit_cannot_be_given_to_a_customer_of_another_station():
    unit, far = make_unit(), make_customer("远方", station="SZ")
    with pytest.raises(Missing):
        services.transfer_unit(make_actor("NJ"), unit_id=unit.pk, to_customer_id=far.pk, now=NOW)
    assert UnitOwnership.objects.filter(unit=unit).count() == 1


def test_an_owner_known_only_to_another_station_stays_unnamed():
    far, here = make_customer("远方老王", station="SZ"), make_customer("张三")
    unit = make_unit(far, serial="PF3K9X2M", note="远方老王的电脑")
    services.transfer_unit(make_actor("HQ", everywhere=True), unit_id=unit.pk, to_customer_id=here.pk, now=NOW)
    actor = make_actor("NJ")
    unit = queries.get_unit(actor, unit.pk)
    assert [owner.customer for owner in queries.list_owners(actor, unit)] == [here, None]
    told = [
        (str(i.title), i.who, str(i.detail), [str((c.before, c.after)) for c in i.changes])
        for i in queries.timeline(actor, unit_id=unit.pk)
    ]
    assert ("Unit registered", "", "", []) in told
    assert "老王" not in str(told)


def test_a_meter_is_read_forward_and_backward_only_with_a_reason():
    unit = car(meter=12000)
    actor = make_actor("NJ")
    services.record_meter(actor, unit_id=unit.pk, reading=15000, now=NOW + timedelta(days=1))
    with pytest.raises(Invalid, match="15000 km before"):
        services.record_meter(actor, unit_id=unit.pk, reading=14000, now=NOW)
    with pytest.raises(Invalid):
        services.record_meter(actor, unit_id=unit.pk, reading=9_999_999, now=NOW)
    services.record_meter(actor, unit_id=unit.pk, reading=10, reason="更换仪表", now=NOW + timedelta(days=2))
    unit.refresh_from_db()
    assert (unit.meter_reading, unit.meter_at) == (10, NOW + timedelta(days=2))
    entry = journal.entries_of("unit", unit.pk)[0]
    assert (entry.before, entry.after, entry.note) == ({"meter": 15000}, {"meter": 10}, "更换仪表")


def test_units_are_found_by_part_of_the_serial_plate_model_and_owner():
    unit = car(make_customer("欧阳娜娜"), serial=VIN, plate="苏AD12345")
    car(make_customer("李四"), model_text="大众 朗逸")
    actor = make_actor("NJ")
    for typed in ("4186C2", "184847", "d12345", "苏AD12", "明锐", "ouyang", "oynn", VIN.lower()):
        assert queries.find_units(actor, typed) == [unit], typed
    assert queries.find_customers(actor, "184847") == [unit.owner]


def test_a_unit_is_found_by_its_exact_number_however_it_is_scanned():
    unit = car(serial=VIN, plate="苏AD12345")
    phone = make_unit(category="phone", serial=IMEI)
    actor = make_actor("NJ")
    assert queries.find_unit_by_serial(actor, f" {VIN.lower()} ") == unit
    assert queries.find_unit_by_serial(actor, "86 012304 567890 0", trade="electronics") == phone
    assert queries.find_unit_by_serial(actor, VIN[:-1]) is None
    assert queries.find_unit_by_serial(actor, VIN, trade="electronics") is None
    assert queries.find_unit_by_plate(actor, "蘇A·D12345") == unit
    assert queries.find_unit_by_plate(actor, "") is None


def test_units_of_another_station_do_not_exist_here():
    unit = car(make_customer(station="SZ"), serial=VIN, plate="苏AD12345")
    here = make_actor("NJ")
    with pytest.raises(Missing):
        queries.get_unit(here, unit.pk)
    with pytest.raises(Missing):
        services.record_meter(here, unit_id=unit.pk, reading=5, now=NOW)
    assert queries.find_unit_by_serial(here, VIN) is None
    assert queries.find_unit_by_plate(here, "苏AD12345") is None
    assert queries.find_units(here, VIN) == []
    assert not queries.list_units(here).exists()
    assert search.find(here, VIN) == []


def test_the_list_of_units_is_narrowed_by_every_filter():
    vehicle, laptop = car(plate="苏AD12345"), make_unit(is_active=False)
    here = make_actor("NJ")
    assert list(queries.list_units(here)) == [laptop, vehicle]
    for filters in (
        {"trade": "automotive"},
        {"category_id": vehicle.category_id},
        {"is_active": True},
        {"typed": "D123"},
    ):
        assert list(queries.list_units(here, **filters)) == [vehicle], filters
    assert list(queries.list_units(here, station="SZ")) == []
