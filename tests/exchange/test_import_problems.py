from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.core import journal, search
from aftersales.customers.models import Customer, Phone, Unit
from aftersales.exchange.rules import imports as rules
from tests.exchange.conftest import run_jobs, table_of
from tests.exchange.tables import CAR, HEADS, OTHER_VIN, VIN, everything, latest, sentences
from tests.factories.customers import make_actor, make_customer, make_unit

pytestmark = pytest.mark.django_db


def test_one_bad_row_keeps_all_out_and_comes_back_with_what_to_do(sender):
    before = everything()
    sender.send([["姓名", "手机"], ["张三", "13800138000"], ["", "12"], ["王五", "1.38E+10"], ["赵六", ""]])
    sender.check()
    found = latest()
    assert (found.state, found.problem_rows, found.may_start) == ("checked", 3, False)
    assert found.counts["customer"]["new"] == 1
    page = sender.page()
    assert "3 rows have problems" in page
    assert "Write the customer&#x27;s name." in page
    assert sender.press("start_import").status_code == 409
    run_jobs()
    assert everything() == before
    data = b"".join(sender.browser.get(reverse("exchange:import_problems", args=[found.token])).streaming_content)
    heads, *rows = table_of(data)
    assert heads == ["Row", "What to do", "姓名", "手机"]
    assert [row[0] for row in rows] == [3, 4, 5]
    assert "Write the customer's name." in rows[0][1]
    assert "is not a telephone number" in rows[0][1]
    assert "Format the column as text" in rows[1][1]
    assert (rows[1][2], rows[1][3]) == ("王五", "1.38E+10")
    assert "Write a telephone number" in rows[2][1]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["张三", "13800138000", "", "", "", "LSV", "", "轿车"], "does not have the form"),
        (["张三", "13800138000", "", "", "", VIN, "XX123", "轿车"], "is not a Chinese plate"),
        (["张三", "13800138000", "", "", "", VIN, "", "飞机"], "is not a category of the catalog"),
        (["张三", "13800138000", "", "", "", VIN, "", ""], "is not a category of the catalog"),
        (["张三", "13800138000", "", "", "", "", "", "轿车"], "Write at least the serial number"),
        (["张三", "13800138000", "", "", "T40", "", "苏A12345", "笔记本电脑"], "carry no plate"),
        (["", "13800138000", "", "", "T40", "", "", "笔记本电脑"], "Write the customer's name."),
        (["张三", "13800138000", "长" * 201, "", "T40", "", "", "笔记本电脑"], "at most"),
        (["张三", 13800138000123456, "", "", "T40", "", "", "笔记本电脑"], "shortened"),
    ],
)
def test_a_row_that_cannot_be_is_told_why(sender, row, sentence):
    sender.send([HEADS, row], "units")
    sender.check()
    assert latest().problem_rows == 1, latest().problems
    assert any(sentence in each for each in sentences(latest())), sentences(latest())
    assert not Customer.objects.exists()


def test_a_unit_under_another_owner_is_not_moved(sender):
    other = make_customer("李四", phone="13900139000")
    car = make_unit(other, trade="automotive", category="car", serial=VIN, plate="苏A12345")
    sender.send([HEADS, CAR, ["王五", "13700137000", "", "", "高尔夫", "", "苏A12345", "轿车"]], "units")
    sender.check()
    assert latest().problem_rows == 2
    assert "李四" in sender.page()
    car.refresh_from_db()
    assert car.owner == other


def test_of_another_stations_unit_only_that_it_is_taken_is_said(sender):
    far = make_customer("远方的人", phone="13900139000", station="SZ")
    make_unit(far, trade="automotive", category="car", serial=VIN)
    sender.send([HEADS, CAR], "units")
    sender.check()
    assert "already on another unit" in sentences(latest())[0]
    assert "远方的人" not in sender.page()


def test_a_customer_of_another_station_is_known_by_number_and_name_together_only(sender):
    far = make_customer("张三", phone="13800138000", station="SZ")
    found = sender.bring_in([["姓名", "手机"], ["张三", "13800138000"], ["李四", "13800138000"]])
    assert found.counts["customer"] == {"new": 1, "changed": 1, "unchanged": 0}
    assert set(far.stations.values_list("station__code", flat=True)) == {"SZ", "NJ"}
    assert search.keys(make_actor("NJ"), "customer", "张三") == [str(far.pk)]
    assert journal.entries_of("customer", far.pk)[0].act == "welcome"


def test_the_number_of_another_stations_customer_is_not_known_here(sender):
    far = make_customer("远方", station="SZ")
    sender.send([["客户编号", "姓名"], [far.number, "远方"]])
    sender.check()
    assert sentences(latest()) == ["No customer at your stations has this number. Correct it, or leave it empty."]


@pytest.mark.parametrize("batch", [1, 1000])
def test_two_rows_that_contradict_each_other_are_told_of_each_other(sender, monkeypatch, batch):
    monkeypatch.setattr(rules, "BATCH", batch)
    rows = [
        HEADS,
        CAR,
        ["李四", "13900139000", "", "", "", VIN, "", "轿车"],
        ["张三", "13800138000", "", "", "", OTHER_VIN, "苏A12345", "轿车"],
    ]
    sender.send(rows, "units")
    sender.check()
    assert latest().problem_rows == 2
    assert "Row 2 of this table" in sender.page()
    assert not Unit.objects.exists()


def test_a_merged_customer_is_known_under_the_one_he_became(sender):
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("张山", phone="13900139000")
    Phone.objects.filter(customer=gone).update(customer=kept, is_main=False)
    Customer.objects.filter(pk=gone.pk).update(merged_into=kept)
    found = sender.bring_in([["姓名", "手机"], ["张山", "13900139000"]])
    assert found.counts["customer"] == {"new": 0, "changed": 0, "unchanged": 1}
