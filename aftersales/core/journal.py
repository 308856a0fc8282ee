"""The journal: who did what, when, to which record, before and after. The database itself refuses to rewrite it; it only lets
values be blanked that name a person who is erased.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from aftersales.core import bulk, clock
from aftersales.core.actor import Actor
from aftersales.core.models import JournalEntry
from aftersales.core.text import Text

ERASED = "[erased]"
"""What stands in place of a value that named an erased person; the database knows this word."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request being answered; the middleware sets it, log lines and journal entries carry it."""


@dataclass(frozen=True)
class Act:
    """One act on one record, to be written down together with many others."""

    act: str
    kind: str
    key: str | int
    scope: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | bulk.JsonText | None = None
    """With `told`, what was spelled before the transaction; then there is no `before`."""
    note: str = ""


def told(facts: Mapping[str, Any]) -> bulk.JsonText:
    """The facts as the journal keeps them, spelled already. It needs no database: done before a transaction, others wait the less."""
    return bulk.JsonText(json.dumps(_plain(facts)))


def told_with(name: str, value: str | int, others: str) -> bulk.JsonText:
    """One more fact before others that were `told`."""
    return bulk.JsonText(f"{{{json.dumps(name)}: {json.dumps(value)}{', ' if others != '{}' else ''}{others[1:]}")


def record(
    actor: Actor,
    *,
    at: datetime,
    act: str,
    kind: str,
    key: str | int,
    scope: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> JournalEntry:
    """Write that `actor` did `act` to the record `kind`/`key`; of `before` and `after` only what differs is kept."""
    kept_before, kept_after = _changed(before, after)
    return JournalEntry.objects.create(
        at=at,
        actor_id=actor.id,
        actor_name=actor.name,
        act=act,
        kind=kind,
        key=str(key),
        scope=scope,
        before=kept_before,
        after=kept_after,
        note=note,
        request_id=request_id.get(),
    )


def record_many(actor: Actor, *, at: datetime, acts: Iterable[Act]) -> int:
    """Write many acts down at once; the number of them."""
    names = (
        "act",
        "kind",
        "key",
        "scope",
        "note",
        "before",
        "after",
        "at",
        "recorded_at",
        "actor_id",
        "actor_name",
        "request_id",
    )
    same = (at, clock.now(), actor.id, actor.name, request_id.get())
    return bulk.insert(JournalEntry, names, ((*_facts(act), *same) for act in acts))


def _facts(act: Act) -> tuple[Any, ...]:
    kept: tuple[Any, Any] = (
        (None, act.after) if isinstance(act.after, bulk.JsonText) else _changed(act.before, act.after)
    )
    return act.act, act.kind, str(act.key), act.scope, act.note, *kept


def entries_of(kind: str, key: str | int, *, limit: int = 200) -> list[JournalEntry]:
    """What was done to one record, newest first. The caller has already been let see that record."""
    return list(JournalEntry.objects.filter(kind=kind, key=str(key)).order_by("-id")[:limit])


def entries_of_many(subjects: Mapping[str, list[str]], *, limit: int = 200) -> list[JournalEntry]:
    """What was done to several records, given as kind → keys, newest first."""
    wanted = Q()
    for kind, keys in subjects.items():
        wanted |= Q(kind=kind, key__in=keys)
    return list(JournalEntry.objects.filter(wanted).order_by("-at", "-id")[:limit]) if wanted else []


def has_acted(actor: Actor, *, kind: str, key: str | int, acts: Iterable[str]) -> bool:
    """Whether this actor has done one of these acts to the record."""
    return JournalEntry.objects.filter(kind=kind, key=str(key), act__in=list(acts), actor_id=actor.id).exists()


def erase(
    entries: QuerySet[JournalEntry],
    *,
    is_personal: Callable[[str, Any], bool],
    with_notes: Callable[[str], bool],
    at: datetime,
) -> int:
    """The number of entries in which something was blanked: values for which `is_personal(field, value)`, and their notes.

    Who did what when, to which record and to which of its fields, stays.
    """
    count = 0
    for entry in entries.order_by("pk").iterator(chunk_size=500):
        blanked = {
            "before": _blanked(entry.before, is_personal),
            "after": _blanked(entry.after, is_personal),
            "note": "" if entry.note and with_notes(entry.note) else entry.note,
        }
        if any(getattr(entry, name) != value for name, value in blanked.items()):
            JournalEntry.objects.filter(pk=entry.pk).update(**blanked, erased_at=at)
            count += 1
    return count


def _blanked(facts: dict[str, Any] | None, is_personal: Callable[[str, Any], bool]) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {name: ERASED if value and is_personal(name, value) else value for name, value in facts.items()}


def last_actor(kind: str, key: str | int) -> str:
    """The name of the last person who changed a record; empty when nobody has."""
    entry = JournalEntry.objects.filter(kind=kind, key=str(key)).order_by("-id").first()
    return entry.actor_name if entry else ""


def _changed(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if before is None or after is None:
        return _plain(before), _plain(after)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return _plain({n: before.get(n) for n in names}), _plain({n: after.get(n) for n in names})


def _plain(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if facts is None else {name: _plain_value(value) for name, value in facts.items()}


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):  # most are; a bool is an int
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Text):
        return value.as_data()
    if isinstance(value, Mapping):
        return {str(name): _plain_value(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_value(each) for each in value]
    return str(value)
