from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client

from aftersales.core import clock
from aftersales.core.actor import SYSTEM
from aftersales.staff import queries, services
from tests.factories.staff import PASSWORD, actor_of, make_person

pytestmark = pytest.mark.django_db
HOME = "/staff/me/"


def is_signed_in(client):
    return client.get(HOME).status_code == 200


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def switch_on_totp(client):
    """Walk through the pages as a person does; the secret that was shown."""
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 302
    assert "/account/reauthenticate/" in page.url
    client.post(page.url, {"password": PASSWORD, "next": "/account/2fa/totp/activate/"})
    page = client.get("/account/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in page.text
    secret = re.search(r"<code>([A-Z2-7]{16,})</code>", page.text).group(1)
    done = client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert done.url == "/account/2fa/codes/"
    return secret


def test_an_invited_person_comes_in_by_the_link(client, director):
    person = make_person("周杰", login="zhou.jie")
    made = services.invite_person(SYSTEM, person_id=person.pk, now=clock.now())
    link = f"/staff/join/{queries.token_of(made)}/"
    opened = client.get(link)
    assert opened.url == "/staff/join/"
    page = client.get("/staff/join/")
    assert page.status_code == 200
    assert "zhou.jie" in page.text
    assert queries.token_of(made) not in page.text
    differ = client.post("/staff/join/", {"password": PASSWORD, "password_again": "something else, long"})
    assert differ.status_code == 422
    weak = client.post("/staff/join/", {"password": "short", "password_again": "short"})
    assert weak.status_code == 422
    done = client.post("/staff/join/", {"password": PASSWORD, "password_again": PASSWORD})
    assert done.url == "/account/login/"
    assert client.get(link).status_code == 404
    assert client.get("/staff/join/").status_code == 404
    assert client.post("/account/login/", {"login": "Zhou.Jie", "password": PASSWORD}).status_code == 302
    assert is_signed_in(client)


def test_wrong_and_used_links_look_the_same(client, director):
    person = make_person("周杰", login="zhou.jie", password=PASSWORD)
    used = queries.token_of(queries.last_invitation(person.pk))
    sentences = set()
    for token in (used, "0" * 64, "x"):
        page = client.get(f"/staff/join/{token}/")
        sentences.add((page.status_code, re.search(r'class="refused-sentence">([^<]+)', page.text).group(1)))
    assert len(sentences) == 1
    assert sentences.pop()[0] == 404


def test_signing_in_needs_the_right_password_and_out_is_out(client, zhao, sign_in):
    wrong = sign_in(zhao, "not the password at all")
    assert wrong.status_code == 200
    assert not is_signed_in(client)
    nobody = client.post("/account/login/", {"login": "nobody", "password": "not the password at all"})

    def error(page):
        return re.search(r"<p>([^<]*(?:wrong|incorrect|错|錯)[^<]*)</p>", page.text).group(1)

    assert error(wrong) == error(nobody)
    before = client.session.session_key
    right = sign_in(zhao)
    assert right.status_code == 302
    assert is_signed_in(client)
    assert client.session.session_key != before
    client.post("/account/logout/")
    assert not is_signed_in(client)
    assert client.get(HOME).url.startswith("/account/login/?next=")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/staff/people/", "/staff/people/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:1", "/"),
    ],
)
def test_after_signing_in_one_never_lands_elsewhere(client, zhao, wanted, expected):
    page = client.post("/account/login/", {"login": zhao.login, "password": PASSWORD, "next": wanted})
    assert page.url == expected


def test_guessing_is_slowed_down_even_for_the_right_password(client, zhao, chen, sign_in):
    for _ in range(5):
        sign_in(zhao, "not the password at all")
    stopped = sign_in(zhao)
    assert stopped.status_code == 200
    assert not is_signed_in(client)
    assert sign_in(chen).status_code == 302


def test_nobody_makes_an_account_of_his_own(client, db):
    assert client.get("/account/signup/").status_code == 404


def test_a_deactivated_person_is_out_at_the_next_request_and_stays_out(client, director, zhao, sign_in):
    sign_in(zhao)
    assert is_signed_in(client)
    services.deactivate_person(actor_of(director), person_id=zhao.pk, now=clock.now())
    assert UserSession.objects.filter(user=zhao).count() == 0
    assert not is_signed_in(client)
    sign_in(zhao)
    assert not is_signed_in(client)


def test_an_unused_device_is_signed_out(client, zhao, sign_in, monkeypatch):
    sign_in(zhao)
    assert is_signed_in(client)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
    assert is_signed_in(client)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=3, seconds=1))
    assert not is_signed_in(client)


def test_nobody_stays_signed_in_for_more_than_a_shift(client, zhao, sign_in, monkeypatch):
    sign_in(zhao)
    now = clock.now()
    for hour in range(12):
        monkeypatch.setattr(clock, "now", lambda hour=hour: now + timedelta(hours=hour))
        assert is_signed_in(client)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=12, seconds=5))
    assert not is_signed_in(client)


