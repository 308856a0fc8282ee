"""The requests that are measured, each as a function of its running number."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

Request = Callable[[int], Any]


def _get(path: Callable[[int], str]) -> Callable[[Any], Request]:
    return lambda house: lambda number: house.browser.get(path(number))


def _order_page(house: Any) -> Request:
    numbers = house.numbers
    return lambda number: house.browser.get(reverse("workshop:order", args=[numbers[(number * 7919) % len(numbers)]]))


def _search(house: Any) -> Request:
    words = ("屏幕不亮", "zhang", "漏油", "000", "cj", "电池")
    return lambda number: house.browser.post(reverse("desk:search"), {"q": f"{words[number % len(words)]}"})


def _create(house: Any) -> Request:
    def create(number: int) -> Any:
        return house.browser.post(
            reverse("workshop:receive"),
            {
                "_once": uuid.uuid4().hex,
                "station": house.station,
                "trade": "electronics",
                "phone": f"137{number:08d}",
                "name": "陈静",
                "category": "phone",
                "serial": house.serial(10_000_000 + number),
                "fault": "屏幕不亮,按键失灵",
            },
        )

    return create


def _advance(house: Any) -> Request:
    def advance(number: int) -> Any:
        order = house.received[number]
        return house.browser.post(
            reverse("workshop:diagnose", args=[order]),
            {"_once": uuid.uuid4().hex, "diagnosis": "屏幕排线断裂,更换总成"},
        )

    return advance


READ_REQUESTS: Mapping[str, Callable[[Any], Request]] = {
    "newest list": _get(lambda _n: reverse("workshop:orders")),
    "list by state": _get(lambda _n: reverse("workshop:orders") + "?state=quoted"),
    "board": _get(lambda _n: reverse("workshop:board")),
    "order page": _order_page,
    "search": _search,
    "work by category": _get(lambda _n: reverse("workshop:work_by_category")),
}
WRITE_REQUESTS: Mapping[str, Callable[[Any], Request]] = {"create": _create, "advance a step": _advance}
