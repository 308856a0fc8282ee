from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.core import clock
from aftersales.exchange.models import RememberedColumns
from tests.exchange.conftest import Sender, table_of
from tests.exchange.tables import VIN, latest
from tests.factories.staff import make_person

pytestmark = pytest.mark.django_db


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
