"""How the database finds the rows of each read: its plan for every statement that takes long, and how long."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from benchmarks.clients import Inside
from benchmarks.floor import Request, recorded, same_database, sqlite_words
from benchmarks.requests import DIRECTOR, MANAGER, House, named

WORTH_SHOWING = 0.002


def show_plans(house: House, only: str) -> None:
    """Print them."""
    client, plain = Inside([MANAGER, DIRECTOR]), same_database()
    for name, ask in named(only).items():
        for number in range(3):
            with recorded() as request:
                client.send(ask(house, number))
        print(f"\n== {name}: {len(request.statements)} statements")
        _show(plain, request)


def _show(plain: Any, request: Request) -> None:
    is_sqlite = connection.vendor == "sqlite"
    for sql, params in request.statements:
        words = sqlite_words(sql) if is_sqlite else sql
        started = time.perf_counter()
        rows = plain.execute(words, params or ()).fetchall() if words.startswith("SELECT") else []
        took = time.perf_counter() - started
        if took < WORTH_SHOWING:
            continue
        table = sql.split(" FROM ")[-1] if len(sql) > 2000 else sql
        print(f"-- {took * 1e3:.1f} ms, {len(rows)} rows: {table[:600]}\n   {params}")
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN (ANALYZE, BUFFERS) "
        for row in plain.execute(explain + words, params or ()).fetchall():
            print("     ", row[3] if is_sqlite else row[0])
