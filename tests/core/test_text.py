from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given, strategies as st

from aftersales.core import text as texts
from aftersales.core.money import Money
from aftersales.core.text import Text, from_data, text, text_n


class Colour(StrEnum):
    RED = "red"


names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
plain_values = st.one_of(
    st.text(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.integers(-(10**9), 10**9).map(Money),
    st.just(Colour.RED),
)


def sentences(params):
    return st.dictionaries(names, params, max_size=3).map(
        lambda given: text(" · ".join(["Said"] + [f"{{{name}}}" for name in given]), **given)
    )


nested = st.recursive(sentences(plain_values), lambda inner: sentences(st.one_of(plain_values, inner)), max_leaves=4)


@pytest.fixture
def speaking():
    """Lets a test translate by a table of its own."""
    before = texts._translator.one, texts._translator.many

    def install(table):
        texts.install_translator(
            lambda said: table.get(said, said), lambda one, many, count: table.get(many if count != 1 else one, many)
        )

    yield install
    texts.install_translator(*before)


@given(nested)
def test_a_sentence_kept_as_data_says_the_same_when_it_comes_back(sentence):
    kept = json.loads(json.dumps(sentence.as_data()))
    assert str(from_data(kept)) == str(sentence)
    assert from_data(kept).as_data() == kept


@given(st.integers(0, 10**6))
def test_a_counted_sentence_comes_back_counted(count):
    sentence = text_n("{count} unit", "{count} units", count)
    back = from_data(json.loads(json.dumps(sentence.as_data())))
    assert back == sentence
    assert str(back) == (f"{count} unit" if count == 1 else f"{count} units")


def test_a_sentence_is_translated_when_it_is_shown_not_when_it_is_made(speaking):
    sentence = text("Due on {day}.", day=date(2026, 5, 20))
    kept = sentence.as_data()
    speaking({"Due on {day}.": "应于{day}完成。"})
    assert str(sentence) == "应于2026-05-20完成。"
    assert str(from_data(kept)) == "应于2026-05-20完成。"


def test_a_sentence_within_a_sentence_is_translated_too(speaking):
    outer = text("Waiting for {what}.", what=text("parts"))
    speaking({"Waiting for {what}.": "等待{what}。", "parts": "配件"})
    assert str(from_data(json.loads(json.dumps(outer.as_data())))) == "等待配件。"


def test_what_people_typed_is_never_read_as_a_pattern():
    assert str(text("“{typed}” is no amount.", typed="{0.__class__} {x}")) == "“{0.__class__} {x}” is no amount."
    assert str(text("Braces {} stay when nothing is filled in.")) == "Braces {} stay when nothing is filled in."


def test_an_instant_reads_the_same_before_and_after_keeping():
    at = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
    sentence = text("Since {at}, {price}, {share}.", at=at, price=Money(1250), share=Decimal("0.5"))
    assert str(from_data(sentence.as_data())) == str(sentence) == "Since 2026-05-20 02:00:00+00:00, ¥12.50, 0.5."


def test_sentences_can_be_compared_and_kept_in_sets():
    assert text("Say {a}.", a=1) == text("Say {a}.", a=1)
    assert text("Say {a}.", a=1) != text("Say {a}.", a=2)
    assert len({text("Say {a}.", a=1), text("Say {a}.", a=1), Text("Other")}) == 2
