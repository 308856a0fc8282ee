"""The papers of an order: what stands on them, in which language, and who gets them."""

from __future__ import annotations

import io

import pypdf
import pytest

from tests.factories.staff import make_person, make_station
from tests.factories.workshop import make_house, make_order

pytestmark = pytest.mark.django_db
LANGUAGES = ["zh-hans", "zh-hant", "en"]
KINDS = ["slip", "label"]


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def browser(house, client_as):
    return client_as(house.advisor_person)


def words(answer):
    assert answer.status_code == 200, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_exists_as_page_and_as_pdf_in_every_language(house, browser, kind, language):
    order = make_order(house)
    page = browser.get(f"/orders/{order.number}/{kind}/?language={language}")
    assert page.status_code == 200
    assert " style=" not in page.content.decode()
    assert order.number in words(browser.get(f"/orders/{order.number}/{kind}.pdf?language={language}"))


def test_the_slip_says_what_was_left_with_us_in_the_language_asked_for(house, browser):
    order = make_order(house, fault="屏幕不亮", accessories=("charger",))
    said = {each: words(browser.get(f"/orders/{order.number}/slip.pdf?language={each}")) for each in LANGUAGES}
    assert "接修单" in said["zh-hans"]
    assert "接修單" in said["zh-hant"]
    assert "Intakeslip" in said["en"]
    assert all("屏幕不亮" in each and "陈静" in each and order.number in each for each in said.values())


def test_the_slip_speaks_the_customers_language_whoever_prints_it(house, browser):
    order = make_order(house)
    type(order.customer).objects.filter(pk=order.customer_id).update(language="zh-hant")
    browser.cookies["django_language"] = "en"
    assert "接修單" in words(browser.get(f"/orders/{order.number}/slip.pdf"))
    page = browser.get(f"/orders/{order.number}/slip/").content.decode()
    assert '<div class="sheet" lang="zh-Hant">' in page
    assert ">Print<" in page


def test_what_is_asked_for_and_does_not_exist_is_the_usual(house, browser):
    order = make_order(house)
    answer = browser.get(f"/orders/{order.number}/slip.pdf?language=xx&paper=papyrus")
    assert order.number in words(answer)


def test_the_slip_comes_on_a_roll(house, browser):
    answer = browser.get(f"/orders/{make_order(house).number}/slip.pdf?paper=80")
    page = pypdf.PdfReader(io.BytesIO(answer.content)).pages[0]
    assert round(float(page.mediabox.width) * 25.4 / 72) == 80


@pytest.mark.parametrize("hostile", ['#import "x": *', "*_$ x $", "<script>alert(1)</script>", "`#raw`", "\\u{41}"])
def test_what_the_customer_says_stays_what_he_said(house, browser, hostile):
    order = make_order(house, fault=hostile, name="#陈*静*")
    said = words(browser.get(f"/orders/{order.number}/slip.pdf"))
    assert "".join(hostile.split()) in said
    assert "#陈*静*" in said
    assert "<script>alert" not in browser.get(f"/orders/{order.number}/slip/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_another_stations_order_has_no_papers(house, client_as, kind):
    order = make_order(house)
    make_station("SUZ")
    stranger = client_as(make_person("赵敏", duty="service_manager", station="SUZ"))
    for address in (f"/orders/{order.number}/{kind}/", f"/orders/{order.number}/{kind}.pdf"):
        assert stranger.get(address).status_code == 404


def test_a_demonstration_says_so_on_its_papers(house, browser, settings):
    order = make_order(house)
    assert "虚构" not in words(browser.get(f"/orders/{order.number}/slip.pdf?language=zh-hans"))
    settings.DEMO = True
    for kind in KINDS:
        assert "虚构" in words(browser.get(f"/orders/{order.number}/{kind}.pdf?language=zh-hans"))
        assert "虚构" in browser.get(f"/orders/{order.number}/{kind}/?language=zh-hans").content.decode()


def test_the_code_opens_the_order(house, browser, settings, monkeypatch):
    settings.PUBLIC_URL = "https://service.example"
    order = make_order(house)
    asked = []
    real = __import__("segno").make
    monkeypatch.setattr("segno.make", lambda text, **more: asked.append(text) or real(text, **more))
    browser.get(f"/orders/{order.number}/slip.pdf")
    assert asked == [f"https://service.example/orders/{order.number}/"]


def test_without_its_font_no_paper_is_made_and_the_page_says_why(house, browser, tmp_path, monkeypatch):
    from aftersales.ui.papers import engine, fonts

    order = make_order(house)
    monkeypatch.setattr(engine, "loaded_fonts", lambda: fonts.loaded_fonts(tmp_path))
    browser.cookies["django_language"] = "en"
    answer = browser.get(f"/orders/{order.number}/slip.pdf")
    assert answer.status_code == 503
    assert "Noto Sans SC is not installed" in answer.content.decode()
