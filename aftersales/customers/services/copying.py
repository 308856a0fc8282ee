"""A copy of everything about one customer, for him: complete for machines, readable for people, with every photo."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import translation

from aftersales.core import clock, files, jobs, journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing, Refused
from aftersales.core.sheets import shelf, writing
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.models import Customer, PersonalCopy
from aftersales.customers.permissions import Permission
from aftersales.customers.queries import Part
from aftersales.customers.rules import personal as rules
from aftersales.customers.services.people import locked_customer

MAKE_COPY = "customers.make-copy"


@transaction.act
def copy_out_customer(actor: Actor, *, customer_id: int, once: str, now: datetime) -> PersonalCopy:
    """The copy of everything about this customer, which the worker makes; the same form sent twice gives the same copy."""
    actor.require(Permission.COPY_OUT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    known = PersonalCopy.objects.filter(owner=actor.id, once=once).first()
    if known is not None:
        return known
    unseen = queries.why_not_all(actor, customer)
    if unseen is not None:
        raise Refused(unseen)
    token = shelf.new_token()
    copy = PersonalCopy.objects.create(
        token=token, customer=customer, owner=actor.id, owner_name=actor.name, once=once,
        language=translation.get_language() or "en", made_at=now, expires_at=now + rules.COPY_KEPT,
        job_id=jobs.enqueue(MAKE_COPY, payload={"token": token}, now=now, key=token),
    )  # fmt: skip
    scope = customer.home_station.code
    journal.record(actor, at=now, act="copy_out", kind="customer", key=customer.pk, scope=scope)
    return copy


@jobs.job(MAKE_COPY, attempts=3, in_one_transaction=False)
def make_copy(payload: dict[str, Any], now: datetime) -> None:
    """Nothing; the file of this copy lies ready. Of a customer who was erased meanwhile there is none."""
    copy = PersonalCopy.objects.select_related("customer__home_station").filter(token=payload["token"]).first()
    if copy is None or copy.is_ready:
        return
    with translation.override(copy.language):
        parts = queries.parts_of(copy.customer)
        shelf.put(copy.token, lambda path: write_copy(path, copy.customer, parts, now=now))
    _made(copy)


@transaction.act
def _made(copy: PersonalCopy) -> None:
    if not PersonalCopy.objects.filter(pk=copy.pk).update(size=shelf.size_of(copy.token)):
        shelf.remove_with_act(copy.token)


def write_copy(path: Path, customer: Customer, parts: Sequence[Part], *, now: datetime) -> int:
    """The number of files in the archive."""
    steps = sum(1 + len(part.photos) for part in parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, TemporaryDirectory(dir=path.parent) as aside:
        done = 0
        for part in parts:
            if part.rows:
                table = Path(aside) / "table.csv"
                _write_table(table, part)
                archive.write(table, f"{part.name}.csv")
            for place, photo in enumerate(part.photos):
                _add_photo(archive, photo)
                jobs.progress(done + place, steps, now=now)
            done += 1 + len(part.photos)
            jobs.progress(done, steps, now=now)
        facts = {part.name: list(part.rows) for part in parts if part.rows}
        about = {"number": customer.number, "made_at": now.isoformat(), **facts}
        archive.writestr("data.json", json.dumps(about, ensure_ascii=False, indent=2))
        archive.writestr("README.txt", _read_me(customer, parts, now))
        return len(archive.namelist())


def _write_table(path: Path, part: Part) -> None:
    columns = part.columns or tuple((name, name) for name in part.rows[0])
    lines = ([_in_words(row.get(name)) for name, _label in columns] for row in part.rows)
    writing.write_csv(path, title=str(part.title), heads=[label for _name, label in columns], rows=lines)


def _in_words(value: Any) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _add_photo(archive: zipfile.ZipFile, photo: Any) -> None:
    try:
        picture = files.read_picture(photo.token)
    except Missing:  # its loss is in the log; the rest of the copy must not fail for it
        return
    archive.writestr(zipfile.ZipInfo(f"photos/{photo.kind}-{photo.key}-{photo.pk}.jpg"), picture, zipfile.ZIP_STORED)


def _read_me(customer: Customer, parts: Sequence[Part], now: datetime) -> str:
    day = clock.local_date(now, customer.home_station.time_zone).isoformat()
    lines = [
        str(_("Everything we hold about the customer {number}, as of {day}.", number=customer.number, day=day)),
        str(_("data.json holds all of it for machines; the tables (.csv) are for reading; photos/ holds the photos.")),
        "",
        *(f"{part.name}.csv  {part.title} ({len(part.rows)})" for part in parts if part.rows),
    ]
    return "\r\n".join(lines) + "\r\n"


@jobs.job("customers.clear-copies", every=timedelta(hours=1), in_one_transaction=False)
def clear_copies_regularly(_payload: dict[str, Any], now: datetime) -> None:
    """Each hour: copies that were kept long enough are removed."""
    clear_copies(now=now)


def clear_copies(*, now: datetime) -> int:
    """The number of copies that were no longer to be kept; their files are gone too."""
    return forget_copies(PersonalCopy.objects.filter(expires_at__lte=now))


@transaction.act
def forget_copies(copies: Any) -> int:
    """The number of these copies, which are gone with their files."""
    tokens = list(copies.values_list("token", flat=True))
    copies.delete()
    for token in tokens:
        shelf.remove_with_act(token)
    return len(tokens)
