from __future__ import annotations

from datetime import date

import pytest

from aftersales.core import journal, search
from aftersales.customers import services as customers
from aftersales.customers.models import Address, Customer, Unit, UnitOwnership
from tests.exchange.conftest import run_jobs, table_of, workbook
from tests.exchange.tables import CAR, HEADS, OTHER_VIN, VIN, latest
from tests.factories.customers import make_actor
from tests.factories.staff import NOW, make_station

pytestmark = pytest.mark.django_db


# What comes in


def test_customers_come_in_with_number_journal_and_search(sender):
    found = sender.bring_in(
        [
            ["姓名", "手机", "地址", "备用电话", "备注"],
            ["张三", 13800138000, " 南京 ", "025-84220000", "老客户"],
            ["李四", "139 0013 9000"],
        ]
    )
    assert (found.state, found.counts) == ("done", {"customer": {"new": 2, "changed": 0, "unchanged": 0}})
    made = Customer.objects.get(name="张三")
    assert made.number.startswith("CU-NJ-")
    assert (made.note, made.kind, made.home_station.code) == ("老客户", "person", "NJ")
    assert list(made.phones.order_by("pk").values_list("number", "is_main")) == [
        ("+8613800138000", True),
        ("+862584220000", False),
    ]
    assert list(made.addresses.values_list("text", flat=True)) == ["南京"]
    told = journal.entries_of("customer", made.pk)
    assert [entry.act for entry in reversed(told)] == ["register", "add_phone", "add_address"]
    assert (told[-1].actor_name, told[-1].after["phone"]) == ("小周", "+8613800138000")
    for typed in ("zhangsan", "138001", "张三"):
        assert search.keys(make_actor("NJ"), "customer", typed) == [str(made.pk)]
    (run,) = journal.entries_of("table", "customers")
    assert run.act == "import"
    assert run.after == {"file": "表.xlsx", "rows": 3, "customer": {"new": 2, "changed": 0, "unchanged": 0}}


def test_units_come_in_with_their_customers(sender):
    rows = [
        [*HEADS, "购车日期", "里程"],
        [*CAR, date(2024, 3, 5).isoformat(), 52000],
        ["张三", "13800138000", "", "联想", "小新 14", "SN1234567", "", "笔记本电脑", 45293, ""],
    ]
    found = sender.bring_in(rows, "units")
    assert found.counts == {
        "customer": {"new": 1, "changed": 0, "unchanged": 0},
        "unit": {"new": 2, "changed": 0, "unchanged": 0},
    }
    car, laptop = Unit.objects.order_by("pk")
    assert (car.serial, car.plate, car.model_text, car.trade) == (VIN, "苏A12345", "大众 帕萨特", "automotive")
    assert (car.purchased_on, car.meter_reading) == (date(2024, 3, 5), 52000)
    assert (laptop.purchased_on, laptop.serial_key) == (date(2024, 1, 2), "electronics/laptop/SN1234567")
    assert car.owner == laptop.owner == Customer.objects.get()
    assert list(UnitOwnership.objects.values_list("unit", "customer", "until_at")) == [
        (car.pk, car.owner_id, None),
        (laptop.pk, car.owner_id, None),
    ]
    (entry,) = journal.entries_of("unit", car.pk)
    assert (entry.act, entry.after["owner"], entry.after["meter"]) == ("register", car.owner_id, 52000)
    assert search.keys(make_actor("NJ"), "unit", "A12345") == [str(car.pk)]


def test_the_category_may_be_chosen_for_the_whole_table(sender):
    found = sender.bring_in(
        [["车主", "电话", "车架号"], ["张三", "13800138000", VIN]], "units", category="automotive/car"
    )
    assert found.counts["unit"]["new"] == 1
    assert Unit.objects.get().category.code == "car"


