"""How like an earlier case is to a fault: pure rules, and what holds for every fault and every case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from aftersales.core.search_words import mark_word, text_words
from aftersales.workshop.rules import similar
from aftersales.workshop.rules.similar import Case, Outcome, Wanted

WORDS = st.frozensets(st.sampled_from([*"abcdefghij"]).map(lambda letter: letter * 2), max_size=8)
MARKS = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, max_size=2).map(tuple)
WANTED = st.builds(
    Wanted,
    words=WORDS,
    names=st.lists(WORDS, max_size=2).map(tuple),
    symptoms=MARKS,
    categories=MARKS,
    brands=MARKS,
    models=MARKS,
)
CASES = st.builds(
    Case, words=WORDS, marks=st.frozensets(st.sampled_from(["x", "y", "z"])).map(lambda m: frozenset(map(mark_word, m)))
)
SHARES = st.dictionaries(st.sampled_from([letter * 2 for letter in "abcdefghij"]), st.floats(1e-6, 1))


def even(_word: str) -> float:
    return 0.01


def share_in(shares):
    return lambda word: shares.get(word, 0.001)


def told(text: str, *marks: str) -> Case:
    return Case.indexed(text_words(text), map(mark_word, marks))


def like(fault: str, case: Case, **facts) -> float:
    return similar.likeness(Wanted(similar.telling(fault), **facts), case, even)


@given(WANTED, CASES, SHARES)
def test_likeness_lies_between_nothing_and_one(wanted, case, shares):
    assert 0 <= similar.likeness(wanted, case, share_in(shares)) <= 1


@given(WANTED, CASES, SHARES, st.data())
def test_one_more_common_word_never_makes_a_case_less_like(wanted, case, shares, data):
    if wanted.words and not wanted.names:
        more = data.draw(st.sampled_from(sorted(wanted.words)))
        richer = replace(case, words=case.words | {more})
        share = share_in(shares)
        assert similar.likeness(wanted, richer, share) >= similar.likeness(wanted, case, share) - 1e-9


@given(WANTED, CASES, SHARES)
def test_a_word_that_nobody_asked_for_never_makes_a_case_more_like(wanted, case, shares):
    other = replace(case, words=case.words | {"zz"})
    share = share_in(shares)
    assert similar.likeness(wanted, other, share) <= similar.likeness(wanted, case, share) + 1e-9


@given(WANTED, CASES, SHARES, st.sampled_from(["x", "y", "z"]))
def test_one_more_common_mark_never_makes_a_case_less_like(wanted, case, shares, mark):
    nearer = replace(case, marks=case.marks | {mark_word(mark)})
    share = share_in(shares)
    assert similar.likeness(wanted, nearer, share) >= similar.likeness(wanted, case, share) - 1e-9


@given(WORDS.filter(bool), SHARES)
def test_the_same_fault_on_the_same_model_is_wholly_alike(words, shares):
    wanted = Wanted(words, models=("x",))
    assert similar.likeness(wanted, Case(words, frozenset({mark_word("x")})), share_in(shares)) == pytest.approx(1)


@given(WANTED, CASES, SHARES)
def test_without_common_words_or_symptoms_nothing_is_alike_however_near_the_unit(wanted, case, shares):
    bare = replace(wanted, symptoms=())
    apart = replace(case, words=case.words - wanted.words - frozenset().union(*wanted.names))
    assert similar.likeness(bare, apart, share_in(shares)) == 0


@given(WANTED, SHARES)
def test_the_number_of_probes_is_bounded_and_each_asks_for_something(wanted, shares):
    probes = similar.probes(wanted, share_in(shares))
    assert len(probes) <= 45
    assert all(probe.words or probe.marks for probe in probes)
    assert len(set(probes)) == len(probes)


def test_a_rare_word_in_common_says_more_than_a_frequent_one():
    shares = {"不亮": 0.2, "鼓包": 0.001}
    share = lambda word: shares.get(word, 0.1)  # noqa: E731
    wanted = Wanted(frozenset({"不亮", "鼓包"}))
    rare, frequent = (similar.likeness(wanted, Case(frozenset({word})), share) for word in ("鼓包", "不亮"))
    assert rare > frequent > 0


def test_a_nearer_unit_is_more_alike():
    facts = {"models": ("model:p50",), "brands": ("brand:nokia",), "categories": ("category:phone",)}
    cases = [
        told("屏幕不亮", "model:p50"),
        told("屏幕不亮", "brand:nokia", "category:phone"),
        told("屏幕不亮", "category:phone"),
        told("屏幕不亮", "brand:nokia"),
        told("屏幕不亮"),
    ]
    found = [like("屏幕不亮", case, **facts) for case in cases]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 5


def test_traditional_and_simplified_characters_are_the_same_words():
    assert (
        like("發動機漏油", told("发动机漏油"))
        == like("发动机漏油", told("發動機漏油"))
        == like("漏油发动机", told("漏油发动机"))
    )


@pytest.mark.parametrize(
    ("one", "other"), [("leaks", "leaking"), ("charge", "charging"), ("stopped", "stops"), ("needle", "needles")]
)
def test_a_word_with_another_ending_is_the_same_word(one, other):
    assert similar.stem(one) == similar.stem(other)


def test_short_words_numbers_and_characters_keep_their_endings():
    assert [similar.stem(word) for word in ("does", "gas", "e15", "漏油", "été")] == [
        "does",
        "gas",
        "e15",
        "漏油",
        "été",
    ]


def test_the_name_of_the_symptom_in_another_language_finds_cases_told_in_it():
    english = told("Screen broken after a fall", "category:mobile")
    facts = {"categories": ("category:mobile",)}
    assert like("屏幕摔碎", english, **facts) == 0
    assert like("屏幕摔碎", english, names=(similar.telling("Screen broken"),), **facts) > similar.LIKE_ENOUGH


def test_the_same_symptom_counts_even_where_the_words_differ():
    case = told("摔了一下", *similar.symptom_marks("electronics", ["touch"]))
    assert like("点不动", case, symptoms=similar.symptom_marks("electronics", ["touch"])) > similar.LIKE_ENOUGH
    assert like("点不动", case, symptoms=similar.symptom_marks("agri", ["touch"])) == 0


def test_other_is_no_symptom_and_unknown_is_no_maker():
    assert similar.symptom_marks("gift", ["other"]) == ()
    assert similar.brand_marks("Unknown", "", "NOKIA") == ("brand:nokia",)
    assert similar.model_marks(" ", "不明") == ()


def test_symptoms_are_read_from_the_customers_words_in_any_language_and_script():
    names = {"liquid": ("Liquid got in", "进水", "進水"), "touch": ("Touch does not respond", "触摸失灵", "觸控失靈")}
    assert similar.symptoms_told("手机進水了", names) == ["liquid"]
    assert similar.symptoms_told("触摸失灵，进水", names) == ["liquid", "touch"]
    assert similar.symptoms_told("不开机", names) == []


@pytest.mark.parametrize(
    ("wording", "outcome"),
    [
        ("Fixed", Outcome.FIXED),
        (" END OF LIFE ", Outcome.END_OF_LIFE),
        ("Repairable", Outcome.REPAIRABLE),
        ("報廢", Outcome.END_OF_LIFE),
        ("Unknown", Outcome.UNKNOWN),
        ("", Outcome.UNKNOWN),
    ],
)
def test_the_outcomes_of_other_systems_are_read(wording, outcome):
    assert similar.read_outcome(wording) is outcome


def test_the_tally_counts_outcomes_and_what_was_done_where_it_held():
    ends = [
        (Outcome.FIXED, "screen"),
        (Outcome.FIXED, "screen"),
        (Outcome.FIXED, "flex"),
        (Outcome.FIXED, "other"),
        (Outcome.CAME_BACK, "screen"),
        (Outcome.END_OF_LIFE, ""),
    ]
    found = similar.tally(ends)
    assert (found.similar, found.fixed) == (6, 4)
    assert found.outcomes == ((Outcome.FIXED, 4), (Outcome.CAME_BACK, 1), (Outcome.END_OF_LIFE, 1))
    assert found.remedies == (("screen", 2), ("flex", 1))
    assert similar.tally([]).fixed == 0


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.sampled_from(["", "other", "screen", "flex"]))))
def test_the_tally_loses_nobody(ends):
    found = similar.tally(ends)
    assert sum(count for _outcome, count in found.outcomes) == found.similar == len(ends)
    assert sum(count for _remedy, count in found.remedies) <= found.fixed
