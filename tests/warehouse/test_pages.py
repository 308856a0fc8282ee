"""The warehouse in the browser: every page, every form, what is refused, and that a form sent twice counts once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from aftersales.warehouse import services
from aftersales.warehouse.models import Balance, Item, Move, Reservation, SlowDecision, Stocktake, Store
from tests.factories.staff import NOW, make_manager, make_person
from tests.factories.warehouse import Warehouse, make_store, make_warehouse, receive, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Warehouse:
    made = make_warehouse()
    receive(made, 10)
    transfer(made, 2)
    return made


@pytest.fixture
def keeper(client_as: Any, house: Warehouse) -> Any:
    return client_as(make_person("库管", duty="parts_keeper"))


@pytest.fixture
def manager(client_as: Any, house: Warehouse) -> Any:
    return client_as(make_manager())


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_the_stock_is_listed_searched_filtered_and_sorted(keeper: Any, house: Warehouse) -> None:
    url = reverse("warehouse:stock")
    for query in ("", "?q=cup", "?q=骨瓷", "?store=RET", "?kind=returns", "?sort=-worth", "?empty=on", "?kind=x"):
        assert house.item.name in body(keeper.get(url + query)), query
    assert house.item.name not in body(keeper.get(url + "?q=zzz"))
    assert house.item.name not in body(keeper.get(url + "?kind=van"))


def test_an_item_shows_where_it_lies_and_how_it_came_there(keeper: Any, house: Warehouse) -> None:
    page = body(keeper.get(reverse("warehouse:item", args=[house.item.pk])))
    assert "SR-NJ-2026-000001" in page
    assert "ST-NJ-2026-000001" in page
    assert "退货仓" in page
    moves = body(keeper.get(reverse("warehouse:moves") + "?number=ST-NJ-2026-000001"))
    assert "SR-NJ-2026-000001" not in moves


def test_another_station_finds_nothing_of_it(client_as: Any, house: Warehouse) -> None:
    elsewhere = client_as(make_person("远方", duty="parts_keeper", station="SH"))
    balance, move = Balance.objects.get(store=house.main), Move.objects.first()
    assert house.item.name not in body(elsewhere.get(reverse("warehouse:stock")))
    for name, key in (
        ("reserve", balance.pk),
        ("put_away", balance.pk),
        ("reverse_move", move.pk),
        ("edit_store", "MAIN"),
    ):
        assert elsewhere.get(reverse(f"warehouse:{name}", args=[key])).status_code == 404
    take = services.begin_stocktake(house.keeper, store="MAIN", now=NOW)
    assert elsewhere.get(reverse("warehouse:stocktake", args=[take.number])).status_code == 404


def test_a_delivery_is_received_by_scanning_and_once_though_sent_twice(keeper: Any, house: Warehouse) -> None:
    url = reverse("warehouse:receive")
    told = {"store": "MAIN", "source": "supplier", "reference": "DN-7", "item": "cup-01", "stated": 5, "counted": 4}
    answers = [keeper.post(url, told, once="the-very-same-form-0001") for _each in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "reference=DN-7" in answers[0].headers["Location"]
    assert Balance.objects.get(store=house.main).quantity == 12
    again = keeper.post(url, told)
    assert again.status_code == 409
    assert "received by" in body(again)
    assert Balance.objects.get(store=house.main).quantity == 12
    assert "DN-7" in body(keeper.get(answers[0].headers["Location"]))


def test_goods_are_transferred_and_taken_back(keeper: Any, house: Warehouse) -> None:
    url = reverse("warehouse:transfer")
    told = {"from_store": "MAIN", "to_store": "RET", "item": "CUP-01", "quantity": 3}
    assert keeper.post(url, told).status_code == 302
    short = keeper.post(url, told | {"quantity": 99})
    assert short.status_code == 409
    assert "99" in body(short)
    assert keeper.post(url, told | {"quantity": "-1"}).status_code == 422
    assert keeper.post(url, told | {"to_store": "nowhere"}).status_code == 422
    move = Move.objects.first()
    assert keeper.get(reverse("warehouse:reverse_move", args=[move.pk])).status_code == 200
    assert keeper.post(reverse("warehouse:reverse_move", args=[move.pk]), {"reason": "拿错"}).status_code == 302
    assert Balance.objects.get(store=house.main).quantity == 8


def test_stock_is_reserved_released_and_put_away(keeper: Any, house: Warehouse) -> None:
    balance = Balance.objects.get(store=house.main)
    url = reverse("warehouse:reserve", args=[balance.pk])
    assert keeper.get(url).status_code == 200
    assert keeper.post(url, {"quantity": 99, "purpose": "RO"}).status_code == 409
    assert keeper.post(url, {"quantity": 3, "purpose": "RO-1"}).status_code == 302
    page = reverse("warehouse:item", args=[house.item.pk])
    assert "RO-1" in body(keeper.get(page))
    kept = Reservation.objects.get()
    assert keeper.post(reverse("warehouse:release", args=[kept.pk])).status_code == 302
    assert keeper.post(reverse("warehouse:release", args=[kept.pk])).status_code == 404
    assert keeper.post(reverse("warehouse:put_away", args=[balance.pk]), {"bin": "a-1"}).status_code == 302
    assert "A-1" in body(keeper.get(page))


def test_stores_and_items_are_added_and_changed(manager: Any, house: Warehouse) -> None:
    store = {"code": "van1", "name": "一号服务车", "kind": "van", "station": "NJ"}
    assert manager.post(reverse("warehouse:add_store"), store).status_code == 302
    assert manager.post(reverse("warehouse:add_store"), store).status_code == 422
    assert (
        manager.post(reverse("warehouse:add_store"), {"code": "road", "name": "在途", "kind": "transit"}).status_code
        == 302
    )
    change = {"version": 1, "name": "二号服务车", "is_open": "on"}
    assert manager.post(reverse("warehouse:edit_store", args=["VAN1"]), change).status_code == 302
    assert manager.post(reverse("warehouse:edit_store", args=["VAN1"]), change | {"name": "x"}).status_code == 409
    assert Store.objects.get(code="VAN1").name == "二号服务车"
    item = {"code": "tea-1", "name": "龙井", "measure": "克", "cost": "1.20", "tracking": "batch"}
    assert manager.post(reverse("warehouse:add_item"), item).status_code == 302
    made = Item.objects.get(code="TEA-1")
    edit = reverse("warehouse:edit_item", args=[made.pk])
    assert "1.20" in body(manager.get(edit))
    assert manager.post(edit, {"version": 1, "name": "明前龙井", "cost": "2", "is_active": "on"}).status_code == 302
    assert "明前龙井" in body(manager.get(reverse("warehouse:items") + "?q=tea"))
    assert "二号服务车" in body(manager.get(reverse("warehouse:stores")))


def test_a_store_is_counted_and_another_approves(client_as: Any, keeper: Any, house: Warehouse) -> None:
    assert keeper.post(reverse("warehouse:begin_stocktake"), {"store": "MAIN"}).status_code == 302
    assert keeper.post(reverse("warehouse:begin_stocktake"), {"store": "MAIN"}).status_code == 409
    take = Stocktake.objects.get()
    page, count, hand_in, approve, withdraw = (
        reverse(f"warehouse:{name}", args=[take.number])
        for name in ("stocktake", "count", "hand_in_stocktake", "approve_stocktake", "withdraw_stocktake")
    )
    assert "Still to be counted" in body(keeper.get(page))
    assert keeper.post(hand_in).status_code == 409
    assert keeper.post(count, {"item": "CUP-01", "counted": 7}).status_code == 302
    assert keeper.post(count, {"item": "CUP-01", "counted": 6}).status_code == 409
    assert keeper.post(count, {"item": "?", "counted": 6}).status_code == 422
    assert keeper.post(hand_in).status_code == 302
    assert keeper.post(approve).status_code == 403
    finance = client_as(make_person("财务", duty="finance"))
    assert "Approve the differences" in body(finance.get(page))
    assert finance.post(approve).status_code == 302
    assert finance.post(approve).status_code == 409
    assert keeper.post(withdraw).status_code == 409
    assert Balance.objects.get(store=house.main).quantity == 7
    assert take.number in body(keeper.get(reverse("warehouse:stocktakes")))


def test_goods_that_lie_are_decided_about(manager: Any, house: Warehouse) -> None:
    url = reverse("warehouse:slow")
    assert manager.get(url + "?days=30").status_code == 200
    assert manager.get(url + "?days=zz&store=x&sort=-worth").status_code == 200
    decide = reverse("warehouse:decide_slow", args=[Balance.objects.get(store=house.main).pk])
    assert manager.get(decide).status_code == 200
    assert manager.post(decide, {"handling": "burn", "reason": "x"}).status_code == 422
    assert manager.post(decide, {"handling": "discount", "reason": "八折"}).status_code == 302
    assert SlowDecision.objects.get().reason == "八折"
    assert "八折" in body(manager.get(decide))


def test_whoever_may_only_look_gets_no_forms(client_as: Any, house: Warehouse) -> None:
    looker = client_as(make_person("看客", duty="salesperson"))
    page = body(looker.get(reverse("warehouse:stock")))
    assert reverse("warehouse:receive") not in page
    for name in ("receive", "transfer", "add_store", "add_item", "begin_stocktake"):
        assert looker.get(reverse(f"warehouse:{name}")).status_code == 403
    make_store("ROAD", "在途", "transit", "")
    assert "在途" in body(looker.get(reverse("warehouse:stores")))
