from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as some

from aftersales.policies.engine.document import normalised, read_document, written
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import SMALL


def problems(text):
    with pytest.raises(PolicyError) as refused:
        read_policy(text)
    return refused.value.problems


def problems_if_any(text):
    try:
        read_policy(text)
    except PolicyError as refused:
        return refused.problems
    return ()


def test_the_shipped_policy_is_read_with_its_clauses_and_ambiguities(returns_text):
    policy = read_policy(returns_text)
    assert (policy.name, policy.version, policy.meta["owner"]) == ("returns", "2012-03-20", "after_sales")
    assert len(policy.ambiguities) == 54
    assert {"2.A1", "2.A4a", "2.C8b", "2.D2b", "3.5", "4.3"} <= set(policy.clauses)
    assert set(policy.decisions) == {"return", "version", "month", "warehouse_wait", "breach", "age_band"}


@pytest.mark.parametrize(
    ("before", "after", "sentence", "place"),
    [
        ("| R1 | P2 | <=$week", "| R1 | P2 | <=soon", "“soon” is no number", ("doing", "R1", "days")),
        ("book | unknown", "sock | unknown", "no value “sock”", ("doing", "R3", "kind")),
        ("|| take | | 1 | AMB-1", "|| keep | | 1 | AMB-1", "no value “keep”", ("doing", "R1", "doing")),
        ("|| take | | 1 | AMB-1", "|| take | | 9 | AMB-1", "no clause “9”", ("doing", "R1", "")),
        ("|| take | | 1 | AMB-1", "|| take | | 1 | AMB-7", "“AMB-7” is not in the register", ("doing", "R1", "")),
        (
            "|| take | | 1 | AMB-1",
            "|| take | R9 | 1 | AMB-1",
            "which is not a rule of this table",
            ("doing", "R1", "over"),
        ),
        ("|| take | | 1 | AMB-1", "|| take | R2 | 1 | AMB-1", "stands on a higher level", ("doing", "R1", "over")),
        ("| R2 | P1", "| R1 | P1", "used twice", ("doing", "R1", "")),
        ("| R2 | P1", "| R2 | high", "is no level", ("doing", "R2", "")),
        ("10% * price", "10% * weight", "no fact “weight”", ("fee", "F1", "fee")),
        ("| torn | bool?", "| torn | boolean", "no type “boolean”", ("facts", "torn", "")),
        ("gives: doing, fee", "gives: doing, tax", "no table of it says", ("", "", "")),
        ("hit: layered -> doing", "hit: first -> doing", "no hit policy “first”", ("doing", "", "")),
        ("| R2 | P1 | - |", "| R2 | P1 |", "has 8 cells, the head has 9 columns", ("doing", "R2", "")),
        ("| id | doing || fee", "| id | colour || fee", "neither a fact nor the output", ("fee", "", "colour")),
        ("effective_from: 2020-01-01", "effective_from: soon", "is no date", ("", "", "")),
    ],
)
def test_what_is_wrong_is_said_with_its_table_row_and_column(small_text, before, after, sentence, place):
    assert before in small_text
    found = problems(small_text.replace(before, after))
    fitting = [problem for problem in found if sentence in problem.text()]
    assert fitting, [str(problem) for problem in found]
    table, row, column = place
    assert table in fitting[0].table
    assert (fitting[0].row, fitting[0].column) == (row, column)


def test_all_that_is_wrong_is_told_at_once_and_in_the_readers_language(small_text):
    text = small_text.replace("<=$week", "<=soon").replace("book | unknown", "sock | unknown")
    found = problems(text)
    assert len(found) == 2
    assert found[0].text("zh-Hans").startswith("“soon”不是数字")
    assert found[0].where("zh-Hant").startswith("第 ")


def test_an_exception_in_a_circle_is_refused(small_text):
    text = small_text.replace("|| refuse | | 2", "|| refuse | R3 | 2").replace("|| ask | | 2", "|| ask | R2 | 2")
    assert any("in a circle" in problem.text() for problem in problems(text))


