from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from aftersales.core import clock, journal, search
from aftersales.core.models import JournalEntry
from aftersales.customers import services as customers
from aftersales.customers.models import Address, Customer, CustomerStation, Phone, Unit, UnitOwnership
from aftersales.exchange import services
from aftersales.exchange.models import Import, RememberedColumns
from aftersales.exchange.rules import imports as rules
from tests.exchange.conftest import Sender, run_jobs, table_of, workbook
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import NOW, make_manager, make_person, make_station

pytestmark = pytest.mark.django_db
VIN, OTHER_VIN = "LSVAA4186C2184847", "LSVAA4187C2184842"
HEADS = ["姓名", "手机", "地址", "品牌", "机型", "串号", "车牌", "类别"]
CAR = ["张三", "13800138000", "南京", "大众", "帕萨特", VIN, "苏A12345", "轿车"]


def latest() -> Import:
    return Import.objects.latest("id")


def sentences(found: Import) -> list[str]:
    return [str(problem["sentence"]["source"]) for row in found.problems for problem in row["problems"]]


def everything() -> list[object]:
    """All that an import may write, for saying that nothing changed."""
    tables = (Customer, Phone, Address, CustomerStation, Unit, UnitOwnership)
    rows: list[object] = [list(table.objects.order_by("pk").values()) for table in tables]
    return [*rows, JournalEntry.objects.exclude(kind__in=["list", "table"]).count()]


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


# The same again, and more of the same


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


# Problems


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


# Columns


def test_headings_of_the_trade_are_understood_in_three_languages(sender):
    for heads in (
        ["车主姓名", "联系电话", "车牌号码", "车架号", "车型", "品牌", "行驶里程"],
        ["車主", "行動電話", "車牌號", "車架號（VIN）", "車型", "廠牌", "里程"],
        ["Owner", "Mobile", "Plate number", "VIN", "Model", "Brand", "Mileage"],
        ["客户 姓名*", "手 机(必填)", "车牌", "VIN码", "型号", "品牌名称", "公里数"],
    ):
        sender.send([heads, ["张三", "13800138000", "苏A12345", VIN, "帕萨特", "大众", 3]], "units")
        page = sender.browser.get(reverse("exchange:import", args=[latest().token]))
        form = page.context["columns_form"]
        assert [form[name].value() for name in form.fields] == [
            "name",
            "phone",
            "plate",
            "serial",
            "model",
            "brand",
            "meter",
        ]


def test_the_choice_of_columns_is_remembered_for_the_same_person_and_headings(sender, client_as):
    heads = ["甲", "乙", "丙"]
    sender.send([heads, ["张三", "13800138000", "x"]])
    sender.check("name", "phone", "", mode="replace")
    sender.send([[" 甲 ", "乙（新）", "丙"], ["李四", "13900139000", "y"]])
    page = sender.browser.get(reverse("exchange:import", args=[latest().token]))
    form = page.context["columns_form"]
    assert [form[name].value() for name in form.fields] == ["name", "phone", ""]
    assert page.context["options_form"]["mode"].value() == "replace"
    other = Sender(client_as(make_person(duty="data_clerk", now=clock.now())))
    other.send([heads, ["王五", "13700137000", "z"]])
    form = other.browser.get(reverse("exchange:import", args=[latest().token])).context["columns_form"]
    assert [form[name].value() for name in form.fields] == ["", "", ""]
    assert RememberedColumns.objects.count() == 1


@pytest.mark.parametrize("columns", [("name", "name"), ("", "phone"), ("nonsense", "phone")])
def test_columns_chosen_twice_or_left_out_are_refused(sender, columns):
    sender.send([["甲", "乙"], ["张三", "13800138000"]])
    assert sender.check(*columns).status_code == 422
    assert latest().state == "mapping"


def test_the_template_is_understood_without_choosing_anything(sender):
    for code in ("customers", "units"):
        data = b"".join(sender.browser.get(reverse("exchange:import_template", args=[code])).streaming_content)
        heads = table_of(data)[0]
        assert "Name*" in heads
        sender.send([heads, ["张三", "13800138000"]], code)
        page = sender.browser.get(reverse("exchange:import", args=[latest().token]))
        form = page.context["columns_form"]
        keys = [form[name].value() for name in form.fields]
        assert "" not in keys
        assert len(set(keys)) == len(heads)


# Sending


