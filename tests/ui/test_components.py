"""Components as pages use them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from aftersales.core.errors import Conflict, Difference
from aftersales.core.text import text as _
from aftersales.core.workflow import ActionInfo, OpenAction
from aftersales.ui import tones
from aftersales.ui.charts import Chart, Series
from aftersales.ui.lists import paginate


def rendered(source: str, **context) -> str:
    """The markup of a page's piece, components and all."""
    template = engines["django"].from_string(CottonCompiler().process(source))
    return template.render(context, RequestFactory().get("/"))


@pytest.mark.parametrize("tone", tones.TONES)
def test_a_badge_comes_in_every_tone(tone):
    assert f"tone-{tone}" in rendered('<c-badge :tone="tone">text</c-badge>', tone=tone)


@pytest.mark.parametrize("component", ["badge", "alert", "moment", "stat", "next", "ticket", "column"])
def test_an_unknown_tone_is_an_error_in_every_component(component):
    with pytest.raises(tones.UnknownTone):
        rendered(f'<c-{component} tone="purple">x</c-{component}>')


def test_a_misspelt_attribute_is_an_error():
    with pytest.raises(TemplateSyntaxError, match="tome"):
        rendered('<c-badge tome="info">x</c-badge>')


def test_htmx_and_data_attributes_are_handed_through_escaped():
    drawn = rendered('<c-button hx-post="/a/" :data-name="name">x</c-button>', name='"><script>alert(1)</script>')
    assert 'hx-post="/a/"' in drawn
    assert "<script>" not in drawn


@pytest.mark.parametrize(
    "source",
    [
        "<c-badge>{{ text }}</c-badge>",
        '<c-card :title="text">{{ text }}</c-card>',
        '<c-card title="{{ text }}"></c-card>',
        '<c-fact :label="text">{{ text }}</c-fact>',
        '<c-button :href="text" :label="text" icon="check" />',
        '<c-stat :label="text" :value="text" :hint="text" />',
        '<c-photo :src="text" :caption="text" />',
        '<c-person :name="text" :detail="text" />',
        '<c-ticket :href="text" :number="text" :title="text">{{ text }}</c-ticket>',
        '<c-search :value="text" :placeholder="text" />',
        '<c-empty :title="text">{{ text }}</c-empty>',
        '<c-table :caption="text"></c-table>',
        '<c-moment :who="text" :title="text"></c-moment>',
        '<c-qr :text="text" :label="text" />',
    ],
)
def test_what_people_typed_never_becomes_markup(source):
    drawn = rendered(source, text='"><img src=x onerror=alert(1)>')
    assert "<img src=x" not in drawn


def test_a_button_with_an_address_is_a_link():
    assert re.search(
        r'<a href="/x/" class="btn btn-primary', rendered('<c-button tone="primary" href="/x/">x</c-button>')
    )
    assert 'type="submit"' in rendered('<c-button type="submit">x</c-button>')
    assert re.search(r"<button[^>]* disabled", rendered('<c-button :disabled="True">x</c-button>'))
    assert "disabled" not in rendered("<c-button>x</c-button>")


def test_an_icon_button_has_a_name():
    assert 'aria-label="Edit"' in rendered('<c-button icon="edit" label="Edit" />')


def test_a_form_carries_its_token_and_its_key_and_a_get_form_neither():
    drawn = rendered('<c-form action="/a/" submit="Save">x</c-form>')
    assert "csrfmiddlewaretoken" in drawn
    assert 'name="_once"' in drawn
    assert 'type="submit"' in drawn
    assert "_once" not in rendered('<c-form method="get">x</c-form>')


def test_an_act_that_is_possible_can_be_pressed():
    done = OpenAction("hand_over", ActionInfo(_("Hand over"), _("Handed over"), icon="check"))
    drawn = rendered('<c-action :open="one" post="/a/" confirm="Sure?" />', one=done)
    assert 'name="action" value="hand_over"' in drawn
    assert 'name="_once"' in drawn
    assert 'data-confirm="Sure?"' in drawn
    assert "<form" not in rendered('<c-action :open="one" href="/a/" />', one=done)


