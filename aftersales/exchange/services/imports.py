"""An import's way: kept and looked at, checked as a whole, then done as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError
from django.utils import timezone, translation

from aftersales.core import bulk, jobs, journal, locks, transaction
from aftersales.core.actor import Actor, find_actor
from aftersales.core.errors import Invalid, NotPermitted, Refused
from aftersales.core.sheets import reading, shelf, values, writing
from aftersales.core.sheets.values import Cell
from aftersales.core.text import Text, text as _
from aftersales.exchange import queries
from aftersales.exchange.models import Import, RememberedColumns
from aftersales.exchange.permissions import Permission
from aftersales.exchange.queries.tables import Batch, Importer, Line, Outcome, Table, words_of
from aftersales.exchange.rules import imports as rules
from aftersales.exchange.rules.imports import ImportState
from aftersales.exchange.services.exports import StoppedError

CHECK, RUN = "exchange.check-import", "exchange.run-import"
_CHANGED_MEANWHILE = _(
    "Since the check something has changed, and some rows no longer fit. Nothing was imported; check the table again."
)


# Sending and looking


def keep_table(actor: Actor, *, code: str, upload: File[bytes], once: str, now: datetime) -> Import:
    """The import of the table that was sent, with its first rows; refuses what is no table. Sent twice, it is kept once."""
    table = queries.find_table(actor, code)
    known = Import.objects.filter(owner=actor.id, once=once).first()
    if known is not None:
        return known
    if (upload.size or 0) > reading.MOST_BYTES:
        raise Invalid(
            _("The file has more than {most} MB. Split it into several.", most=reading.MOST_BYTES // reading.MIB),
            field="file",
        )
    found = Import(
        token=shelf.new_token(), owner=actor.id, person_id=actor.person_id, once=once, code=code,
        name=values.shown((upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]) or "?", created_at=now,
        expires_at=now + rules.KEPT, language=translation.get_language() or "",
        time_zone=timezone.get_current_timezone_name(),
    )  # fmt: skip
    shelf.put_upload(found.token, upload)
    try:
        _look(table, found)
        return _kept(found)
    except BaseException:
        shelf.remove(found.token)
        raise


def look_again(
    actor: Actor, *, token: str, encoding: str = "", sheet: int = 0, head_row: int | None = None, now: datetime
) -> Import:
    """The import, its file read in another encoding, from another sheet, or with its headings in another row."""
    found = queries.get_import(actor, token, now=now)
    table = queries.find_table(actor, found.code)
    if found.state != ImportState.MAPPING:
        raise Refused(_("This table was already checked. Go back to its columns first."))
    found.encoding, found.sheet, found.columns = encoding, sheet, []
    _look(table, found, head_row=head_row)
    return _saved(found)


def _look(table: Table, found: Import, *, head_row: int | None = None) -> None:
    options: dict[str, Any] = {"encoding": found.encoding, "sheet": found.sheet, "first": rules.SHOWN_ROWS}
    with reading.open_table(shelf.path_of(found.token), **options) as opened:
        rows = [(row.number, [values.shown(cell) for cell in row.cells[: rules.MOST_COLUMNS]]) for row in opened.rows]
        found.kind, found.encoding, found.is_sure = opened.kind, opened.encoding, opened.is_sure
        found.sheets, found.sheet, found.rows = opened.sheets, opened.sheet, opened.count
    if not rows:
        raise Invalid(
            _("There is nothing in this table. Send one with a row of headings and rows below."), field="file"
        )
    words = [word for words in words_of(table.fields()).values() for word in words]
    aliases = [alias for each in table.fields() for alias in each.aliases]
    found.sample = rows
    found.head_row = rules.guess_head_row(rows, [*words, *aliases]) if head_row is None else head_row


# Checking


@dataclass(frozen=True)
class Choice:
    """What the person chose on the page of the columns."""

    columns: list[str]
    options: dict[str, Any] = field(default_factory=dict)


@transaction.act
def check_import(actor: Actor, *, token: str, choice: Choice, now: datetime) -> Import:
    """The import, on its way to be checked by the worker; which column means what is remembered for the next time."""
    found = _opened(actor, token, now=now)
    table = queries.find_table(actor, found.code)
    _must_be(found, ImportState.MAPPING)
    rules.check_columns(choice.columns, table.fields())
    if not found.is_sure:
        raise Invalid(_("Choose the encoding in which the names below are right."), field="encoding")
    found.columns, found.options, found.state = choice.columns, choice.options, ImportState.CHECKING.value
    heads = queries.heads_of(found)
    RememberedColumns.objects.update_or_create(
        owner=actor.id,
        code=found.code,
        heads=rules.fingerprint(heads),
        defaults={
            "columns": {rules.as_head(head): key for head, key in zip(heads, choice.columns, strict=False)},
            "options": choice.options,
            "used_at": now,
        },
    )
    found.job_id = jobs.enqueue(CHECK, payload={"token": token}, now=now)
    return _saved(found)


@dataclass
class _Findings:
    stored: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_rows: int = 0

    def note(self, outcome: Outcome) -> None:
        if outcome.problems:
            self.problem_rows += 1
            if len(self.problems) < rules.SHOWN_PROBLEMS:
                told = [{"field": each.field, "sentence": each.sentence.as_data()} for each in outcome.problems]
                self.problems.append({"number": outcome.number, "problems": told})
        elif len(self.stored) < rules.SHOWN_ROWS:
            stored = {key: _as_data(value) for key, value in outcome.stored.items()}
            self.stored.append({"number": outcome.number, "effects": outcome.effects, "stored": stored})


def run_check(token: str, *, now: datetime) -> None:
    """Nothing; the worker has read every row and written down what would become of it. Nothing else is written."""

    def check(actor: Actor, table: Table, found: Import) -> None:
        found.problem_token = found.problem_token or shelf.new_token()
        findings = _Findings()
        importer = table.begin(actor, found.options, True, now)  # noqa: FBT003 - on trial
        heads = [str(_("Row")), str(_("What to do")), *queries.heads_of(found)]
        bad = _bad_rows(found, table, importer, findings, now)
        count = shelf.put(
            found.problem_token, lambda path: writing.write_xlsx(path, title=found.name, heads=heads, rows=bad)
        )
        if not count:
            shelf.remove(found.problem_token)
        found.counts, found.stored, found.problems = importer.counts, findings.stored, findings.problems
        found.problem_rows, found.state, found.refusal = findings.problem_rows, ImportState.CHECKED.value, None
        _saved(found)

    _in_its_name(token, ImportState.CHECKING, check, now=now)


def _bad_rows(
    found: Import, table: Table, importer: Importer, findings: _Findings, now: datetime
) -> Iterator[Sequence[object]]:
    """Checks everything, and hands out the rows with problems, each with what to do."""
    labels = {each.key: each.label for each in table.fields()}
    for rows, batch in _read(found, importer, _Way(found.rows), now=now):
        for row, outcome in zip(rows, importer.take(batch), strict=True):
            findings.note(outcome)
            if outcome.problems:
                told = [
                    f"{labels[each.field]}: {each.sentence}" if each.field in labels else str(each.sentence)
                    for each in outcome.problems
                ]
                yield [row.number, "\n".join(told), *(_as_it_stood(cell) for cell in row.cells)]


# Importing


@transaction.act
def start_import(actor: Actor, *, token: str, now: datetime) -> Import:
    """The import, on its way to be done by the worker."""
    found = _opened(actor, token, now=now)
    queries.find_table(actor, found.code)
    _must_be(found, ImportState.CHECKED)
    if found.problem_rows:
        raise Refused(_("Some rows have problems, so nothing is imported. Correct the table and send it again."))
    if not found.effects:
        raise Refused(_("Everything in this table is already there. There is nothing to import."))
    found.state = ImportState.IMPORTING.value
    found.job_id = jobs.enqueue(RUN, payload={"token": token}, now=now)
    return _saved(found)


def run_import(token: str, *, now: datetime) -> None:
    """Nothing; the worker has taken every row in, in one transaction with the note that it is done, or none of them.

    The rows are read and set aside before that transaction: while it lasts, on SQLite, everybody else who writes must wait.
    """

    def run(actor: Actor, table: Table, found: Import) -> None:
        importer = table.begin(actor, found.options, False, now)  # noqa: FBT003 - in earnest
        way = _Way(found.rows, passes=2)
        with shelf.spool() as spool:
            for _rows, batch in _read(found, importer, way, now=now):
                if batch.has_problems:
                    raise Refused(_CHANGED_MEANWHILE)
                spool.put(batch)
            try:
                with transaction.large(), transaction.atomic():
                    _write(actor, importer, found, _taken(importer, spool, way, now=now), now=now)
            except IntegrityError as error:  # a counter wrote the same number between our look and our writing
                raise Refused(_CHANGED_MEANWHILE) from error

    _in_its_name(token, ImportState.IMPORTING, run, now=now)


def _write(
    actor: Actor, importer: Importer, found: Import, taken: Iterator[Sequence[Outcome]], *, now: datetime
) -> None:
    importer.begin_writing()
    for outcomes in taken:
        if any(outcome.problems for outcome in outcomes):
            raise Refused(_CHANGED_MEANWHILE)
    found.counts, found.state, found.done_at = importer.counts, ImportState.DONE.value, now
    found.refusal = None
    done = Import.objects.filter(pk=found.pk, state=ImportState.IMPORTING.value)
    if not done.update(state=found.state, counts=found.counts, done_at=now, refusal=None):
        raise StoppedError  # another worker has done it
    journal.record(
        actor, at=now, act="import", kind="table", key=found.code, scope=actor.home_scope,
        after={"file": found.name, "rows": found.rows, **found.counts},
    )  # fmt: skip


# Going back, stopping, clearing away


@transaction.act
def reopen_import(actor: Actor, *, token: str, now: datetime) -> Import:
    """The import, back at the choice of its columns."""
    found = _opened(actor, token, now=now)
    parked = found.is_in_work and queries.progress_of(found.job_id).is_parked
    if (found.is_in_work and not parked) or found.state == ImportState.DONE:
        raise Refused(_("This table is being worked on, or it is already imported."))
    found.state, found.refusal = ImportState.MAPPING.value, None
    return _saved(found)


def stop_import(actor: Actor, *, token: str, now: datetime) -> Import:
    """The import, which the worker will stop at its next opportunity, leaving nothing behind."""
    found = queries.get_import(actor, token, now=now)
    if found.is_in_work and found.job_id:
        jobs.request_stop(found.job_id, now=now)
    return found


@transaction.act
def discard_import(actor: Actor, *, token: str, now: datetime) -> None:
    """Nothing; the table is gone. What was imported from it stays."""
    found = _opened(actor, token, now=now)
    if found.is_in_work and not queries.progress_of(found.job_id).is_parked:
        raise Refused(_("This table is being worked on. Stop that first."))
    _forget(found)


def clear_imports(*, now: datetime) -> int:
    """The number of imports that were no longer to be kept; their files are gone too."""
    return sum(_clear(found) for found in Import.objects.filter(expires_at__lte=now)[:1000])


def forget_imports(*, now: datetime) -> int:
    """The number of imports that are over, all of which are gone with their tables: somebody they name was erased.

    One that is still being prepared stays: its owner is about to decide on it, and its table goes within a week.
    """
    over = [ImportState.DONE.value, ImportState.STOPPED.value, ImportState.FAILED.value]
    return sum(_clear(found) for found in Import.objects.filter(created_at__lte=now, state__in=over))


@transaction.act
def _clear(found: Import) -> bool:
    _forget(found)
    return True


def _forget(found: Import) -> None:
    Import.objects.filter(pk=found.pk).delete()
    shelf.remove_with_act(found.token)
    shelf.remove_with_act(found.problem_token)


# What these have in common


def _opened(actor: Actor, token: str, *, now: datetime) -> Import:
    queries.get_import(actor, token, now=now)
    found: Import = locks.for_update(Import.objects.filter(token=token)).get()
    return found


def _must_be(found: Import, state: ImportState) -> None:
    if found.state != state:
        raise Refused(_("This table stands elsewhere by now. Reload the page."))


def _kept(found: Import) -> Import:
    """This import, or the one that the same form sent a moment before."""
    try:
        return _saved(found)
    except IntegrityError:
        shelf.remove(found.token)
        return Import.objects.get(owner=found.owner, once=found.once)


@transaction.act
def _saved(found: Import) -> Import:
    found.save()
    return found


def _in_its_name(
    token: str, state: ImportState, work: Callable[[Actor, Table, Import], None], *, now: datetime
) -> None:
    """Do the work as its owner, who must still be permitted; whatever is refused is written down for him."""
    found = Import.objects.filter(token=token, state=state.value).first()
    if found is None:
        return
    with translation.override(found.language), timezone.override(found.time_zone):
        try:
            actor = find_actor(found.person_id, now=now)
            if actor is None:
                raise NotPermitted(Permission.IMPORT)
            with bulk.without_collecting():
                work(actor, queries.find_table(actor, found.code), found)
        except StoppedError:
            _ended(found, ImportState.STOPPED, None)
        except Refused as refused:
            _ended(found, ImportState.FAILED, refused.sentence)


@transaction.act
def _ended(found: Import, state: ImportState, sentence: Text | None) -> None:
    still = Import.objects.filter(pk=found.pk, state__in=[each.value for each in rules.IN_WORK])
    still.update(state=state.value, refusal=sentence.as_data() if sentence else None)


@dataclass
class _Way:
    """How far the work has come: told in rows of the table, also where each row is gone through more than once."""

    rows: int
    passes: int = 1
    done: int = 0

    def go(self, count: int, *, now: datetime) -> None:
        """So many more rows are done; somebody may have wished to stop here."""
        self.done += count
        if not jobs.progress(self.done // self.passes, max(self.done // self.passes, self.rows - 1), now=now):
            raise StoppedError


def _read(found: Import, importer: Importer, way: _Way, *, now: datetime) -> Iterator[tuple[list[reading.Row], Batch]]:
    """The rows below the headings, some at a time, with what they say."""
    places = {key: place for place, key in enumerate(found.columns) if key}
    with reading.open_table(shelf.path_of(found.token), encoding=found.encoding, sheet=found.sheet) as opened:
        rows = (row for row in opened.rows if row.number > found.head_row)
        while some := list(islice(rows, rules.BATCH)):
            yield some, importer.read([Line(row.number, _chosen(row.cells, places)) for row in some])
            way.go(len(some), now=now)


def _taken(importer: Importer, spool: shelf.Spool, way: _Way, *, now: datetime) -> Iterator[Sequence[Outcome]]:
    """What becomes of the rows that were set aside, some at a time."""
    for batch in spool:
        yield importer.take(batch)
        way.go(len(batch.rows), now=now)


def _chosen(cells: Sequence[Cell], places: Mapping[str, int]) -> dict[str, Cell]:
    return {key: cells[place] if place < len(cells) else None for key, place in places.items()}


def _as_it_stood(cell: Cell) -> object:
    return cell.digits if isinstance(cell, values.Rounded) else cell


def _as_data(value: object) -> object:
    if type(value) is Text:  # words of the catalog, which are data in three languages, are kept as they are read now
        return value.as_data()
    return None if value is None else str(value)
