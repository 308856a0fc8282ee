"""Several take from one store in the same moment: the last unit goes once, and the moves still add up to the stock."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.core.errors import Refused
from aftersales.warehouse import queries, services
from aftersales.warehouse.models import Balance, CountedLine, Move, Stocktake
from tests.factories.staff import NOW
from tests.factories.warehouse import Warehouse, make_warehouse, receive, transfer
from tests.faults.databases import at_once

pytestmark = pytest.mark.usefixtures("shared_database")
ROUNDS = 25


@pytest.fixture
def house(shared_database: str) -> Warehouse:
    return make_warehouse()


def winners(results: list[Any]) -> int:
    wrong = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in wrong), wrong
    return len(results) - len(wrong)


def lies(house: Warehouse, store: str = "MAIN") -> int:
    return Balance.objects.get(store__code=store, item=house.item).quantity


def test_the_last_unit_moved_by_eight_at_once_goes_once(house: Warehouse) -> None:
    for each in range(ROUNDS):
        receive(house, 1, reference=f"DN-{each}")
        assert winners(at_once(*[lambda: transfer(house)] * 8)) == 1
        assert (lies(house), lies(house, "RET")) == (0, each + 1)
    assert queries.find_gaps() == []
    assert Move.objects.filter(kind="transfer").values("number").distinct().count() == ROUNDS


def test_one_receipt_scanned_twice_at_once_comes_in_once(house: Warehouse) -> None:
    for each in range(5):
        assert winners(at_once(*[lambda: receive(house, 3, reference=f"DN-{each}")] * 2)) == 1  # noqa: B023
    assert (lies(house), queries.find_gaps()) == (15, [])


def test_goods_that_cross_each_other_wait_for_nobody(house: Warehouse) -> None:
    receive(house, 50)
    transfer(house, 25)
    results = at_once(*[lambda: transfer(house)] * 3, *[lambda: transfer(house, from_store="RET", to_store="MAIN")] * 3)
    assert winners(results) == 6
    assert (lies(house), lies(house, "RET"), queries.find_gaps()) == (25, 25, [])


def test_what_is_reserved_and_moved_at_once_is_one_of_both(house: Warehouse) -> None:
    receive(house, 1)
    balance = Balance.objects.get(store=house.main)

    def reserve() -> Any:
        return services.reserve_stock(house.keeper, balance_id=balance.pk, quantity=1, purpose="RO", now=NOW)

    assert winners(at_once(reserve, lambda: transfer(house), reserve)) == 1
    kept = Balance.objects.get(pk=balance.pk)
    assert (kept.quantity, kept.reserved) in {(1, 1), (0, 0)}


def test_a_move_taken_back_twice_at_once_is_taken_back_once(house: Warehouse) -> None:
    [move] = receive(house, 4)
    back = [lambda: services.reverse_move(house.keeper, move_id=move.pk, reason="x", now=NOW)] * 2
    assert (winners(at_once(*back)), lies(house)) == (1, 0)


def test_a_stocktake_counted_and_approved_by_two_at_once_has_its_effect_once(house: Warehouse) -> None:
    receive(house, 10)
    take = services.begin_stocktake(house.keeper, store="MAIN", now=NOW)

    def count(counted: int) -> Any:
        return services.count_line(house.clerk, number=take.number, item=house.item.code, counted=counted, now=NOW)

    assert winners(at_once(lambda: count(8), lambda: count(9))) == 1
    services.hand_in_stocktake(house.keeper, number=take.number, now=NOW)
    approve = [lambda: services.approve_stocktake(house.finance, number=take.number, now=NOW)] * 2
    assert winners(at_once(*approve)) == 1
    assert lies(house) == CountedLine.objects.get().counted
    assert (Stocktake.objects.get().state, queries.find_gaps()) == ("approved", [])
