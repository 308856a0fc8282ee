from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from aftersales.core import outbox, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.models import OutboxAttachment, OutboxMessage
from aftersales.core.outbox import messages
from tests.faults import databases

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sent(monkeypatch):
    """A way out for messages of the kind `test`, which remembers what went through."""
    monkeypatch.setattr(messages, "_deliverers", dict(messages._deliverers))
    gone: list[outbox.Message] = []
    outbox.delivers("test")(gone.append)
    return gone


def add(key: str = "k1", kind: str = "test", **payload: object) -> None:
    outbox.add(kind, key=key, payload=payload, now=NOW)


def fail_with(error: Exception, kind: str = "test") -> list[str]:
    tried: list[str] = []

    def deliver(message: outbox.Message) -> None:
        tried.append(message.key)
        raise error

    outbox.delivers(kind)(deliver)
    return tried


@pytest.mark.django_db
def test_a_message_is_delivered_once_and_its_contents_are_forgotten(sent):
    add(link="https://secret")
    assert outbox.deliver_due(NOW) == 1
    assert sent == [outbox.Message("test", "k1", {"link": "https://secret"}, 1)]
    assert outbox.deliver_due(NOW + timedelta(days=9)) == 0
    row = OutboxMessage.objects.get()
    assert (row.state, row.sent_at, row.payload) == ("sent", NOW, {})


@pytest.mark.django_db
def test_the_same_key_is_one_message_even_after_it_was_sent(sent):
    add()
    add()
    outbox.deliver_due(NOW)
    add()
    outbox.deliver_due(NOW)
    assert len(sent) == 1


@pytest.mark.django_db
def test_rollback_takes_the_message_back(sent):
    with transaction.atomic():
        add()
        transaction.undo_all()
    assert outbox.deliver_due(NOW) == 0
    assert sent == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 121])
def test_it_refuses_keys_that_could_not_be_told_apart(sent, key):
    with pytest.raises(ValueError, match="120 characters"):
        add(key)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_a_failed_message_is_tried_again_after_growing_pauses_and_then_parked(sent):
    tried = fail_with(ValueError("mailbox full"))
    add()
    at = NOW
    for attempt in range(1, messages.MOST_ATTEMPTS + 1):
        assert outbox.deliver_due(at) == 1
        assert outbox.deliver_due(at + messages.pause_after(attempt) - timedelta(seconds=1)) == 0
        at += messages.pause_after(attempt)
    assert outbox.deliver_due(at + timedelta(days=9)) == 0
    assert len(tried) == 10
    (parked,) = outbox.list_parked()
    assert (parked.kind, parked.key, parked.attempts, parked.error) == ("test", "k1", 10, "ValueError: mailbox full")
    assert outbox.count_messages(at) == outbox.Health(waiting=0, parked=1, oldest_wait=timedelta(0))


@pytest.mark.django_db
def test_pauses_grow_up_to_six_hours():
    assert [messages.pause_after(n).total_seconds() for n in (1, 2, 3, 4)] == [30, 120, 480, 1920]
    assert messages.pause_after(50) == timedelta(hours=6)


@pytest.mark.django_db
def test_what_can_never_be_delivered_is_parked_at_once_and_can_be_resumed(sent):
    fail_with(outbox.Undeliverable("no such address"))
    add()
    outbox.deliver_due(NOW)
    (parked,) = outbox.list_parked()
    outbox.delivers("test")(sent.append)
    assert outbox.resume(parked.id, now=NOW) is True
    assert outbox.deliver_due(NOW) == 1
    assert len(sent) == 1
    assert outbox.resume(parked.id, now=NOW) is False


@pytest.mark.django_db
def test_a_blocked_way_out_costs_the_other_messages_no_attempt_and_other_kinds_nothing(sent):
    tried = fail_with(ConnectionRefusedError("no mail server"), kind="blocked")
    add("b1", kind="blocked")
    add("b2", kind="blocked")
    add("t1")
    assert outbox.deliver_due(NOW) == 2
    assert tried == ["b1"]
    assert [message.key for message in sent] == ["t1"]
    assert OutboxMessage.objects.get(key="b2").attempts == 0


@pytest.mark.django_db
def test_a_message_that_nothing_delivers_waits(sent):
    add(kind="unknown")
    outbox.deliver_due(NOW)
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert "unknown" in row.last_error


