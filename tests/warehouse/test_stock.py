"""Stock changes only by moves; below zero it never goes; what was moved can be moved back, but not changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.core.models import JournalEntry
from aftersales.core.money import Money
from aftersales.warehouse import queries, services
from aftersales.warehouse.models import Balance, Move, Reservation, SlowDecision
from tests.factories.catalog import make_part
from tests.factories.staff import NOW, actor_of, make_manager, make_person
from tests.factories.warehouse import Warehouse, make_item, make_store, make_warehouse, receive, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Warehouse:
    return make_warehouse()


def stock(house: Warehouse) -> dict[str, int]:
    return {row.store.code: row.quantity for row in Balance.objects.select_related("store")}


def lies(house: Warehouse, store: str = "MAIN") -> Balance:
    return Balance.objects.get(store__code=store, item=house.item)


def test_what_is_received_comes_from_the_supplier(house: Warehouse) -> None:
    [move] = receive(house, 10)
    assert (move.number, move.kind, move.quantity) == ("SR-NJ-2026-000001", "receipt", 10)
    assert stock(house) == {"MAIN": 10, "SUPPLIER": -10, "DIFFERENCE": 0}
    assert JournalEntry.objects.filter(kind="stock_move", key=move.number, act="move").count() == 1


def test_what_was_short_stands_as_a_difference(house: Warehouse) -> None:
    moves = receive(house, counted=8)
    assert [(move.kind, move.quantity) for move in moves] == [("receipt", 8), ("short", 2)]
    assert {move.number for move in moves} == {moves[0].number}
    assert stock(house) == {"MAIN": 8, "SUPPLIER": -10, "DIFFERENCE": 2}


def test_what_was_over_stands_as_a_difference(house: Warehouse) -> None:
    assert [move.kind for move in receive(house, counted=13)] == ["receipt", "excess"]
    assert stock(house) == {"MAIN": 13, "SUPPLIER": -10, "DIFFERENCE": -3}


def test_one_delivery_note_brings_an_item_in_once(house: Warehouse) -> None:
    [first] = receive(house)
    with pytest.raises(Refused, match=first.number):
        receive(house)
    with pytest.raises(Refused, match="already"):
        receive(house, reference=" dn-1 ")
    assert (stock(house)["MAIN"], Move.objects.count()) == (10, 1)


def test_a_receipt_that_was_taken_back_may_be_sent_again(house: Warehouse) -> None:
    [first] = receive(house)
    services.reverse_move(house.keeper, move_id=first.pk, reason="点错货", now=NOW)
    receive(house, 9)
    assert stock(house)["MAIN"] == 9


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"counted": -1}, "counted"),
        ({"stated": 99_999_999_999}, "stated"),
        ({"stated": 0, "counted": 0}, "counted"),
        ({"reference": "  "}, "reference"),
        ({"item": "NOPE"}, "item"),
        ({"store": "NOPE"}, "store"),
        ({"source": "scrap"}, "source"),
        ({"batch": "B1"}, "batch"),
        ({"bin": "X" * 31}, "bin"),
    ],
)
def test_a_receipt_that_cannot_be_writes_nothing(house: Warehouse, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        receive(house, **wrong)
    assert refused.value.field == field
    assert Move.objects.count() == 0
    assert not Balance.objects.exclude(quantity=0).exists()


def test_goods_go_from_one_store_to_another(house: Warehouse) -> None:
    receive(house)
    move = transfer(house, 4)
    assert (move.number, stock(house)["MAIN"], stock(house)["RET"]) == ("ST-NJ-2026-000001", 6, 4)


def test_goods_go_out_of_the_house(house: Warehouse) -> None:
    receive(house)
    transfer(house, 3, to_store="scrap")
    transfer(house, 2, to_store="customer")
    assert stock(house) == {"MAIN": 5, "SUPPLIER": -10, "DIFFERENCE": 0, "SCRAP": 3, "CUSTOMER": 2}


def test_more_than_there_is_does_not_move(house: Warehouse) -> None:
    receive(house, 3)
    with pytest.raises(Refused, match="only 3 are in “大仓”; 4 were asked for"):
        transfer(house, 4)
    assert (stock(house)["MAIN"], Move.objects.count()) == (3, 1)


def test_goods_do_not_move_to_where_they_are(house: Warehouse) -> None:
    receive(house)
    with pytest.raises(Invalid, match="there already"):
        transfer(house, to_store="MAIN")


def test_the_table_itself_refuses_stock_below_zero(house: Warehouse) -> None:
    receive(house, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.filter(pk=lies(house).pk).update(quantity=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.filter(pk=lies(house).pk).update(reserved=2)


def test_the_database_refuses_to_change_or_delete_a_move(house: Warehouse) -> None:
    [move] = receive(house)
    for spoil in (lambda: Move.objects.update(quantity=1), lambda: Move.objects.filter(pk=move.pk).delete()):
        with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
            spoil()
    assert Move.objects.get().quantity == 10


def test_a_move_is_taken_back_once_by_another(house: Warehouse) -> None:
    receive(house)
    move = transfer(house, 4)
    back = services.reverse_move(house.keeper, move_id=move.pk, reason="拿错", now=NOW)
    assert (back.reverses, back.reference, stock(house)["MAIN"]) == (move, move.number, 10)
    with pytest.raises(Refused, match="already"):
        services.reverse_move(house.keeper, move_id=move.pk, reason="拿错", now=NOW)
    with pytest.raises(Refused, match="takes another back"):
        services.reverse_move(house.keeper, move_id=back.pk, reason="拿错", now=NOW)
    assert stock(house)["MAIN"] == 10


def test_taking_back_needs_a_reason_and_the_goods(house: Warehouse) -> None:
    [first] = receive(house, 3)
    with pytest.raises(Invalid, match="Say why"):
        services.reverse_move(house.keeper, move_id=first.pk, reason=" ", now=NOW)
    transfer(house, 2)
    with pytest.raises(Refused, match="only 1 are"):
        services.reverse_move(house.keeper, move_id=first.pk, reason="点错", now=NOW)
    assert stock(house)["MAIN"] == 1


def test_what_is_reserved_does_not_move_until_it_is_released(house: Warehouse) -> None:
    receive(house, 5)
    kept = services.reserve_stock(
        house.keeper, balance_id=lies(house).pk, quantity=4, purpose="RO-NJ-2026-000001", now=NOW
    )
    with pytest.raises(Refused, match="only 1 are free"):
        transfer(house, 2)
    with pytest.raises(Refused, match="only 1 are free"):
        services.reserve_stock(house.keeper, balance_id=lies(house).pk, quantity=2, purpose="RO", now=NOW)
    services.release_reservation(house.keeper, reservation_id=kept.pk, now=NOW)
    with pytest.raises(Missing):
        services.release_reservation(house.keeper, reservation_id=kept.pk, now=NOW)
    transfer(house, 5)
    assert (lies(house).reserved, lies(house).quantity) == (0, 0)
    assert Reservation.objects.get().released_by == house.keeper.id


def test_batches_are_kept_apart(house: Warehouse) -> None:
    tea = make_item("TEA-01", "龙井", tracking="batch")
    receive(house, item=tea.code, batch="b 1")
    receive(house, 4, item=tea.code, batch="B2")
    with pytest.raises(Invalid, match="Scan or write it"):
        transfer(house, item=tea.code)
    with pytest.raises(Refused, match="only 4"):
        transfer(house, 5, item=tea.code, batch="B2")
    transfer(house, 5, item=tea.code, batch="B1")
    assert {(r.store.code, r.batch): r.quantity for r in queries.stock_of(house.keeper, tea)} == {
        ("MAIN", "B1"): 5,
        ("MAIN", "B2"): 4,
        ("RET", "B1"): 5,
    }


def test_a_serial_number_is_in_one_place(house: Warehouse) -> None:
    phone = make_item("PH-1", "话机", tracking="serial")
    receive(house, 1, item=phone.code, batch="SN1")
    with pytest.raises(Refused, match="in stock already"):
        receive(house, 1, item=phone.code, batch="SN1", reference="DN-2", store="RET")
    with pytest.raises(Invalid, match="one piece"):
        receive(house, 2, item=phone.code, batch="SN2")
    transfer(house, 1, item=phone.code, batch="SN1")
    assert [(row.store.code, row.quantity) for row in queries.stock_of(house.keeper, phone)] == [("RET", 1)]


def test_what_lies_in_a_store_has_a_bin(house: Warehouse) -> None:
    receive(house, bin="a-03-2")
    assert lies(house).bin == "A-03-2"
    services.put_away(house.keeper, balance_id=lies(house).pk, bin="B-1", now=NOW)
    assert lies(house).bin == "B-1"
    assert [row.bin for row in queries.list_stock(house.keeper, typed="b-1")] == ["B-1"]


def test_a_station_sees_its_own_stores_and_the_shared_ones(house: Warehouse) -> None:
    receive(house)
    make_store("ROAD", "在途", "transit", "")
    elsewhere = actor_of(make_person("远方", duty="parts_keeper", station="SH"))
    assert [row.code for row in queries.list_stores(elsewhere)] == ["ROAD"]
    assert not queries.list_stock(elsewhere).exists()
    assert not queries.list_moves(elsewhere).exists()
    with pytest.raises(Missing):
        queries.get_balance(elsewhere, lies(house).pk)
    with pytest.raises(Missing):
        services.reverse_move(elsewhere, move_id=Move.objects.get().pk, reason="x", now=NOW)
    with pytest.raises(Invalid, match="no open store"):
        services.transfer_stock(
            elsewhere, from_store="MAIN", to_store="ROAD", item=house.item.code, quantity=1, now=NOW
        )
    transfer(house, 2, to_store="ROAD")
    make_store("SHM", "沪仓", "main", "SH")
    services.transfer_stock(elsewhere, from_store="ROAD", to_store="SHM", item=house.item.code, quantity=2, now=NOW)
    assert [(row.store.code, row.quantity) for row in queries.list_stock(elsewhere)] == [("SHM", 2)]


def test_duties_decide_who_may_move(house: Warehouse) -> None:
    receive(house)
    looker = actor_of(make_person("看客", duty="salesperson"))
    with pytest.raises(NotPermitted):
        services.transfer_stock(looker, from_store="MAIN", to_store="RET", item=house.item.code, quantity=1, now=NOW)
    with pytest.raises(NotPermitted):
        services.reverse_move(house.clerk, move_id=Move.objects.get().pk, reason="x", now=NOW)
    assert stock(house)["MAIN"] == 10


def test_a_store_with_goods_is_not_closed(house: Warehouse) -> None:
    receive(house)
    with pytest.raises(Invalid, match="still goods"):
        services.edit_store(house.keeper, code="MAIN", version=1, name="大仓", is_open=False, now=NOW)
    transfer(house, 10)
    closed = services.edit_store(house.keeper, code="MAIN", version=1, name="大仓", is_open=False, now=NOW)
    assert not closed.is_open
    with pytest.raises(Invalid, match="no open store"):
        receive(house, reference="DN-9")


def test_a_store_of_a_station_says_at_which(house: Warehouse) -> None:
    with pytest.raises(Invalid, match="at which station"):
        services.add_store(house.keeper, code="X", name="x", kind="van", now=NOW)
    with pytest.raises(Invalid, match="by headquarters"):
        services.add_store(house.keeper, code="X", name="x", kind="transit", now=NOW)
    with pytest.raises(Invalid, match="from the list"):
        services.add_store(house.keeper, code="X", name="x", kind="supplier", now=NOW)
    with pytest.raises(Invalid, match="taken"):
        services.add_store(house.keeper, code="main", name="x", kind="van", station="NJ", now=NOW)


def test_an_item_may_stand_for_one_part_of_the_catalog(house: Warehouse) -> None:
    part = make_part("LCD-M60")
    made = services.add_item(house.keeper, code="lcd", name="屏", part="LCD-M60", cost=Money(100), now=NOW)
    assert made.part == part
    with pytest.raises(Invalid, match="Another item"):
        services.add_item(house.keeper, code="lcd2", name="屏", part="LCD-M60", now=NOW)
    with pytest.raises(Invalid, match="no part"):
        services.edit_item(house.keeper, item_id=made.pk, version=1, name="屏", part="ZZZ", now=NOW)


def test_goods_that_lie_too_long_are_listed_by_value_and_decided_about(house: Warehouse) -> None:
    receive(house, 2)
    gold = make_item("GOLD", "金箔画", cost=Money(90000))
    receive(house, 1, item=gold.code)
    later = NOW + timedelta(days=100)
    receive(house, 1, item=make_item("NEW", "新品").code, now=later)
    manager = actor_of(make_manager())
    slow = list(queries.list_slow(manager, days=90, now=later).order_by("-worth"))
    assert [(row.item.code, row.value.plain) for row in slow] == [("GOLD", "900.00"), ("CUP-01", "50.00")]
    made = services.decide_slow(manager, balance_id=slow[0].pk, handling="return", reason="厂家同意退", now=later)
    assert (made.days, made.value_fen, made.quantity) == (100, 90000, 1)
    assert queries.list_slow(manager, days=90, now=later).get(pk=slow[0].pk).handling == "return"
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        SlowDecision.objects.update(reason="x")
    with pytest.raises(Invalid, match="Say why"):
        services.decide_slow(manager, balance_id=slow[0].pk, handling="keep", reason=" ", now=later)
    transfer(house, 1, item=gold.code, to_store="supplier", now=later)
    with pytest.raises(Refused, match="Nothing of it is left"):
        services.decide_slow(manager, balance_id=slow[0].pk, handling="keep", reason="x", now=later)
    with pytest.raises(NotPermitted):
        services.decide_slow(house.keeper, balance_id=slow[1].pk, handling="keep", reason="x", now=later)