def test_an_act_that_is_closed_says_why():
    closed = OpenAction("hand_over", ActionInfo(_("Hand over"), _("Handed over")), _("Money is due."))
    drawn = rendered('<c-action :open="one" post="/a/" />', one=closed)
    assert 'aria-disabled="true"' in drawn
    assert 'aria-describedby="why-hand_over"' in drawn
    assert "Money is due." in drawn
    assert "<form" not in drawn


def clock(**facts):
    due = datetime(2026, 11, 25, 9, tzinfo=UTC)
    known = {"due_at": due, "label": "Promise", "stopped_at": None, "is_paused": False, "tone": lambda now: "warning"}
    return SimpleNamespace(**{**known, **facts})


def test_a_promise_says_when_it_is_due_or_why_it_stands_still():
    assert 'datetime="2026-11-25T09:00:00+00:00"' in rendered('<c-promise :clock="one" />', one=clock())
    paused = rendered(
        '<c-promise :clock="one" />', one=clock(is_paused=True, pause_reason="a part", pause_owner="Chen")
    )
    assert "a part" in paused
    assert "<time" not in paused
    late = clock(stopped_at=datetime(2026, 11, 26, tzinfo=UTC), tone=lambda now: "danger")
    assert "Ended late" in rendered('<c-promise :clock="one" />', one=late)
    assert rendered('<c-promise :clock="one" />', one=None).strip() == ""


def test_a_chart_brings_its_figures_and_its_table():
    chart = Chart("Faults </script>", ["a", "b"], [Series("orders", [1, 2])])
    drawn = rendered('<c-chart id="c1" kind="pareto" :data="chart" />', chart=chart)
    assert 'id="c1-data" type="application/json"' in drawn
    assert drawn.count("</script>") == 1
    assert drawn.count("<tr>") == 3


def test_a_collision_shows_both_versions():
    refused = Conflict(changed_by="Li Na", differences=(Difference(_("Phone"), "138", "139"),))
    drawn = rendered('<c-conflict :refused="refused" />', refused=refused)
    assert "<del>138</del>" in drawn
    assert "<ins>139</ins>" in drawn
    assert rendered('<c-conflict :refused="refused" />', refused=None).strip() == ""


def test_a_pager_appears_only_when_there_is_another_page():
    request = RequestFactory().get("/?page=2&q=a")
    drawn = rendered('<c-pager :page="page" />', page=paginate(range(30), request, 10))
    assert 'rel="next" href="?q=a&amp;page=3"' in drawn
    assert 'rel="prev" href="?q=a"' in drawn
    assert "<nav" not in rendered('<c-pager :page="page" />', page=paginate(range(3), RequestFactory().get("/"), 10))


def test_an_empty_fact_is_a_dash():
    assert "—" in rendered('<c-fact label="Phone">  </c-fact>')


def test_a_component_does_not_take_on_the_values_of_the_page_around_it():
    drawn = rendered(
        "<c-card><c-badge>x</c-badge></c-card>", icon="unicorn", tone="purple", title="around", href="/around/"
    )
    assert "around" not in drawn


def test_a_figure_that_leads_somewhere_keeps_to_the_palette_too():
    with pytest.raises(tones.UnknownTone):
        rendered('<c-stat tone="purple" href="/x/" label="x" value="1" />')
    assert '<a class="stat tone-danger' in rendered('<c-stat tone="danger" href="/x/" label="x" value="1" />')


def test_nothing_overdue_is_no_alarm():
    assert "is-zero" in rendered('<c-stat tone="danger" label="Overdue" :value="0" />')
    assert "is-zero" not in rendered('<c-stat tone="danger" label="Overdue" :value="10" />')
