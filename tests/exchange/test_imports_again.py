from __future__ import annotations

import pytest

from aftersales.core import journal, search
from aftersales.customers.models import Address, Customer, Unit
from aftersales.exchange.rules import imports as rules
from tests.exchange.conftest import run_jobs
from tests.exchange.tables import CAR, HEADS, OTHER_VIN, VIN, everything
from tests.factories.customers import make_actor, make_customer, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["gaps", "replace"])
def test_the_same_table_again_changes_nothing(sender, mode):
    rows = [
        HEADS, CAR, ["张三", "13800138000", "上海", "联想", "小新 14", "", "", "笔记本电脑"], ["张三", "13800138000", "", "联想", "小新 14", "", "", "笔记本电脑"],
        ["李四", "13900139000", "苏州", "大疆", "T40", "", "", "其他机械"],
    ]  # fmt: skip
    first = sender.bring_in(rows, "units", mode=mode)
    assert first.counts["customer"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert first.counts["unit"] == {"new": 3, "changed": 0, "unchanged": 0}
    before = everything()
    again = sender.bring_in(rows, "units", mode=mode)
    assert again.state == "checked"
    assert again.counts["customer"] == {"new": 0, "changed": 0, "unchanged": 2}
    assert again.counts["unit"] == {"new": 0, "changed": 0, "unchanged": 3}
    assert "already there" in sender.page(again)
    assert sender.press("start_import", again).status_code == 409
    run_jobs()
    assert everything() == before


def test_an_import_starts_only_when_its_check_is_made(sender):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    assert sender.press("start_import").status_code == 409
    run_jobs()
    assert not Customer.objects.exists()


def test_the_same_rows_in_small_batches_come_to_the_same(sender, monkeypatch):
    monkeypatch.setattr(rules, "BATCH", 1)
    rows = [
        HEADS,
        CAR,
        [*CAR[:2], "上海", "", "", "", "苏A12345", "轿车"],
        ["李四", "13900139000", "", "奥迪", "A4", OTHER_VIN, "", "轿车"],
        CAR,
    ]
    found = sender.bring_in(rows, "units")
    assert found.state == "done"
    assert found.counts == {
        "customer": {"new": 2, "changed": 0, "unchanged": 0},
        "unit": {"new": 2, "changed": 0, "unchanged": 0},
    }
    assert Unit.objects.count() == Customer.objects.count() == 2
    assert set(Address.objects.values_list("text", flat=True)) == {"南京", "上海"}


def test_only_gaps_are_filled_unless_the_table_is_to_be_right(sender):
    known = make_customer("张三", phone="13800138000", contact_name="老王", grade="key")
    rows = [
        ["姓名", "手机", "联系人", "备注", "客户等级", "地址"],
        ["張三", "13800138000", "小李", "新备注", "重要", "南京"],
    ]
    found = sender.bring_in(rows)
    assert found.counts["customer"] == {"new": 0, "changed": 1, "unchanged": 0}
    known.refresh_from_db()
    assert (known.name, known.contact_name, known.note, known.grade, known.version) == (
        "张三",
        "老王",
        "新备注",
        "key",
        2,
    )
    assert [entry.act for entry in journal.entries_of("customer", known.pk)][:2] == ["add_address", "edit"]
    sender.bring_in(rows, mode="replace")
    known.refresh_from_db()
    assert (known.contact_name, known.note, known.grade, known.version) == ("小李", "新备注", "important", 3)


def test_a_customer_is_renamed_by_his_number_only_when_the_table_is_to_be_right(sender):
    known = make_customer("张三", phone="13800138000")
    rows = [["客户编号", "姓名"], [known.number.lower(), "张三丰"]]
    sender.bring_in(rows)
    known.refresh_from_db()
    assert known.name == "张三"
    sender.bring_in(rows, mode="replace")
    known.refresh_from_db()
    assert known.name == "张三丰"
    assert search.keys(make_actor("NJ"), "customer", "张三丰") == [str(known.pk)]


def test_a_known_unit_gets_what_was_missing_and_a_higher_meter(sender):
    owner = make_customer("张三", phone="13800138000")
    car = make_unit(owner, trade="automotive", category="car", serial=VIN, model_text="", meter=100)
    heads = [*HEADS, "里程"]
    sender.bring_in([heads, [*CAR, 50]], "units", mode="replace")
    car.refresh_from_db()
    assert (car.model_text, car.plate, car.meter_reading) == ("大众 帕萨特", "苏A12345", 100)
    sender.bring_in([heads, [*CAR[:4], "高尔夫", *CAR[5:], 300]], "units", mode="gaps")
    car.refresh_from_db()
    assert (car.model_text, car.meter_reading) == ("大众 帕萨特", 100)
    sender.bring_in([heads, [*CAR[:4], "高尔夫", *CAR[5:], 300]], "units", mode="replace")
    car.refresh_from_db()
    assert (car.model_text, car.meter_reading) == ("大众 高尔夫", 300)
    assert [entry.act for entry in journal.entries_of("unit", car.pk)][:2] == ["record_meter", "edit"]


def test_a_model_of_the_catalog_is_recognised(sender):
    from tests.factories.catalog import make_model

    model = make_model()
    trade, code = model.category.trade, model.category.code
    found = sender.bring_in(
        [["姓名", "手机", "品牌", "型号"], ["张三", "13800138000", model.manufacturer.name, model.name.upper()]],
        "units",
        category=f"{trade}/{code}",
    )
    assert found.counts["unit"]["new"] == 1
    assert Unit.objects.get().model == model
