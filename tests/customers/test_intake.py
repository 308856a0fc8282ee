from __future__ import annotations

import pytest

from aftersales.core import journal
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.customers import queries, services
from aftersales.customers.models import Customer, Phone, Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from tests.factories.catalog import make_categories, make_model
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import NOW
from tests.faults.databases import at_once

VIN = "LSVAA4186C2184847"
OTHER_VIN = "1M8GDM9AXKP042788"


def take_in(actor, **facts):
    wanted = {"phone": "13800138000", "name": "张三", "trade": "automotive", "category": "car", "now": NOW}
    return services.find_or_register(actor, **(wanted | facts))


@pytest.fixture
def counter(db):
    make_categories()
    return make_actor("NJ")


def test_a_new_customer_with_a_new_unit_is_made(counter):
    customer, unit = take_in(counter, serial=VIN, plate="苏A12345", model_text="明锐", meter=12000)
    assert (customer.name, unit.owner, unit.serial, unit.plate, unit.meter_reading) == (
        "张三",
        customer,
        VIN,
        "苏A12345",
        12000,
    )


def test_the_same_again_makes_nothing_new(counter):
    first = take_in(counter, serial=VIN, meter=12000)
    again = take_in(counter, phone="+86 138 0013 8000", name="張三", serial=VIN.lower(), meter=12000)
    assert again == first
    assert (Customer.objects.count(), Unit.objects.count(), UnitOwnership.objects.count()) == (1, 1, 1)


def test_a_chosen_customer_and_unit_are_taken_and_a_new_number_is_added(counter):
    customer = make_customer("李四", phone="13900139000")
    unit = make_unit(customer, trade="automotive", category="car", model_text="")
    found = take_in(counter, customer_id=customer.pk, unit_id=unit.pk, serial=VIN, model_text="明锐", meter=5)
    assert found == (customer, unit)
    unit.refresh_from_db()
    assert (unit.serial, unit.model_text, unit.meter_reading) == (VIN, "明锐", 5)
    assert {phone.number for phone in customer.phones.all()} == {"+8613800138000", "+8613900139000"}


@pytest.mark.parametrize("typed", ["139****9000", "9000", "13900139000", "+86 139 0013 9000", ""])
def test_a_chosen_customer_is_known_by_what_stands_in_the_box(counter, typed):
    customer = make_customer("李四", phone="13900139000")
    assert take_in(counter, customer_id=customer.pk, phone=typed)[0] == customer
    assert [phone.number for phone in customer.phones.all()] == ["+8613900139000"]


def test_a_chosen_customer_with_nonsense_in_the_box_is_refused(counter):
    customer = make_customer("李四", phone="13900139000")
    with pytest.raises(Invalid):
        take_in(counter, customer_id=customer.pk, phone="138****0000")


def test_a_typed_model_becomes_the_model_of_the_catalog(counter):
    model = make_model("明锐", manufacturer="斯柯达", trade="automotive", category="car")
    assert take_in(counter, model_text=" 斯柯达  明锐 ")[1].model == model
    assert take_in(counter, model_text="明锐 2026款")[1].model is None


def test_a_chosen_unit_with_another_number_is_refused_and_nothing_is_changed(counter):
    customer = make_customer("李四")
    unit = make_unit(customer, trade="automotive", category="car", serial=OTHER_VIN)
    with pytest.raises(Refused, match="Choose again") as refused:
        take_in(counter, customer_id=customer.pk, unit_id=unit.pk, serial=VIN)
    assert refused.value.field == "serial"
    assert Phone.objects.count() == 1


def test_one_number_two_people_need_a_choice_or_a_name(counter):
    make_customer("张父", phone="13800138000")
    son = make_customer("张子", phone="13800138000")
    with pytest.raises(Invalid, match="share this number") as refused:
        take_in(counter, name="")
    assert refused.value.field == "name"
    assert take_in(counter, name="张子")[0] == son
    assert take_in(counter, name="张孙")[0].name == "张孙"
    assert Customer.objects.count() == 3


def test_the_only_customer_with_the_number_needs_no_name(counter):
    customer = make_customer("张三", phone="13800138000")
    assert take_in(counter, name=" ")[0] == customer
    with pytest.raises(Invalid) as refused:
        take_in(counter, phone="13800138009", name="")
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"phone": ""}, "phone"), ({"phone": "12"}, "phone"), ({"serial": "1"}, "serial"), ({"plate": "?"}, "plate")],
)
def test_a_refusal_leaves_nothing_half_written(counter, facts, field):
    with pytest.raises(Invalid) as refused:
        take_in(counter, **facts)
    assert refused.value.field == field
    assert not Customer.objects.exists()
    assert not Unit.objects.exists()


def test_a_lower_meter_reading_refuses_the_whole_intake(counter):
    take_in(counter, serial=VIN, meter=500)
    with pytest.raises(Invalid):
        take_in(counter, phone="13800138009", name="李四", serial=VIN, meter=400)
    assert Customer.objects.count() == 1


def test_whoever_brings_a_known_unit_does_not_become_its_owner(counter):
    owner, unit = take_in(counter, serial=VIN)
    driver, brought = take_in(counter, phone="13900139000", name="司机小李", serial=VIN)
    assert brought == unit
    assert brought.owner == owner != driver


