from __future__ import annotations

import copy
import tomllib
from importlib import resources

import pytest
from django.utils import translation

from aftersales.catalog import queries
from aftersales.catalog.rules import trades
from aftersales.catalog.rules.labels import label
from aftersales.catalog.rules.tables import ProfileError
from aftersales.core.errors import Missing

FOLDER = resources.files("aftersales.catalog") / "profiles"
LISTS = ("categories", "accessories", "condition", "faults", "causes", "remedies", "quality")


def raw(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


ANSWERS = trades.read_answers("answers.toml", raw("answers.toml"))


def read(data: dict):
    return trades.read_trade("agri.toml", data, ANSWERS)


def test_there_are_four_trades_in_their_order():
    assert [trade.code for trade in queries.list_trades()] == ["agri", "gift", "electronics", "automotive"]
    assert [trade.code for trade in queries.list_trades(["automotive", "gift"])] == ["gift", "automotive"]


def test_each_trade_has_its_own_words():
    with translation.override("zh-hans"):
        words = {trade.code: str(trade.unit) for trade in queries.list_trades()}
        numbers = {trade.code: str(trade.serial_of(trade.categories[0].code).label) for trade in queries.list_trades()}
    assert words == {"agri": "机器", "gift": "产品", "electronics": "设备", "automotive": "车辆"}
    assert numbers == {"agri": "出厂编号", "gift": "批号", "electronics": "串号（IMEI）", "automotive": "车架号（VIN）"}


def test_farm_machinery_is_counted_by_the_categories_of_the_yearly_report():
    with translation.override("zh-hant"):
        names = [str(category.label) for category in queries.get_trade("agri").categories[:4]]
    assert names == ["中大輪拖拖拉機", "水稻收割機", "玉米收割機", "附帶農用機具"]


@pytest.mark.parametrize("code", ["agri", "gift", "electronics", "automotive"])
def test_every_list_of_every_trade_is_there_in_three_languages(code):
    trade = queries.get_trade(code)
    for name in LISTS:
        for item in getattr(trade, name):
            assert all((item.label.source, item.label.zh_hans, item.label.zh_hant)), item.code
            assert "?" not in "".join(item.label.in_all_languages())


@pytest.mark.parametrize("code", ["agri", "gift", "electronics", "automotive"])
def test_every_trade_has_causes_and_remedies_for_each_of_its_symptoms(code):
    trade = queries.get_trade(code)
    assert len(trade.causes) >= 25
    assert len(trade.remedies) >= 25
    explained = {symptom for cause in trade.causes for symptom in cause.of}
    assert {fault.code for fault in trade.faults} - explained <= {"other"}
    answered = {cause for remedy in trade.remedies for cause in remedy.of}
    assert {cause.code for cause in trade.causes} - answered <= {"other"}
    assert trade.cause("other").of == trade.remedy("other").of == ()


def test_every_category_of_the_open_repair_standard_has_its_place():
    aliases = [alias for category in queries.get_trade("electronics").categories for alias in category.aliases]
    assert len(aliases) == len(set(aliases)) == 40


def test_an_unknown_trade_is_missing():
    with pytest.raises(Missing):
        queries.get_trade("bakery")


def test_a_label_reads_in_the_readers_language():
    tractor = label("Tractor", "拖拉机", "拖拉機")
    for language, word in (("zh-hans", "拖拉机"), ("zh-hant", "拖拉機"), ("en", "Tractor")):
        with translation.override(language):
            assert f"{tractor}" == word
    assert tractor.in_language("fr") == "Tractor"


def _without(data: dict, *path: str) -> None:
    for key in path[:-1]:
        data = data[key]
    del data[path[-1]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: _without(data, "icon"), "agri.toml: icon must be a text"),
        (lambda data: data.update(position="1"), "agri.toml: position must be a whole number"),
        (lambda data: data["label"].update(zh_hant=" "), "agri.toml: label.zh_hant must be a text"),
        (lambda data: data.update(serial="nope"), "agri.toml: serial must be one of factory"),
        (
            lambda data: data["serials"]["factory"].update(pattern="[0-9"),
            "agri.toml: serials.factory.pattern must be a regular",
        ),
        (lambda data: data["serials"]["factory"].update(example="!"), "agri.toml: serials.factory.example must fit"),
        (
            lambda data: data["serials"]["factory"].update(one_per="planet"),
            "agri.toml: serials.factory.one_per must be one of",
        ),
        (lambda data: data["plate"].update(kinds=["moon"]), "agri.toml: plate.kinds must be some of"),
        (
            lambda data: data["lists"]["faults"][2].update(code="No Good"),
            r"agri.toml: lists.faults\[2\].code must be small letters",
        ),
        (
            lambda data: data["lists"]["faults"].append(dict(data["lists"]["faults"][0])),
            "agri.toml: lists.faults has the code no-start twice",
        ),
        (
            lambda data: data["lists"]["condition"][0].update(answers="vibes"),
            r"agri.toml: lists.condition\[0\].answers must be one of",
        ),
        (lambda data: data["lists"].update(faults=[]), "agri.toml: lists.faults must be a list with at least one row"),
        (
            lambda data: data["lists"]["causes"][0].update(of=["bad-mood"]),
            r"agri.toml: lists.causes\[0\].of names bad-mood, which is not in the list before",
        ),
        (
            lambda data: data["lists"]["remedies"][0].update(of=["no-start"]),
            r"agri.toml: lists.remedies\[0\].of names no-start",
        ),
        (lambda data: data.update(colour="green"), "agri.toml: colour is not a key"),
        (
            lambda data: data["lists"]["categories"][0].update(colour="red"),
            r"agri.toml: lists.categories\[0\].colour is not a key",
        ),
    ],
)
def test_a_mistake_in_a_profile_is_told_by_file_and_key(change, told):
    data = copy.deepcopy(raw("agri.toml"))
    assert read(data).code == "agri"
    change(data)
    with pytest.raises(ProfileError, match=told):
        read(data)
