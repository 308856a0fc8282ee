from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given, settings as hypothesis_settings, strategies as st

from aftersales.core import clock, worker
from aftersales.core.models import IdempotencyKey, JournalEntry, NumberSeries
from aftersales.core.web import idempotency
from tests.factories import staff as make
from tests.faults.databases import at_once

KEY = "a-form-that-is-sent-again"
_keys = count(1)


@pytest.fixture(autouse=True)
def _probe_pages(settings):
    settings.ROOT_URLCONF = "tests.faults.site"


@pytest.fixture
def wang(db):
    return make.make_person("王芳")


@pytest.fixture
def browser(client_as, wang):
    return client_as(wang)


def taken():
    """How many numbers were drawn, how many entries written, how many keys kept."""
    drawn = NumberSeries.objects.filter(prefix="T").first()
    return (
        drawn.last if drawn else 0,
        JournalEntry.objects.filter(kind="number").count(),
        IdempotencyKey.objects.count(),
    )


def test_a_form_is_carried_out_once_with_its_key(browser, wang):
    answer = browser.post("/probe/take/", {"note": "a"}, once=KEY)
    assert (answer.status_code, answer.content) == (200, b"T-TEST-2026-000001")
    assert "Idempotent-Replayed" not in answer
    kept = IdempotencyKey.objects.get()
    assert (kept.key, kept.actor_id, kept.status) == (KEY, f"person:{wang.pk}", 200)
    assert taken() == (1, 1, 1)


def test_sent_again_it_gets_the_same_answer_and_has_no_second_effect(browser):
    first = browser.post("/probe/take/", {"note": "a"}, once=KEY)
    for _resend in range(3):
        again = browser.post("/probe/take/", {"note": "a"}, once=KEY)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again["Content-Type"] == first["Content-Type"]
        assert again["HX-Trigger"] == "taken"
        assert again["Idempotent-Replayed"] == "true"
    assert taken() == (1, 1, 1)


def test_a_redirect_is_answered_again_as_a_redirect(browser):
    first = browser.post("/probe/take/", {"then": "redirect"}, once=KEY)
    again = browser.post("/probe/take/", {"then": "redirect"}, once=KEY)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"] == "/probe/T-TEST-2026-000001/"
    assert taken() == (1, 1, 1)


def test_a_page_made_from_a_template_can_be_answered_again(browser):
    first = browser.post("/probe/take/", {"then": "template"}, once=KEY)
    again = browser.post("/probe/take/", {"then": "template"}, once=KEY)
    assert b"T-TEST-2026-000001" in first.content
    assert first.content == again.content
    assert taken() == (1, 1, 1)


def test_each_form_with_its_own_key_is_a_form_of_its_own(browser):
    answers = [browser.post("/probe/take/", {"note": "a"}).content for _each in range(3)]
    assert answers == [b"T-TEST-2026-000001", b"T-TEST-2026-000002", b"T-TEST-2026-000003"]


def test_the_key_may_come_as_a_header(browser):
    for _each in range(2):
        answer = browser.post("/probe/take/", {"_once": "", "note": "a"}, headers={"Idempotency-Key": KEY})
        assert answer.content == b"T-TEST-2026-000001"
    assert taken() == (1, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        ("/probe/take/", {"note": "b"}),
        ("/probe/take/", {"note": "a", "more": "1"}),
        ("/probe/take/", {"note": ["a", "a"]}),
        ("/probe/take/", {}),
        ("/probe/take/?station=SUZ", {"note": "a"}),
    ],
)
def test_the_same_key_with_other_contents_is_refused(browser, other):
    browser.post("/probe/take/", {"note": "a"}, once=KEY)
    path, fields = other
    answer = browser.post(path, fields, once=KEY)
    assert answer.status_code == 422
    assert b"already sent with other contents" in answer.content
    assert taken() == (1, 1, 1)


def photo(contents):
    return SimpleUploadedFile("photo.jpg", contents, "image/jpeg")


def test_files_belong_to_the_contents(browser):
    assert browser.post("/probe/take/", {"photo": photo(b"one")}, once=KEY).status_code == 200
    assert browser.post("/probe/take/", {"photo": photo(b"one")}, once=KEY)["Idempotent-Replayed"] == "true"
    assert browser.post("/probe/take/", {"photo": photo(b"two")}, once=KEY).status_code == 422
    assert taken() == (1, 1, 1)


def test_a_body_that_is_no_form_belongs_to_the_contents(browser):
    def send(body):
        return browser.post("/probe/take/", body, content_type="application/json", headers={"Idempotency-Key": KEY})

    assert send('{"note": "a"}').status_code == 200
    assert send('{"note": "a"}')["Idempotent-Replayed"] == "true"
    assert send('{"note": "b"}').status_code == 422
    assert taken() == (1, 1, 1)


def test_the_protection_token_of_the_page_is_not_part_of_the_contents(browser):
    browser.post("/probe/take/", {"note": "a", "csrfmiddlewaretoken": "old"}, once=KEY)
    again = browser.post("/probe/take/", {"note": "a", "csrfmiddlewaretoken": "new"}, once=KEY)
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 256, "with a space in the key", "with\x00nul-in-the-key", "钥匙" * 10]
)
def test_a_form_without_a_proper_key_is_refused_and_not_carried_out(browser, key):
    answer = browser.post("/probe/take/", {"_once": key, "note": "a"})
    assert answer.status_code == 422
    assert b"one-time key" in answer.content
    assert taken() == (0, 0, 0)


