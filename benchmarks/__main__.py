"""Whole requests of the main pages and acts at several sizes, on both databases, beside their floor.

    python -m benchmarks                                       10,000 orders on SQLite
    python -m benchmarks --database both --orders 10000,100000,1000000
    python -m benchmarks --only "list,order page" --no-writes

Databases are kept under var/bench/ and used again; `--fresh` makes them anew. A million orders take about a quarter of an hour
to load and 10 GB of disk on each database.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

READS, WRITES, FLOORS = 60, 40, 20
WARM = 5
CLIENTS, CROWDED_SECONDS = 8, 6.0
DATABASES = ("sqlite", "postgresql")


@dataclass
class Figure:
    """What one kind of request took, in seconds: whole, its statements through Django, the same by the plain driver."""

    name: str
    floor: Sequence[float]
    statements: Sequence[float]
    queries: int
    took: Sequence[float] = ()
    processor: float = 0.0
    rate: float | None = None

    def line(self) -> str:
        """One line of the table, in milliseconds."""
        floor, statements = statistics.median(self.floor), statistics.median(self.statements)
        rate = f"{self.rate:.0f}" if self.rate else ""
        return (
            f"| {self.name} | {_ms(statistics.median(self.took))} | {_ms(_p95(self.took))} | {_ms(self.processor)} |"
            f" {_ms(statements)} | {_ms(floor)} | {statements / floor:.1f} | {statistics.median(self.took) / floor:.0f} |"
            f" {self.queries} | {rate} |"
        )


HEAD = (
    "| request | p50 | p95 | processor | statements | floor | statements ÷ floor | p50 ÷ floor | queries | 8 clients, 1/s |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Measure each database at each size, each in a process of its own."""
    options = _options()
    for vendor in DATABASES if options.database == "both" else (options.database,):
        for orders in options.orders:
            if options.alone:
                _measure(options, vendor, orders)
            else:
                words = ["--alone", "--database", vendor, "--orders", str(orders)]
                command = [sys.executable, "-m", "benchmarks", *sys.argv[1:], *words]
                subprocess.run(command, check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="sqlite")
    parser.add_argument("--orders", type=_numbers, default=[10_000], help="one or several sizes, such as 10000,100000")
    parser.add_argument("--only", default="", help="reads whose names contain one of these words")
    parser.add_argument("--no-writes", action="store_true", help="measure reads only, and leave the crowd out")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument(
        "--plans", action="store_true", help="print how the database finds the rows of each read instead"
    )
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _numbers(words: str) -> list[int]:
    return [int(word) for word in words.replace("_", "").split(",")]


def _measure(options: argparse.Namespace, vendor: str, orders: int) -> None:
    from benchmarks.databases import Place

    place = Place(vendor, orders)
    place.choose()
    import django

    django.setup()
    place.make_ready(lambda line: print(line, file=sys.stderr, flush=True), is_fresh=options.fresh)
    from benchmarks.requests import House

    house = House.look_at()
    if options.plans:
        from benchmarks.plans import show_plans

        show_plans(house, options.only)
        return
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    print(
        f"\n{orders:,} orders, {vendor}, {place.size() / 1e6:,.0f} MB; {_machine()}; milliseconds\n\n{HEAD}", flush=True
    )
    run = _Run(house, options)
    run.inside(place.folder)
    run.outside()


def _machine() -> str:
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":")[1].strip() for line in facts if "model name" in line), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


class _Run:
    def __init__(self, house: object, options: argparse.Namespace) -> None:
        from benchmarks import requests
        from benchmarks.clients import Inside

        self.house = house
        self.reads = requests.named(options.only)
        self.writes = {} if options.no_writes else requests.WRITES
        self.crowded = () if options.no_writes else requests.CROWDED
        self.client = Inside([requests.MANAGER, requests.DIRECTOR])
        self.figures: dict[str, Figure] = {}

    def inside(self, folder: object) -> None:
        """Each request within this process: its statements, and their floor."""
        from benchmarks.floor import copied_database, same_database

        plain = same_database()
        for name, ask in self.reads.items():
            self.figures[name] = self._floor_of(name, ask, plain, writes=False)
        plain.close()
        if self.writes:
            with copied_database(folder) as copy:
                for name, ask in self.writes.items():
                    self.house.note_received()
                    self.figures[name] = self._floor_of(name, ask, copy, writes=True)

    def _floor_of(self, name: str, ask: Callable, plain: object, *, writes: bool) -> Figure:
        from benchmarks.floor import recorded, replay

        floors, statements, queries = [], [], 0
        for number in range(WARM + FLOORS):
            wanted = ask(self.house, number)
            with recorded() as request:
                self.client.send(wanted)
            floors.append(replay(plain, request, writes=writes))
            statements.append(request.seconds)
            queries = len(request.statements)
        return Figure(name, floors[WARM:], statements[WARM:], queries)

    def outside(self) -> None:
        """Each request to the real server, by one client and some by eight."""
        from django.db import connection

        from benchmarks.clients import Wire, server

        connection.close()
        gc.collect()
        sessions = self.client.sessions()
        with server() as running:
            wire = Wire(running.port, sessions)
            for name, ask in self.reads.items():
                self._time(name, ask, wire, running, READS)
            for name, ask in self.writes.items():
                self.house.note_received()
                connection.close()
                self._time(name, ask, wire, running, WRITES)
            for name in self.crowded:
                self._crowd(name, running, sessions)
            for figure in self.figures.values():
                print(figure.line(), flush=True)
            print(f"\nMost memory held by the server: {running.peak_memory() / 2**20:.0f} MiB.")

    def _time(self, name: str, ask: Callable, wire: object, running: object, count: int) -> None:
        took = []
        for number in range(WARM):
            wire.send(ask(self.house, number))
        before = running.cpu_seconds()
        for number in range(WARM, WARM + count):
            wanted = ask(self.house, number)
            started = time.perf_counter()
            wire.send(wanted)
            took.append(time.perf_counter() - started)
        self.figures[name].took = took
        self.figures[name].processor = (running.cpu_seconds() - before) / count

    def _crowd(self, name: str, running: object, sessions: dict[str, str]) -> None:
        from benchmarks.clients import Wire, crowd

        ask = self.reads.get(name) or self.writes.get(name)
        if ask is None:
            return
        self.house.note_received()
        seconds = min(CROWDED_SECONDS, len(self.house.received) / 100) if name == "advance a step" else CROWDED_SECONDS
        self.figures[name].rate = crowd(
            lambda: Wire(running.port, sessions),
            lambda number: ask(self.house, number),
            clients=CLIENTS,
            seconds=seconds,
        )


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f}" if seconds >= 0.0005 else f"{seconds * 1e3:.2f}"


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


if __name__ == "__main__":
    main()
