"""Looking for records that may be one, a batch at a time and only where something changed; and saying that two are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from aftersales.core import clock, jobs, journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.models import JournalEntry
from aftersales.customers import queries
from aftersales.customers.models import Customer, MatchKey, MatchScan, Unit
from aftersales.customers.queries.duplicates import PAIRS, Kind, facts_of
from aftersales.customers.rules import duplicates as rules

BATCH = 500
KINDS: tuple[Kind, ...] = ("customer", "unit")
LOOK_AGAIN = timedelta(days=2)
MODELS: dict[str, Any] = {"customer": Customer, "unit": Unit}


@jobs.job("customers.find-duplicates", every=timedelta(minutes=10), in_one_transaction=False)
def find_duplicates_regularly(_payload: dict[str, Any], now: datetime) -> None:
    """Every ten minutes: what is new or was changed is compared."""
    find_duplicates(now=now)


@jobs.job("customers.find-duplicates-thoroughly", at=time(2, 40), in_one_transaction=False)
def find_duplicates_thoroughly(_payload: dict[str, Any], now: datetime) -> None:
    """Each night: also what a long import wrote behind the back of the regular look."""
    for kind in KINDS:
        unseen = ~Exists(MatchKey.objects.filter(kind=kind, record=OuterRef("pk")))
        _in_batches(kind, list(MODELS[kind].objects.filter(unseen, merged_into=None).values_list("pk", flat=True)), now)
        lately = JournalEntry.objects.filter(kind=kind, recorded_at__gte=now - LOOK_AGAIN)
        _in_batches(kind, _records_of(lately.values_list("key", flat=True)), now)


def find_duplicates(*, now: datetime, at_most: int | None = None) -> int:
    """How many records were compared: those that are new, or that the journal says were changed, since the last look.

    Each batch is an act of its own, so that nobody waits for the whole.
    """
    done = 0
    for kind in KINDS:
        while at_most is None or done < at_most:
            count, is_last = _next_batch(kind, now)
            done += count
            jobs.progress(done, now=clock.now())
            if is_last:
                break
    return done


@transaction.act
def _next_batch(kind: Kind, now: datetime) -> tuple[int, bool]:
    scan, is_new = MatchScan.objects.select_for_update().get_or_create(kind=kind)
    if is_new:  # every record is new to the first look, so what the journal says until now adds nothing
        scan.last_entry = JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    fresh = list(
        MODELS[kind].objects.filter(pk__gt=scan.last_record).order_by("pk").values_list("pk", flat=True)[:BATCH]
    )
    entries = JournalEntry.objects.filter(pk__gt=scan.last_entry).order_by("pk").values_list("pk", "kind", "key")
    read = list(entries[: 4 * BATCH])
    changed = [key for key in _records_of(key for _pk, about, key in read if about == kind) if key <= scan.last_record]
    compare(kind, [*fresh, *changed], now=now)
    scan.last_record = fresh[-1] if fresh else scan.last_record
    scan.last_entry = read[-1][0] if read else scan.last_entry
    scan.scanned_at = now
    scan.save()
    return len(fresh) + len(changed), len(fresh) < BATCH and len(read) < 4 * BATCH


def _records_of(keys: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(int(key) for key in keys if key.isdigit()))


def _in_batches(kind: Kind, keys: Sequence[int], now: datetime) -> None:
    for start in range(0, len(keys), BATCH):
        compare(kind, keys[start : start + BATCH], now=now)


@transaction.act
def compare(kind: Kind, keys: Sequence[int], *, now: datetime) -> None:
    """Nothing; these records stand under their present keys, and their pairs are those that their facts make likely."""
    facts = facts_of(kind, keys)
    wanted = {key: rules.keys_of(each) for key, each in facts.items()}
    MatchKey.objects.filter(kind=kind, record__in=list(keys)).delete()
    rows = [MatchKey(kind=kind, record=key, key=word) for key, words in wanted.items() for word in words]
    MatchKey.objects.bulk_create(rows, batch_size=BATCH)
    _write_pairs(kind, keys, _likely(kind, facts, _candidates(kind, wanted)), now)


def _candidates(kind: Kind, wanted: dict[int, set[int]]) -> set[tuple[int, int]]:
    """The pairs that share a key which few share, each with at least one of the wanted records."""
    words = sorted({word for words in wanted.values() for word in words})
    sharing: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(words), BATCH):
        rows = MatchKey.objects.filter(kind=kind, key__in=words[start : start + BATCH])
        for word, record in rows.values_list("key", "record"):
            sharing[word].append(record)
    pairs = set()
    for key, own in wanted.items():
        for word in own:
            if len(sharing[word]) <= rules.CROWD:
                pairs |= {(min(key, other), max(key, other)) for other in sharing[word] if other != key}
    return pairs


def _likely(
    kind: Kind, facts: dict[int, rules.Facts], candidates: set[tuple[int, int]]
) -> dict[tuple[int, int], rules.Likeness]:
    others = {key for pair in candidates for key in pair if key not in facts}
    known = facts | facts_of(kind, others)
    found = {
        (low, high): rules.likeness(known[low], known[high])
        for low, high in candidates
        if low in known and high in known
    }
    return {pair: likely for pair, likely in found.items() if likely.points >= rules.LISTED_FROM}


def _write_pairs(kind: Kind, keys: Sequence[int], likely: dict[tuple[int, int], rules.Likeness], now: datetime) -> None:
    """The pairs of these records; one that was found different stays so, whatever is found since."""
    model = PAIRS[kind]
    touching = model.objects.filter(Q(low__in=list(keys)) | Q(high__in=list(keys)))
    known = {(pair.low_id, pair.high_id): pair for pair in touching}
    gone = [pair.pk for ends, pair in known.items() if ends not in likely and pair.dismissed_at is None]
    model.objects.filter(pk__in=gone).delete()
    new = []
    for ends, likeness in likely.items():
        data = rules.as_data(likeness)
        pair = known.get(ends)
        if pair is None:
            new.append(model(low_id=ends[0], high_id=ends[1], found_at=now, **data))
        elif (pair.points, pair.reasons) != (data["points"], data["reasons"]) and pair.dismissed_at is None:
            pair.points, pair.reasons = data["points"], data["reasons"]
            pair.save(update_fields=["points", "reasons"])
    model.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


@transaction.act
def dismiss_pair(actor: Actor, *, kind: Kind, pair_id: int, now: datetime) -> Any:
    """The pair, which is not the same and is not shown again; found so before, as it was found."""
    pair = queries.get_pair(actor, kind, pair_id)
    if PAIRS[kind].objects.filter(pk=pair.pk, dismissed_at=None).update(dismissed_at=now, dismissed_by=actor.name):
        _tell(actor, kind, pair, "dismiss_pair", now)
    pair.refresh_from_db()
    return pair


@transaction.act
def reopen_pair(actor: Actor, *, kind: Kind, pair_id: int, now: datetime) -> Any:
    """The pair, which may be the same after all."""
    pair = queries.get_pair(actor, kind, pair_id)
    if PAIRS[kind].objects.filter(pk=pair.pk).exclude(dismissed_at=None).update(dismissed_at=None, dismissed_by=""):
        _tell(actor, kind, pair, "reopen_pair", now)
    pair.refresh_from_db()
    return pair


def _tell(actor: Actor, kind: Kind, pair: Any, act: str, now: datetime) -> None:
    for one, other in ((pair.low, pair.high), (pair.high, pair.low)):
        scope = (one if kind == "customer" else one.owner).home_station.code
        journal.record(actor, at=now, act=act, kind=kind, key=one.pk, scope=scope, after={"other": other.pk})


def forget_pairs(kind: Kind, key: int) -> None:
    """Nothing; a record that is no longer looked for has no pairs, but for those found different."""
    MatchKey.objects.filter(kind=kind, record=key).delete()
    PAIRS[kind].objects.filter(Q(low=key) | Q(high=key), dismissed_at=None).delete()


def forget_all_pairs(kind: Kind, key: int) -> None:
    """Nothing; no pair names this record any more, not even one found different."""
    forget_pairs(kind, key)
    PAIRS[kind].objects.filter(Q(low=key) | Q(high=key)).delete()
