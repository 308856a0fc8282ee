"""Who may decide about whom, and that the house never loses its last manager."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from aftersales.core import access, locks
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import text as _
from aftersales.staff import queries, rules
from aftersales.staff.models import Person, Station


@contextmanager
def a_manager_remains() -> Iterator[None]:
    """Refuse what is done inside if it takes away the last person who can manage people."""
    # Two managers removing each other at once must see each other: both first lock the headquarters.
    list(locks.for_update(Station.objects.filter(is_headquarters=True).order_by("pk")))
    there_was_one = queries.managers().exists()
    yield
    if there_was_one and not queries.managers().exists():
        raise Refused(
            _(
                "This is the last active manager. Give another person at headquarters the same duty first, then try again."
            )
        )


def get_manageable(actor: Actor, person_id: int, *, now: datetime) -> Person:
    """The person, locked, if the actor may decide about him: nobody decides about one who may more than himself."""
    queries.get_person(actor, person_id)
    person: Person = locks.for_update(Person.objects.filter(pk=person_id)).get()
    posts = queries.posts_of(person.pk, now=now)
    rights = access.permissions_of(post.duty for post in posts)
    reached = rules.reaches(actor.scopes, rules.scopes_of(posts))
    if not actor.is_system and (not reached or rules.beyond(actor.permissions, rights)):
        raise Refused(_("{name} has duties beyond yours. Ask a manager at headquarters.", name=person.name))
    return person


def lock_person(person_id: int) -> Person:
    """The person's row, locked until the act ends."""
    person: Person | None = locks.for_update(Person.objects.filter(pk=person_id)).first()
    if person is None:
        raise Missing
    return person
