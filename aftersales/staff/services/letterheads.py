"""How a station speaks on its papers: its legal name, its logo, its terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File

from aftersales.core import files, journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.text import Text, text as _
from aftersales.staff import queries, rules
from aftersales.staff.models import Letterhead, Station
from aftersales.staff.permissions import Permission
from aftersales.staff.rules import TermsOf, terms_name

KIND = "letterhead"
LANGUAGE_LABELS: Mapping[str, Text] = {
    "zh-hans": _("Simplified Chinese"),
    "zh-hant": _("Traditional Chinese"),
    "en": _("English"),
}
LABELS: dict[str, Text] = {
    "legal_name": _("Legal name"),
    "logo": _("Logo"),
    **{
        terms_name(TermsOf.INTAKE, code): _("Intake terms, {language}", language=label)
        for code, label in LANGUAGE_LABELS.items()
    },
    **{
        terms_name(TermsOf.SETTLEMENT, code): _("Settlement terms, {language}", language=label)
        for code, label in LANGUAGE_LABELS.items()
    },
}


def edit_letterhead(
    actor: Actor,
    *,
    code: str,
    version: int,
    legal_name: str,
    terms: Mapping[str, str],
    logo: File[bytes] | IO[bytes] | None = None,
    removes_logo: bool = False,
    now: datetime,
) -> Letterhead:
    """The letterhead as it stands after the edit; a new logo takes the place of the one before."""
    actor.require(Permission.EDIT_STATIONS)
    queries.get_station(actor, code)
    photo = files.read_photo(logo, field="logo") if logo else None
    wanted = {"legal_name": legal_name.strip(), "terms": rules.checked_terms(terms)}
    return _write(actor, code, version, wanted, photo, removes_logo=removes_logo, now=now)


@transaction.act
def _write(
    actor: Actor,
    code: str,
    version: int,
    wanted: Mapping[str, Any],
    photo: files.Photo | None,
    *,
    removes_logo: bool,
    now: datetime,
) -> Letterhead:
    station: Station = locks.for_update(Station.objects.filter(code=code)).get()
    letterhead = queries.letterhead_of(station)
    before = letterhead.facts()
    terms = {name: wanted["terms"].get(name, "") for name in rules.TERMS_NAMES}
    versions.check(
        stands=letterhead.version,
        opened=version,
        kind="station",
        key=code,
        current=before,
        wanted={"legal_name": wanted["legal_name"], **terms},
        labels=LABELS,
    )
    if photo is not None or removes_logo:
        _change_logo(actor, letterhead, photo, now)
    letterhead.legal_name, letterhead.terms = wanted["legal_name"], wanted["terms"]
    letterhead.version += 1
    letterhead.save()
    journal.record(
        actor,
        at=now,
        act="edit_letterhead",
        kind="station",
        key=code,
        scope=code,
        before=before,
        after=letterhead.facts(),
    )
    return letterhead


def _change_logo(actor: Actor, letterhead: Letterhead, photo: files.Photo | None, now: datetime) -> None:
    code, was = letterhead.station.code, letterhead.logo
    letterhead.logo, letterhead.logo_mark = "", ""
    if photo is not None:
        kept = files.attach_photo(actor, kind=KIND, key=code, scope=code, upload=photo, now=now)
        letterhead.logo, letterhead.logo_mark = kept.token, kept.sha256[:12]
    if was and was != letterhead.logo:
        files.remove_photo(actor, token=was)
