"""Candidates from the index: bounded, scoped, by words and marks."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from aftersales.core import search, search_near
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.models import SearchEntry
from aftersales.core.search_words import Probe, Word, mark_word, text_words
from aftersales.core.text import text

CLERK = Actor(id="person:1", name="小李", permissions=frozenset({"t:case:see"}), scopes=frozenset({"NJ"}))


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(search, "_kinds", {})
    search.register_kind("case", permission="t:case:see", label=text("Case"), url_name="x")
    search.register_kind("memo", permission="t:memo:see", label=text("Memo"), url_name="x")
    search_near.forget_sample()


def keep(key: int, told: str, *, kind: str = "case", scope: str = "NJ", marks: tuple[str, ...] = ()) -> None:
    search.index(kind, key, title=told[:20], texts=[told], scopes=[scope], marks=marks)


def found(*probes: Probe, actor: Actor = SYSTEM, **options: int) -> list[str]:
    return [one.key for one in search_near.candidates(actor, ("case",), probes, **options)]


def test_a_probe_finds_what_has_all_its_words_whichever_script_they_are_written_in(db):
    keep(1, "屏幕不亮，按键失灵")
    keep(2, "螢幕不亮")
    keep(3, "按鍵失靈")
    assert found(Probe(tuple(text_words("按鍵失靈")[:2]))) == ["3", "1"]
    assert found(Probe(("不亮",))) == ["2", "1"]


def test_a_longer_latin_word_is_found_by_its_beginning_and_a_short_one_is_not(db):
    keep(1, "water leaking from the tank")
    keep(2, "nothing happens")
    assert found(Probe(("leak",))) == ["1"]
    assert found(Probe(("no",))) == []


def test_of_each_group_of_marks_one_suffices_and_no_typed_word_finds_a_mark(db):
    keep(1, "不亮", marks=("category:Mobile",))
    keep(2, "不亮", marks=("category:electronics/phone", "brand:Nokia"))
    keep(3, "不亮", marks=("category:Lamp",))
    phones = ("category:mobile", "category:electronics/phone")
    assert found(Probe(("不亮",), (phones,))) == ["2", "1"]
    assert found(Probe(("不亮",), (phones, ("brand:nokia",)))) == ["2"]
    assert search.keys(SYSTEM, "case", "category") == search.keys(SYSTEM, "case", mark_word("brand:nokia")) == []


def test_nobody_sees_another_places_records_or_a_kind_he_may_not_see(db):
    keep(1, "不亮", scope="NJ")
    keep(2, "不亮", scope="WX")
    keep(3, "不亮", kind="memo")
    assert found(Probe(("不亮",)), actor=CLERK) == ["1"]
    assert search_near.candidates(CLERK, ("memo",), [Probe(("不亮",))]) == []
    nobody = Actor(id="person:2", name="小王", permissions=frozenset(), scopes=frozenset({"NJ"}))
    assert found(Probe(("不亮",)), actor=nobody) == []


def test_each_probe_brings_its_newest_few_and_all_of_them_together_no_more_than_asked(db):
    for key in range(1, 31):
        keep(key, "不亮" if key % 2 else "不亮 漏油")
    assert found(Probe(("不亮",)), each=3) == ["30", "29", "28"]
    several = [Probe(("漏油",)), Probe(("不亮",))]
    assert found(*several, each=4) == ["30", "28", "29", "26", "24", "27"]
    assert len(found(*several, each=40, most=7)) == 7


def test_the_number_of_questions_to_the_database_depends_on_nothing(db):
    keep(1, "不亮 漏油 异响")
    probes = [Probe((word,)) for word in ("不亮", "漏油", "异响")]
    found(*probes)
    with CaptureQueriesContext(connection) as few:
        found(probes[0])
    for key in range(2, 40):
        keep(key, "不亮 漏油 异响")
    found(*probes)
    with CaptureQueriesContext(connection) as many:
        found(*probes)
    assert len(few) == len(many) == 4


def test_common_words_are_looked_for_among_the_newest_records_only(db, monkeypatch):
    monkeypatch.setattr(search_near, "MOST_MATCHED", 2)
    monkeypatch.setattr(search_near, "WINDOW", {"sqlite": 3, "postgresql": 3})
    for key in range(1, 11):
        keep(key, "不亮" if key < 10 else "漏油")
    assert found(Probe(("不亮",))) == ["9", "8"]
    assert found(Probe(("漏油",))) == ["10"]


def test_the_sample_knows_how_common_words_are_and_is_taken_anew_when_the_index_grows(db):
    for key in range(1, 11):
        keep(key, "不亮 leaking" if key <= 5 else "漏油 leaks")
    known = search_near.sample()
    assert known.share(Word("t不亮")) == known.share(Word("tleaking")) == 0.5
    assert known.share(Word("tleak", begins=True)) == 1
    assert 0 < known.share(Word("t异响")) < 0.1
    assert search_near.sample() is known
    for key in range(11, 21):
        keep(key, "异响")
    assert search_near.sample().share(Word("t异响")) == 0.5


def test_an_empty_index_gives_nothing(db):
    SearchEntry.objects.all().delete()
    assert found(Probe(("不亮",))) == []
    assert found() == []


@given(st.text(max_size=30))
def test_a_mark_is_one_word_of_the_index_and_spelled_alike_in_both_scripts(mark):
    assert mark_word(mark) == mark_word(f" {mark.upper()} ") or not mark.isascii()
    assert len(mark_word(mark)) == 17
    assert mark_word("品牌:東方紅") == mark_word("品牌:东方红")
