from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from aftersales.catalog import queries, services
from aftersales.catalog.models import Category, Manufacturer, Operation, Part, UnitModel
from aftersales.catalog.permissions import Permission
from aftersales.catalog.rules.prices import hours_of, labour_price, minutes_of
from aftersales.core import journal, search
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.core.money import Money
from tests.factories.catalog import (
    make_categories,
    make_category,
    make_manufacturer,
    make_model,
    make_operation,
    make_part,
)
from tests.factories.staff import NOW

READER = Actor(id="person:1", name="Reader", permissions=frozenset({str(Permission.SEE)}))
NOBODY = Actor(id="person:2", name="Nobody")


@pytest.mark.django_db
def test_profiles_are_installed_once_and_again_without_change():
    assert services.install_profiles(SYSTEM, now=NOW) == 74
    assert services.install_profiles(SYSTEM, now=NOW) == 0
    assert [row.code for row in queries.list_categories("agri")][:3] == [
        "tractor-wheeled",
        "harvester-rice",
        "harvester-corn",
    ]


@pytest.mark.django_db
def test_a_renamed_category_keeps_its_row():
    make_categories()
    kept = Category.objects.get(trade="agri", code="harvester-rice")
    Category.objects.filter(pk=kept.pk).update(name_en="Old name")
    assert services.install_profiles(SYSTEM, now=NOW) == 1
    kept.refresh_from_db()
    assert kept.name_en == "Rice harvesters"
    assert journal.entries_of("category", kept.pk)[0].before["name_en"] == "Old name"


@pytest.mark.django_db
def test_a_foreign_category_finds_its_place():
    make_categories()
    assert queries.find_category_by_alias("electronics", "Hair & beauty item").code == "hair-beauty"
    assert queries.find_category_by_alias("electronics", "Spaceship") is None