def test_my_devices_can_be_signed_out_one_by_one(client, zhao, chen, sign_in):
    sign_in(zhao)
    other, foreign = Client(), Client()
    other.post("/account/login/", {"login": zhao.login, "password": PASSWORD})
    foreign.post("/account/login/", {"login": chen.login, "password": PASSWORD})
    for each in (client, other, foreign):
        assert is_signed_in(each)
    page = client.get("/account/sessions/")
    assert page.text.count("/end/") == 2
    theirs = UserSession.objects.get(user=chen)
    assert client.post(f"/staff/me/sessions/{theirs.pk}/end/").status_code == 404
    assert is_signed_in(foreign)
    mine = UserSession.objects.exclude(session_key=client.session.session_key).get(user=zhao)
    assert client.post(f"/staff/me/sessions/{mine.pk}/end/").status_code == 302
    assert not is_signed_in(other)
    assert is_signed_in(client)


def test_all_other_devices_can_be_signed_out_at_once(client, zhao, sign_in):
    sign_in(zhao)
    other = Client()
    other.post("/account/login/", {"login": zhao.login, "password": PASSWORD})
    client.post("/staff/me/sessions/end/")
    assert not is_signed_in(other)
    assert is_signed_in(client)


def test_a_changed_password_signs_the_other_devices_out(client, zhao, sign_in):
    sign_in(zhao)
    other = Client()
    other.post("/account/login/", {"login": zhao.login, "password": PASSWORD})
    new = "seven slow boats to the south"
    house = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "aftersales 4 ever", "password2": "aftersales 4 ever"},
    )
    assert house.status_code == 200
    done = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.url == "/staff/me/"
    assert is_signed_in(client)
    assert not is_signed_in(other)
    zhao.refresh_from_db()
    assert zhao.check_password(new)
    assert queries.journal_of_person(SYSTEM, zhao.pk)[0].act == "set_password"


def test_who_must_choose_a_new_password_sees_nothing_else_first(client, director, zhao, sign_in):
    sign_in(zhao)
    services.require_new_password(actor_of(director), person_id=zhao.pk, now=clock.now())
    assert client.get(HOME).url == "/account/password/change/"
    assert client.get(HOME, headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/password/change/"
    new = "seven slow boats to the south"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_signed_in(client)


def test_a_second_step_is_switched_on_and_then_asked_for(client, zhao, sign_in):
    sign_in(zhao)
    secret = switch_on_totp(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    client.post("/account/logout/")
    asked = sign_in(zhao)
    assert asked.url == "/account/2fa/authenticate/"
    assert not is_signed_in(client)
    page = client.get(asked.url)
    assert page.status_code == 200
    assert client.post(asked.url, {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert client.post(asked.url, {"code": codes[0]}).status_code == 302
    assert is_signed_in(client)
    client.post("/account/logout/")
    sign_in(zhao)
    client.post(asked.url, {"code": codes[0]})
    assert not is_signed_in(client)


def test_an_invitation_does_not_take_the_second_step_away(client, director, zhao, sign_in):
    sign_in(zhao)
    switch_on_totp(client)
    made = services.invite_person(actor_of(director), person_id=zhao.pk, now=clock.now())
    new = "seven slow boats to the south"
    services.accept_invitation(token=queries.token_of(made), password=new, now=clock.now())
    fresh = Client()
    assert fresh.post("/account/login/", {"login": zhao.login, "password": new}).url == "/account/2fa/authenticate/"
    assert not is_signed_in(fresh)


def test_the_second_step_can_be_switched_off_again(client, zhao, sign_in):
    sign_in(zhao)
    switch_on_totp(client)
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/",
        "/account/inactive/",
        "/staff/forgot/",
    ],
)
def test_pages_before_signing_in_have_no_inline_script_or_style(client, db, path):
    page = client.get(path)
    assert page.status_code == 200
    assert_strict(page.text)


@pytest.mark.parametrize(
    "path",
    [
        "/staff/me/",
        "/account/sessions/",
        "/account/logout/",
        "/account/password/change/",
        "/account/2fa/",
        "/account/2fa/totp/deactivate/",
        "/account/2fa/codes/",
        "/account/2fa/codes/generate/",
        "/account/2fa/codes/download/",
        "/account/2fa/reauthenticate/",
        "/account/passkeys/",
        "/account/passkeys/add/",
        "/account/passkeys/reauthenticate/",
    ],
)
def test_pages_of_the_own_account_open_and_have_no_inline_script_or_style(client, zhao, sign_in, path):
    sign_in(zhao)
    switch_on_totp(client)
    page = client.get(path, follow=True)
    assert page.status_code == 200
    assert_strict(page.text)


def assert_strict(html):
    for attributes in re.findall(r"<script\b([^>]*)>", html):
        assert "src=" in attributes or 'type="application/json"' in attributes
    assert "<style" not in html
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert "<c-" not in html


def test_a_forgotten_password_page_says_the_same_for_everybody(client, zhao, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def answer(login):
        page = client.post("/staff/forgot/", {"login": login})
        return page.status_code, re.search(r"<main.*</main>", page.text, re.DOTALL).group(0)

    assert answer(zhao.login) == answer("nobody")


def test_the_page_speaks_the_language_of_the_person_the_cookie_or_the_browser(
    client, director, zhao, sign_in, settings
):
    assert client.get("/account/login/", headers={"Accept-Language": "zh-TW"}).headers["Content-Language"] == "zh-hant"
    assert client.get("/account/login/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "en"
    assert (
        client.get("/account/login/", headers={"Accept-Language": "fi"}).headers["Content-Language"]
        == settings.LANGUAGE_CODE
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"
    assert client.get("/account/login/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "zh-hant"
    sign_in(zhao)
    services.set_language(actor_of(zhao), language="en", now=clock.now())
    assert client.get(HOME).headers["Content-Language"] == "en"
