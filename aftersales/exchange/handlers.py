"""What the worker does: long exports, the checks and runs of imports, and clearing away what nobody may keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aftersales.core import jobs
from aftersales.core.sheets import shelf
from aftersales.exchange import services
from aftersales.exchange.services.exports import JOB as MAKE_FILE
from aftersales.exchange.services.imports import CHECK, RUN


@jobs.job(MAKE_FILE, attempts=3, in_one_transaction=False)
def make_file(payload: dict[str, Any], now: datetime) -> None:
    """Make the file of a long list."""
    services.make_file(payload["token"], now=now)


@jobs.job(CHECK, attempts=3, in_one_transaction=False)
def check_import(payload: dict[str, Any], now: datetime) -> None:
    """Check a table: read every row, write nothing but what was found."""
    services.run_check(payload["token"], now=now)


@jobs.job(RUN, attempts=3, in_one_transaction=False)
def run_import(payload: dict[str, Any], now: datetime) -> None:
    """Import a table: its rows and the note that it is done are one transaction of the service's own."""
    services.run_import(payload["token"], now=now)


@jobs.job("exchange.clear", every=timedelta(hours=1), in_one_transaction=False)
def clear(_payload: dict[str, Any], now: datetime) -> None:
    """Each hour: files that were kept long enough are removed."""
    services.clear_exports(now=now)
    services.clear_imports(now=now)
    shelf.clear_orphans(now=now)
