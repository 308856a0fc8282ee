"""Passwords, devices on which somebody is signed in, and the language he reads."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import Text
from aftersales.staff import rules
from aftersales.staff.models import Person
from aftersales.staff.permissions import Permission
from aftersales.staff.services import managers


@transaction.act
def set_password(actor: Actor, *, password: str, now: datetime, keep_session: str = "") -> Person:
    """The actor himself with his new password; all his other devices are signed out."""
    person = managers.lock_person(_own_id(actor))
    store_password(person, password)
    drop_sessions(person.pk, keep=keep_session)
    journal.record(actor, at=now, act="set_password", kind="person", key=person.pk)
    return person


@transaction.act
def require_new_password(actor: Actor, *, person_id: int, now: datetime) -> Person:
    """The person, who must choose a new password before he sees another page."""
    actor.require(Permission.EDIT_PEOPLE)
    person = managers.get_manageable(actor, person_id, now=now)
    person.must_set_password = True
    person.save(update_fields=["must_set_password"])
    journal.record(actor, at=now, act="require_new_password", kind="person", key=person.pk)
    return person


@transaction.act
def end_sessions(
    actor: Actor, *, person_id: int, now: datetime, only: int | None = None, keep_session: str = ""
) -> int:
    """How many devices were signed out: all of the person's, only the one numbered `only`, or all but the kept one."""
    if person_id != actor.person_id:
        actor.require(Permission.EDIT_PEOPLE)
        managers.get_manageable(actor, person_id, now=now)
    ended = drop_sessions(person_id, only=only, keep=keep_session)
    if only is not None and not ended:
        raise Missing
    journal.record(actor, at=now, act="end_sessions", kind="person", key=person_id, after={"ended": ended})
    return ended


@transaction.act
def set_language(actor: Actor, *, language: str, now: datetime) -> Person:
    """The actor himself, who from now on reads everything in this language."""
    person = managers.lock_person(_own_id(actor))
    before = person.language
    if before != rules.one_of(language, rules.LANGUAGES, field="language"):
        person.language = language
        person.save(update_fields=["language"])
        journal.record(
            actor,
            at=now,
            act="set_language",
            kind="person",
            key=person.pk,
            before={"language": before},
            after={"language": language},
        )
    return person


@transaction.act
def touch_session(session_key: str, *, ip: str, now: datetime) -> None:
    """Note when and from where a device was last used; called every few minutes at most."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now, ip=ip)


def drop_sessions(person_id: int, *, only: int | None = None, keep: str = "") -> int:
    """End a person's sessions in the database, within the caller's transaction."""
    rows = UserSession.objects.filter(user_id=person_id).exclude(session_key=keep)
    rows = rows if only is None else rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def store_password(person: Person, password: str) -> None:
    """Keep the password after checking that it is hard to guess; refuses with all that is wrong with it."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid(Text("{reasons}", {"reasons": " ".join(error.messages)}), field="password") from error
    if rules.has_house_word(password):
        raise Invalid(rules.HOUSE_WORD, field="password")
    person.set_password(password)
    person.must_set_password = False
    person.save(update_fields=["password", "must_set_password"])


def _own_id(actor: Actor) -> int:
    if actor.person_id is None:
        raise Missing
    return actor.person_id
