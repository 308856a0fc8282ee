"""What was seen at the counter: answers to the checklist, damage marked on the drawing, and how the customer signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import sin
from random import Random
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.config.demo.dice import dice
from aftersales.core.strokes import HEIGHT, WIDTH

LOOKED_AT, MARKED, SIGNED, ON_PAPER = 0.75, 0.6, 0.8, 0.7
DAMAGE = ("scratch", "scratch", "scratch", "dent", "crack", "broken", "stain", "rust", "missing")
NOTES = ("", "", "", "约 3 厘米", "旧伤", "客户已知", "漆面未破")


def see(random: Random, trade: str, category: str, doubtful: Collection[str]) -> dict[str, Any]:
    """What the receptionist writes down of such a unit; `doubtful` are the lines of the checklist that show the trouble."""
    profile = catalog.get_trade(trade)
    condition = {}
    for point in profile.condition_of(category):
        if point.is_required or point.code in doubtful or random.random() < LOOKED_AT:
            condition[point.code] = _answer(random, point, is_doubtful=point.code in doubtful)
    is_worn = any(answer in {"worn", "damaged", "missing"} for answer in condition.values())
    return {
        "condition": condition,
        "marks": _marks(random, trade, category) if is_worn and random.random() < MARKED else [],
        "is_reminded_of_valuables": profile.reminder_of(category) is not None,
        **_sign(random),
    }


def _answer(random: Random, point: Any, *, is_doubtful: bool) -> str:
    usual = next((answer.code for answer in point.answers if answer.is_usual), "")
    bad = [answer.code for answer in point.answers if answer.tone in {"warning", "danger"}] or ["yes"]
    if is_doubtful:
        return str(random.choice(bad))
    if usual:
        return str(usual if random.random() < 0.85 else random.choice([*bad[:1], usual]))
    codes = [answer.code for answer in point.answers]
    if codes == ["yes", "no"]:
        return "no" if random.random() < 0.8 else "yes"
    return str(random.choice(codes[: len(codes) - 1]))


def _marks(random: Random, trade: str, category: str) -> list[Mapping[str, Any]]:
    drawing = catalog.drawing_of(trade, category)
    return [
        {
            "area": area.code,
            "x": area.x,
            "y": area.y,
            "kind": random.choice(DAMAGE),
            "note": random.choice(NOTES),
        }
        for area in random.sample(drawing.areas, random.choice([1, 1, 2, 3]))
    ]


def _sign(random: Random) -> dict[str, Any]:
    if random.random() > SIGNED:
        return {}
    return {"is_signed_on_paper": True} if random.random() > ON_PAPER else {"signature": signature(random)}


def signed_at_handover(taken_by: str) -> dict[str, Any]:
    """The signature of who takes the unit; some sign the printed sheet instead."""
    random = dice("handover", taken_by)
    return {"signature": signature(random)} if random.random() < SIGNED else {}


def signature(random: Random) -> list[list[list[int]]]:
    """Two or three quick strokes that nobody can read."""
    strokes, x = [], random.randint(120, 200)
    for _each in range(random.choice([2, 3])):
        length, high, pace = random.randint(120, 240), random.randint(50, 110), random.uniform(0.05, 0.11)
        middle = random.randint(160, 240)
        strokes.append(
            [
                [min(WIDTH, x + step), min(HEIGHT, max(0, round(middle + high * sin(step * pace) * (1 - step / 400))))]
                for step in range(0, length, 9)
            ]
        )
        x += length + random.randint(-20, 40)
    return strokes
