"""Records near to one: a bounded number of candidates from the index of `search`, to be compared by whoever asks.

Nothing here walks through all records. Which words say much is learned from a sample; each probe asks for the newest few
records that have all its words; a probe whose words are common looks only among the newest records, where it finds enough.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from math import prod
from typing import Any

from django.db import connection

from aftersales.core.actor import Actor
from aftersales.core.models import SearchEntry
from aftersales.core.search import kinds_for
from aftersales.core.search_words import Every, Probe, Question, Some, Word, as_fts5, as_tsquery, within

SAMPLE = 2000
"""How many records tell how common words are."""
GROWN = 0.05
"""By what share the index may grow before a new sample is taken."""
MOST_WALKED = 20_000
MOST_MATCHED = 3000
"""A probe whose rarest word is in more records than the one, or that may match more than the other, looks among the newest only."""
LAST = "\U0010ffff"
"""Stands behind every character."""
WINDOW = {"sqlite": 20_000, "postgresql": 1000}
"""How many of the newest records those are."""

SQLITE_PROBE = (
    "SELECT * FROM (SELECT {n} AS n, rowid FROM core_search_words WHERE core_search_words MATCH %s AND rowid > %s "
    "ORDER BY rowid DESC LIMIT %s)"
)
POSTGRESQL_RECENT = "recent AS MATERIALIZED (SELECT id, vector FROM core_searchentry ORDER BY id DESC LIMIT {window})"
POSTGRESQL_FOUND = "found{n} AS MATERIALIZED (SELECT id FROM {where} WHERE vector @@ %s::tsquery)"
POSTGRESQL_PROBE = "(SELECT {n} AS n, id FROM found{n} ORDER BY id DESC LIMIT %s)"


@dataclass(frozen=True)
class Candidate:
    """A record that some probe found, with the words of its texts and its marks as the index spells them."""

    kind: str
    key: str
    words: frozenset[str]
    marks: frozenset[str]


@dataclass(frozen=True)
class Sample:
    """How often words and marks occur among some records that stand for all."""

    low: int = 0
    high: int = 0
    size: int = 0
    words: Sequence[str] = ()
    """In the order of the alphabet."""
    counts: Sequence[int] = ()

    @property
    def records(self) -> int:
        """About how many records the index holds."""
        return self.high - self.low + 1

    def share(self, word: Word) -> float:
        """The share of records that have this word; what the sample does not know is rarer than one of it."""
        first = bisect_left(self.words, word.text)
        last = bisect_left(self.words, word.text + LAST) if word.begins else bisect_right(self.words, word.text)
        return min(1.0, (sum(self.counts[first:last]) or 0.5) / max(1, self.size))

    def is_common(self, probe: Probe) -> bool:
        """Whether looking for all that the probe matches would take long, as far as the sample knows."""
        shares = [min(1.0, sum(self.share(word) for word in group)) for group in probe.groups()]
        return self.records * min(shares, default=1.0) > MOST_WALKED or self.records * prod(shares) > MOST_MATCHED


@dataclass
class _Kept:
    sample: Sample = field(default_factory=Sample)


_kept = _Kept()


def forget_sample() -> None:
    """Take a new sample the next time one is needed."""
    _kept.sample = Sample()


def sample() -> Sample:
    """The sample of the index as it stands, taken anew when the index has grown or was emptied."""
    low, high = (SearchEntry.objects.order_by(end).values_list("id", flat=True).first() or 0 for end in ("id", "-id"))
    known = _kept.sample
    if not known.size or known.low != low or not known.high <= high <= known.high + known.records * GROWN:
        _kept.sample = _take_sample(low, high)
    return _kept.sample


def _take_sample(low: int, high: int) -> Sample:
    step = max(1, (high - low + 1) // SAMPLE)
    rows = SearchEntry.objects.filter(id__in=range(low, high + 1, step)).values_list("words", flat=True)
    counts: Counter[str] = Counter()
    for words in rows:
        counts.update(word for word in words.split(" ") if word[:1] in ("t", "m"))
    ordered = sorted(counts)
    return Sample(low, high, len(rows), ordered, [counts[word] for word in ordered])


def candidates(
    actor: Actor, kinds: Sequence[str], probes: Sequence[Probe], *, each: int = 40, most: int = 400
) -> list[Candidate]:
    """What the probes find of these kinds within what the actor may see: the newest of each, the first probes' first."""
    allowed = [one.kind for one in kinds_for(actor) if one.kind in kinds]
    if not allowed or not probes:
        return []
    ids = list(dict.fromkeys(_in_turn(_ask(actor, probes, each))))[:most]
    rows = SearchEntry.objects.filter(id__in=ids, kind__in=allowed).values_list("id", "kind", "key", "words")
    found = {row[0]: _candidate(*row[1:]) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def _candidate(kind: str, key: str, words: str) -> Candidate:
    split = words.split(" ")
    texts = frozenset(word[1:] for word in split if word[:1] == "t")
    return Candidate(kind, key, texts, frozenset(word for word in split if word[:1] == "m"))


def _in_turn(lists: Iterable[Sequence[int]]) -> Iterator[int]:
    """The first of each list, then the second of each, and so on."""
    return (each for each in chain.from_iterable(zip_longest(*lists)) if each is not None)


def _ask(actor: Actor, probes: Sequence[Probe], each: int) -> list[list[int]]:
    known = sample()
    asked = [(_question(actor, probe), known.is_common(probe)) for probe in probes]
    sql, parameters = _STATEMENTS[connection.vendor](asked, each, known.high)
    lists: list[list[int]] = [[] for _ in probes]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for place, id_ in cursor.fetchall():
            lists[place].append(id_)
    return lists


def _question(actor: Actor, probe: Probe) -> Question:
    return within(Every(tuple(Some(group) for group in probe.groups())), kinds=None, scopes=actor.scopes)


Asked = Sequence[tuple[Question, bool]]


def _for_sqlite(asked: Asked, each: int, high: int) -> tuple[str, list[Any]]:
    parts = [SQLITE_PROBE.format(n=n) for n, _each in enumerate(asked)]
    since = max(0, high - WINDOW["sqlite"])
    parameters = [[as_fts5(question), since if is_common else 0, each] for question, is_common in asked]
    return " UNION ALL ".join(parts), [one for three in parameters for one in three]


def _for_postgresql(asked: Asked, each: int, _high: int) -> tuple[str, list[Any]]:
    tables = [POSTGRESQL_RECENT.format(window=WINDOW["postgresql"])]
    tables += [
        POSTGRESQL_FOUND.format(n=n, where="recent" if is_common else "core_searchentry")
        for n, (_question, is_common) in enumerate(asked)
    ]
    parts = [POSTGRESQL_PROBE.format(n=n) for n, _each in enumerate(asked)]
    parameters: list[Any] = [as_tsquery(question) for question, _is_common in asked]
    return f"WITH {', '.join(tables)} {' UNION ALL '.join(parts)}", [*parameters, *[each] * len(asked)]


_STATEMENTS = {"sqlite": _for_sqlite, "postgresql": _for_postgresql}
