"""Every write of the warehouse: `stores` and items, `stock` that moves, `stocktakes`, goods that lie too long (`slow`)."""

from aftersales.warehouse.services.slow import decide_slow
from aftersales.warehouse.services.stock import (
    put_away,
    receive_stock,
    release_reservation,
    reserve_stock,
    reverse_move,
    transfer_stock,
)
from aftersales.warehouse.services.stocktakes import (
    approve_stocktake,
    begin_stocktake,
    count_line,
    hand_in_stocktake,
    withdraw_stocktake,
)
from aftersales.warehouse.services.stores import add_item, add_store, edit_item, edit_store

__all__ = [
    "add_item",
    "add_store",
    "approve_stocktake",
    "begin_stocktake",
    "count_line",
    "decide_slow",
    "edit_item",
    "edit_store",
    "hand_in_stocktake",
    "put_away",
    "receive_stock",
    "release_reservation",
    "reserve_stock",
    "reverse_move",
    "transfer_stock",
    "withdraw_stocktake",
]
