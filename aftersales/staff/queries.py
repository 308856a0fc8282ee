"""Every read of people and stations; the actor sees only what belongs to his stations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from aftersales.core import access, clock, files, journal, search
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.models import JournalEntry
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.staff import rules
from aftersales.staff.models import Assignment, Invitation, Letterhead, Person, Station
from aftersales.staff.permissions import MANAGEMENT


@dataclass(frozen=True)
class Standing:
    """Who somebody is for the house right now: the actor, and the clock on the wall of his station."""

    actor: Actor
    time_zone: str
    station_name: str = ""


@dataclass(frozen=True)
class WaysToSignIn:
    """What protects an account beside its password."""

    has_totp: bool
    passkeys: int


@dataclass(frozen=True)
class StationPage:
    """A page of an upper room about one station; its address takes the station's code."""

    label: Text
    url_name: str
    icon: str
    permission: str


_station_pages: list[StationPage] = []


def add_station_page(page: StationPage) -> None:
    """Let the station's page lead to it."""
    if page not in _station_pages:
        _station_pages.append(page)


def station_pages(actor: Actor) -> list[StationPage]:
    """The pages of upper rooms about a station that this actor may open."""
    return [page for page in _station_pages if actor.may(page.permission)]


ANONYMOUS = Actor(id="anonymous", name="")
"""Whoever has not signed in: may nothing, sees nothing."""


# Who acts


def actor_for(person: Person, *, now: datetime) -> Actor:
    """The actor that the person's present duties make; one query."""
    return standing_of(person, now=now).actor


def find_actor(person_id: int, now: datetime) -> Actor | None:
    """The actor that this person's present duties make, or None for one who was deactivated."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    return None if person is None else actor_for(person, now=now)


def standing_of(person: Person, *, now: datetime) -> Standing:
    """The person's actor and time zone from his present duties; one query."""
    posts = posts_of(person.pk, now=now) if person.is_active else []
    home = rules.home_of(posts)
    duties = tuple(sorted({post.duty for post in posts}))
    actor = Actor(
        id=actor_id(person.pk),
        name=person.name,
        permissions=access.permissions_of(duties),
        scopes=rules.scopes_of(posts),
        places={post.station: post.station_id for post in posts},
        home_scope=home.station if home else "",
        person_id=person.pk,
        duties=duties,
    )
    if home is None:
        return Standing(actor, settings.TIME_ZONE)
    return Standing(actor, home.time_zone, home.station_name)


def actor_id(person_id: int) -> str:
    """How the journal names a person."""
    return f"person:{person_id}"


def posts_of(person_id: int, *, now: datetime) -> list[rules.Post]:
    """The duties a person holds today, each by the calendar of its station."""
    rows = Assignment.objects.filter(_not_over(now), person_id=person_id).select_related("station")
    posts = [row.post() for row in rows]
    return [post for post in posts if post.is_held_on(clock.local_date(now, post.time_zone))]


def _not_over(now: datetime) -> Q:
    # A day of leeway: whether a duty is over depends on the station's zone, and is decided in `rules`.
    return Q(until_on__isnull=True) | Q(until_on__gte=now.astimezone(UTC).date())


# Stations


def list_stations(actor: Actor, *, only_open: bool = False) -> QuerySet[Station]:
    """The stations the actor sees, by code."""
    stations = Station.objects.filter(**actor.scope_filter("code"))
    return (stations.filter(is_open=True) if only_open else stations).order_by("code")


def get_station(actor: Actor, code: str) -> Station:
    """The station with this code, if the actor sees it."""
    station = only(list_stations(actor).filter(code=code))
    if station is None:
        raise Missing(_("There is no station {code} that you may see.", code=code))
    return station


def station_row(code: str) -> int:
    """The row of the station with this code, for narrowing; one that is no row's where there is no such station."""
    return Station.objects.filter(code=code).values_list("pk", flat=True).first() or 0


def station_of(actor: Actor) -> Station:
    """The station where the actor's new records belong."""
    if not actor.home_scope:
        raise Missing(_("You have no duty at any station. Ask your manager to assign one."))
    return get_station(actor, actor.home_scope)


def names_of_stations() -> dict[str, str]:
    """Station code → name, for showing where a record belongs."""
    return dict(Station.objects.values_list("code", "name"))


