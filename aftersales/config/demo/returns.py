"""The gift trade's returns policy in force, two months of returns decided by it, and one question ruled on in a draft."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from aftersales.config.demo.dice import dice
from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.policies import queries, services
from aftersales.policies.services import Case, Consequence, Place

POLICY = "returns"
ZONE = "Asia/Shanghai"
NOTES = {
    "returns": "退货管理制度上线：五十四处疑义先按默认解释执行，逐条裁定。",
    "warranty": "各行业保修条件，按购买日期选版本。",
    "deadlines": "服务期限：铃响、答复、处理、日报、培训。",
    "penalties": "处罚只给范围和决定人，金额由人写明理由后定。",
    "monthly_limits": "月度限额：退货率、透支销售、投诉、培训。",
}
GOODS = (
    ("景德镇茶具 8 件套", "porcelain", 38_800),
    ("锡器茶叶罐", "tin", 21_600),
    ("苏绣团扇", "craft", 9_800),
    ("保温杯礼盒", "practical", 12_800),
    ("手提电话机", "phone", 15_900),
    ("加湿器", "appliance", 16_800),
    ("水晶奖杯", "craft", 24_500),
    ("丝巾礼盒", "practical", 17_200),
    ("落地花瓶", "porcelain", 86_000),
)
CAUSES = (
    ("quality", 30),
    ("transit_damage", 14),
    ("shortage", 10),
    ("wrong_goods_warehouse", 8),
    ("order_error_sales", 7),
    ("wrong_goods_factory", 3),
    ("batch_quality", 4),
    ("no_reason", 13),
    ("normal_adjust", 9),
    ("customer_damage", 4),
)
A_DAY = 5


@dataclass(frozen=True)
class Hands:
    """Who does what with the policy."""

    owner: Actor
    approver: Actor
    clerk: Actor


def decide_returns(
    hands: Hands, report: Callable[[str], object], *, start: datetime, now: datetime, seed: object, per_day: int = A_DAY
) -> None:
    """Have the policy approved before the first day, decide every day's returns, and rule on one question."""
    founded = start - timedelta(days=3)
    for shipped in queries.list_shipped(hands.owner):
        _bring_into_force(hands, shipped.file, founded)
    count = 0
    for at, cases in _days(start, now, seed, per_day):
        count += len(services.decide_many(hands.clerk, policy=POLICY, decision="return", cases=cases, now=at))
    today = clock.local_date(now, ZONE)
    services.rule_question(
        hands.owner,
        policy=POLICY,
        ambiguity="AMB-42",
        reading="",
        reason="客户常忘拍照片，先索取；期限另行商定",
        now=now - timedelta(days=1),
        today=today,
    )
    services.rule_question(
        hands.owner,
        policy=POLICY,
        ambiguity="AMB-03",
        reading="常规工艺品十天内由公司承担，其后由销售解决",
        reason="工艺品易碎，客户常在一周后才陈列",
        consequences=[Consequence(Place("parameters", "craft_days"), {"value": "10"})],
        now=now - timedelta(hours=3),
        today=today,
    )
    report(f"  {count} returns decided by policy, two of its open questions ruled on in a draft")


def _bring_into_force(hands: Hands, file: str, founded: datetime) -> None:
    draft = services.adopt_shipped(hands.owner, file=file, now=founded)
    policy, number, note = draft.policy, draft.number, NOTES[draft.policy]
    services.hand_in(hands.owner, policy=policy, number=number, note=note, now=founded + timedelta(hours=2))
    services.approve(hands.approver, policy=policy, number=number, now=founded + timedelta(days=1))


def _days(start: datetime, now: datetime, seed: object, per_day: int) -> Iterator[tuple[datetime, list[Case]]]:
    at = start
    while at < now - timedelta(days=1):
        random = dice(seed, "returns", at.date())
        cases = [_case(random, at) for _each in range(random.randint(per_day // 2, per_day))]
        if cases:
            yield at, cases
        at += timedelta(days=1)


def _case(random: Random, at: datetime) -> Case:
    name, kind, price = random.choice(GOODS)
    pieces = random.choice((1, 1, 1, 2, 4, 6, 12))
    cause = random.choices([cause for cause, _weight in CAUSES], weights=[weight for _cause, weight in CAUSES])[0]
    days = random.choices((0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 45, 100), weights=(6, 12, 14, 12, 9, 7, 6, 8, 7, 7, 6, 4))[0]
    day = clock.local_date(at, ZONE)
    told: dict[str, Any] = {
        "cause": cause,
        "kind": kind,
        "days_recv": days,
        "days_out": days + random.choice((2, 3, 5, 9)),
        "photo": random.random() < 0.8,
        "condition": "damaged" if cause in {"transit_damage", "customer_damage"} else "intact",
        "stock_class": random.choices(("regular", "seasonal", "custom", "discontinued"), weights=(84, 8, 5, 3))[0],
        "large": price > 80_000,
        "at_carrier": cause == "transit_damage" and random.random() < 0.3,
        "sales_consent": cause not in {"no_reason", "normal_adjust"} or random.random() < 0.7,
    }
    version = queries.version_for(POLICY, day)
    facts = queries.plain(queries.whole(queries.judge_of(version, "return"), told))
    return Case(json.loads(json.dumps(facts)), day, f"{name} × {pieces}", price * pieces)
