from __future__ import annotations

import json

import pytest
from django.urls import reverse

from aftersales.core import journal
from aftersales.customers.models import Customer, Unit
from tests.factories.customers import make_customer, make_unit
from tests.factories.staff import NOW, make_person, make_station

pytestmark = pytest.mark.django_db
VIN = "LSVAA4186C2184847"


@pytest.fixture
def advisor(client_as):
    return client_as(make_person("小王", duty="service_advisor"))


@pytest.fixture
def technician(client_as):
    return client_as(make_person("老李", duty="technician"))


def body(response) -> str:
    return response.content.decode()


def test_the_list_shows_masked_numbers_and_only_what_the_station_serves(advisor):
    make_customer("张三", phone="13800138000")
    make_customer("远方", phone="13900139000", station="SZ")
    page = body(advisor.get(reverse("customers:customers")))
    assert "张三" in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "远方" not in page
    assert "139****9000" not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=zs",
        "kind=person",
        "grade=key",
        "open=yes",
        "sort=name",
        "sort=-units",
        "station=NJ",
        "kind=nonsense",
        "page=7",
    ],
)
def test_the_list_answers_every_filter(advisor, query):
    make_customer("张三", grade="key")
    assert advisor.get(reverse("customers:customers") + "?" + query).status_code == 200


def test_the_list_takes_no_more_queries_for_more_customers(advisor, django_assert_max_num_queries):
    for number in range(12):
        make_unit(make_customer(f"客户{number}"))
    with django_assert_max_num_queries(14):
        advisor.get(reverse("customers:customers"))
    with django_assert_max_num_queries(16):
        advisor.get(reverse("customers:units"))


def test_the_page_of_another_stations_customer_is_missing(advisor):
    far = make_customer("远方", station="SZ")
    unit = make_unit(far)
    for name, args in (
        ("customer", [far.pk]),
        ("edit_customer", [far.pk]),
        ("unit", [unit.pk]),
        ("edit_unit", [unit.pk]),
        ("transfer_unit", [unit.pk]),
        ("register_unit", [far.pk]),
    ):
        response = advisor.get(reverse(f"customers:{name}", args=args))
        assert response.status_code == 404
        assert "远方" not in body(response)


def test_the_customers_page_shows_units_and_the_timeline_with_masked_numbers(advisor):
    customer = make_customer("张三", phone="13800138000")
    make_unit(customer, serial="PF3K9X2M")
    page = body(advisor.get(reverse("customers:customer", args=[customer.pk])))
    for shown in ("张三", "138****8000", "PF3K9X2M", "Customer registered", "Unit registered", "Show in full"):
        assert shown in page, shown
    assert "13800138000" not in page


def test_showing_a_number_in_full_is_journaled_and_only_for_those_who_may(advisor, technician):
    customer = make_customer("张三", phone="13800138000")
    url = reverse("customers:reveal_contact", args=[customer.pk])
    refused = technician.post(url)
    assert refused.status_code == 403
    assert "13800138000" not in body(refused)
    assert "Show in full" not in body(technician.get(reverse("customers:customer", args=[customer.pk])))
    assert [entry.act for entry in journal.entries_of("customer", customer.pk)] == ["register"]
    assert "13800138000" in body(advisor.post(url))
    part = body(advisor.post(url, HTTP_HX_REQUEST="true"))
    assert "13800138000" in part
    assert "<html" not in part
    assert [entry.act for entry in journal.entries_of("customer", customer.pk)][:2] == [
        "reveal_contact",
        "reveal_contact",
    ]
    assert advisor.get(url).status_code == 405


NEW = {
    "name": "李四",
    "phone": "13800138000",
    "kind": "person",
    "segment": "retail",
    "grade": "ordinary",
    "may_be_messaged": "on",
}


def test_a_customer_is_registered_by_the_form(advisor):
    response = advisor.post(reverse("customers:register_customer"), NEW)
    customer = Customer.objects.get()
    assert response.headers["Location"] == reverse("customers:customer", args=[customer.pk])
    assert (customer.name, customer.may_be_messaged, customer.may_be_advertised_to) == ("李四", True, False)


def test_sending_the_form_twice_makes_one_customer(advisor):
    for _ in range(2):
        advisor.post(reverse("customers:register_customer"), NEW, once="the-same-key-of-one-form")
    assert Customer.objects.count() == 1


