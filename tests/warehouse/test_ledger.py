"""Whatever is done, the moves add up to the stock, nothing is below zero, and over all stores the sum is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.django import TestCase

from aftersales.core.errors import Refused
from aftersales.warehouse import queries, services
from aftersales.warehouse.models import Balance, Move
from aftersales.warehouse.rules.moves import Key, deltas, receipt_lines
from tests.factories.staff import NOW
from tests.factories.warehouse import make_warehouse, receive, transfer

AMOUNT = st.integers(0, 12)
ACTS = st.lists(
    st.tuples(st.sampled_from(["receive", "transfer", "back", "reserve", "reverse", "count"]), AMOUNT, AMOUNT),
    max_size=14,
)


class Ledger(TestCase):
    """Stock under any sequence of acts."""

    @given(ACTS)
    @settings(max_examples=20)
    def test_the_moves_add_up_to_the_stock_after_any_acts(self, acts: list[tuple[str, int, int]]) -> None:
        house = make_warehouse()

        def stands() -> Balance:
            return Balance.objects.get(store=house.main, item=house.item)

        def count(counted: int) -> None:
            take = services.begin_stocktake(house.keeper, store="MAIN", now=NOW)
            services.count_line(house.keeper, number=take.number, item=house.item.code, counted=counted, now=NOW)
            services.hand_in_stocktake(house.keeper, number=take.number, now=NOW)
            try:
                services.approve_stocktake(house.finance, number=take.number, now=NOW)
            except Refused:
                services.withdraw_stocktake(house.keeper, number=take.number, now=NOW)
                raise

        def reverse(place: int) -> None:
            moves = list(Move.objects.all())
            if moves:
                chosen = moves[place % len(moves)]
                services.reverse_move(house.keeper, move_id=chosen.pk, reason="x", now=NOW)

        receive(house, 5, reference="FIRST")
        for place, (act, one, other) in enumerate(acts):
            do = {
                "receive": lambda: receive(house, one, counted=other, reference=f"DN-{place}"),  # noqa: B023
                "transfer": lambda: transfer(house, one),  # noqa: B023
                "back": lambda: transfer(house, one, from_store="RET", to_store="MAIN"),  # noqa: B023
                "reserve": lambda: services.reserve_stock(
                    house.keeper,
                    balance_id=stands().pk,
                    quantity=one,  # noqa: B023
                    purpose="x",
                    now=NOW,
                ),
                "reverse": lambda: reverse(one),  # noqa: B023
                "count": lambda: count(one),  # noqa: B023
            }
            try:
                do[act]()
            except Refused:
                continue
        assert queries.find_gaps() == []
        balances = list(Balance.objects.all())
        assert sum(row.quantity for row in balances) == 0
        assert all(row.quantity >= row.reserved >= 0 for row in balances if row.is_inside)
        assert {row.pk: row.reserved for row in balances if row.reserved} == queries.reserved_sums()


@given(stated=st.integers(0, 1000), counted=st.integers(0, 1000))
def test_a_receipt_takes_from_its_source_what_the_paper_states_and_brings_in_what_was_counted(
    stated: int, counted: int
) -> None:
    lines = receipt_lines(source=1, store=2, difference=3, item=4, batch="", stated=stated, counted=counted)
    change = deltas(lines)
    assert (change.get(Key(1, 4), 0), change.get(Key(2, 4), 0)) == (-stated, counted)
    assert sum(change.values()) == 0
    assert all(line.quantity > 0 for line in lines)


@pytest.mark.django_db
def test_a_balance_changed_by_hand_is_found() -> None:
    house = make_warehouse()
    receive(house, 5)
    assert queries.find_gaps() == []
    Balance.objects.filter(store=house.main).update(quantity=6)
    assert [(gap.store, gap.item, gap.kept, gap.moved) for gap in queries.find_gaps()] == [("MAIN", "CUP-01", 6, 5)]
