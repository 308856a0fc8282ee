from __future__ import annotations

import re
import uuid

import pytest

from aftersales.core import journal
from aftersales.core.models import JournalEntry
from tests.factories import staff as make

pytestmark = pytest.mark.django_db
PAGES = ["/", "/health/", "/account/login/", "/no/such/page/", "/probe/fail/refused/", "/probe/fail/operational/"]


@pytest.fixture(autouse=True)
def _probe_pages(settings):
    settings.ROOT_URLCONF = "tests.faults.site"


@pytest.fixture
def browser(client_as):
    return client_as(make.make_person("王芳"))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["visitor", "person"])
def test_every_answer_has_an_id_and_a_strict_policy_and_is_kept_by_nobody(client, browser, path, who):
    answer = (browser if who == "person" else client).get(path)
    assert uuid.UUID(answer["X-Request-Id"])
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Content-Security-Policy"]


def policy(answer):
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def test_the_policy_lets_nothing_in_but_our_own(browser):
    rules = policy(browser.get("/"))
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["font-src"] == ["'self'"]
    assert rules["base-uri"] == rules["frame-ancestors"] == rules["object-src"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    assert set(rules["img-src"]) == {"'self'", "data:", "blob:"}
    everything = browser.get("/")["Content-Security-Policy"]
    assert not re.search(r"unsafe|nonce|\*|https?:", everything)


def test_no_page_holds_anything_the_policy_would_stop(browser):
    for path in ("/", "/account/login/", "/probe/fail/refused/", "/probe/fail/operational/", "/no/such/page/"):
        text = browser.get(path, follow=True).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path


def test_no_two_requests_share_an_id_and_visitors_cannot_choose_theirs(client):
    chosen = "11111111-1111-4111-8111-111111111111"
    ids = {client.get("/health/", headers={"X-Request-Id": chosen})["X-Request-Id"] for _each in range(3)}
    assert len(ids) == 3
    assert chosen not in ids


def test_the_journal_and_the_log_carry_the_id_of_the_request(browser, caplog):
    answer = browser.post("/probe/take/", {"note": "a"})
    entry = JournalEntry.objects.get(kind="number")
    assert entry.request_id == answer["X-Request-Id"]
    assert journal.request_id.get() == ""
    refused = browser.get("/probe/fail/refused/?phone=13812345678")
    (line,) = [
        record.msg for record in caplog.records if isinstance(record.msg, dict) and record.msg["event"] == "refused"
    ]
    assert line["request_id"] == refused["X-Request-Id"]
    assert (line["method"], line["path"]) == ("GET", "/probe/fail/refused/")


def test_the_id_is_given_back_also_after_a_mistake_of_ours(browser):
    browser.raise_request_exception = False
    assert uuid.UUID(browser.get("/probe/fail/bug/")["X-Request-Id"])
    assert journal.request_id.get() == ""


def test_pages_for_people_are_closed_to_visitors(client):
    for path in ("/", "/probe/see/", "/probe/forbidden/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=")