@pytest.mark.django_db
def test_what_a_killed_worker_had_claimed_is_sent_when_the_claim_has_run_out(sent):
    add()
    messages._claim(OutboxMessage.objects.get(), NOW)
    assert outbox.deliver_due(NOW + messages.CLAIM - timedelta(seconds=1)) == 0
    assert outbox.deliver_due(NOW + messages.CLAIM) == 1
    assert sent[0].attempt == 2


@pytest.mark.django_db
def test_a_message_seen_by_two_workers_is_claimed_by_one(sent):
    add()
    seen_by_both = OutboxMessage.objects.get()
    assert messages._claim(seen_by_both, NOW) is True
    assert messages._claim(seen_by_both, NOW) is False


@pytest.mark.django_db
def test_one_who_overslept_his_claim_cannot_settle_for_the_other(sent):
    add()
    overslept = OutboxMessage.objects.get()
    messages._claim(overslept, NOW)
    messages._claim(OutboxMessage.objects.get(), NOW + messages.CLAIM)
    messages._settle(overslept, ValueError("too late"), NOW)
    row = OutboxMessage.objects.get()
    assert (row.attempts, row.last_error) == (2, "")


@pytest.mark.django_db
def test_the_limit_holds_and_the_oldest_go_first(sent):
    for number in range(5):
        outbox.add("test", key=f"k{number}", payload={}, now=NOW - number * MINUTE)
    assert outbox.deliver_due(NOW, limit=2) == 2
    assert [message.key for message in sent] == ["k4", "k3"]


@pytest.mark.django_db
def test_no_transaction_is_held_while_a_message_is_on_its_way(sent, transactional_db):
    within = []
    outbox.delivers("test")(lambda _message: within.append(connection.in_atomic_block))
    add()
    outbox.deliver_due(NOW)
    assert within == [False]


def test_many_workers_at_once_send_each_message_once(sent, shared_database):
    for number in range(30):
        add(f"k{number}")

    def work() -> None:
        while outbox.deliver_due(NOW, limit=7):
            pass

    assert databases.at_once(*[work] * 4) == [None] * 4
    assert sorted(message.key for message in sent) == sorted(f"k{number}" for number in range(30))


@pytest.mark.django_db
def test_old_sent_messages_are_forgotten_and_others_kept(sent):
    add("old")
    add("parked", kind="broken")
    fail_with(outbox.Undeliverable(), kind="broken")
    outbox.deliver_due(NOW)
    add("waiting")
    assert outbox.purge(before=NOW) == 0
    assert outbox.purge(before=NOW + MINUTE) == 1
    assert set(OutboxMessage.objects.values_list("key", flat=True)) == {"parked", "waiting"}


@pytest.mark.django_db
def test_an_email_goes_out_with_a_message_id_that_follows_from_its_key(settings):
    settings.DEFAULT_FROM_EMAIL = "售后 <service@example.cn>"
    options = {
        "to": ["a@example.cn"],
        "subject": "您的车修好了",
        "text": "请来取车",
        "html": "<p>请来取车</p>",
        "now": NOW,
    }
    outbox.add_email(key="ready:RO-1", **options)
    outbox.deliver_due(NOW)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.body) == (["a@example.cn"], "您的车修好了", "请来取车")
    assert letter.alternatives[0][1] == "text/html"
    identity = letter.extra_headers["Message-ID"]
    assert identity == outbox.message_id("ready:RO-1") != outbox.message_id("ready:RO-2")
    assert identity.endswith("@example.cn>")
    assert "RO-1" not in identity


@pytest.mark.django_db
def test_an_email_with_a_line_break_in_its_subject_is_parked(settings):
    outbox.add_email(key="k", to=["a@example.cn"], subject="hello\nBcc: b@example.cn", text="", now=NOW)
    outbox.deliver_due(NOW)
    assert mail.outbox == []
    assert len(outbox.list_parked()) == 1


# What goes along, what blocks the way, and what people do about it


FILE = outbox.Attached("a.txt", "text/plain", b"contents")