def test_a_form_without_any_key_is_refused(browser):
    answer = browser.generic("POST", "/probe/take/", b"note=a", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert taken() == (0, 0, 0)


@pytest.mark.parametrize(("then", "status"), [("refuse", 422), ("answer 422", 422)])
def test_a_refused_form_leaves_neither_effect_nor_key_and_may_be_corrected(browser, then, status):
    for _again in range(2):
        answer = browser.post("/probe/take/", {"note": "a", "then": then}, once=KEY)
        assert answer.status_code == status
        assert b"another note" in answer.content
        assert taken() == (0, 0, 0)
    corrected = browser.post("/probe/take/", {"note": "b"}, once=KEY)
    assert corrected.content == b"T-TEST-2026-000001"
    assert taken() == (1, 1, 1)


def test_a_mistake_of_ours_leaves_neither_effect_nor_key(browser):
    browser.raise_request_exception = False
    assert browser.post("/probe/take/", {"then": "break"}, once=KEY).status_code == 500
    assert taken() == (0, 0, 0)
    assert browser.post("/probe/take/", {"note": "a"}, once=KEY).content == b"T-TEST-2026-000001"


def test_two_people_never_get_each_others_answers(browser, client_as):
    other = client_as(make.make_person("赵敏"))
    assert browser.post("/probe/take/", {"note": "a"}, once=KEY).content == b"T-TEST-2026-000001"
    answer = other.post("/probe/take/", {"note": "a"}, once=KEY)
    assert answer.content == b"T-TEST-2026-000002"
    assert "Idempotent-Replayed" not in answer


def test_a_page_that_only_looks_up_needs_no_key_and_keeps_none(browser):
    for _again in range(2):
        answer = browser.post("/probe/find/", {"_once": "", "typed": "张三"})
        assert answer.status_code == 200
        assert answer.content.decode() == "张三"
    assert taken() == (0, 0, 0)


def test_looking_at_a_page_keeps_no_key(browser):
    assert browser.get("/probe/see/").status_code == 200
    assert taken() == (0, 0, 0)


def test_who_is_not_signed_in_leaves_no_key(client, db):
    answer = client.post("/probe/take/", {"note": "a"}, once=KEY)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert taken() == (0, 0, 0)


def test_a_phone_in_a_bag_may_send_again_for_a_week(browser):
    browser.post("/probe/take/", {"note": "a"}, once=KEY)
    worker.forget({}, clock.now() + timedelta(days=6, hours=23))
    assert browser.post("/probe/take/", {"note": "a"}, once=KEY)["Idempotent-Replayed"] == "true"
    assert taken() == (1, 1, 1)
    worker.forget({}, clock.now() + timedelta(days=7, hours=1))
    assert IdempotencyKey.objects.count() == 0


form_fields = st.dictionaries(
    st.text(alphabet="abcxyz", min_size=1, max_size=3),
    st.lists(st.text(max_size=4), min_size=1, max_size=3),
    max_size=3,
)


@given(form_fields, form_fields)
@example({"a": ["bc"]}, {"ab": ["c"]})
@example({"a": ["x", "y"]}, {"a": ["xy"]})
@example({"a": ["x"], "b": ["y"]}, {"b": ["y"], "a": ["x"]})
@hypothesis_settings(deadline=None)
def test_two_forms_have_one_fingerprint_only_when_all_their_fields_are_the_same(one, other):
    from django.test import RequestFactory

    prints = [
        idempotency.fingerprint_of(RequestFactory().post("/x/", {**fields, "_once": f"key-{next(_keys)}"}))
        for fields in (one, other)
    ]
    assert (prints[0] == prints[1]) == (one == other)


# As it happens in the shop: all at once


def sent_at_once(person, keys):
    """The answers to forms with these keys, sent by as many browsers of one person at the same moment."""
    from tests.conftest import FormClient

    browsers = [FormClient() for _key in keys]
    for browser in browsers:
        browser.force_login(person)

    def send(browser, key):
        return browser.post("/probe/take/", {"note": "a", "slowly": "1"}, once=key)

    return at_once(*[lambda b=b, key=key: send(b, key) for b, key in zip(browsers, keys, strict=True)])


@pytest.fixture
def person(shared_database):
    """A person in the shared database, removed with what was made for him."""
    from aftersales.staff.models import Assignment, Person, Station

    made = make.make_person("王芳")
    yield made
    if "postgresql" in shared_database:
        from django.db import connection

        tables = ", ".join(model._meta.db_table for model in (Person, Assignment, Station))
        connection.cursor().execute(f"TRUNCATE {tables} CASCADE")


def test_twenty_posts_with_one_key_at_once_are_one_effect(person):
    answers = sent_at_once(person, [KEY] * 20)
    assert [answer.status_code for answer in answers] == [200] * 20
    assert {answer.content for answer in answers} == {b"T-TEST-2026-000001"}
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 19
    assert taken() == (1, 1, 1)


def test_twenty_posts_with_ten_keys_at_once_are_ten_effects(person):
    keys = [f"form-number-{number:08d}" for number in range(10)] * 2
    answers = sent_at_once(person, keys)
    assert [answer.status_code for answer in answers] == [200] * 20
    by_key = {}
    for key, answer in zip(keys, answers, strict=True):
        by_key.setdefault(key, set()).add(answer.content)
    assert {len(contents) for contents in by_key.values()} == {1}
    assert len({content for contents in by_key.values() for content in contents}) == 10
    assert taken() == (10, 10, 10)
