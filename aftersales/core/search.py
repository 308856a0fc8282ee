"""One search for everything: by name, pinyin, initials, and any part of a number, within what the actor may see.

A room registers its kinds once and indexes each record in the act that writes it. What a word is stands in `search_words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from aftersales.core import bulk, transaction
from aftersales.core.actor import Actor
from aftersales.core.models import SearchEntry
from aftersales.core.search_words import (
    NOTHING_SPELLED,
    Every,
    Question,
    Word,
    as_fts5,
    as_tsquery,
    entry_words,
    is_whole_code,
    mark_word,
    own_words,
    questions,
    spelled_name,
    within,
)
from aftersales.core.text import Text

LONGEST_TITLE = 200
LONGEST_DETAIL = 300
ROWS_AT_ONCE = 1000
PAGES_AT_ONCE = 500

SQLITE_MATCHING = "SELECT rowid FROM core_search_words WHERE core_search_words MATCH %s"
SQLITE_ADD = (
    "INSERT INTO core_search_words (rowid, words) SELECT id, words FROM core_searchentry WHERE id > %s ORDER BY id"
)
POSTGRESQL_MATCHING = "SELECT id FROM core_searchentry WHERE vector @@ %s::tsquery"
SQLITE_NEWEST = "SELECT rowid FROM core_search_words WHERE core_search_words MATCH %s ORDER BY rowid DESC LIMIT %s"
# PostgreSQL's index knows no order. What matches often is found among the newest thousand without it; what matches rarely is
# had from it quickly. Left to itself the planner mistakes one for the other and walks the whole table.
POSTGRESQL_RECENT = (
    "WITH recent AS MATERIALIZED (SELECT id, vector FROM core_searchentry ORDER BY id DESC LIMIT 1000) "
    "SELECT id FROM recent WHERE vector @@ %s::tsquery ORDER BY id DESC LIMIT %s"
)
POSTGRESQL_ALL = (
    "WITH found AS MATERIALIZED (SELECT id FROM core_searchentry WHERE vector @@ %s::tsquery) "
    "SELECT id FROM found ORDER BY id DESC LIMIT %s"
)


@dataclass(frozen=True)
class SearchKind:
    """A kind of record that can be found: who may find it, how it is called, and where it opens."""

    kind: str
    permission: str | None
    """Needed to find this kind; None lets every signed-in person."""
    label: Text
    url_name: str
    icon: str


@dataclass(frozen=True)
class Entry:
    """What the index knows of one record; `scopes` empty means that everybody who may find the kind may find it."""

    kind: str
    key: str | int
    title: str
    detail: str = ""
    names: Sequence[str] = ()
    codes: Sequence[str] = ()
    texts: Sequence[str] = ()
    scopes: Sequence[str] = ()
    marks: Sequence[str] = ()
    """What the record is, for `search_near`; no typed word finds it."""
    known: str = ""
    """Words that `know` has made of the rest of it already."""


@dataclass(frozen=True)
class Hit:
    """One found record, ready to be shown."""

    kind: str
    key: str
    title: str
    detail: str

    @property
    def label(self) -> Text:
        """How this kind of record is called."""
        return _kinds[self.kind].label

    @property
    def icon(self) -> str:
        """The icon of this kind."""
        return _kinds[self.kind].icon

    @property
    def url(self) -> str:
        """Where the record opens."""
        return reverse(_kinds[self.kind].url_name, args=[self.key])


_kinds: dict[str, SearchKind] = {}


def register_kind(kind: str, *, permission: str | None, label: Text, url_name: str, icon: str = "search") -> None:
    """Let records of `kind` be found by actors with `permission`; `url_name` takes the key as its only argument."""
    _kinds[kind] = SearchKind(kind, None if permission is None else str(permission), label, url_name, icon)


def kinds_for(actor: Actor) -> tuple[SearchKind, ...]:
    """The kinds this actor may find, in the order of registration."""
    return tuple(each for each in _kinds.values() if each.permission is None or actor.may(each.permission))


def index(
    kind: str,
    key: str | int,
    *,
    title: str,
    detail: str = "",
    names: Sequence[str] = (),
    codes: Sequence[str] = (),
    texts: Sequence[str] = (),
    scopes: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> None:
    """Make one record findable, or findable anew after a change, from the end of this transaction on."""
    index_many([Entry(kind, key, title, detail, names, codes, texts, scopes, marks)])


def index_many(entries: Iterable[Entry]) -> int:
    """Make many records findable; the number of them."""
    count = 0
    rows = (_row(entry) for entry in entries)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        _write(batch)
        count += len(batch)
    return count


def add_many(entries: Iterable[Entry], *, spelled: Mapping[str, str] = NOTHING_SPELLED) -> int:
    """Make many records findable that are new, which is quicker, above all with `spelled`; the number of them."""
    rows = (_columns(entry, spelled) for entry in entries)
    with _words_together():
        return bulk.insert(SearchEntry, ("kind", "key", "title", "detail", "words"), rows)


@contextmanager
def _words_together() -> Iterator[None]:
    """Around adding many entries: SQLite's index takes all their words in one statement, which is three times as quick.

    A trigger's statement makes the index write to its table after each row; so within this transaction the trigger stands aside.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM core_searchentry")
        last = cursor.fetchone()[0]
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'search_entry_added'")
        trigger = cursor.fetchone()[0]
        cursor.execute("DROP TRIGGER search_entry_added")
        yield
        cursor.execute(SQLITE_ADD, [last])
        cursor.execute(trigger)


