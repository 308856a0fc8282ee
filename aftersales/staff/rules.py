"""Decisions about people: what a login looks like, what follows from duties, who may hand on which rights."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import available_timezones

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.staff.permissions import ADMINISTRATION

TRADES = ("agri", "gift", "electronics", "automotive")
LANGUAGES = ("zh-hans", "zh-hant", "en")
INVITATION_LASTS = timedelta(hours=72)
RESET_LASTS = timedelta(hours=2)
RESET_AGAIN_AFTER = timedelta(minutes=5)
LINK_IS_SHOWN = timedelta(minutes=15)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_STATION_CODE = re.compile(r"[A-Z]{2,4}")
HOUSE_WORD = _("Do not use the name of this program in your password.")
_HOUSE_WORDS = ("aftersales", "shouhou", "售后", "售後")


@dataclass(frozen=True)
class Post:
    """One duty of a person at one station, as far as decisions need it."""

    duty: str
    station: str
    is_headquarters: bool
    time_zone: str
    from_on: date
    until_on: date | None = None
    station_name: str = ""
    station_id: int = 0

    def is_held_on(self, day: date) -> bool:
        """Whether the duty is in force on `day`."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


def login_name(typed: str) -> str:
    """The login as it is kept: lower case, half width. Refuses what cannot be typed on every keyboard."""
    login = unicodedata.normalize("NFKC", typed).strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Invalid(
            _(
                "A login has 2 to 40 letters a–z, digits, dots, hyphens or underscores, and begins with a letter or digit."
            ),
            field="login",
        )
    return login


def station_code(typed: str) -> str:
    """The code of a station as it is kept: two to four capitals."""
    code = unicodedata.normalize("NFKC", typed).strip().upper()
    if not _STATION_CODE.fullmatch(code):
        raise Invalid(_("A station's code has 2 to 4 letters A–Z, such as NJ or SUZ."), field="code")
    return code


def known_trades(codes: Iterable[str]) -> list[str]:
    """The trades in the house's order, each once; refuses one that does not exist."""
    wanted = set(codes)
    unknown = sorted(wanted - set(TRADES))
    if unknown:
        raise Invalid(_("There is no trade “{trade}”.", trade=unknown[0]), field="trades")
    return [trade for trade in TRADES if trade in wanted]


def known_time_zone(name: str) -> str:
    """The name of the zone; refuses one that does not exist."""
    if name not in available_timezones():
        raise Invalid(_("“{name}” is not a time zone. Write it like Asia/Shanghai.", name=name), field="time_zone")
    return name


def filled_in(typed: str, *, field: str) -> str:
    """What was typed without spaces around it; refuses nothing at all."""
    if not typed.strip():
        raise Invalid(_("Please fill this in."), field=field)
    return typed.strip()


def one_of(value: str, known: tuple[str, ...], *, field: str) -> str:
    """The value, or nothing chosen; refuses anything else."""
    if value and value not in known:
        raise Invalid(_("Choose one of the listed values."), field=field)
    return value


def scopes_of(posts: Iterable[Post]) -> frozenset[str] | None:
    """Codes of the stations whose records the holder of these posts sees; None (all) when one is at a headquarters."""
    held = list(posts)
    if any(post.is_headquarters for post in held):
        return None
    return frozenset(post.station for post in held)


def home_of(posts: Iterable[Post]) -> Post | None:
    """The post where the holder's new records belong: the oldest outside headquarters, else the oldest."""
    return min(posts, key=lambda post: (post.is_headquarters, post.from_on, post.station), default=None)


def beyond(giver: frozenset[str], given: frozenset[str]) -> frozenset[str]:
    """The administrative permissions in `given` that the giver does not hold and therefore cannot hand on."""
    return (given & ADMINISTRATION) - giver


def reaches(giver: frozenset[str] | None, held: frozenset[str] | None) -> bool:
    """Whether one who sees the stations `giver` may decide about one who holds duties at the stations `held`."""
    if giver is None:
        return True
    return held is not None and held <= giver


def is_open(*, created_at: datetime, expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether an invitation can still be accepted."""
    return used_at is None and created_at <= now < expires_at


def has_house_word(password: str) -> bool:
    """Whether a password leans on the name of this product, which a guesser tries first."""
    folded = unicodedata.normalize("NFKC", password).lower()
    return any(word in folded for word in _HOUSE_WORDS)


class TermsOf(StrEnum):
    """The papers that carry the house's terms."""

    INTAKE = "intake"
    SETTLEMENT = "settlement"


MOST_TERMS = 3000


def terms_name(kind: str, language: str) -> str:
    """How the terms of a paper in a language are named in forms, tables and the journal: `intake_zh_hans`."""
    return f"{kind}_{language.replace('-', '_')}"


TERMS_NAMES = tuple(terms_name(kind, language) for kind in TermsOf for language in LANGUAGES)


def checked_terms(typed: Mapping[str, str]) -> dict[str, str]:
    """The terms that were typed, without empty ones; refuses more than fits on a paper."""
    kept = {name: typed.get(name, "").replace("\r\n", "\n").strip() for name in TERMS_NAMES}
    for name, words in kept.items():
        if len(words) > MOST_TERMS:
            raise Invalid(_("At most {most} characters: it is printed on a paper.", most=MOST_TERMS), field=name)
    return {name: words for name, words in kept.items() if words}


def terms_in(terms: Mapping[str, str], kind: str, language: str) -> str:
    """The terms in this language; in another, rather than none, where the house wrote them in another only."""
    names = [terms_name(kind, each) for each in (language, *LANGUAGES)]
    return next((terms[name] for name in names if terms.get(name)), "")


def terms_of(terms: Mapping[str, str], kind: str) -> dict[str, str]:
    """The terms of one kind of paper, in every language in which the house wrote them."""
    names = [terms_name(kind, each) for each in LANGUAGES]
    return {name: terms[name] for name in names if terms.get(name)}
