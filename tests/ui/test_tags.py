"""Tags and filters of the templates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from aftersales.core.money import Money
from aftersales.ui import icons, tones
from aftersales.ui.templatetags import ui

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def rendered(source: str, **context):
    return Template(source).render(Context(context))


def test_each_form_gets_its_own_long_key():
    first, second = rendered("{% once %}"), rendered("{% once %}")
    assert first != second
    assert 'name="_once"' in first
    assert len(first.split('value="')[1].split('"')[0]) >= 16


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Money(123450), "¥1,234.50"), (32000, "¥320.00"), (0, "¥0.00"), (-5, "-¥0.05"), (None, "—"), ("", "—")],
)
def test_money_is_shown_in_yuan_and_fen(value, shown):
    assert ui.money(value) == shown


@pytest.mark.parametrize(
    ("language", "form", "shown"),
    [
        ("zh-hans", "", "2026-11-23 12:00"),
        ("zh-hant", "short", "11-23 12:00"),
        ("en", "", "23 Nov 2026, 12:00"),
        ("en", "clock", "12:00"),
    ],
)
def test_an_instant_is_shown_in_the_viewers_zone_and_language(language, form, shown):
    with translation.override(language), timezone.override("Asia/Shanghai"):
        assert ui.local_time(NOON, form) == shown


def test_a_day_near_midnight_is_the_viewers_day():
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        assert ui.local_date(late) == "2026-11-23"
        assert ui.local_date(date(2026, 11, 22), "weekday").startswith("11月22日")


def test_nothing_is_a_dash():
    assert [ui.local_time(None), ui.local_date(None), ui.ago(None), ui.phone(""), ui.or_dash("  ")] == ["—"] * 5


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-5), "5 hours ago"),
        (timedelta(days=-6, hours=-23), "6 days ago"),
        (timedelta(seconds=20), "in 1 minute"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_ago_speaks_in_one_unit(distance, words):
    with translation.override("en"):
        assert ui.ago(NOON + distance, NOON) == words


def test_ago_gives_the_date_after_a_week():
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert ui.ago(NOON - timedelta(days=8), NOON) == "15 Nov 2026"


def test_a_phone_is_masked_unless_it_is_asked_for_in_full():
    assert ui.phone("13800138000") == "138****8000"
    assert "0013" not in ui.phone("+86 138 0013 8000")
    assert ui.phone_full("+8613800138000") == "138 0013 8000"
    assert ui.phone_full("025-8888 1234") == "025-8888 1234"


def test_an_unlisted_icon_is_an_error():
    assert "#check" in rendered('{% icon "check" %}')
    with pytest.raises(icons.UnknownIcon):
        rendered('{% icon "unicorn" %}')


def test_an_icon_with_a_label_speaks_and_one_without_is_silent():
    assert 'aria-hidden="true"' in rendered('{% icon "check" %}')
    assert 'aria-label="&lt;done&gt;"' in rendered('{% icon "check" label %}', label="<done>")


@pytest.mark.parametrize("name", ["purple", "Info", "primary"])
def test_an_unknown_tone_is_an_error(name):
    with pytest.raises(tones.UnknownTone):
        ui.tone(name)


def test_buttons_have_tones_of_their_own():
    assert ui.button_tone("") == "secondary"
    with pytest.raises(tones.UnknownTone):
        ui.button_tone("info")


def test_attributes_handed_through_are_escaped_and_misspelt_ones_refused():
    class Attrs(dict):
        def attrs_dict(self):
            return self

    assert (
        ui.passed_on(Attrs({"data-x": '"><script>', "hx-post": "/a/"}))
        == ' data-x="&quot;&gt;&lt;script&gt;" hx-post="/a/"'
    )
    with pytest.raises(TemplateSyntaxError, match="tome"):
        ui.passed_on(Attrs({"tome": "info"}))


def test_the_phone_menu_has_at_most_four_lines_and_prefers_the_chosen_ones():
    lines = [{"label": str(place), "on_phone": place > 2} for place in range(9)]
    groups = [{"items": lines[:4]}, {"items": lines[4:]}]
    assert [line["label"] for line in ui.phone_nav(groups)] == ["3", "4", "5", "6"]
    for line in lines:
        line["on_phone"] = False
    assert [line["label"] for line in ui.phone_nav(groups)] == ["0", "1", "2", "3"]
    assert ui.phone_nav(None) == []


def test_a_qr_code_needs_no_second_request():
    image = str(ui.qr("https://example.invalid/orders/RO-1/", "RO-1"))
    assert 'src="data:image/svg+xml' in image
    assert 'alt="RO-1"' in image


def test_a_sentence_of_a_template_is_said_in_the_language_of_each_reader():
    template = Template("{% translate 'Search' %}|{% translate 'Search' as word %}{{ word }}")
    said = {}
    for language in ("en", "zh-hans", "zh-hant", "en", "zh-hans"):
        with translation.override(language):
            said.setdefault(language, set()).add(template.render(Context()))
    assert said == {"en": {"Search|Search"}, "zh-hans": {"搜索|搜索"}, "zh-hant": {"搜尋|搜尋"}}


def test_a_word_that_comes_from_the_page_is_looked_up_every_time():
    template = Template("{% translate word %}")
    with translation.override("zh-hans"):
        assert [template.render(Context({"word": word})) for word in ("Search", "Home")] == ["搜索", "首页"]
