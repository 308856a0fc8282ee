"""Registering, editing, deactivating and reactivating people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction as database

from aftersales.core import events, journal, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import Text, text as _
from aftersales.staff import rules
from aftersales.staff.events import PersonDeactivated, PersonRegistered
from aftersales.staff.models import Invitation, Person
from aftersales.staff.permissions import Permission
from aftersales.staff.services import duties, findable, invitations, managers, sessions

LABELS: dict[str, Text] = {
    "login": _("Login"),
    "name": _("Full name"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "language": _("Language"),
}


@dataclass(frozen=True)
class Registered:
    """A new person and the invitation by which he chooses his password."""

    person: Person
    invitation: Invitation


@transaction.act
def register_person(
    actor: Actor,
    *,
    login: str,
    name: str,
    station: str,
    duty: str,
    now: datetime,
    email: str = "",
    phone: str = "",
    language: str = "",
) -> Registered:
    """A new person with a first duty, who cannot sign in before accepting the invitation that comes with it."""
    actor.require(Permission.EDIT_PEOPLE)
    actor.require(Permission.ASSIGN_DUTIES)
    person = insert_person(login=login, name=name, email=email, phone=phone, language=language)
    journal.record(
        actor, at=now, act="register_person", kind="person", key=person.pk, scope=station, after=person.facts()
    )
    duties.give_duty(actor, person, station=station, duty=duty, now=now)
    events.publish(PersonRegistered(person.pk, person.name, station, now))
    return Registered(person, invitations.make_invitation(actor, person, now=now))


@transaction.act
def edit_person(
    actor: Actor,
    *,
    person_id: int,
    version: int,
    login: str,
    name: str,
    email: str,
    phone: str,
    language: str,
    now: datetime,
) -> Person:
    """The person as he stands after the edit."""
    actor.require(Permission.EDIT_PEOPLE)
    person = managers.get_manageable(actor, person_id, now=now)
    wanted = _checked(login=login, name=name, email=email, phone=phone, language=language)
    before = person.facts()
    versions.check(
        stands=person.version,
        opened=version,
        kind="person",
        key=person.pk,
        current=before,
        wanted=wanted,
        labels=LABELS,
    )
    for field, value in wanted.items():
        setattr(person, field, value)
    person.version += 1
    _saved(person)
    journal.record(actor, at=now, act="edit_person", kind="person", key=person.pk, before=before, after=person.facts())
    findable.index_person(person)
    return person


@transaction.act
def deactivate_person(actor: Actor, *, person_id: int, now: datetime) -> Person:
    """The person, who is signed out everywhere at once and cannot sign in any more."""
    actor.require(Permission.EDIT_PEOPLE)
    if person_id == actor.person_id:
        raise Refused(_("You cannot deactivate yourself. Ask another manager."))
    with managers.a_manager_remains():
        person = managers.get_manageable(actor, person_id, now=now)
        if not person.is_active:
            raise Refused(_("{name} is already deactivated.", name=person.name))
        person.is_active = False
        person.version += 1
        person.save(update_fields=["is_active", "version"])
    invitations.close_invitations(person, now=now)
    sessions.drop_sessions(person.pk)
    journal.record(actor, at=now, act="deactivate_person", kind="person", key=person.pk)
    events.publish(PersonDeactivated(person.pk, now))
    return person


@transaction.act
def reactivate_person(actor: Actor, *, person_id: int, now: datetime) -> Person:
    """The person, who may sign in again with the password and the duties he had."""
    actor.require(Permission.EDIT_PEOPLE)
    person = managers.get_manageable(actor, person_id, now=now)
    if person.is_active:
        raise Refused(_("{name} is already active.", name=person.name))
    person.is_active = True
    person.version += 1
    person.save(update_fields=["is_active", "version"])
    journal.record(actor, at=now, act="reactivate_person", kind="person", key=person.pk)
    return person


def insert_person(*, login: str, name: str, email: str = "", phone: str = "", language: str = "") -> Person:
    """A new row with a password that fits nothing."""
    person = Person(**_checked(login=login, name=name, email=email, phone=phone, language=language))
    person.set_unusable_password()
    _saved(person)
    return person


def _checked(*, login: str, name: str, email: str, phone: str, language: str) -> dict[str, str]:
    return {
        "login": rules.login_name(login),
        "name": rules.filled_in(name, field="name"),
        "email": _email(email.strip()),
        "phone": phone.strip(),
        "language": rules.one_of(language, rules.LANGUAGES, field="language"),
    }


def _email(typed: str) -> str:
    if typed:
        try:
            validate_email(typed)
        except ValidationError as error:
            raise Invalid(_("“{typed}” is not an e-mail address.", typed=typed), field="email") from error
    return typed


def _saved(person: Person) -> None:
    try:
        with database.atomic():
            person.save()
    except IntegrityError as error:
        raise Invalid(
            _("The login “{login}” is taken. Choose another one.", login=person.login), field="login"
        ) from error