def spell(names: Iterable[str]) -> dict[str, str]:
    """Name → its words. It takes long and needs no database: done before a transaction, others wait the less for it."""
    return {name: spelled_name(name) for name in set(names) if name}


def know(entry: Entry, *, spelled: Mapping[str, str] = NOTHING_SPELLED) -> Entry:
    """The entry with its words in place of what they are made of; like `spell`, it needs no database."""
    words = own_words(names=entry.names, codes=entry.codes, texts=entry.texts, marks=entry.marks, spelled=spelled)
    return Entry(entry.kind, entry.key, entry.title, entry.detail, scopes=entry.scopes, known=" ".join(words))


def remove(kind: str, key: str | int) -> None:
    """Make one record unfindable."""
    SearchEntry.objects.filter(kind=kind, key=str(key)).delete()


def forget_words() -> int:
    """The number of rounds it took until the index holds no word of entries that are gone or were changed.

    SQLite's index keeps such words in its older parts until those are put together anew, which is done here in short turns.
    PostgreSQL clears its own away.
    """
    rounds = 0
    while connection.vendor == "sqlite" and _put_together(first=rounds == 0):
        rounds += 1
    return rounds


@transaction.act
def _put_together(*, first: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        pages = -PAGES_AT_ONCE if first else PAGES_AT_ONCE  # below zero: begin with all parts, however few they are
        cursor.execute("INSERT INTO core_search_words(core_search_words, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        return bool(cursor.fetchone()[0] - before > 1)


def find(actor: Actor, typed: str, *, kinds: Iterable[str] | None = None, limit: int = 20) -> list[Hit]:
    """What the typed line finds for this actor: whole codes first, then names and parts of codes, then texts; newest first."""
    allowed = _allowed(actor, kinds)
    found: dict[int, None] = {}
    for rank, question in enumerate(questions(typed) if allowed else ()):
        narrowed = within(question, kinds=None if len(allowed) == len(_kinds) else allowed, scopes=actor.scopes)
        found.update(dict.fromkeys(_newest_ids(narrowed, limit=limit + len(found), is_rare=rank == 0)))
        if len(found) >= limit or (found and rank == 0 and is_whole_code(typed)):
            break
    ids = list(found)[:limit]
    rows = SearchEntry.objects.only("kind", "key", "title", "detail").in_bulk(ids)
    ordered = (rows[id_] for id_ in ids if id_ in rows)
    return [Hit(row.kind, row.key, row.title, row.detail) for row in ordered if row.kind in allowed]


def keys(actor: Actor, kind: str, typed: str, *, limit: int = 20) -> list[str]:
    """The keys of the records of one kind that the typed line finds, in the order of `find`."""
    return [hit.key for hit in find(actor, typed, kinds=[kind], limit=limit)]


def match_filter(kind: str, typed: str, actor: Actor, *, numeric: bool = False) -> QuerySet[SearchEntry, Any]:
    """All matching keys of one kind as a subquery: `orders.filter(number__in=match_filter("order", typed, actor))`.

    `numeric` gives whole numbers, for lists filtered by primary key. A line without any word in it matches nothing.
    """
    asked = questions(typed)
    rows = SearchEntry.objects.filter(kind=kind)
    if not asked or not _allowed(actor, [kind]):
        rows = rows.none()
    else:
        question = within(asked[-1], kinds=[kind], scopes=actor.scopes)
        rows = rows.filter(_Matches(F("id"), sqlite=as_fts5(question), postgresql=as_tsquery(question)))
    if numeric:
        return rows.values_list(Cast("key", BigIntegerField()), flat=True)
    return rows.values_list("key", flat=True)


def mark_filter(kind: str, mark: str, actor: Actor) -> QuerySet[SearchEntry, Any]:
    """The keys of one kind's records that bear this mark as a subquery, as `match_filter` for typed words."""
    if not _allowed(actor, [kind]):
        return SearchEntry.objects.none().values_list("key", flat=True)
    question = within(Every((Word(mark_word(mark)),)), kinds=[kind], scopes=actor.scopes)
    rows = SearchEntry.objects.filter(kind=kind)
    rows = rows.filter(_Matches(F("id"), sqlite=as_fts5(question), postgresql=as_tsquery(question)))
    return rows.values_list("key", flat=True)


class _Matches(Func):
    """Whether the full-text index finds the row; a condition for `filter`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, sqlite: str, postgresql: str) -> None:
        super().__init__(*expressions)
        self.asked = {"sqlite": (SQLITE_MATCHING, sqlite), "postgresql": (POSTGRESQL_MATCHING, postgresql)}

    def as_sql(self, compiler: Any, connection: Any, *_arguments: Any, **_context: Any) -> Any:
        """The row's number is among those that the index names."""
        column, parameters = compiler.compile(self.source_expressions[0])
        matching, asked = self.asked[connection.vendor]
        return f"{column} IN ({matching})", [*parameters, asked]


def _allowed(actor: Actor, kinds: Iterable[str] | None) -> list[str]:
    may = [each.kind for each in kinds_for(actor)]
    return may if kinds is None else [kind for kind in kinds if kind in may]


def _row(entry: Entry) -> SearchEntry:
    kind, key, title, detail, words = _columns(entry)
    return SearchEntry(kind=kind, key=key, title=title, detail=detail, words=words)


def _columns(entry: Entry, spelled: Mapping[str, str] = NOTHING_SPELLED) -> tuple[str, str, str, str, str]:
    words = entry_words(
        entry.kind,
        names=entry.names,
        codes=entry.codes,
        texts=entry.texts,
        scopes=entry.scopes,
        marks=entry.marks,
        spelled=spelled,
        known=entry.known,
    )
    return entry.kind, str(entry.key), entry.title[:LONGEST_TITLE], entry.detail[:LONGEST_DETAIL], words


def _write(rows: Iterable[SearchEntry]) -> None:
    once = {(row.kind, row.key): row for row in rows}  # one statement may not change a row twice; the last word holds
    SearchEntry.objects.bulk_create(
        once.values(),
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["title", "detail", "words"],
    )


def _newest_ids(question: Question, *, limit: int, is_rare: bool) -> list[int]:
    if connection.vendor == "sqlite":  # its index yields the newest first and stops at the limit
        return _ids(SQLITE_NEWEST, [as_fts5(question), limit])
    asked = as_tsquery(question)
    recent = [] if is_rare else _ids(POSTGRESQL_RECENT, [asked, limit])
    return recent if len(recent) == limit else _ids(POSTGRESQL_ALL, [asked, limit])


def _ids(sql: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