def test_a_unit_that_changed_hands_is_taken_over_when_the_counter_says_so(counter):
    owner, unit = take_in(counter, serial=VIN)
    heir, brought = take_in(counter, phone="13900139000", name="李四", serial=VIN, takes_over=True)
    assert brought == unit
    assert brought.owner == heir
    assert [row.customer for row in unit.ownerships.order_by("pk")] == [owner, heir]


def test_a_unit_is_known_by_its_plate_and_gets_its_serial_number(counter):
    _owner, unit = take_in(counter, plate="苏A12345")
    _same, found = take_in(counter, plate="蘇A 12345", serial=VIN)
    assert found == unit
    assert found.serial == VIN
    assert journal.entries_of("unit", unit.pk)[0].after == {"serial": VIN}


def test_a_plate_on_another_unit_is_refused_until_the_counter_says_it_moved(counter):
    _owner, old = take_in(counter, plate="苏A12345", serial=VIN)
    with pytest.raises(Refused, match="plate is on record for another unit") as refused:
        take_in(counter, plate="苏A12345", serial=OTHER_VIN)
    assert refused.value.field == "plate"
    assert Unit.objects.count() == 1
    _owner, new = take_in(counter, plate="苏A12345", serial=OTHER_VIN, takes_over=True)
    old.refresh_from_db()
    assert (old.plate, new.plate) == ("", "苏A12345")
    assert journal.entries_of("unit", old.pk)[0].act == "give_up_plate"


def test_units_without_any_number_are_each_their_own(counter):
    first, second = take_in(counter)[1], take_in(counter)[1]
    assert first != second


def test_a_scrapped_unit_that_comes_back_is_in_use_again(counter):
    _customer, unit = take_in(counter, serial=VIN)
    Unit.objects.filter(pk=unit.pk).update(is_active=False)
    assert take_in(counter, serial=VIN)[1].is_active


def test_without_permission_only_what_is_known_can_be_taken_in(counter):
    known = take_in(counter, serial=VIN)
    clerk = make_actor("NJ", Permission.SEE_CUSTOMERS, Permission.SEE_UNITS)
    assert take_in(clerk, serial=VIN) == known
    with pytest.raises(NotPermitted):
        take_in(clerk, name="李四")
    with pytest.raises(NotPermitted):
        take_in(clerk, serial=OTHER_VIN)
    assert (Customer.objects.count(), Unit.objects.count()) == (1, 1)


# What other stations know


def test_a_unit_of_a_hidden_owner_is_refused_without_a_word_about_him(counter):
    far = make_customer("远方老王", station="SZ")
    unit = make_unit(far, trade="automotive", category="car", serial=VIN, note="老王的车")
    with pytest.raises(Refused) as refused:
        take_in(counter, serial=VIN)
    assert "老王" not in str(refused.value)
    assert "SZ" not in str(refused.value)
    assert not Customer.objects.filter(name="张三").exists()
    customer, taken = take_in(counter, serial=VIN, takes_over=True)
    assert taken == unit
    taken = queries.get_unit(counter, unit.pk)
    assert (taken.owner, taken.note) == (customer, "")
    assert "老王" not in str([vars(item) for item in queries.timeline(counter, unit_id=unit.pk)])


def test_the_same_person_at_another_station_is_recognised_with_his_unit(counter):
    far = make_customer("张三", phone="13800138000", station="SZ")
    unit = make_unit(far, trade="automotive", category="car", serial=VIN)
    assert take_in(counter, serial=VIN) == (far, unit)
    assert queries.get_unit(counter, unit.pk) == unit


def test_headquarters_takes_in_for_a_station_which_then_sees_the_customer(counter):
    far = make_customer("张三", phone="13800138000", station="SZ")
    headquarters = make_actor("HQ", everywhere=True)
    take_in(headquarters, customer_id=far.pk, phone="", station="NJ")
    assert queries.get_customer(counter, far.pk) == far


def test_a_customer_of_another_station_cannot_be_chosen_by_guessing_his_id(counter):
    far = make_customer("远方", station="SZ")
    unit = make_unit(far)
    with pytest.raises(Missing):
        take_in(counter, customer_id=far.pk)
    with pytest.raises(Missing):
        take_in(counter, unit_id=unit.pk)
    assert not Customer.objects.exclude(pk=far.pk).exists()


# Two counters at once


def test_two_counters_at_once_make_one_customer_and_one_unit(shared_database):
    make_categories()
    actor = make_actor("NJ")
    results = at_once(*[lambda: take_in(actor, serial=VIN, plate="苏A12345", meter=100) for _ in range(6)])
    assert len({(customer.pk, unit.pk) for customer, unit in results}) == 1
    assert (Customer.objects.count(), Unit.objects.count(), Phone.objects.count()) == (1, 1, 1)


def test_two_owners_with_one_serial_number_at_once_make_one_unit(shared_database):
    make_categories()
    actor = make_actor("NJ")
    acts = [lambda n=n: take_in(actor, phone=f"1380013800{n}", name=f"客户{n}", serial=VIN) for n in range(4)]
    results = at_once(*acts)
    assert len({unit.pk for _customer, unit in results}) == 1
    assert (Customer.objects.count(), Unit.objects.count()) == (4, 1)
