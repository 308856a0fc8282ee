"""What names a person is found and replaced, and nothing else."""

from __future__ import annotations

import pytest

from aftersales.core.erasing import Traces, all_words

ZHANG = Traces(
    "CU-1", frozenset({"张国强", "南京市中山路1号", "Li Na"}), frozenset({"+8613800138000", "+862584220000"})
)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("张国强说屏幕不亮", "CU-1说屏幕不亮"),
        ("張國強說", "CU-1說"),
        ("张 国 强", "CU-1"),
        ("张先生来电", "CU-1来电"),
        ("打13800138000", "打CU-1"),
        ("138-0013-8000 / 138 0013 8000", "CU-1 / CU-1"),
        ("+86 13800138000", "CU-1"),
        ("１３８００１３８０００", "CU-1"),
        ("025-84220000转8", "CU-1转8"),
        ("(025) 8422 0000", "(CU-1"),
        ("8422-0000", "CU-1"),
        ("送到南京市中山路1号", "送到CU-1"),
        ("ask li na", "ask CU-1"),
    ],
)
def test_every_way_of_naming_him_is_replaced(text, becomes):
    assert ZHANG.mentioned_in(text)
    assert ZHANG.taken_out(text) == becomes


@pytest.mark.parametrize(
    "text",
    ["", "屏幕不亮", "李先生", "13800138001", "860138001380001", "张江路", "Lina", "CU-1", "linared"],
)
def test_what_does_not_name_him_stays(text):
    assert not ZHANG.mentioned_in(text)
    assert ZHANG.taken_out(text) == text


def test_lists_and_facts_are_looked_through():
    facts = {"lines": [{"text": "张国强", "fen": 5}], "is": True, "on": None}
    assert ZHANG.mentioned_in(facts)
    assert ZHANG.taken_out(facts) == {"lines": [{"text": "CU-1", "fen": 5}], "is": True, "on": None}
    assert not ZHANG.mentioned_in({"fen": 5})


def test_nothing_known_finds_nothing():
    assert not Traces("CU-1").mentioned_in("张国强")
    assert Traces("CU-1", frozenset({"李"})).taken_out("李子") == "李子"


def test_words_are_gathered_without_empty_ones():
    assert all_words(["张三 ", ""], [" "], ["李四"]) == {"张三", "李四"}
