from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from tests.factories import staff as make

pytestmark = pytest.mark.django_db


def choose(browser, language, **fields):
    return browser.post("/language/", {"language": language, **fields})


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_visitor_reads_on_in_the_chosen_language(client, language):
    answer = choose(client, language, next="/account/login/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/"
    page = client.get("/account/login/")
    assert page["Content-Language"] == language
    lang = {"zh-hans": "zh-hans", "zh-hant": "zh-hant", "en": "en"}[language]
    assert f'<html lang="{lang}"' in page.content.decode()


def test_the_choice_is_kept_in_a_cookie_that_scripts_cannot_read(client):
    cookie = choose(client, "zh-hant").cookies["django_language"]
    assert cookie.value == "zh-hant"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 365 * 24 * 3600


def test_a_person_keeps_his_language_on_every_device(client_as, client):
    wang = make.make_person("王芳", language="zh-hans")
    choose(client_as(wang), "en")
    wang.refresh_from_db()
    assert wang.language == "en"
    elsewhere = client_as(wang)
    assert elsewhere.get("/")["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["", "fr", "de", "zh", "../../etc", "en\x00", "x" * 500])
def test_a_language_we_do_not_speak_changes_nothing(client, client_as, language):
    wang = make.make_person("王芳", language="zh-hans")
    for browser in (client, client_as(wang)):
        answer = choose(browser, language)
        assert answer.status_code == 302
        assert "django_language" not in answer.cookies
    wang.refresh_from_db()
    assert wang.language == "zh-hans"


def test_only_a_form_changes_the_language(client):
    answer = client.get("/language/?language=en&next=/account/login/")
    assert "django_language" not in answer.cookies
    assert answer["Location"] == "/"


AWAY = [
    "https://evil.example/",
    "//",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "http:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    " //evil.example",
    "\x00//evil.example",
    "/%0d%0a//evil.example\r\nSet-Cookie: a=b",
    "ftp://testserver/",
    "",
]


@pytest.mark.parametrize("address", AWAY)
def test_it_never_leads_away_from_the_house(client, address):
    answer = choose(client, "en", next=address)
    assert answer.status_code == 302
    location = answer["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\r" not in location
    assert "\n" not in location
    assert "a=b" not in str(answer.cookies)


@given(st.text(alphabet="/\\.:@?#%ehtpsvil \t\r\n", max_size=20))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_whatever_the_address_is_it_never_leads_away(client, address):
    location = choose(client, "en", next=address)["Location"]
    assert location.startswith(("/", "http://testserver/", "?", "#")) or "://" not in location
    assert not location.startswith(("//", "/\\", "\\"))


def test_our_own_pages_are_gone_back_to(client):
    assert choose(client, "en", next="/orders/?page=2")["Location"] == "/orders/?page=2"
    assert choose(client, "en", next="http://testserver/orders/")["Location"] == "http://testserver/orders/"
    assert choose(client, "en")["Location"] == "/"
