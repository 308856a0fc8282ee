from __future__ import annotations

import json

import pytest
from django.utils import translation

from aftersales.core.text import from_data
from aftersales.deadlines.rules.clocks import PauseView
from aftersales.deadlines.rules.explanations import explain
from aftersales.deadlines.rules.spans import Span, Unit

THREE = Span(3, Unit.WORKING_DAYS)


def lines(explanation):
    return [str(day.text) for day in explanation]


def test_it_tells_why_thursday(china, shanghai):
    told = explain(china, THREE, shanghai(2026, 11, 23, 10, 0))
    assert str(told.summary) == "3 working days from Mon 23 Nov 2026, 10:00: due Thu 26 Nov 2026, 18:00."
    assert lines(told) == [
        "Monday 23 Nov: day of receipt, not counted",
        "Tuesday 24 Nov: counted, day 1 of 3",
        "Wednesday 25 Nov: counted, day 2 of 3",
        "Thursday 26 Nov: counted, day 3 of 3, due at 18:00",
    ]
    assert [day.number for day in told] == [None, 1, 2, 3]
    assert [day.is_due for day in told] == [False, False, False, True]


def test_it_names_holidays_and_make_up_workdays(china, shanghai):
    told = lines(explain(china, THREE, shanghai(2026, 9, 30, 10, 0)))
    assert "Thursday 1 Oct: day off (National Day), not counted" in told
    assert told[-1] == "Saturday 10 Oct: make-up workday (National Day), counted, day 3 of 3, due at 18:00"


def test_it_names_the_pause_its_reason_and_who_had_to_act(china, shanghai):
    stood = PauseView("approval", "", "王芳", shanghai(2026, 11, 24, 10, 0), shanghai(2026, 11, 25, 15, 0))
    told = explain(china, THREE, shanghai(2026, 11, 23, 10, 0), [stood])
    tuesday = told.days[1]
    assert str(tuesday.text) == "Tuesday 24 Nov: paused when the day closed, not counted"
    assert tuesday.is_paused
    assert [str(note) for note in tuesday.notes] == [
        (
            "paused from Tue 24 Nov 2026, 10:00 to Wed 25 Nov 2026, 15:00: "
            "waiting for approval of the quotation; 王芳 had to act"
        )
    ]
    assert told.pauses == tuesday.notes
    assert told.due_at == shanghai(2026, 11, 27, 18, 0)


def test_an_open_pause_lasts_until_now(china, shanghai):
    open_pause = PauseView("parts", "屏幕", "刘洋", shanghai(2026, 11, 24, 10, 0))
    told = explain(china, THREE, shanghai(2026, 11, 23, 10), [open_pause], now=shanghai(2026, 11, 26, 9))
    assert told.due_at == shanghai(2026, 11, 30, 18, 0)
    assert str(told.pauses[0]) == ("paused since Tue 24 Nov 2026, 10:00: waiting for parts (屏幕); 刘洋 has to act")


def test_it_tells_hours_of_each_day(china, shanghai):
    told = lines(explain(china, Span(12, Unit.WORKING_HOURS), shanghai(2026, 11, 23, 11, 0)))
    assert told == [
        "Monday 23 Nov: 5 h 30 min counted, 5 h 30 min of 12 h so far",
        "Tuesday 24 Nov: 6 h 30 min counted, 12 h in all, due at 16:30",
    ]


def test_it_warns_of_a_year_without_data(china, shanghai):
    told = explain(china, THREE, shanghai(2027, 3, 1, 10, 0))
    assert [str(said) for said in told.warnings] == [
        (
            "The holidays of 2027 are not announced yet or not entered: "
            "weekends are assumed free and no public holiday is counted."
        )
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-hans", "10月10日 周六：调休上班（国庆节），计入，第 3 天（共 3 天），18:00 到期"),
        ("zh-hant", "10月10日 週六：調休上班（國慶節），計入，第 3 天（共 3 天），18:00 到期"),
        ("en", "Saturday 10 Oct: make-up workday (National Day), counted, day 3 of 3, due at 18:00"),
    ],
)
def test_the_same_explanation_is_read_in_three_languages(china, shanghai, language, line):
    told = explain(china, THREE, shanghai(2026, 9, 30, 10, 0))
    with translation.override(language):
        assert lines(told)[-1] == line


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-hans", "3 个工作日，自 2026年9月30日 周三 10:00 起：2026年10月10日 周六 18:00 到期。"),
        ("zh-hant", "3 個工作日，自 2026年9月30日 週三 10:00 起：2026年10月10日 週六 18:00 到期。"),
    ],
)
def test_the_summary_is_natural_chinese(china, shanghai, language, line):
    told = explain(china, THREE, shanghai(2026, 9, 30, 10, 0))
    with translation.override(language):
        assert str(told.summary) == line


def test_a_line_kept_as_data_reads_the_same_again(china, shanghai):
    day = explain(china, THREE, shanghai(2026, 9, 30, 10, 0)).days[-1]
    assert str(from_data(json.loads(json.dumps(day.text.as_data())))) == str(day.text)