def test_what_is_no_table_is_refused_in_the_form_and_nothing_is_kept(sender, files):
    answer = sender.send(b"%PDF-1.7\n\x01\x02\x03", name="a.pdf")
    assert answer.status_code == 422
    assert "neither an Excel workbook nor a CSV" in answer.content.decode()
    assert not Import.objects.exists()
    assert list(files.iterdir()) == []
    assert sender.send(b"", name="a.csv").status_code == 422


def test_a_table_sent_twice_by_a_double_click_is_kept_once(sender):
    for _each in range(2):
        sender.send([["姓名", "手机"], ["张三", "13800138000"]], once="the-very-same-key-001")
    assert Import.objects.count() == 1


def test_nobody_else_sees_the_table_not_even_the_manager(sender, client_as):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    found = latest()
    other = Sender(client_as(make_manager(now=clock.now())))
    assert other.browser.get(reverse("exchange:import", args=[found.token])).status_code == 404
    assert other.browser.get(reverse("exchange:import_problems", args=[found.token])).status_code == 404
    for verb in ("look_again", "check_import", "start_import", "stop_import", "reopen_import", "discard_import"):
        assert other.press(verb, found).status_code == 404
    assert latest() == found


@pytest.mark.parametrize("duty", ["service_advisor", "technician", "auditor"])
def test_who_may_not_import_cannot(client_as, duty):
    browser = client_as(make_person(duty=duty, now=clock.now()))
    assert browser.get(reverse("exchange:imports")).status_code == 403
    assert Sender(browser).send([["姓名"], ["张三"]]).status_code == 403
    assert not Import.objects.exists()


def test_who_lost_the_duty_meanwhile_imports_nothing(sender, client_as):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    sender.check()
    sender.press("start_import")
    Import.objects.update(person_id=make_person(duty="auditor", now=clock.now()).pk)
    run_jobs()
    assert latest().state == "failed"
    assert not Customer.objects.exists()


# Stopping, going back, throwing away


@pytest.mark.parametrize(("press", "before"), [("check_import", "checking"), ("start_import", "importing")])
def test_work_can_be_stopped_and_leaves_nothing_behind(sender, press, before):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    if press == "start_import":
        sender.check()
        sender.press(press)
    else:
        sender.press(press, column_0="name", column_1="phone", mode="gaps")
    assert latest().state == before
    assert "Waits for the worker" in sender.page()
    sender.press("stop_import")
    run_jobs()
    assert latest().state == "stopped"
    assert not Customer.objects.exists()
    assert not JournalEntry.objects.filter(kind="table").exists()
    sender.press("reopen_import")
    sender.check()
    sender.press("start_import")
    run_jobs()
    assert Customer.objects.count() == 1


def test_an_import_that_broke_in_the_middle_is_done_once_when_it_is_run_again(sender, monkeypatch):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    sender.check()
    sender.press("start_import")
    now = clock.now()
    with monkeypatch.context() as broken:
        broken.setattr(journal, "record", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.run_import(latest().token, now=now)
    assert not Customer.objects.exists()
    assert latest().state == "importing"
    for _each in range(2):
        services.run_import(latest().token, now=now)
    assert Customer.objects.count() == 1
    assert len(journal.entries_of("table", "customers")) == 1


def test_what_changed_since_the_check_keeps_all_out(sender):
    sender.send([HEADS, CAR, ["李四", "13900139000", "", "", "A4", OTHER_VIN, "", "轿车"]], "units")
    sender.check()
    sender.press("start_import")
    other = make_customer("王五")
    make_unit(other, trade="automotive", category="car", serial=OTHER_VIN)
    before = everything()
    run_jobs()
    assert latest().state == "failed"
    assert "Since the check something has changed" in sender.page()
    assert everything() == before


def test_a_table_can_be_thrown_away_and_is_cleared_after_a_week(sender, files):
    sender.send([["姓名", "手机"], ["张三", ""]])
    sender.check()
    assert len(list(files.iterdir())) == 2
    sender.press("discard_import")
    assert list(files.iterdir()) == []
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    services.clear_imports(now=clock.now() + timedelta(days=6))
    assert Import.objects.count() == 1
    services.clear_imports(now=clock.now() + timedelta(days=8))
    assert not Import.objects.exists()
    assert list(files.iterdir()) == []


def test_progress_is_a_part_of_the_page_for_htmx(sender):
    sender.send([["姓名", "手机"], ["张三", "13800138000"]])
    sender.press("check_import", column_0="name", column_1="phone", mode="gaps")
    part = sender.browser.get(
        reverse("exchange:import", args=[latest().token]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert "every 1s" in part
    run_jobs()
    whole = sender.browser.get(
        reverse("exchange:import", args=[latest().token]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" in whole  # a whole page: the script opens it


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