def test_the_digest_does_not_hang_on_line_ends_or_blanks_at_the_end(small_text):
    windows = "\ufeff" + small_text.replace("\n", "  \r\n") + "\n\n"
    assert read_policy(windows).digest == read_policy(small_text).digest
    assert read_policy(small_text.replace("seven days", "eight days")).digest != read_policy(small_text).digest
    assert normalised(normalised(windows)) == normalised(windows)


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read():
    assert "too large" in problems("x" * 1_000_001)[0].text()
    assert "too long" in problems("---\n" + "a: b\n" * 20_001)[0].text()


WITH_ALL_PARTS = (
    SMALL.replace("effective_from", "effective_to: 2021-12-31\nsupersedes: one\neffective_from")
    + """
## wrong must not be hit: collect -> never
| id | doing | days || never | cite |
|---|---|---||---|---|
| N1 | take | >$week || never | 1 |

# trends
| decision | outcome | fact | never | cite |
|---|---|---|---|---|
| main | fee | days | rises | 1 |

# accepted
| kind | table | about | reason |
|---|---|---|---|
| gap | doing | days: >7; kind: cup | shut |
| no_rule | - | 3 | a purpose |

# ambiguities.en
| id | problem | reading | question |
|---|---|---|---|
| AMB-1 | which week | seven days | confirm |
"""
)


def test_the_policy_that_is_torn_below_is_whole_before():
    assert problems_if_any(WITH_ALL_PARTS) == ()


@settings(max_examples=200, deadline=None)
@given(some.data())
def test_a_policy_torn_anywhere_is_read_or_refused_with_the_engines_own_error(data):
    start = data.draw(some.integers(0, len(WITH_ALL_PARTS)))
    length = data.draw(some.integers(0, 40))
    patch = data.draw(some.text(alphabet="|-> #:;\n$@()<=.,abcR1é未知\x00", max_size=12))
    found = problems_if_any(WITH_ALL_PARTS[:start] + patch + WITH_ALL_PARTS[start + length :])
    assert all(problem.text(language) for problem in found for language in ("zh-Hans", "zh-Hant", "en"))


def test_a_document_written_and_read_again_is_the_same_document(returns_text, small_text):
    for text in (returns_text, small_text):
        document = read_document(text)
        again = read_document(written(document))
        assert written(again) == written(document)
        assert again.digest == document.digest


def test_what_is_not_translated_stays_as_the_policy_says_it_and_names_the_ambiguity(small_text):
    more = """
# ambiguities.zh-Hans 疑义
| id | problem | reading | question |
|---|---|---|---|
| AMB-1 | 哪一周 | | 请确认 |
"""
    each = read_policy(small_text + more).ambiguities["AMB-1"]
    assert (each.within("zh-Hans").problem, each.within("zh-Hans").reading) == ("哪一周", "seven days")
    assert each.within("en").problem == "which week"
    labels = read_policy(small_text + more).labels["AMB-1"]
    assert labels == {
        "zh-Hans": "哪一周：seven days",
        "zh-Hant": "which week：seven days",
        "en": "which week: seven days",
    }


def test_a_ruling_is_told_as_it_was_made_and_not_by_the_translation_of_what_it_replaced(small_text):
    more = "\n# ambiguities.en\n| id | reading |\n|---|---|\n| AMB-1 | a week |\n"
    assert read_policy(small_text + more).ambiguities["AMB-1"].within("en").reading == "a week"
    ruled = small_text.replace("seven days | confirm | open", "ten days | confirm | ruled")
    assert read_policy(ruled + more).ambiguities["AMB-1"].within("en").reading == "ten days"


def test_a_translation_of_an_ambiguity_that_is_not_there_is_refused(small_text):
    more = "\n# ambiguities.en\n| id | problem |\n|---|---|\n| AMB-2 | what |\n"
    (problem,) = problems(small_text + more)
    assert "“AMB-2” is not in the register" in problem.text()
    assert problem.row == "AMB-2"


KEPT = "dd0952e356e5f4c6e3f5d3414eff284981b9f864740c7ad9fd052acd3c1d03a2"


def test_what_was_approved_once_is_read_for_ever_under_the_same_hash(small_text):
    policy = read_policy(small_text)
    assert policy.digest == KEPT
    assert read_policy(written(read_document(small_text))).digest == KEPT
