"""Bringing records in from elsewhere."""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import django
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

REQUIRED = {"id", "product_category"}


def open_repair(options: argparse.Namespace) -> int:
    """Bring repair history in; prints what was added, changed, left as it was, and what did not fit."""
    django.setup()
    from aftersales.core import clock
    from aftersales.core.actor import SYSTEM
    from aftersales.core.errors import Refused
    from aftersales.staff import queries as staff
    from aftersales.workshop import services as workshop

    path = Path(options.file)
    if not path.is_file():
        print(f"There is no file {path}.", file=sys.stderr)
        return 1
    try:
        station = options.station or _first_station(staff)
        with _bar() as bar, path.open("rb") as raw:
            task = bar.add_task("rows", total=path.stat().st_size)
            report = workshop.bring_in_past_repairs(
                SYSTEM,
                station=station,
                source="open-repair",
                rows=_rows(raw, path.suffix),
                now=clock.now(),
                progress=lambda read: bar.update(task, completed=raw.tell(), description=f"{read:,} rows"),
            )
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        print(
            f"{path} cannot be read as CSV in UTF-8: {error}. Batches already read are kept; repeat it after mending.",
            file=sys.stderr,
        )
        return 1
    print(
        f"{report.read:,} rows: {report.added:,} added, {report.changed:,} changed, "
        f"{report.unchanged:,} unchanged, {report.misfit_count:,} did not fit."
    )
    _list_misfits(report.misfits, options.misfits)
    return 0


def _first_station(staff: Any) -> str:
    from aftersales.core.actor import SYSTEM
    from aftersales.core.errors import Missing

    first = staff.list_stations(SYSTEM, only_open=True).first()
    if first is None:
        raise Missing
    return str(first.code)


def _rows(raw: IO[bytes], suffix: str) -> Iterator[Mapping[str, str | None]]:
    plain: Any = gzip.GzipFile(fileobj=raw) if suffix == ".gz" else raw
    reader = csv.DictReader(io.TextIOWrapper(plain, encoding="utf-8-sig", newline=""))
    missing = REQUIRED - set(reader.fieldnames or ())
    if missing:
        raise csv.Error(f"the columns {', '.join(sorted(missing))} are missing")
    yield from reader


def _list_misfits(misfits: list[Any], file: str) -> None:
    if file:
        with Path(file).open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["line", "id", "reason"])
            writer.writerows([misfit.line, misfit.source_id, str(misfit.reason)] for misfit in misfits)
        print(f"They are listed in {file}.")
        return
    for misfit in misfits[:20]:
        print(f"  line {misfit.line} ({misfit.source_id or 'no id'}): {misfit.reason}")
    if len(misfits) > 20:
        print("  … more with --misfits FILE")


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, disable=not sys.stderr.isatty())