def letterhead_of(station: Station) -> Letterhead:
    """How this station speaks on its papers; an empty one where nothing was written yet."""
    return only(Letterhead.objects.filter(station=station)) or Letterhead(station=station)


def terms_in(terms: Mapping[str, str], kind: str, language: str) -> str:
    """Terms that were kept elsewhere, in this language or else in another."""
    return rules.terms_in(terms, kind, language)


def logo_of(letterhead: Letterhead) -> bytes | None:
    """The station's logo as JPEG, if it has one; a logo whose file was lost is none, so that papers still come out."""
    try:
        return files.read_thumb(letterhead.logo) if letterhead.logo else None
    except Missing:
        return None


# People


def visible_people(actor: Actor) -> QuerySet[Person]:
    """The people with an open duty at a station the actor sees; one without any is still seen where he was last."""
    if actor.scopes is None:
        return Person.objects.all()
    ever = Assignment.objects.filter(person=OuterRef("pk"))
    here = ever.filter(**actor.scope_filter("station__code"))
    still = Q(until_on__isnull=True)
    seen = Exists(here.filter(still)) | (~Exists(ever.filter(still)) & Exists(here))
    return Person.objects.filter(seen | Q(pk=actor.person_id)) if actor.person_id else Person.objects.filter(seen)


def list_people(
    actor: Actor, *, station: str | None = None, duty: str | None = None, q: str = "", is_active: bool | None = None
) -> QuerySet[Person]:
    """The people the actor sees, by name, narrowed to a station, a duty, or what was typed."""
    people = visible_people(actor)
    held = Assignment.objects.filter(person=OuterRef("pk"), until_on__isnull=True)
    if station:
        held = held.filter(station__code=station, **actor.scope_filter("station__code"))
    if duty:
        held = held.filter(duty=duty)
    if station or duty:
        people = people.filter(Exists(held))
    if is_active is not None:
        people = people.filter(is_active=is_active)
    if q.strip():
        people = people.filter(_typed(actor, q.strip()))
    return people.order_by("name", "pk")


def _typed(actor: Actor, q: str) -> Q:
    found = search.match_filter("person", q, actor, numeric=True)
    return Q(name__icontains=q) | Q(login__icontains=q) | Q(pk__in=found)


def get_person(actor: Actor, person_id: int) -> Person:
    """The person with this number, if the actor sees him."""
    person = visible_people(actor).filter(pk=person_id).first()
    if person is None:
        raise Missing
    return person


def find_person_by_login(login: str) -> Person | None:
    """The person who signs in with this login, whatever the case; or None."""
    return Person.objects.filter(login=login.strip().lower()).first()


def people_with(actor: Actor, permission: str, station: str) -> list[Person]:
    """The active people whose duty at `station` permits this, by name: the pick list of technicians, advisors …"""
    if not actor.sees(station):
        return []
    codes = [duty.code for duty in access.duties() if permission in duty.permissions]
    held = Assignment.objects.filter(
        person=OuterRef("pk"), until_on__isnull=True, station__code=station, duty__in=codes
    )
    return list(Person.objects.filter(Exists(held), is_active=True).order_by("name", "pk"))


def people_over(actor: Actor, permission: str, station: str) -> list[Person]:
    """The active people whose duty at `station` or at headquarters permits this, by name: whom its people may turn to."""
    if not actor.sees(station):
        return []
    codes = [duty.code for duty in access.duties() if permission in duty.permissions]
    reaches = Q(station__code=station) | Q(station__is_headquarters=True)
    held = Assignment.objects.filter(reaches, person=OuterRef("pk"), until_on__isnull=True, duty__in=codes)
    return list(Person.objects.filter(Exists(held), is_active=True).order_by("name", "pk"))