@pytest.mark.django_db
def test_without_the_permission_nothing_is_written():
    category, manufacturer = make_category(), make_manufacturer()
    attempts = [
        lambda: services.install_profiles(READER, now=NOW),
        lambda: services.add_manufacturer(READER, name="小米", now=NOW),
        lambda: services.add_model(
            READER, manufacturer_id=manufacturer.pk, category_id=category.pk, name="P70", now=NOW
        ),
        lambda: services.add_operation(
            READER, trade="agri", code="A", name="A", standard_minutes=1, rate=Money(1), now=NOW
        ),
        lambda: services.add_part(READER, code="A", name="A", price=Money(1), now=NOW),
        lambda: services.edit_manufacturer(READER, manufacturer_id=manufacturer.pk, version=1, name="别的", now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    assert Manufacturer.objects.get().name == "华为"
    assert not UnitModel.objects.exists()
    assert not Operation.objects.exists()
    assert not Part.objects.exists()


@pytest.mark.django_db
def test_whoever_may_not_see_the_catalog_gets_no_item():
    part = make_part()
    assert queries.get_part(READER, part.pk) == part
    with pytest.raises(NotPermitted):
        queries.get_part(NOBODY, part.pk)
    with pytest.raises(Missing):
        queries.get_part(READER, part.pk + 1)


@pytest.mark.django_db
def test_models_are_found_by_pinyin_maker_code_and_part_of_a_word():
    model = make_model("Mate 60 Pro", code="aln-al80")
    make_model("小新 14", manufacturer="联想", category="laptop")
    for typed in ("mate", "ALN-AL", "hw", "huawei", "华为", "60 pro", "ate 6"):
        assert queries.find_models(typed, "electronics") == [model], typed
    assert queries.find_models("mate", "agri") == []


@pytest.mark.django_db
def test_a_retired_model_is_not_offered_any_more():
    model = make_model()
    services.edit_model(
        SYSTEM, model_id=model.pk, version=1, manufacturer_id=model.manufacturer_id, category_id=model.category_id,
        name=model.name, is_active=False, now=NOW,
    )  # fmt: skip
    assert queries.find_models("mate") == []
    assert list(queries.list_models(typed="mate")) == [model]


@pytest.mark.django_db
def test_a_renamed_maker_is_found_with_all_his_models():
    model = make_model("M1204", manufacturer="东方红", trade="agri", category="tractor-wheeled")
    services.edit_manufacturer(SYSTEM, manufacturer_id=model.manufacturer_id, version=1, name="一拖东方红", now=NOW)
    assert [hit.title for hit in search.find(SYSTEM, "yituo", kinds=["model"])] == ["一拖东方红 M1204"]


@pytest.mark.django_db
def test_the_same_name_or_code_is_refused_and_the_first_one_stays():
    make_model()
    make_part()
    make_operation()
    for attempt, field in (
        (make_model, "name"),
        (lambda: services.add_manufacturer(SYSTEM, name=" 华为 ", now=NOW), "name"),
        (lambda: make_part("lcd-m60", "别的"), "code"),
        (lambda: make_operation("scr-01", "别的"), "code"),
    ):
        with pytest.raises(Invalid, match="already in the catalog") as refused:
            attempt()
        assert refused.value.field == field
    assert (UnitModel.objects.count(), Part.objects.get().name, Operation.objects.get().name) == (
        1,
        "屏幕总成",
        "更换屏幕",
    )


@pytest.mark.django_db
def test_an_operation_code_may_stand_in_two_trades():
    make_operation("OIL", trade="agri")
    make_operation("OIL", trade="automotive")
    assert Operation.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("attempt", "field"),
    [
        (lambda: make_part(" ", "x"), "code"),
        (lambda: make_part("x", "  "), "name"),
        (lambda: make_part(price=Money(-1)), "price"),
        (lambda: make_operation(standard_minutes=0), "hours"),
        (lambda: make_operation(standard_minutes=60001), "hours"),
        (lambda: make_operation(rate=Money(-1)), "rate"),
        (lambda: make_model(warranty_months=241), "warranty_months"),
        (lambda: make_operation(category_id=make_category("agri", "harvester-rice").pk), "category"),
        (lambda: make_operation(category_id=999_999), "category"),
    ],
)
def test_what_cannot_be_is_refused_at_the_field(attempt, field):
    with pytest.raises(Invalid) as refused:
        attempt()
    assert refused.value.field == field
    assert not Part.objects.exists()
    assert not Operation.objects.exists()
    assert not UnitModel.objects.exists()


@pytest.mark.django_db
def test_two_edits_of_one_part_are_told_of_each_other():
    part = make_part()
    services.edit_part(SYSTEM, part_id=part.pk, version=1, code=part.code, name="屏幕总成", price=Money(70000), now=NOW)
    with pytest.raises(Conflict) as conflict:
        services.edit_part(SYSTEM, part_id=part.pk, version=1, code=part.code, name="屏幕", price=Money(68000), now=NOW)
    told = {difference.label.source: (difference.theirs, difference.yours) for difference in conflict.value.differences}
    assert told == {"Name": ("屏幕总成", "屏幕"), "Price": ("700.00", "680.00")}
    part.refresh_from_db()
    assert (part.price, part.version) == (Money(70000), 2)


@pytest.mark.django_db
def test_an_edit_is_in_the_journal_with_what_changed():
    part = make_part()
    services.edit_part(SYSTEM, part_id=part.pk, version=1, code=part.code, name=part.name, price=Money(70000), now=NOW)
    edited, added = journal.entries_of("part", part.pk)
    assert (added.act, edited.act) == ("add", "edit")
    assert (edited.before, edited.after) == ({"price": "680.00"}, {"price": "700.00"})


@given(st.integers(1, 60_000), st.integers(0, 1_000_00))
def test_labour_is_priced_to_the_nearest_fen(minutes, rate):
    exact = Decimal(rate) * minutes / 60
    assert abs(labour_price(minutes=minutes, rate=Money(rate)).fen - exact) <= Decimal("0.5")


def test_half_a_fen_is_rounded_up():
    assert labour_price(minutes=30, rate=Money(101)) == Money(51)
    assert labour_price(minutes=90, rate=Money(12000)) == Money(18000)


@given(st.integers(1, 60_000))
def test_standard_time_survives_being_shown_in_hours(minutes):
    assert minutes_of(hours_of(minutes)) == minutes
