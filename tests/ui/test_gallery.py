"""The gallery shows every component, and its pages stand in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

from aftersales import ui
from tests.factories.staff import make_person

pytestmark = pytest.mark.django_db

ROOM = Path(ui.__file__).parent
COMPONENTS = sorted(path.stem for path in (ROOM / "templates/cotton").glob("*.html"))
PAGES = ["gallery", "sample_list", "sample_record", "sample_form", "sample_board", "sample_plain"]


@pytest.fixture
def browser(client_as):
    return client_as(make_person(password="eleven quiet cranes over the lake"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_page_of_the_gallery_opens_in_every_language(browser, name, language):
    browser.cookies["django_language"] = language
    answer = browser.get(reverse(f"ui:{name}"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<c-" not in page
    assert "{%" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


@pytest.mark.parametrize("paper", ["a4", "roll", "label"])
def test_every_paper_opens(browser, paper):
    answer = browser.get(reverse("ui:sample_paper", args=[paper]))
    assert answer.status_code == 200
    assert f"paper-{paper}" in answer.content.decode()
    assert browser.get(reverse("ui:sample_pdf", args=[paper])).content.startswith(b"%PDF-")


def test_an_unknown_paper_is_not_found(browser):
    assert browser.get(reverse("ui:sample_paper", args=["papyrus"])).status_code == 404


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_shown_in_the_gallery(component):
    shown = "".join(path.read_text(encoding="utf-8") for path in (ROOM / "templates").rglob("*.html"))
    assert f"<c-{component.replace('_', '-')}" in shown


def test_every_component_declares_what_it_takes():
    for path in (ROOM / "templates/cotton").glob("*.html"):
        assert path.read_text(encoding="utf-8").startswith("<c-vars "), path.name


def test_the_frame_has_its_landmarks_and_one_main_heading(browser):
    page = browser.get(reverse("ui:sample_record")).content.decode()
    assert '<a class="skip" href="#main">' in page
    assert '<main class="main" id="main"' in page
    assert page.count("<main ") == 1
    assert page.count("<h1>") == 1
    assert 'class="sidebar"' in page
    assert 'class="bottombar"' in page


def test_a_sent_sample_form_shows_its_errors_and_keeps_nothing(browser):
    answer = browser.post(reverse("ui:sample_form"), {"name": ""})
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()


def test_the_list_sorts_and_turns_its_pages(browser):
    page = browser.get(reverse("ui:sample_list"), {"sort": "number", "page": "2"}).content.decode()
    assert 'aria-sort="ascending"' in page
    assert "21–40" in page


def test_every_listed_icon_is_listed_once_and_in_order():
    names = (ROOM / "icons.txt").read_text(encoding="utf-8").split()
    assert names == sorted(set(names))
