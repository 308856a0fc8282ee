from __future__ import annotations

import dataclasses

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings, strategies as st

from aftersales.core import search, search_words, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.models import NumberSeries, SearchEntry
from aftersales.core.search_words import Every, Question, Some, Word
from aftersales.core.text import text

CLERK = Actor(id="person:1", name="小李", permissions=frozenset({"t:customer:see"}), scopes=frozenset({"NJ"}))
NAMES = st.text("张李王欧阳单解曾吕乐重庆三四伟强娜晟 ·ABCabcé", min_size=1, max_size=8).filter(
    lambda name: any(char.isalnum() for char in name)
)
CODES = st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789-· 沪苏", min_size=4, max_size=30)


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(search, "_kinds", {})
    search.register_kind("customer", permission="t:customer:see", label=text("Customer"), url_name="x", icon="user")
    search.register_kind("order", permission="t:order:see", label=text("Order"), url_name="x", icon="tool")
    search.register_kind("memo", permission=None, label=text("Memo"), url_name="x")


def found_keys(typed: str, actor: Actor = SYSTEM, **options: object) -> list[str]:
    return [hit.key for hit in search.find(actor, typed, **options)]


@pytest.fixture
def zhang(db):
    search.index(
        "customer",
        1,
        title="张三",
        detail="138****5678",
        names=["张三"],
        codes=["13812345678", "苏A·12345"],
        scopes=["NJ"],
    )


@pytest.mark.parametrize(
    "typed",
    [
        "张三", "張三", "张", "三", "zs", "ZS", "z", "Zhang", "zhangsan", "zhang san", "ｚｈａｎｇ", "zhangs", "san",
        "5678", "345678", "138 1234 5678", "+86 138-1234-5678", "008613812345678", "1381234",
        "苏A12345", "苏a·12345", "A12345", "a123", "苏", "苏A", "张三 5678", "张三5678", "zs 138", "5678 张",
    ],
)  # fmt: skip
def test_a_customer_is_found_by_name_pinyin_initials_phone_and_plate(zhang, typed):
    assert found_keys(typed) == ["1"]


