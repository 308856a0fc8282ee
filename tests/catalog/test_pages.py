from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.catalog.models import Manufacturer, Operation, Part, UnitModel
from tests.factories.catalog import make_category, make_manufacturer, make_model, make_operation, make_part
from tests.factories.staff import make_person

pytestmark = pytest.mark.django_db
NOUNS = ("model", "operation", "part", "manufacturer")


@pytest.fixture
def clerk(client_as):
    return client_as(make_person("资料员", duty="data_clerk"))


@pytest.fixture
def technician(client_as):
    return client_as(make_person("老李", duty="technician"))


@pytest.fixture
def items():
    model = make_model("Mate 60", code="ALN-AL80")
    return {"model": model, "manufacturer": model.manufacturer, "operation": make_operation(), "part": make_part()}


def body(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_shelf_is_listed_searched_and_sorted(technician, items, noun):
    name = str(items[noun]) if noun in {"model", "manufacturer"} else items[noun].name
    url = reverse(f"catalog:{noun}s")
    for query in (
        "",
        "?q=" + name[:4],
        "?sort=name",
        "?sort=-code",
        "?trade=electronics",
        "?category=x&manufacturer=0",
    ):
        response = technician.get(url + query)
        assert response.status_code == 200
        if not query.endswith("=0"):
            assert name in body(response), query
    assert name not in body(technician.get(url + "?q=zzzzzz"))


@pytest.mark.parametrize("noun", NOUNS)
def test_readers_see_items_but_cannot_change_them(technician, items, noun):
    page = technician.get(reverse(f"catalog:{noun}", args=[items[noun].pk]))
    assert page.status_code == 200
    edit, add = reverse(f"catalog:edit_{noun}", args=[items[noun].pk]), reverse(f"catalog:add_{noun}")
    assert edit not in body(page)
    assert technician.get(edit).status_code == 403
    assert technician.post(add, {"name": "x", "code": "x"}).status_code == 403


@pytest.mark.parametrize("noun", NOUNS)
def test_the_form_of_an_item_saves_what_it_shows(clerk, items, noun):
    url = reverse(f"catalog:edit_{noun}", args=[items[noun].pk])
    form = clerk.get(url).context["form"]
    shown = {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}
    shown["is_active"] = "on"
    response = clerk.post(url, shown)
    assert response.headers["Location"] == reverse(f"catalog:{noun}", args=[items[noun].pk])
    before = items[noun].facts()
    items[noun].refresh_from_db()
    assert items[noun].facts() == before
    assert items[noun].version == 2


def test_items_are_added_by_their_forms(clerk):
    category, manufacturer = make_category(), make_manufacturer("联想")
    sent = {
        "manufacturer": {"name": "小米", "other_names": "Xiaomi, Redmi"},
        "model": {"manufacturer": manufacturer.pk, "category": category.pk, "name": "拯救者", "warranty_months": "24"},
        "operation": {"trade": "electronics", "code": "bat-01", "name": "换电池", "hours": "0.75", "rate": "¥120"},
        "part": {"code": "bat-x", "name": "电池", "price": "１２８．５０", "measure": "块"},
    }
    for noun, form in sent.items():
        response = clerk.post(reverse(f"catalog:add_{noun}"), form)
        assert response.status_code == 302, (noun, body(response))
    operation = Operation.objects.get()
    assert (operation.code, operation.standard_minutes, str(operation.price)) == ("BAT-01", 45, "¥90.00")
    assert (Part.objects.get().price.plain, UnitModel.objects.get().warranty_months) == ("128.50", 24)
    assert Manufacturer.objects.filter(name="小米").exists()
    assert ">45" not in body(clerk.get(reverse("catalog:operation", args=[operation.pk])))


def test_what_is_wrong_is_told_at_its_box(clerk):
    make_part("BAT-X", "电池")
    response = clerk.post(reverse("catalog:add_part"), {"code": "bat-x", "name": "别的", "price": "1"})
    assert response.status_code == 422
    assert "already in the catalog" in body(response)
    response = clerk.post(reverse("catalog:add_part"), {"code": "y", "name": "别的", "price": "free"})
    assert response.status_code == 422
    assert "is not an amount" in body(response)
    assert Part.objects.count() == 1


def test_two_edits_at_once_show_both_versions_and_saving_again_stands(clerk):
    part = make_part()
    url = reverse("catalog:edit_part", args=[part.pk])
    form = {"code": part.code, "name": "屏幕", "price": "700", "is_active": "on", "version": "1"}
    clerk.post(url, form)
    response = clerk.post(url, form | {"price": "650"})
    assert response.status_code == 409
    assert "700.00" in body(response)
    assert "650.00" in body(response)
    assert 'name="version" value="2"' in body(response)
    assert clerk.post(url, form | {"price": "650", "version": "2"}).status_code == 302
    part.refresh_from_db()
    assert part.price.plain == "650.00"


def test_a_wrong_field_does_not_overrule_somebody_elses_edit(clerk):
    part = make_part()
    other = make_part("OTHER", "别的")
    url = reverse("catalog:edit_part", args=[part.pk])
    form = {"code": other.code, "name": "屏幕", "price": "700", "is_active": "on", "version": "1"}
    assert 'name="version" value="1"' in body(clerk.post(url, form))


def test_the_trades_page_shows_every_profile(technician):
    page = body(technician.get(reverse("catalog:trades")))
    for shown in (
        "Farm machinery",
        "Gift wholesale",
        "Electronics",
        "Automotive",
        "Rice harvesters",
        "LSVAA4186C2184847",
    ):
        assert shown in page


def test_an_item_that_is_not_there_is_missing(technician):
    assert technician.get(reverse("catalog:part", args=[999])).status_code == 404
