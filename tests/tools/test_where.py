from tools import where

PAGE = """# Where

## hand_over (workshop)

- page `/orders/<str:number>/hand_over/`

## order (workshop)

- asks `services.hand_over_order`

## people (staff)

- page `/staff/people/`
"""


def test_it_finds_an_act_by_its_word_however_written():
    for typed in ("hand over", "hand_over", "Hand-Over", "handover"):
        assert list(where.found(typed, PAGE)) == ["hand_over (workshop)"], typed


def test_it_looks_into_the_sections_when_no_heading_fits():
    assert list(where.found("hand_over_order", PAGE)) == ["order (workshop)"]


def test_it_finds_nothing_where_there_is_nothing():
    assert where.found("weld", PAGE) == {}