@pytest.mark.django_db
def test_a_file_goes_along_and_is_forgotten_when_the_message_is_sent(sent):
    outbox.add("test", key="k1", payload={}, attached=[FILE], now=NOW)
    outbox.add("test", key="k1", payload={}, attached=[FILE], now=NOW)
    assert OutboxAttachment.objects.count() == 1
    outbox.deliver_due(NOW)
    assert sent == [outbox.Message("test", "k1", {}, 1, (FILE,))]
    assert not OutboxAttachment.objects.exists()


@pytest.mark.django_db
def test_it_refuses_more_than_a_mail_server_takes_and_keeps_nothing(sent):
    heavy = outbox.Attached("a.bin", "application/octet-stream", b"x" * (messages.MOST_ATTACHED + 1))
    with pytest.raises(ValueError, match="are attached"):
        outbox.add("test", key="k1", payload={}, attached=[heavy], now=NOW)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_a_file_is_kept_while_its_message_waits_or_is_parked(sent):
    fail_with(ValueError("not now"))
    outbox.add("test", key="k1", payload={}, attached=[FILE], now=NOW)
    outbox.deliver_due(NOW)
    fail_with(outbox.Undeliverable("never"))
    outbox.deliver_due(NOW + messages.pause_after(1))
    assert outbox.list_parked()[0].key == "k1"
    assert OutboxAttachment.objects.count() == 1


@pytest.mark.django_db
def test_a_blocked_way_is_tried_again_every_two_minutes_and_parks_nothing(sent):
    tried = fail_with(outbox.Blocked("no entry"))
    add("k1")
    add("k2")
    at = NOW
    for _each in range(messages.MOST_ATTEMPTS * 3):
        assert outbox.deliver_due(at) == 1
        assert outbox.deliver_due(at + messages.BLOCKED_PAUSE - timedelta(seconds=1)) == 0
        at += messages.BLOCKED_PAUSE
    assert set(tried) == {"k1"}, "the oldest stays the first"
    outbox.delivers("test")(sent.append)
    outbox.deliver_due(at)
    assert [(message.key, message.attempt) for message in sent] == [("k1", 1), ("k2", 1)]


@pytest.mark.django_db
def test_what_waits_after_a_failure_can_be_tried_at_once_but_not_what_is_on_its_way(sent):
    fail_with(ValueError("not now"))
    add()
    outbox.deliver_due(NOW)
    row = OutboxMessage.objects.get()
    outbox.delivers("test")(sent.append)
    assert outbox.resume(row.pk, now=NOW) is True
    row.refresh_from_db()
    messages._claim(row, NOW)
    assert outbox.resume(row.pk, now=NOW) is False
    assert outbox.deliver_due(NOW) == 0


@pytest.mark.django_db
def test_a_message_that_was_given_up_is_forgotten_with_its_file(sent):
    fail_with(outbox.Undeliverable("never"))
    outbox.add("test", key="k1", payload={}, attached=[FILE], now=NOW)
    outbox.deliver_due(NOW)
    (parked,) = outbox.list_parked()
    assert outbox.cancel(parked.id) is True
    assert outbox.cancel(parked.id) is False
    assert not OutboxMessage.objects.exists()
    assert not OutboxAttachment.objects.exists()


@pytest.mark.django_db
def test_a_message_that_was_sent_cannot_be_given_up(sent):
    add()
    outbox.deliver_due(NOW)
    row = OutboxMessage.objects.get()
    assert outbox.cancel(row.pk) is False
    assert outbox.resume(row.pk, now=NOW) is False
    assert OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_whoever_looks_after_one_place_sees_its_messages_only(sent):
    for scope in ("NJ", "SZ", ""):
        outbox.add("test", key=f"k{scope}", payload={"to": ["a@example.cn"], "subject": "hello"}, scope=scope, now=NOW)
    here = Actor(id="person:1", name="王芳", scopes=frozenset({"NJ"}))
    (mine,) = outbox.list_open(here)
    assert (mine.scope, mine.subject, mine.receivers, mine.is_parked) == ("NJ", "hello", "a@example.cn", False)
    assert len(outbox.list_open(SYSTEM)) == 3


@pytest.mark.django_db
def test_how_messages_stand_is_told_by_their_keys(sent):
    add("gone")
    outbox.deliver_due(NOW)
    add("waits")
    stands = outbox.states_of(["gone", "waits", "unknown"])
    assert set(stands) == {"gone", "waits"}
    assert stands["gone"] is None
    assert stands["waits"] is not None
