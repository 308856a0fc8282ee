"""How the two databases are opened so that nothing acknowledged is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

WAL_FIXED_FROM = (3, 51, 3)
WAL_FIXED_BRANCHES = ((3, 44, 6), (3, 50, 7))


def has_wal_reset_fix(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite cannot lose commits in WAL mode by the WAL-reset bug (all of 3.7.0 to 3.51.2 but two backports)."""
    return version >= WAL_FIXED_FROM or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in WAL_FIXED_BRANCHES
    )


def sqlite_pragmas(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> str:
    """What each new SQLite connection is told: a safe journal, every commit on the disk, foreign keys kept."""
    journal = "WAL" if has_wal_reset_fix(version) else "TRUNCATE"
    return (
        f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    )


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's description of the database at `url`; an empty one means SQLite in `data_dir`."""
    if url.startswith(("postgresql://", "postgres://")):
        return _postgresql(url)
    name = url.removeprefix("sqlite:///") or str(data_dir / "aftersales.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        # To open it and to learn its tables takes as long as several questions.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"init_command": sqlite_pragmas(), "transaction_mode": "IMMEDIATE", "timeout": 20},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", parts.port or "")),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        # A server that is gone is said within seconds, not after the network's own minutes.
        "OPTIONS": {"connect_timeout": "5", **query},
    }
