"""The databases that are measured: kept under var/bench/, made when they are missing, brought up to date when they are there."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
LOADED_BY = 1
"""Raised when what is loaded changes, so that kept databases are made anew."""
DAYS_AT_TEN_THOUSAND = 180
ORDERS_PER_COPY_IN_HOUSE = 200_000


@dataclass(frozen=True)
class Place:
    """One database of one size."""

    vendor: str
    orders: int

    @property
    def folder(self) -> Path:
        """Where its files and its settings are."""
        return FOLDER / f"{self.vendor}-{self.orders}"

    @property
    def database(self) -> str:
        """Its name on the PostgreSQL server."""
        return f"bench_{self.orders}"

    @property
    def mark(self) -> Path:
        """Says by which loader it was made."""
        return self.folder / "loaded.json"

    def choose(self) -> None:
        """Let Django open this one; before its settings are read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        os.environ["AFTERSALES_DATA_DIR"] = str(self.folder)
        os.environ["AFTERSALES_LANGUAGE"] = "zh-hans"
        os.environ["AFTERSALES_DEMO"] = "false"
        os.environ["DJANGO_SETTINGS_MODULE"] = "aftersales.config.settings"
        os.environ.pop("DATABASE_URL", None)
        if self.vendor == "postgresql":
            os.environ["DATABASE_URL"] = _server(self.database)

    def make_ready(self, report: Callable[[str], object], *, is_fresh: bool) -> None:
        """Migrated, and filled unless it already is."""
        from django.core.management import call_command

        if is_fresh or not self._is_loaded():
            self.mark.unlink(missing_ok=True)
            _begin_with_small_house(self, report)
            call_command("migrate", verbosity=0)
            self._fill(report)
            self.mark.write_text(json.dumps({"loaded_by": LOADED_BY}))
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)

    def _is_loaded(self) -> bool:
        return self.mark.exists() and json.loads(self.mark.read_text())["loaded_by"] == LOADED_BY

    def _fill(self, report: Callable[[str], object]) -> None:
        from aftersales.workshop.services import counting
        from benchmarks.copies import multiply

        started = time.perf_counter()
        days = round(DAYS_AT_TEN_THOUSAND * (self.orders / 10_000) ** 0.6)
        multiply(self.orders, days=days, in_house=self.orders // ORDERS_PER_COPY_IN_HOUSE, report=report)
        counting.recount_intakes()
        report(f"{self.vendor}: {self.orders:,} orders in {time.perf_counter() - started:.0f} s")

    def size(self) -> int:
        """Bytes on the disk."""
        if self.vendor == "sqlite":
            return (self.folder / "aftersales.sqlite3").stat().st_size
        with plain_postgresql() as plain:
            return int(plain.execute("SELECT pg_database_size(current_database())").fetchone()[0])


def _begin_with_small_house(place: Place, report: Callable[[str], object]) -> None:
    """A fresh database with the demonstration in it; that is made once and kept, since everybody in it acts one by one."""
    small = Place(place.vendor, 0)
    small.folder.mkdir(parents=True, exist_ok=True)
    if place.vendor == "sqlite":
        kept, wanted = (each.folder / "aftersales.sqlite3" for each in (small, place))
        if not kept.exists():
            _play(report)
            shutil.copyfile(wanted, kept)
        else:
            shutil.copyfile(kept, wanted)
        return
    with plain_postgresql("postgres") as server:
        kept_there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [small.database]).fetchone()
        server.execute(f'DROP DATABASE IF EXISTS "{place.database}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{place.database}"' + (f' TEMPLATE "{small.database}"' if kept_there else ""))
    if not kept_there:
        _play(report)
        with plain_postgresql("postgres") as server:
            server.execute(f'CREATE DATABASE "{small.database}" TEMPLATE "{place.database}"')


def _play(report: Callable[[str], object]) -> None:
    from django.core.management import call_command
    from django.db import connection

    from aftersales.config.demo import load_demo
    from benchmarks.copies import make_room

    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    make_room()
    load_demo(report=lambda _line: None)
    connection.close()
    report(f"the demonstration, act by act, in {time.perf_counter() - started:.0f} s")


def _server(database: str) -> str:
    from tools import postgres

    cluster = postgres.shared_cluster(durable=True)
    cluster.create(database)
    return str(cluster.url(database))


def plain_postgresql(database: str = "") -> psycopg.Connection[Any]:
    """A connection by the plain driver to Django's database, or to another on the same server."""
    from django.db import connection

    settings = connection.settings_dict
    return psycopg.connect(
        dbname=database or settings["NAME"],
        host=settings["HOST"],
        port=settings["PORT"] or 5432,
        user=settings["USER"],
        password=settings["PASSWORD"],
        options="-c timezone=UTC",
        autocommit=True,
    )


def copy_of_sqlite(folder: Path, source: str) -> Path:
    """A copy of the database file beside it."""
    copy = folder / "floor.sqlite3"
    shutil.copyfile(source, copy)
    return copy
