"""What is prepared before the transaction comes to the same as what is decided within it."""

from __future__ import annotations

import pytest
from django.db import transaction

from aftersales.core import journal, search
from aftersales.core.models import JournalEntry, SearchEntry
from aftersales.customers import services as customers
from aftersales.customers.models import Customer, Unit
from aftersales.customers.services.imports import CustomerImporter
from aftersales.customers.services.imports.ahead import Ahead
from aftersales.exchange.rules import imports as rules
from tests.exchange.conftest import run_jobs
from tests.exchange.tables import CAR, HEADS, OTHER_VIN, VIN, latest
from tests.factories.customers import NOW, make_actor, make_customer, make_unit

pytestmark = pytest.mark.django_db

MORE_HEADS = [*HEADS, "备用电话", "里程", "客户编号", "联系人"]
ROWS = [
    [*CAR, "025-84220000", 100, ""],
    ["李四", "13900139000", "苏州", "联想", "小新 14", "", "", "笔记本电脑", "", "", ""],
    ["李四", "13900139000", "无锡", "联想", "小新 16", "SN-1", "", "笔记本电脑", "", "", ""],
    ["王五", "13600136000", "", "奥迪", "A4", OTHER_VIN, "苏A54321", "轿车", "", 7, ""],
    ["赵六", "13500135000", "", "大疆", "T40", "", "", "其他机械", "13600136000", "", "", "甲"],
    ["赵六", "13500135000", "", "大疆", "T50", "", "", "其他机械", "", "", "", "乙"],
    ["张三", "13800138000", "上海", "联想", "小新 14", "SN-2", "", "笔记本电脑", "", "", ""],
    ["王五", "13600136000", "扬州", "奥迪", "A4", OTHER_VIN, "", "轿车", "", "", ""],
    ["孙七", "13400134000", "", "联想", "小新 16", "SN-3", "", "笔记本电脑", "", "", ""],
]


@pytest.mark.parametrize("batch", [1, 3, 1000])
@pytest.mark.parametrize("mode", ["gaps", "replace"])
def test_prepared_or_not_the_import_comes_to_the_same(sender, monkeypatch, batch, mode):
    monkeypatch.setattr(rules, "BATCH", batch)
    known = make_customer("王五", phone="13600136000")
    make_unit(make_customer("旧主", phone="13300133000"), trade="electronics", category="laptop", serial="SN-9")
    rows = [MORE_HEADS, *ROWS, ["王五", "", "泰州", "", "T50", "", "", "其他机械", "", "", known.number]]
    came_to = []
    for is_prepared in (True, False):
        with transaction.atomic():
            if not is_prepared:
                monkeypatch.setattr(Ahead, "prepare", lambda *_more: None)
            found = sender.bring_in(rows, "units", mode=mode)
            assert found.state == "done", found.problems
            came_to.append((found.counts, _written()))
            transaction.set_rollback(True)
    assert came_to[0] == came_to[1]
    assert came_to[0][0]["customer"] == {"new": 4, "changed": 1, "unchanged": 0}


def _written() -> list[object]:
    """Everything that is there, without ids and numbers, which depend on who came first."""
    return sorted(_of(customer) for customer in Customer.objects.all())


def _of(customer: Customer) -> tuple[str, ...]:
    units = list(customer.units.order_by("serial", "model_text"))
    return (
        customer.name,
        repr({**customer.facts(), "erased_at": customer.erased_at, "version": customer.version}),
        repr(sorted(customer.phones.values_list("number", "typed", "label", "is_main"))),
        repr(sorted(customer.addresses.values_list("text", "label"))),
        repr(list(customer.stations.values_list("station__code", flat=True))),
        repr([(unit.facts(), unit.meter_reading, unit.serial_key, unit.ownerships.count()) for unit in units]),
        repr(_told("customer", customer.pk, without="number")),
        repr([_told("unit", unit.pk, without="owner") for unit in units]),
        repr(_found("customer", customer.pk, without=customer.number)),
        repr([_found("unit", unit.pk, without="-") for unit in units]),
    )


def _told(kind: str, key: int, *, without: str) -> list[object]:
    entries = JournalEntry.objects.filter(kind=kind, key=str(key)).order_by("id")
    return [
        (each.act, each.scope, each.before, sorted((k, v) for k, v in (each.after or {}).items() if k != without))
        for each in entries
    ]


def _found(kind: str, key: int, *, without: str) -> object:
    entry = SearchEntry.objects.get(kind=kind, key=str(key))
    codes = search.know(search.Entry(kind, key, "", codes=[without])).known.split()
    words = sorted(word for word in entry.words.split() if word not in codes)
    return entry.title, entry.detail.replace(without, ""), words


def test_what_was_prepared_is_found_by_its_number_and_tells_of_it(sender):
    sender.bring_in([HEADS, CAR], "units")
    customer, unit = Customer.objects.get(), Unit.objects.get()
    assert search.keys(make_actor("NJ"), "customer", customer.number) == [str(customer.pk)]
    assert search.keys(make_actor("NJ"), "unit", VIN) == [str(unit.pk)]
    assert journal.entries_of("customer", customer.pk)[-1].after["number"] == customer.number
    assert journal.entries_of("unit", unit.pk)[-1].after["owner"] == customer.pk


def test_who_was_registered_at_a_counter_meanwhile_is_not_registered_again(sender, monkeypatch):
    sender.send([HEADS, CAR, ["李四", "13900139000", "", "联想", "小新 14", "", "", "笔记本电脑"]], "units")
    sender.check()
    begin = CustomerImporter.begin_writing

    def begin_after_a_counter(self):
        customers.register_customer(make_actor("NJ"), name="张三", phone="13800138000", now=NOW)
        begin(self)

    monkeypatch.setattr(CustomerImporter, "begin_writing", begin_after_a_counter)
    sender.press("start_import")
    run_jobs()
    assert latest().state == "done"
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["张三", "李四"]
    assert latest().counts["customer"] == {"new": 1, "changed": 1, "unchanged": 0}
    assert Unit.objects.get(serial=VIN).owner.name == "张三"