def names_of_people(person_ids: Iterable[int]) -> dict[int, str]:
    """Person number → name, for showing who did what; the names of colleagues are no secret."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name"))


def duties_of_people(person_ids: Iterable[int]) -> dict[int, list[Assignment]]:
    """Person number → open duties with their stations, in one query, for lists."""
    found: dict[int, list[Assignment]] = {}
    rows = Assignment.objects.filter(person_id__in=list(person_ids), until_on__isnull=True)
    for row in rows.select_related("station").order_by("station__code", "duty"):
        found.setdefault(row.person_id, []).append(row)
    return found


def list_assignments(actor: Actor, person_id: int) -> list[Assignment]:
    """Every duty the person has or had where the actor sees it, the open ones first."""
    rows = Assignment.objects.filter(person_id=person_id, **actor.scope_filter("station__code"))
    ordered = rows.select_related("station").order_by("from_on", "pk")
    return sorted(ordered, key=lambda row: row.until_on is not None)


def get_assignment(actor: Actor, assignment_id: int) -> Assignment:
    """The duty with this number, if it is at a station the actor sees."""
    rows = Assignment.objects.filter(pk=assignment_id, **actor.scope_filter("station__code"))
    found = rows.select_related("station", "person").first()
    if found is None:
        raise Missing
    return found


def journal_of_person(actor: Actor, person_id: int) -> list[JournalEntry]:
    """What was done to the person's record, newest first, for those who may see him."""
    return journal.entries_of("person", get_person(actor, person_id).pk)


def journal_of_station(actor: Actor, code: str) -> list[JournalEntry]:
    """What was done to the station's record, newest first, for those who may see it."""
    return journal.entries_of("station", get_station(actor, code).code)


# Managers


def managing_duties() -> list[str]:
    """Codes of the duties that can let people in and give them duties."""
    return [duty.code for duty in access.duties() if duty.permissions >= MANAGEMENT]


def managers() -> QuerySet[Person]:
    """The people who can sign in and manage everybody, for good: without the last of them the house is locked."""
    held = Assignment.objects.filter(
        person=OuterRef("pk"), until_on__isnull=True, station__is_headquarters=True, duty__in=managing_duties()
    )
    able = Person.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return able.exclude(password="").filter(Exists(held))


# Invitations and sessions


def token_of(invitation: Invitation) -> str:
    """The secret of an invitation's link. It is computed, never stored: a stolen database opens no account."""
    return salted_hmac("aftersales.staff.invitation", invitation.nonce, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_open_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The invitation that this link opens; None for a wrong, used or expired one alike."""
    return _open(Invitation.objects.filter(token_hash=hash_of(token)), now=now)


def find_open_invitation_by_id(invitation_id: int, *, now: datetime) -> Invitation | None:
    """The invitation with this number, as long as its link works."""
    return _open(Invitation.objects.filter(pk=invitation_id), now=now)


def _open(rows: QuerySet[Invitation], *, now: datetime) -> Invitation | None:
    found = rows.select_related("person").first()
    if found is None or not found.person.is_active:
        return None
    fits = rules.is_open(created_at=found.created_at, expires_at=found.expires_at, used_at=found.used_at, now=now)
    return found if fits else None


def show_link_token(actor: Actor, invitation_id: int, *, now: datetime) -> tuple[Invitation, str]:
    """An invitation and its secret, for the one who made it and only shortly after, so that he can hand it over."""
    mine = Invitation.objects.filter(pk=invitation_id, created_by=actor.id, used_at__isnull=True)
    found = mine.select_related("person").first()
    if found is None or not found.created_at <= now < found.created_at + rules.LINK_IS_SHOWN:
        raise Missing(_("This link is no longer shown. Make a new one if it was not handed over."))
    return found, token_of(found)


def last_invitation(person_id: int) -> Invitation | None:
    """The latest invitation of a person, or None."""
    return Invitation.objects.filter(person_id=person_id).order_by("-pk").first()


def list_sessions(person_id: int, *, now: datetime) -> list[UserSession]:
    """The devices on which the person is signed in, the latest used first."""
    rows = list(UserSession.objects.filter(user_id=person_id).order_by("-last_seen_at"))
    alive = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    keys = set(alive.values_list("session_key", flat=True))
    return [row for row in rows if row.session_key in keys]


def ways_to_sign_in(person_id: int) -> WaysToSignIn:
    """What the person has set up beside the password."""
    kinds = list(Authenticator.objects.filter(user_id=person_id).values_list("type", flat=True))
    return WaysToSignIn(Authenticator.Type.TOTP in kinds, kinds.count(Authenticator.Type.WEBAUTHN))


def today_at(station: Station, *, now: datetime) -> date:
    """The calendar day at the station."""
    return clock.local_date(now, station.time_zone)
