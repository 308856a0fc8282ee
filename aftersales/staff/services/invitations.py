"""Letting people in: links by which somebody chooses his password, once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from aftersales.core import journal, locks, outbox, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import text as _
from aftersales.staff import queries, rules
from aftersales.staff.models import Invitation, Person
from aftersales.staff.permissions import Permission
from aftersales.staff.services import managers, sessions

MAIL = "staff.invitation"
"""Kind of the outbox message that brings a link to the person's e-mail address."""


@transaction.act
def invite_person(actor: Actor, *, person_id: int, now: datetime) -> Invitation:
    """A new link for the person; earlier ones stop working. It goes out by e-mail if he has an address."""
    actor.require(Permission.EDIT_PEOPLE)
    person = managers.get_manageable(actor, person_id, now=now)
    if not person.is_active:
        raise Refused(_("{name} is deactivated. Reactivate first.", name=person.name))
    return make_invitation(actor, person, now=now)


@transaction.act
def reset_password(*, login: str, now: datetime) -> None:
    """Send a link to whoever has this login and an e-mail address; the caller never learns whether there is one."""
    person = queries.find_person_by_login(login)
    if person is None or not (person.is_active and person.email and person.has_joined):
        return
    latest = queries.last_invitation(person.pk)
    if latest is not None and now < latest.created_at + rules.RESET_AGAIN_AFTER:
        return
    actor = queries.actor_for(person, now=now)
    invitation = _insert(actor, person, lasts=rules.RESET_LASTS, now=now)
    _mail(invitation, now=now)
    journal.record(actor, at=now, act="reset_password", kind="person", key=person.pk)


@transaction.act
def accept_invitation(*, token: str, password: str, now: datetime) -> Person:
    """The person who holds the link, with the password he chose; he is signed out everywhere and signs in anew."""
    found = queries.find_open_invitation(token, now=now)
    if found is None:
        raise closed_link()
    person = managers.lock_person(found.person_id)
    if not Invitation.objects.filter(pk=found.pk, used_at__isnull=True, expires_at__gt=now).update(used_at=now):
        raise closed_link()
    sessions.store_password(person, password)
    close_invitations(person, now=now)
    sessions.drop_sessions(person.pk)
    actor = queries.actor_for(person, now=now)
    journal.record(actor, at=now, act="accept_invitation", kind="person", key=person.pk)
    return person


def make_invitation(actor: Actor, person: Person, *, now: datetime) -> Invitation:
    """A new link that makes earlier ones useless, journaled and sent if the person has an address."""
    close_invitations(person, now=now)
    invitation = _insert(actor, person, lasts=rules.INVITATION_LASTS, now=now)
    journal.record(
        actor,
        at=now,
        act="invite_person",
        kind="person",
        key=person.pk,
        after={"expires_at": invitation.expires_at, "by_mail": bool(person.email)},
    )
    if person.email:
        _mail(invitation, now=now)
    return invitation


def close_invitations(person: Person, *, now: datetime) -> None:
    """Make every open link of the person useless."""
    rows = Invitation.objects.filter(person=person, used_at__isnull=True, expires_at__gt=now)
    for row in locks.for_update(rows.order_by("pk")):
        row.expires_at = max(now, row.created_at)
        row.save(update_fields=["expires_at"])


def closed_link() -> Missing:
    """The one answer to every link that does not work, so that nobody learns which links exist."""
    return Missing(_("This link does not work any more. Ask your manager for a new one."))


def _insert(actor: Actor, person: Person, *, lasts: timedelta, now: datetime) -> Invitation:
    invitation = Invitation(
        person=person, nonce=secrets.token_hex(16), created_at=now, created_by=actor.id, expires_at=now + lasts
    )
    invitation.token_hash = queries.hash_of(queries.token_of(invitation))
    invitation.save(force_insert=True)
    return invitation


def _mail(invitation: Invitation, *, now: datetime) -> None:
    # The message carries the number, not the link: what waits in the outbox must not open an account.
    outbox.add(MAIL, key=f"{MAIL}:{invitation.pk}", payload={"invitation": invitation.pk}, now=now)
