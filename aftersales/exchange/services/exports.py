"""Making the file of a list: at once when it is short, by the worker when it is long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation

from aftersales.core import jobs, journal, transaction
from aftersales.core.actor import Actor, find_actor
from aftersales.core.errors import Invalid, NotPermitted, Refused
from aftersales.core.sheets import shelf, writing
from aftersales.core.text import text as _
from aftersales.exchange import queries
from aftersales.exchange.models import Export
from aftersales.exchange.permissions import Permission
from aftersales.exchange.queries.lists import Asked, ListExport, batches, keys_of
from aftersales.exchange.rules import exports as rules
from aftersales.exchange.rules.exports import ExportState

JOB = "exchange.make-file"


class StoppedError(Exception):
    """Somebody wished that the work in hand stop."""


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: a list, the filters in force, the form of the file."""

    code: str
    query: str
    form: str
    is_uncovered: bool = False


def make_export(actor: Actor, *, wanted: Wanted, once: str, now: datetime) -> Export:
    """The export: ready when the list is short, in the worker's hands when it is long. Sent twice, it is made once."""
    actor.require(Permission.EXPORT)
    known = Export.objects.filter(owner=actor.id, once=once).first()
    if known is not None:
        return known
    declared = _checked(actor, wanted)
    export = Export(
        token=shelf.new_token(), owner=actor.id, person_id=actor.person_id, once=once, code=wanted.code,
        query=wanted.query, form=wanted.form, is_uncovered=wanted.is_uncovered, created_at=now,
        language=translation.get_language() or "", time_zone=timezone.get_current_timezone_name(),
        expires_at=now + rules.KEPT, name=rules.file_name(str(declared.title), timezone.localdate(now), wanted.form),
    )  # fmt: skip
    asked = Asked(actor, QueryDict(export.query), now)
    rows = declared.rows(asked)
    keys = keys_of(rows[: rules.SMALL + 1])
    if len(keys) > rules.SMALL:
        return _left_to_the_worker(actor, export, now=now)
    _write(export, declared, asked, rows, keys)
    return _kept(actor, export, now=now)


def make_file(token: str, *, now: datetime) -> None:
    """Nothing; the worker has made the file of this export, or written down why not. Done again it changes nothing."""
    export = Export.objects.filter(token=token, state=ExportState.MAKING.value).first()
    if export is None:
        return
    with translation.override(export.language), timezone.override(export.time_zone):
        try:
            actor = _actor_of(export, now=now)
            _make(actor, export, now=now)
        except StoppedError:
            _ended(export, ExportState.STOPPED)
        except Refused as refused:
            _ended(export, ExportState.FAILED, refusal=refused.sentence.as_data())
        else:
            _kept(actor, export, now=now)


def stop_export(actor: Actor, *, token: str, now: datetime) -> Export:
    """The export, which the worker will stop at its next opportunity."""
    export = queries.get_export(actor, token, now=now)
    if export.is_making and export.job_id:
        jobs.request_stop(export.job_id, now=now)
    return export


def clear_exports(*, now: datetime) -> int:
    """The number of exports that were no longer to be kept; their files are gone too."""
    return sum(_clear(export) for export in Export.objects.filter(expires_at__lte=now)[:1000])


def forget_exports(*, now: datetime) -> int:
    """The number of exports made until now, all of which are gone with their files: somebody they name was erased."""
    return sum(_clear(export) for export in Export.objects.filter(created_at__lte=now))


@transaction.act
def _clear(export: Export) -> bool:
    Export.objects.filter(pk=export.pk).delete()
    shelf.remove_with_act(export.token)
    return True


def _checked(actor: Actor, wanted: Wanted) -> ListExport:
    declared = queries.find_list(actor, wanted.code)
    if wanted.form not in list(rules.Form):
        raise Invalid(_("Choose Excel or CSV."), field="form")
    if wanted.is_uncovered:
        if not declared.uncovers:
            raise NotPermitted(declared.needs)
        actor.require(declared.uncovers)
    return declared


@transaction.act
def _left_to_the_worker(actor: Actor, export: Export, *, now: datetime) -> Export:
    if queries.count_in_making(actor, now=now) >= rules.MOST_AT_ONCE:
        raise Refused(_("Some of your exports are still being made. Wait for one of them, or stop it."))
    export.job_id = jobs.enqueue(JOB, payload={"token": export.token}, now=now, key=export.token)
    return _first(export)


def _actor_of(export: Export, *, now: datetime) -> Actor:
    actor = find_actor(export.person_id, now=now)
    if actor is None or not actor.may(Permission.EXPORT):
        raise NotPermitted(Permission.EXPORT)
    return actor


def _make(actor: Actor, export: Export, *, now: datetime) -> None:
    wanted = Wanted(export.code, export.query, export.form, export.is_uncovered)
    declared = _checked(actor, wanted)
    asked = Asked(actor, QueryDict(export.query), now)
    rows = declared.rows(asked)
    _write(export, declared, asked, rows, keys_of(rows))


def _write(
    export: Export, declared: ListExport, asked: Asked, rows: QuerySet[Any, Any] | Sequence[Any], keys: Sequence[Any]
) -> None:
    fields = declared.fields_for(asked)
    values = [(field.uncovered if export.is_uncovered else None) or field.value for field in fields]

    def lines() -> Iterator[list[object]]:
        done = 0
        for batch in batches(rows, keys):
            for row in declared.prepare(asked, batch):
                yield [value(row) for value in values]
            done += len(batch)
            if not jobs.progress(done, len(keys), now=asked.now):
                raise StoppedError

    write = partial(
        writing.WRITERS[export.form], title=str(declared.title), heads=[str(field.label) for field in fields]
    )
    export.rows = shelf.put(export.token, lambda path: write(path, rows=lines()))
    export.size = shelf.size_of(export.token)
    export.state = ExportState.READY.value


@transaction.act
def _kept(actor: Actor, export: Export, *, now: datetime) -> Export:
    """The export whose file lies ready, in the journal."""
    kept = _first(export)
    if kept.token == export.token:
        facts = {"filter": export.query, "form": export.form, "rows": export.rows, "in_full": export.is_uncovered}
        journal.record(actor, at=now, act="export", kind="list", key=export.code, scope=actor.home_scope, after=facts)
    return kept


def _first(export: Export) -> Export:
    """This export, or the one that the same form made a moment before."""
    try:
        with transaction.atomic():
            export.save()
    except IntegrityError:
        shelf.remove(export.token)
        return Export.objects.get(owner=export.owner, once=export.once)
    return export


@transaction.act
def _ended(export: Export, state: ExportState, *, refusal: dict[str, Any] | None = None) -> None:
    shelf.remove_with_act(export.token)
    Export.objects.filter(pk=export.pk).update(state=state.value, refusal=refusal)
