from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.models import OutboxMessage
from aftersales.staff import handlers, queries, rules, services
from aftersales.staff.models import Invitation, Person
from tests.factories.staff import NOW, PASSWORD, actor_of, make_manager, make_person

pytestmark = pytest.mark.django_db
CLOSED = "does not work any more"


def deliver(message, monkeypatch):
    monkeypatch.setattr(handlers.clock, "now", lambda: NOW)
    handlers.send_invitation(message)


@pytest.fixture
def guest(db):
    return make_person("周杰", login="zhou.jie")


def invite(director, guest, now=NOW):
    return services.invite_person(actor_of(director), person_id=guest.pk, now=now)


def accept(token, password=PASSWORD, now=NOW):
    return services.accept_invitation(token=token, password=password, now=now)


def test_the_link_lets_the_person_choose_a_password_once(director, guest):
    made = invite(director, guest)
    token = queries.token_of(made)
    accept(token)
    made.refresh_from_db()
    guest.refresh_from_db()
    assert made.used_at == NOW
    assert guest.check_password(PASSWORD)
    with pytest.raises(Missing, match=CLOSED):
        accept(token, "another long password of mine")
    guest.refresh_from_db()
    assert guest.check_password(PASSWORD)


def test_wrong_used_expired_replaced_and_deactivated_get_the_same_answer(director, guest):
    answers = set()
    used, replaced, late, out = (queries.token_of(invite(director, guest)) for _ in range(4))
    tries = [("wrong", NOW), (replaced, NOW), (out, NOW + rules.INVITATION_LASTS)]
    for token, now in tries:
        with pytest.raises(Missing) as refused:
            accept(token, now=now)
        answers.add((str(refused.value), refused.value.status))
    last = queries.token_of(invite(director, guest))
    services.deactivate_person(actor_of(director), person_id=guest.pk, now=NOW)
    for token in (used, late, last):
        with pytest.raises(Missing) as refused:
            accept(token)
        answers.add((str(refused.value), refused.value.status))
    assert len(answers) == 1
    guest.refresh_from_db()
    assert not guest.has_joined


def test_only_a_hash_of_the_link_is_in_the_database(director, guest):
    made = invite(director, guest)
    token = queries.token_of(made)
    stored = Invitation.objects.filter(pk=made.pk).values().get()
    assert token not in map(str, stored.values())
    assert stored["token_hash"] == queries.hash_of(token)


@pytest.mark.parametrize("password", ["short", "aftersales forever and ever", "password1234", "zhou.jie.zhou"])
def test_it_refuses_a_weak_password_and_the_link_stays_good(director, guest, password):
    token = queries.token_of(invite(director, guest))
    with pytest.raises(Invalid) as refused:
        accept(token, password)
    assert refused.value.field == "password"
    guest.refresh_from_db()
    assert not guest.has_joined
    accept(token)


def test_the_link_is_shown_only_to_its_maker_and_only_shortly(director, guest):
    other = make_manager("second", login="second")
    made = invite(director, guest)
    found, token = queries.show_link_token(actor_of(director), made.pk, now=NOW)
    assert (found, token) == (made, queries.token_of(made))
    with pytest.raises(Missing):
        queries.show_link_token(actor_of(other), made.pk, now=NOW)
    with pytest.raises(Missing):
        queries.show_link_token(actor_of(director), made.pk, now=NOW + rules.LINK_IS_SHOWN)


def test_whoever_is_deactivated_is_not_invited(director, guest):
    services.deactivate_person(actor_of(director), person_id=guest.pk, now=NOW)
    before = Invitation.objects.count()
    with pytest.raises(Refused):
        invite(director, guest)
    assert Invitation.objects.count() == before


def test_a_person_with_an_address_gets_the_link_by_mail_and_the_outbox_does_not_hold_it(director, monkeypatch):
    person = make_person("周杰", login="zhou.jie", email="zhou@example.com", language="zh-hans")
    message = OutboxMessage.objects.get(kind="staff.invitation")
    token = queries.token_of(queries.last_invitation(person.pk))
    assert token not in str(message.payload)
    deliver(message, monkeypatch)
    sent = mail.outbox[0]
    assert sent.to == ["zhou@example.com"]
    assert token in sent.body
    accept(token)


def test_a_replaced_link_is_not_sent(director, monkeypatch):
    person = make_person("周杰", login="zhou.jie", email="zhou@example.com")
    message = OutboxMessage.objects.get(kind="staff.invitation")
    invite(director, person)
    deliver(message, monkeypatch)
    assert mail.outbox == []


def test_a_forgotten_password_sends_a_short_lived_link_but_not_twice_in_a_row(director):
    person = make_person("周杰", login="zhou.jie", email="zhou@example.com", password=PASSWORD)
    before = Invitation.objects.count()
    soon = NOW + timedelta(hours=1)
    for _ in range(3):
        services.reset_password(login=" ZHOU.jie", now=soon)
    assert Invitation.objects.count() == before + 1
    token = queries.token_of(queries.last_invitation(person.pk))
    accept(token, "a new and rather long one", now=soon + timedelta(hours=1))
    person.refresh_from_db()
    assert person.check_password("a new and rather long one")
    services.reset_password(login="zhou.jie", now=soon + timedelta(hours=2))
    expired = queries.token_of(queries.last_invitation(person.pk))
    with pytest.raises(Missing, match=CLOSED):
        accept(expired, now=soon + timedelta(hours=4))


@pytest.mark.parametrize("login", ["nobody", "", "guest"])
def test_a_forgotten_password_of_nobody_does_nothing(login):
    make_person("without address", login="guest", password=PASSWORD)
    before = Invitation.objects.count()
    services.reset_password(login=login, now=NOW)
    assert Invitation.objects.count() == before


def first_manager(**changes):
    facts = {"login": "boss", "name": "Boss", "duty": "service_manager", "station": "HQ", "station_name": "Home"}
    return services.create_first_manager(**(facts | changes), now=NOW)


def test_a_new_installation_gets_its_first_manager_by_a_link_and_no_password():
    assert not Person.objects.exists()
    done = first_manager()
    assert not done.person.has_joined
    again = first_manager()
    assert again.person == done.person
    with pytest.raises(Missing):
        accept(done.token)
    accept(again.token)
    actor = actor_of(Person.objects.get())
    assert actor.scopes is None
    assert actor.may("staff:person:edit")


def test_there_is_only_one_first_run(director):
    before = Person.objects.count()
    with pytest.raises(Refused):
        first_manager()
    assert Person.objects.count() == before


def test_the_first_manager_needs_a_duty_that_manages(db):
    with pytest.raises(Refused):
        first_manager(duty="technician")
    assert not Person.objects.exists()
