"""Whole requests of the workshop's pages, at a given number of orders, beside their floor.

python -m benchmarks --orders 10000
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READS, WRITES = 60, 30
WARM = 5


@dataclass(frozen=True)
class Figure:
    """What one kind of request took, and what its floor took, in seconds."""

    name: str
    took: Sequence[float]
    floor: Sequence[float]
    queries: int

    def line(self) -> str:
        """One line of the table, in milliseconds."""
        p50, p95 = _quantiles(self.took)
        floor, _ = _quantiles(self.floor)
        return (
            f"{self.name:<22}{p50 * 1e3:>9.1f}{p95 * 1e3:>9.1f}{floor * 1e3:>10.2f}"
            f"{p50 / floor if floor else 0:>9.1f}{self.queries:>9}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aftersales-bench-") as folder:
        os.environ["AFTERSALES_DATA_DIR"] = folder
        os.environ["AFTERSALES_LANGUAGE"] = "zh-hans"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.config.settings")
        _run(options.orders, Path(folder))


def _run(orders: int, folder: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    from benchmarks.load import load

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()
    started = time.perf_counter()
    house = load(orders)
    gc.collect()
    gc.freeze()  # what the loading left behind is not the pages' doing
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}")
    print(
        f"{orders:,} orders loaded in {time.perf_counter() - started:.0f} s; one process, whole requests, milliseconds"
    )
    print(f"{'':<22}{'p50':>9}{'p95':>9}{'floor p50':>10}{'ratio':>9}{'queries':>9}")
    for figure in _figures(house, folder):
        print(figure.line(), flush=True)
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most", file=sys.stdout)


def _figures(house: Any, folder: Path) -> Any:
    from benchmarks.requests import READ_REQUESTS, WRITE_REQUESTS

    for name, prepare in READ_REQUESTS.items():
        yield _measure(name, prepare(house), folder, count=READS, writes=False)
    for name, prepare in WRITE_REQUESTS.items():
        yield _measure(name, prepare(house), folder, count=WRITES, writes=True)


def _measure(name: str, request: Callable[[int], Any], folder: Path, *, count: int, writes: bool) -> Figure:
    from benchmarks.floor import Recorder, copy_database, replay

    for number in range(WARM):
        request(number)
    plain = copy_database(folder)
    recorder, took = Recorder(), []
    for number in range(WARM, WARM + count):
        with recorder.one_request():
            started = time.perf_counter()
            response = request(number)
            took.append(time.perf_counter() - started)
        if response.status_code >= 400:
            raise SystemExit(f"{name}: {response.status_code}")
    floor = replay(plain, recorder.requests, writes=writes)
    plain.close()
    return Figure(name, took, floor, len(recorder.requests[-1]))


def _quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    main()