def test_a_customer_who_is_here_already_is_recognised(advisor):
    known = make_customer("李四", phone="13800138000")
    response = advisor.post(reverse("customers:register_customer"), NEW, follow=True)
    assert "known already" in body(response)
    assert Customer.objects.get() == known


def test_a_wrong_number_is_told_at_its_box_and_nothing_is_lost(advisor):
    response = advisor.post(reverse("customers:register_customer"), NEW | {"phone": "123", "note": "常客"})
    assert response.status_code == 422
    page = body(response)
    assert "is not a telephone number" in page
    assert "常客" in page
    assert not Customer.objects.exists()


def test_two_edits_at_once_show_both_versions_and_saving_again_stands(advisor):
    customer = make_customer("张三")
    url = reverse("customers:edit_customer", args=[customer.pk])
    form = NEW | {"version": "1"}
    del form["phone"]
    assert advisor.post(url, form | {"name": "王五"}).status_code == 302
    response = advisor.post(url, form)
    assert response.status_code == 409
    page = body(response)
    assert "王五" in page
    assert "李四" in page
    assert 'name="version" value="2"' in page
    assert advisor.post(url, form | {"version": "2"}).status_code == 302
    customer.refresh_from_db()
    assert customer.name == "李四"


def test_numbers_and_addresses_are_added_and_removed_on_the_page(advisor):
    customer = make_customer("张三", phone="13800138000")
    advisor.post(reverse("customers:add_phone", args=[customer.pk]), {"phone": "025-84220000", "label": "office"})
    second = customer.phones.get(is_main=False)
    advisor.post(reverse("customers:choose_main_phone", args=[customer.pk, second.pk]))
    advisor.post(reverse("customers:add_address", args=[customer.pk]), {"text": "南京市中山路1号"})
    second.refresh_from_db()
    assert second.is_main
    page = body(advisor.get(reverse("customers:customer", args=[customer.pk])))
    assert "中山路" not in page
    advisor.post(reverse("customers:remove_phone", args=[customer.pk, second.pk]))
    advisor.post(reverse("customers:remove_address", args=[customer.pk, customer.addresses.get().pk]))
    assert (customer.phones.count(), customer.addresses.count()) == (1, 0)
    refused = advisor.post(reverse("customers:add_phone", args=[customer.pk]), {"phone": "12"})
    assert refused.status_code == 422
    assert "is not a telephone number" in body(refused)


def test_a_unit_is_registered_in_the_words_of_its_trade(advisor):
    make_station("NJ")
    customer = make_customer("张三")
    make_unit(customer)
    url = reverse("customers:register_unit", args=[customer.pk])
    page = body(advisor.get(url))
    assert "Serial number (S/N)" in page or "Serial number" in page
    response = advisor.post(url, {"category": "phone", "model": "Mate 60", "serial": "860123045678901"})
    assert response.status_code == 422
    assert "check digit" in body(response)
    response = advisor.post(
        url, {"category": "phone", "model": "Mate 60", "serial": "86-012304-567890-0", "purchased_on": "2026-01-05"}
    )
    unit = Unit.objects.latest("pk")
    assert response.headers["Location"] == reverse("customers:unit", args=[unit.pk])
    assert (unit.serial, unit.model_text, str(unit.purchased_on)) == ("860123045678900", "Mate 60", "2026-01-05")


def test_a_doubtful_vin_is_taken_with_a_warning(advisor):
    unit = make_unit(trade="automotive", category="car", model_text="明锐")
    url = reverse("customers:edit_unit", args=[unit.pk])
    response = advisor.post(
        url, {"category": "car", "serial": "LSVAA4187C2184847", "version": "1", "is_active": "on"}, follow=True
    )
    assert "check digit" in body(response)
    unit.refresh_from_db()
    assert unit.serial == "LSVAA4187C2184847"


def test_the_units_page_shows_owner_meter_and_history(advisor):
    unit = make_unit(
        make_customer("张三"), trade="automotive", category="car", serial=VIN, plate="苏AD12345", meter=12000
    )
    page = body(advisor.get(reverse("customers:unit", args=[unit.pk])))
    for shown in (VIN, "苏AD12345", "12000", "km", "张三", "Unit registered", "Mileage"):
        assert shown in page, shown
    advisor.post(reverse("customers:record_meter", args=[unit.pk]), {"meter": "13000"})
    unit.refresh_from_db()
    assert unit.meter_reading == 13000
    refused = advisor.post(reverse("customers:record_meter", args=[unit.pk]), {"meter": "1"})
    assert refused.status_code == 422
    assert "13000" in body(refused)


