"""A store is counted by some and approved by another; only then does its stock change."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from aftersales.core.errors import Refused
from aftersales.warehouse import queries, services
from aftersales.warehouse.models import Balance, Move, Stocktake
from tests.factories.staff import NOW, actor_of, make_manager
from tests.factories.warehouse import Warehouse, make_item, make_warehouse, receive, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Warehouse:
    made = make_warehouse()
    receive(made, 10)
    return made


def begun(house: Warehouse) -> Stocktake:
    return services.begin_stocktake(house.keeper, store="MAIN", note="月末盘点", now=NOW)


def lies(house: Warehouse) -> int:
    return Balance.objects.get(store=house.main, item=house.item).quantity


def counted(house: Warehouse, number: int) -> Stocktake:
    take = begun(house)
    services.count_line(house.clerk, number=take.number, item=house.item.code, counted=number, now=NOW)
    services.hand_in_stocktake(house.keeper, number=take.number, now=NOW)
    return take


def test_differences_become_moves_when_another_approves(house: Warehouse) -> None:
    found = make_item("BOX", "礼盒")
    take = begun(house)
    services.count_line(house.clerk, number=take.number, item=house.item.code, counted=7, now=NOW)
    services.count_line(house.clerk, number=take.number, item=found.code, counted=2, now=NOW)
    assert lies(house) == 10
    services.hand_in_stocktake(house.keeper, number=take.number, now=NOW)
    approved = services.approve_stocktake(house.finance, number=take.number, now=NOW)
    assert (approved.state, approved.approved_name) == ("approved", "finance")
    moves = Move.objects.filter(number=take.number).order_by("item__code")
    assert [(move.item.code, move.from_store.code, move.to_store.code, move.quantity) for move in moves] == [
        ("BOX", "DIFFERENCE", "MAIN", 2),
        ("CUP-01", "MAIN", "DIFFERENCE", 3),
    ]
    assert (lies(house), queries.find_gaps()) == (7, [])


def test_what_moves_after_the_counting_stays_moved(house: Warehouse) -> None:
    take = counted(house, 9)
    transfer(house, 4)
    services.approve_stocktake(house.finance, number=take.number, now=NOW)
    assert lies(house) == 5


def test_a_difference_that_is_not_there_any_more_is_told(house: Warehouse) -> None:
    take = counted(house, 3)
    transfer(house, 8)
    with pytest.raises(Refused, match="only 2 are"):
        services.approve_stocktake(house.finance, number=take.number, now=NOW)
    assert (lies(house), Stocktake.objects.get().state) == (2, "handed_in")


def test_whoever_counted_or_handed_in_cannot_approve(house: Warehouse) -> None:
    manager = actor_of(make_manager())
    take = begun(house)
    services.count_line(manager, number=take.number, item=house.item.code, counted=10, now=NOW)
    services.hand_in_stocktake(house.keeper, number=take.number, now=NOW)
    with pytest.raises(Refused, match="Whoever counted"):
        services.approve_stocktake(manager, number=take.number, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stocktake.objects.update(state="approved", approved_by=house.keeper.id, approved_at=NOW)
    services.approve_stocktake(house.finance, number=take.number, now=NOW)
    assert not Move.objects.filter(kind="count").exists()


def test_a_line_counted_before_must_be_counted_again_on_purpose(house: Warehouse) -> None:
    take = begun(house)
    services.count_line(house.clerk, number=take.number, item=house.item.code, counted=9, now=NOW)
    with pytest.raises(Refused, match="returns_clerk has counted"):
        services.count_line(house.keeper, number=take.number, item=house.item.code, counted=10, now=NOW)
    assert [line.counted for line in queries.lines_of(take)] == [9]
    services.count_line(house.keeper, number=take.number, item=house.item.code, counted=10, is_again=True, now=NOW)
    assert [(line.counted, line.counted_name) for line in queries.lines_of(take)] == [(10, "parts_keeper")]


def test_what_nobody_counted_yet_is_listed(house: Warehouse) -> None:
    receive(house, 2, item=make_item("BOX", "礼盒").code)
    take = begun(house)
    services.count_line(house.clerk, number=take.number, item=house.item.code, counted=10, now=NOW)
    assert [row.item.code for row in queries.uncounted_of(house.keeper, take)] == ["BOX"]


def test_a_store_is_counted_once_at_a_time(house: Warehouse) -> None:
    take = begun(house)
    with pytest.raises(Refused, match="being counted already"):
        begun(house)
    services.withdraw_stocktake(house.keeper, number=take.number, now=NOW)
    assert begun(house).number != take.number


def test_an_act_at_the_wrong_point_is_refused(house: Warehouse) -> None:
    take = begun(house)
    with pytest.raises(Refused, match="Nothing has been counted"):
        services.hand_in_stocktake(house.keeper, number=take.number, now=NOW)
    with pytest.raises(Refused, match="not at that point"):
        services.approve_stocktake(house.finance, number=take.number, now=NOW)
    services.withdraw_stocktake(house.keeper, number=take.number, now=NOW)
    with pytest.raises(Refused, match="not at that point"):
        services.count_line(house.clerk, number=take.number, item=house.item.code, counted=1, now=NOW)
    with pytest.raises(Refused, match="not open any more"):
        services.withdraw_stocktake(house.keeper, number=take.number, now=NOW)
    assert lies(house) == 10
