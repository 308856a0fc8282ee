"""The gift trade's stores with goods in them: deliveries short and right, transfers, what lies too long, a stocktake approved and one open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from aftersales.core.actor import Actor
from aftersales.core.money import Money
from aftersales.warehouse import queries, services

STATION = "SUZ"
STORES = (
    ("SUZ-MAIN", "苏州大仓", "main", STATION),
    ("SUZ-RET", "苏州退货仓", "returns", STATION),
    ("SUZ-QUA", "苏州隔离仓", "quarantine", STATION),
    ("SUZ-PART", "苏州配件仓", "parts", STATION),
    ("ROAD", "在途", "transit", ""),
    ("FACTORY", "返厂在外", "factory", ""),
)
GOODS = (
    ("JDZ-TEA-8", "景德镇茶具 8 件套", "套", 21_800, "none", "A-01-1"),
    ("XQ-CAN-01", "锡器茶叶罐", "个", 11_600, "batch", "A-01-2"),
    ("SX-FAN-02", "苏绣团扇", "把", 4_800, "none", "A-02-1"),
    ("BW-CUP-GB", "保温杯礼盒", "盒", 6_800, "batch", "A-02-2"),
    ("DH-PH-900", "手提电话机", "台", 9_900, "serial", "B-01-1"),
    ("SJ-CUP-05", "水晶奖杯", "座", 12_500, "none", "B-02-1"),
    ("SJ-SILK-3", "丝巾礼盒", "盒", 8_200, "none", "B-02-2"),
    ("LD-VASE-L", "落地花瓶", "只", 46_000, "none", "C-01-1"),
)
BATCHES = {"XQ-CAN-01": "B2026-04", "BW-CUP-GB": "B2026-05"}


class Hands:
    """Who does what in the store."""

    def __init__(self, actors: Mapping[str, Actor]) -> None:
        self.manager = actors["shen.guoping"]
        self.keeper = actors["mao.linsheng"]
        self.clerk = actors["shao.weihong"]
        self.buyer = actors["qian.wenbin"]
        self.finance = actors["liu.suzhen"]


def fill_stores(hands: Hands, report: Callable[[str], object], *, founded: datetime, now: datetime) -> None:
    """The stores, what came in, went out and lies there."""
    for code, name, kind, station in STORES:
        services.add_store(hands.manager, code=code, name=name, kind=kind, station=station, now=founded)
    for place, (code, name, measure, cost, tracking, _bin) in enumerate(GOODS):
        services.add_item(
            hands.keeper,
            code=code,
            name=name,
            trade="gift",
            measure=measure,
            cost=Money(cost),
            tracking=tracking,
            now=founded,
        )
        for at, reference, stated, counted in _deliveries(place, founded, now):
            _deliver(hands, place, reference, stated, counted, at)
    _send_about(hands, now)
    _count(hands, now)
    slow = sorted(queries.list_slow(hands.buyer, days=60, now=now), key=lambda row: row.value, reverse=True)
    if slow:
        reason = "厂家答应按进价七折收回，下月随车退。"
        services.decide_slow(hands.buyer, balance_id=slow[0].pk, handling="return", reason=reason, now=now)
    report(f"  {len(STORES)} stores with {len(GOODS)} items, {len(slow)} of them lying for more than sixty days")


def _deliveries(place: int, founded: datetime, now: datetime) -> Iterator[tuple[datetime, str, int, int]]:
    """Everything came once at the beginning; most of it again last week, once two short."""
    yield founded + timedelta(hours=2, minutes=place), "SH-0001", 24, 24
    if place not in {5, 7}:
        counted = 22 if place == 2 else 24
        yield now - timedelta(days=6, minutes=60 - place), "SH-0042", 24, counted


def _deliver(hands: Hands, place: int, reference: str, stated: int, counted: int, at: datetime) -> None:
    code, _name, _measure, _cost, tracking, bin_ = GOODS[place]
    pieces = [(f"PH900-{reference[-2:]}{each:02d}", 1, 1) for each in range(1, 7)]
    batches = pieces if tracking == "serial" else [(BATCHES.get(code, ""), stated, counted)]
    for batch, said, found in batches:
        services.receive_stock(
            hands.keeper,
            store="SUZ-MAIN",
            source="supplier",
            reference=reference,
            item=code,
            batch=batch,
            stated=said,
            counted=found,
            bin=bin_,
            now=at,
        )


def _send_about(hands: Hands, now: datetime) -> None:
    at = now - timedelta(days=3)
    for origin, goal, code, batch, quantity, note in (
        ("SUZ-MAIN", "customer", "JDZ-TEA-8", "", 9, "销售出库"),
        ("SUZ-MAIN", "customer", "BW-CUP-GB", "B2026-05", 12, "销售出库"),
        ("SUZ-MAIN", "SUZ-RET", "SX-FAN-02", "", 3, "包装受潮"),
        ("SUZ-MAIN", "SUZ-QUA", "XQ-CAN-01", "B2026-04", 6, "批次疑有砂眼，待复检"),
        ("SUZ-RET", "FACTORY", "SX-FAN-02", "", 2, "返厂换面料"),
        ("SUZ-MAIN", "ROAD", "SJ-SILK-3", "", 4, "调往总部陈列"),
    ):
        services.transfer_stock(
            hands.keeper, from_store=origin, to_store=goal, item=code, batch=batch, quantity=quantity, note=note, now=at
        )
    [tea] = queries.list_stock(hands.keeper, typed="JDZ-TEA-8", store="SUZ-MAIN")
    services.reserve_stock(hands.keeper, balance_id=tea.pk, quantity=5, purpose="锦绣礼品 中秋订单", now=at)


def _count(hands: Hands, now: datetime) -> None:
    """The returns store was counted and approved; in the main store people are counting."""
    at = now - timedelta(days=2)
    take = services.begin_stocktake(hands.clerk, store="SUZ-RET", note="月末盘点", now=at)
    services.count_line(hands.clerk, number=take.number, item="SX-FAN-02", counted=2, now=at)
    services.hand_in_stocktake(hands.clerk, number=take.number, now=at)
    services.approve_stocktake(hands.finance, number=take.number, now=at + timedelta(hours=3))
    open_one = services.begin_stocktake(hands.keeper, store="SUZ-MAIN", note="季度盘点", now=now - timedelta(hours=2))
    for code, counted in (("JDZ-TEA-8", 39), ("SX-FAN-02", 42), ("LD-VASE-L", 24)):
        services.count_line(
            hands.clerk, number=open_one.number, item=code, counted=counted, now=now - timedelta(hours=1)
        )