def test_a_unit_is_handed_on_to_a_customer_found_by_search(advisor):
    unit, heir = make_unit(make_customer("张三")), make_customer("李四")
    url = reverse("customers:transfer_unit", args=[unit.pk])
    assert "李四" in body(advisor.get(url + "?q=lisi"))
    assert "Nobody fits" in body(advisor.get(url + "?q=nobody"))
    advisor.post(url, {"customer": str(heir.pk)})
    unit.refresh_from_db()
    assert unit.owner == heir
    page = body(advisor.get(reverse("customers:unit", args=[unit.pk])))
    assert "张三" in page
    assert "李四" in page


def test_an_owner_of_another_station_is_not_named_on_the_page(advisor):
    far, here = make_customer("远方老王", station="SZ"), make_customer("张三")
    unit = make_unit(far)
    from aftersales.core.actor import SYSTEM
    from aftersales.customers import services

    services.transfer_unit(SYSTEM, unit_id=unit.pk, to_customer_id=here.pk, now=NOW)
    page = body(advisor.get(reverse("customers:unit", args=[unit.pk])))
    assert "A customer of another station" in page
    assert "老王" not in page


@pytest.mark.parametrize(
    "query", ["q=mr", "trade=automotive", "use=yes", "use=no", "sort=owner", "station=NJ", "category=1", "category=x"]
)
def test_the_list_of_units_answers_every_filter(advisor, query):
    make_unit(trade="automotive", category="car", model_text="明锐")
    assert advisor.get(reverse("customers:units") + "?" + query).status_code == 200


def picks(response) -> list[dict]:
    import html
    import re

    return [json.loads(html.unescape(found)) for found in re.findall(r'data-pick="([^"]*)"', body(response))]


def test_the_pick_list_offers_customers_and_their_units_with_masked_numbers(advisor):
    customer = make_customer("张三", phone="13800138000")
    unit = make_unit(customer, trade="automotive", category="car", serial=VIN, plate="苏AD12345", model_text="明锐")
    make_customer("张远", phone="13800139000", station="SZ")
    for typed in ({"phone": "8000"}, {"name": "zs"}, {"name": "张"}, {"q": "AD123"}, {"phone": "8000", "name": "张三"}):
        response = advisor.post(reverse("customers:find"), typed)
        if typed == {"name": "张"}:
            assert picks(response) == []
            continue
        first, second = picks(response)
        assert (first["customer_id"], first["phone"], first["name"]) == (customer.pk, "138****8000", "张三")
        assert (second["unit_id"], second["serial"], second["category"]) == (unit.pk, VIN, "car")
        assert "13800138000" not in body(response)
        assert "张远" not in body(response)


def test_the_pick_list_of_a_trade_offers_units_of_that_trade_only(advisor):
    customer = make_customer("张三", phone="13800138000")
    vehicle = make_unit(customer, trade="automotive", category="car", plate="苏AD12345", model_text="明锐")
    make_unit(customer, serial="AD12345X")
    offered = picks(advisor.post(reverse("customers:find"), {"phone": "8000", "trade": "automotive"}))
    assert [pick.get("unit_id") for pick in offered] == [None, vehicle.pk]
    offered = picks(advisor.post(reverse("customers:find_unit"), {"serial": "AD123", "trade": "automotive"}))
    assert [pick["unit_id"] for pick in offered] == [vehicle.pk]


def test_the_pick_list_offers_units_with_their_owners(advisor):
    unit = make_unit(make_customer("张三"), trade="automotive", category="car", serial=VIN, plate="苏AD12345")
    make_unit(make_customer("远方", station="SZ"), trade="automotive", category="car", plate="苏AD12346")
    for typed in ({"serial": "184847"}, {"plate": "ad1234"}):
        assert [pick["unit_id"] for pick in picks(advisor.post(reverse("customers:find_unit"), typed))] == [unit.pk]
    assert picks(advisor.post(reverse("customers:find_unit"), {"serial": "1"})) == []


def test_looking_something_up_needs_no_one_time_key_but_a_duty(client_as, client):
    make_station("NJ")
    guard = client_as(make_person("门卫", duty="gate_guard"))
    assert guard.post(reverse("customers:find_unit"), {"q": "xx", "_once": ""}).status_code == 200
    assert guard.post(reverse("customers:find"), {"q": "xx"}).status_code == 403
    assert guard.get(reverse("customers:customers")).status_code == 403
    assert client.get(reverse("customers:customers")).status_code == 302