@pytest.mark.parametrize(
    "typed", ["李四", "zw", "9999", "张四", "张三 9999", "沪A12345", "", "   ", "-·-", "\x00", "🙂", "_"]
)
def test_what_does_not_fit_finds_nothing(zhang, typed):
    assert found_keys(typed) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单田芳", "shan"), ("单田芳", "stf"), ("单田芳", "shantianfang"), ("曾国藩", "zengguofan"), ("仇英", "qiuying"),
        ("解小东", "xiexiaodong"), ("区静", "oujing"), ("朴树", "piaoshu"), ("查良镛", "zhaliangyong"), ("尉迟恭", "yuchi"),
        ("吕布", "lvbu"), ("吕布", "lubu"), ("吕布", "lyubu"), ("吕布", "lübu"), ("王乐", "wangyue"), ("王乐", "wangle"),
        ("万俟卨", "moqi"), ("单于静", "chanyu"), ("翟天", "zhai"), ("翟天", "dt"), ("欧阳娜娜", "oynn"), ("欧阳娜娜", "nana"), ("重庆顺达汽车", "chongqing"), ("重庆顺达汽车", "shunda"), ("重庆顺达汽车", "cqsdqc"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提"), ("阿卜杜拉·买买提", "买买提"), ("José Müller", "jose muller"), ("O'Brien", "obrien"),
        ("王小明", "王 小"), ("𬭎𬭎", "𬭎"), ("鄭裏", "郑里"), ("e-bike Pro", "ebike"), ("iPhone12", "iphone 12"), ("iPhone 12", "iphone12"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_read(db, name, typed):
    search.index("customer", 1, title=name, names=[name])
    search.index("customer", 2, title="陈大文", names=["陈大文"])
    assert found_keys(typed) == ["1"]


@pytest.mark.parametrize("typed", ["漏油", "空调", "调不", "漏", "制冷", "noise", "NOI", "漏油 空调", "空調"])
def test_two_character_words_of_a_text_are_found(db, typed):
    search.index("order", "RO-1", title="RO-1", texts=["发动机漏油，空调不制冷", "strange noise"])
    search.index("order", "RO-2", title="RO-2", texts=["玻璃破裂"])
    assert found_keys(typed) == ["RO-1"]


def test_whole_codes_come_first_then_names_then_texts_and_the_newest_first_within(db):
    search.index("order", "exact", title="", codes=["A-100"])
    search.index("order", "text", title="", texts=["about a100"])
    search.index("order", "part", title="", codes=["XA1007"])
    search.index("order", "name", title="", names=["a100 GmbH"])
    assert found_keys("a100") == ["exact", "name", "part", "text"]
    assert found_keys("a100", limit=2) == ["exact", "name"]


def test_a_whole_long_code_is_the_answer_and_nothing_beside_it(db):
    search.index("order", "exact", title="", codes=["RO-NJ-2026-000123"])
    search.index("order", "other", title="", texts=["follows RO-NJ-2026-000123"])
    assert found_keys("ro-nj-2026-000123") == ["exact"]
    assert found_keys("2026-000123") == ["exact", "other"]


def test_the_limit_holds_and_the_newest_are_kept(db):
    search.index_many(search.Entry("memo", number, "t", texts=["mail"]) for number in range(50))
    assert found_keys("mail", limit=3) == ["49", "48", "47"]


def test_records_of_other_places_are_not_found(db):
    search.index("customer", 1, title="", names=["张三"], scopes=["SZ"])
    search.index("customer", 2, title="", names=["张三"], scopes=["SZ", "NJ"])
    search.index("customer", 3, title="", names=["张三"])
    search.index("customer", 4, title="", names=["张三"], scopes=["N-J"])
    search.index("customer", 5, title="", names=["张三"], scopes=["nj"])
    assert sorted(found_keys("zs", CLERK)) == ["2", "3"]
    assert found_keys("zs", dataclasses.replace(CLERK, scopes=frozenset())) == ["3"]
    assert len(found_keys("zs", dataclasses.replace(CLERK, scopes=None))) == 5


def test_kinds_the_actor_may_not_see_are_not_searched(db):
    for kind in ("customer", "order", "memo", "unregistered"):
        search.index(kind, kind, title="", names=["张三"])
    assert [each.kind for each in search.kinds_for(CLERK)] == ["customer", "memo"]
    assert sorted(found_keys("张三", CLERK)) == ["customer", "memo"]
    assert found_keys("张三", CLERK, kinds=["order"]) == []
    assert found_keys("张三", CLERK, kinds=["order", "memo"]) == ["memo"]
    assert sorted(found_keys("张三")) == ["customer", "memo", "order"]


@pytest.mark.parametrize(
    "typed", ["snj", "s4e4a", "sany", "kcustomer", "k637573746f6d6572", "x13812345678", "sany OR x"]
)
def test_words_for_inner_use_cannot_be_typed(zhang, typed):
    assert found_keys(typed) == []


def test_kinds_the_actor_may_not_see_take_no_place_in_the_limit(db):
    search.index("memo", 1, title="", names=["张三"])
    search.index_many(search.Entry("order", number, "", names=["张三"]) for number in range(30))
    assert found_keys("张三", CLERK, limit=3) == ["1"]
    assert found_keys("张三", kinds=["memo"], limit=3) == ["1"]


def test_a_changed_record_is_found_by_its_new_words_only(zhang):
    search.index("customer", 1, title="李四", names=["李四"], scopes=["NJ"])
    assert found_keys("李四") == ["1"]
    assert found_keys("张三") == []
    assert search.find(SYSTEM, "ls")[0].title == "李四"
    assert SearchEntry.objects.count() == 1


def test_a_removed_record_is_not_found(zhang):
    search.remove("customer", 1)
    assert found_keys("张三") == []


def test_the_index_follows_the_table_whoever_writes_it(zhang):
    SearchEntry.objects.update(
        words=search_words.entry_words("memo", names=["李四"], codes=[], texts=[], scopes=[]), kind="memo"
    )
    assert found_keys("李四") == ["1"]
    SearchEntry.objects.all().delete()
    assert found_keys("李四") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_search_words(core_search_words, rank) VALUES ('integrity-check', 1)")


def test_a_lasting_index_is_written_with_the_act_or_not_at_all(db):
    with transaction.atomic():
        search.index("memo", 1, title="", names=["张三"])
        transaction.undo_all()
    assert found_keys("张三") == []


def test_the_last_word_about_a_record_holds_within_one_batch(db):
    entries = [search.Entry("memo", 1, "old", names=["old"]), search.Entry("memo", 1, "new", names=["new"])]
    assert search.index_many(entries) == 2
    assert found_keys("new") == ["1"]
    assert found_keys("old") == []


def test_many_new_records_are_found_as_if_each_had_come_alone(zhang):
    search.add_many(search.Entry("memo", key, str(key), names=[f"李四{key}"], codes=[f"M-{key}"]) for key in range(5))
    search.index("memo", 9, title="9", names=["李四九"])
    assert found_keys("李四") == ["9", "4", "3", "2", "1", "0"]
    search.index("memo", 2, title="2", names=["王五"])
    assert found_keys("李四") == ["9", "4", "3", "1", "0"]
    assert found_keys("zs") == ["1"]


def test_many_new_records_one_of_which_is_known_leave_the_index_as_it_was(zhang):
    entries = [search.Entry("memo", 1, "", names=["李四"]), search.Entry("memo", 1, "", names=["王五"])]
    with pytest.raises(IntegrityError), transaction.atomic():
        search.add_many(entries)
    assert found_keys("李四") == found_keys("王五") == []
    search.index("memo", 1, title="", names=["赵六"])
    assert found_keys("赵六") == ["1"]


def test_a_list_is_narrowed_by_a_subquery_of_keys(zhang):
    search.index("customer", 2, title="", names=["张三丰"], scopes=["SZ"])
    search.index("order", "RO-3", title="", names=["张三"])
    assert sorted(search.match_filter("customer", "zs", SYSTEM)) == ["1", "2"]
    assert list(search.match_filter("customer", "zs", CLERK)) == ["1"]
    assert list(search.match_filter("order", "zs", CLERK)) == []
    assert list(search.match_filter("customer", "  ", SYSTEM)) == []
    series = [NumberSeries.objects.create(prefix=prefix, scope="NJ", year=2026) for prefix in "AB"]
    search.index("order", series[0].pk, title="", names=["钱"])
    search.index("memo", series[1].pk, title="", names=["钱"])
    found = NumberSeries.objects.filter(pk__in=search.match_filter("order", "钱", SYSTEM, numeric=True), prefix="A")
    assert list(found) == series[:1]
    again = SearchEntry.objects.filter(key__in=search.match_filter("order", "zs", SYSTEM))
    assert [row.kind for row in again] == ["order"]


def test_keys_are_those_of_find(zhang):
    assert search.keys(SYSTEM, "customer", "zs") == ["1"]


HOSTILE = [
    '"', "'", "*", '"a" OR "b"', "a NEAR b", "NOT a", "a AND", "(", ")", "words:a", "^a", "-a", "a* OR *", "%", "\\", "{}",
    "'; DROP TABLE core_searchentry; --", "a & | ! b", "a:*", "<->", "\ud800", "a" * 1_000_000, "张" * 100_000, "a " * 50_000,
    "1-" * 50_000, "\u202e", "a\x00b", "ﷺ" * 500, "٣٤٥٦", "½", "İ", "ß",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_neither_raises_nor_finds_everything(zhang, typed):
    assert found_keys(typed) == []
    assert list(search.match_filter("customer", typed, SYSTEM)) == []


# Below, the questions are asked of the words without a database, which is quick enough for thousands of examples.


def answers(question: Question, words: str) -> bool:
    if isinstance(question, Word):
        return any(
            word.startswith(question.text) if question.begins else word == question.text for word in words.split(" ")
        )
    one = all if isinstance(question, Every) else any
    return one(answers(part, words) for part in question.parts)


def is_found(typed: str, **words: list[str]) -> bool:
    entry = search_words.entry_words("memo", **{"names": [], "codes": [], "texts": [], "scopes": [], **words})
    asked = search_words.questions(typed)
    return bool(asked) and answers(asked[-1], entry)


@given(CODES, st.data())
def test_any_part_of_a_code_finds_it(code, data):
    bare = search_words.squashed(code)
    start = data.draw(st.integers(0, max(0, len(bare) - 4)))
    part = bare[start : data.draw(st.integers(start + 4, max(start + 4, len(bare))))]
    if len(part) >= 4:
        assert is_found(part, codes=[code])
        assert is_found(part.upper(), codes=[code])


@given(NAMES)
def test_any_name_finds_itself(name):
    assert is_found(name, names=[name])
    assert is_found(name, texts=[name])


@given(st.lists(st.text(max_size=20) | NAMES, max_size=3))
def test_a_name_that_was_spelled_before_gives_the_same_words(names):
    nothing: dict[str, list[str]] = {"codes": ["A-1"], "texts": ["好"], "scopes": []}
    spelled = search.spell(names)
    assert search_words.entry_words("memo", names=names, spelled=spelled, **nothing) == search_words.entry_words(
        "memo", names=names, **nothing
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_anything_may_be_typed_and_indexed(typed, name):
    entry = search_words.entry_words(
        "memo", names=[name], codes=[name], texts=[name], scopes=[name.encode("utf-8", "ignore").decode()]
    )
    assert "  " not in entry
    assert '"' not in entry
    assert "'" not in entry
    for question in search_words.questions(typed):
        leaves = list(words_of(question))
        assert leaves
        assert all(sign.isalnum() or ord(sign) >= 0x3000 for word in leaves for sign in word.text)


def words_of(question: Question):
    if isinstance(question, Word):
        yield question
    else:
        assert isinstance(question, Every | Some)
        for part in question.parts:
            yield from words_of(part)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40), name=NAMES, code=CODES)
def test_both_databases_answer_as_the_words_say(typed, name, code):
    SearchEntry.objects.all().delete()
    search.index("memo", "1", title="t", names=[name], codes=[code])
    for line in (typed, name, code[-4:]):
        assert bool(found_keys(line)) == is_found(line, names=[name], codes=[code])