def test_the_first_rows_are_shown_as_they_will_be_stored(sender):
    sender.send([HEADS, CAR], "units")
    sender.check()
    (row,) = latest().stored
    assert (row["number"], row["effects"]) == (2, {"customer": "new", "unit": "new"})
    assert (row["stored"]["category"], row["stored"]["phone"]) == ("Cars", "13800138000")
    sender.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    sender.send([HEADS, CAR], "units")
    sender.check()
    assert latest().stored[0]["stored"]["category"] == "轿车"


def test_what_a_table_of_gbk_says_comes_in_right(sender):
    data = "姓名,手机,地址\r\n欧阳娜娜,13800138000,南京市鼓楼区\r\n".encode("gbk")
    sender.bring_in(data)
    assert Customer.objects.get().name == "欧阳娜娜"
    assert Address.objects.get().text == "南京市鼓楼区"


def test_an_uncertain_encoding_is_asked_about_and_nothing_is_stored_before(sender):
    sender.send("name,phone\r\n陈刚,13800138000\r\n".encode("gbk"), name="a.csv")
    assert "In which encoding was this file written?" in sender.page()
    assert sender.check().status_code == 422
    assert latest().state == "mapping"
    sender.press("look_again", encoding="gb18030", head_row=1)
    assert "陈刚" in sender.page()
    assert sender.check().status_code == 302
    sender.press("start_import")
    run_jobs()
    assert Customer.objects.get().name == "陈刚"


def test_a_title_above_the_headings_is_passed_over(sender):
    found = sender.bring_in([["客户资料表"], [], ["姓名", "手机"], ["张三", "13800138000"]])
    assert (found.head_row, found.counts["customer"]["new"]) == (3, 1)


def test_a_table_without_headings_comes_in_with_columns_chosen_by_hand(sender):
    sender.send([["张三", "13800138000"], ["李四", "13900139000"]])
    sender.press("look_again", head_row=0)
    sender.check("name", "phone")
    assert latest().counts["customer"]["new"] == 2


def test_the_sheet_may_be_chosen(sender, tmp_path):
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("说明").write_string(0, 0, "请看第二页")
    sheet = book.add_worksheet("客户")
    sheet.write_row(0, 0, ["姓名", "手机"])
    sheet.write_row(1, 0, ["张三", "13800138000"])
    book.close()
    sender.send((tmp_path / "a.xlsx").read_bytes())
    sender.press("look_again", sheet=1, head_row=1)
    sender.check()
    assert latest().counts["customer"]["new"] == 1


# The same as by hand


def test_an_import_does_what_registering_by_hand_does(sender):
    make_station("NJ")
    sender.bring_in([[*HEADS, "里程"], [*CAR, 100]], "units")
    imported = Unit.objects.select_related("owner").get()
    by_hand = customers.register_customer(make_actor("NJ"), name="张三", phone="13700137000", now=NOW)
    customers.add_address(make_actor("NJ"), customer_id=by_hand.pk, text="南京", now=NOW)
    other = customers.register_unit(
        make_actor("NJ"),
        customer_id=by_hand.pk,
        facts=customers.UnitFacts("automotive", "car", model_text="大众 帕萨特", serial=OTHER_VIN, plate="苏A54321"),
        meter=100,
        now=NOW,
    )
    other.refresh_from_db()
    differs = {"id", "number", "created_at", "serial", "serial_key", "plate", "owner_id", "meter_at"}

    def facts(row):
        return {name: value for name, value in vars(row).items() if name not in differs and not name.startswith("_")}

    assert facts(imported) == facts(other)
    assert facts(Customer.objects.get(pk=imported.owner_id)) == facts(Customer.objects.get(pk=by_hand.pk))
    told = [
        [(entry.act, sorted(entry.after or {}), entry.scope) for entry in journal.entries_of(kind, key)]
        for kind, key in (
            ("customer", imported.owner_id),
            ("customer", by_hand.pk),
            ("unit", imported.pk),
            ("unit", other.pk),
        )
    ]
    assert told[0] == told[1]
    assert told[2] == told[3]


def test_workbooks_of_these_tests_keep_what_is_typed():
    assert table_of(workbook([["=1", 1]])) == [["=1", 1]]
