"""Reading a table file that somebody sent: in a process of its own, within limits, or not at all with a sentence that says why."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from aftersales.core.errors import Invalid
from aftersales.core.sheets.encodings import LABELS
from aftersales.core.sheets.values import Cell, cell_of
from aftersales.core.text import Text, text as _

MOST_BYTES = 32 * 1024 * 1024
SECONDS = 40.0
MIB = 1024 * 1024
LIMITS: Mapping[str, Any] = {
    "process": {"RLIMIT_AS": 1024 * MIB, "RLIMIT_CPU": 30, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 32},
    "members": 2000,
    "sheets": 200,
    "unpacked": 400 * MIB,
    "small": 20 * MIB,
    "ratio": 100,
    "rows": 200_000,
    "columns": 200,
    "cells": 5_000_000,
    "cell": 32_767,
}
"""What a file may hold and what reading it may cost; below `small` no ratio of packed to unpacked is odd."""
CHILD = Path(__file__).with_name("child.py")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Row:
    """One row of a table, with its number in the file."""

    number: int
    cells: list[Cell]


@dataclass
class Table:
    """A table file that is open: what it is, its rows one by one, and how many there are in all once they were read."""

    kind: str
    rows: Iterator[Row]
    encoding: str = ""
    """Empty where no encoding fits: then a person must choose one."""
    is_sure: bool = True
    """Whether the encoding is certain; if not, a person must look and choose."""
    sheets: list[str] = field(default_factory=list)
    sheet: int = 0
    count: int = 0


class _Watch:
    """Ends the child when we have waited for it too long; the time we take ourselves between two rows does not count."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.child = child
        self.waited = 0.0
        self._since: float | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="table-reader", daemon=True)
        self._thread.start()

    def readline(self) -> bytes:
        """The next line from the child."""
        assert self.child.stdout is not None
        self._since = began = time.monotonic()
        try:
            return self.child.stdout.readline()
        finally:
            self._since = None
            self.waited += time.monotonic() - began

    def end(self) -> None:
        """Stop watching, and end the child if it still runs."""
        self._over.set()
        self.child.kill()
        self.child.wait()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(min(0.2, SECONDS)):
            since = self._since
            if since is not None and self.waited + time.monotonic() - since > SECONDS:
                self.child.kill()
                return


@contextmanager
def open_table(path: Path, *, encoding: str = "", sheet: int = 0, first: int | None = None) -> Iterator[Table]:
    """The table in this file; with `first`, only so many rows are handed out, and the others counted.

    Refuses what is no table, is damaged, or is larger than a table for people can be.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Invalid(
            _("The file has more than {most} MB. Split it into several.", most=MOST_BYTES // MIB), field="file"
        )
    request = {
        "path": str(path),
        "encoding": encoding,
        "sheet": sheet,
        "first": first,
        "limits": LIMITS,
        "modules": [each for each in sys.path if each],
    }
    # -I: nothing of the environment and of the working directory counts; what it may import is in the request.
    child = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        close_fds=True,
    )
    watch = _Watch(child)
    try:
        yield _table(watch, request)
    finally:
        watch.end()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _table(watch: _Watch, request: dict[str, Any]) -> Table:
    assert watch.child.stdin is not None
    try:
        watch.child.stdin.write(json.dumps(request).encode() + b"\n")
        watch.child.stdin.close()
    except BrokenPipeError:
        raise _ended(watch) from None
    answer = _answer(watch)
    table = Table(rows=iter(()), **answer["head"])
    table.rows = _rows(watch, table)
    return table


def _rows(watch: _Watch, table: Table) -> Iterator[Row]:
    while True:
        answer = _answer(watch)
        if isinstance(answer, dict):
            table.count = answer["end"]
            return
        number, cells = answer
        yield Row(number, [cell_of(cell) for cell in cells])


def _answer(watch: _Watch) -> Any:
    line = watch.readline()
    if not line.endswith(b"\n"):
        raise _ended(watch)
    answer = json.loads(line)
    if isinstance(answer, dict) and "refused" in answer:
        log.info("table refused", reason=answer["refused"], **answer["facts"])
        raise Invalid(_sentence(answer["refused"], answer["facts"]), field="file")
    return answer


def _ended(watch: _Watch) -> Invalid:
    code = watch.child.wait()
    log.warning("reading a table ended", code=code)
    return Invalid(
        _(
            "Reading this file took more memory or time than a table may take. Save it anew with only the rows and columns that are needed."
        ),
        field="file",
    )


def _sentence(code: str, facts: Mapping[str, Any]) -> Text:
    return {
        "no-table": _(
            "This is neither an Excel workbook nor a CSV file. Save the table as .xlsx or .csv and send that."
        ),
        "old-excel": _(
            "This is an old Excel file (.xls), or it has a password. Open it and save it as .xlsx without one."
        ),
        "damaged": _("This workbook is damaged and cannot be read. Open it in Excel or WPS and save it anew."),
        "too-big": _("Unpacked, this workbook is larger than a table may be. Save only the rows that are needed."),
        "too-many-rows": _("The table has more than {most} rows. Split it into several files.", **_counted(facts)),
        "too-many-columns": _(
            "The table has more than {most} columns. Delete those that are not needed.", **_counted(facts)
        ),
        "too-many-cells": _("The table has more than {most} cells. Split it into several files.", **_counted(facts)),
        "too-many-sheets": _(
            "The workbook has more than {most} sheets. Save the one that is needed.", **_counted(facts)
        ),
        "cell-too-long": _(
            "A cell in row {row} has more than {most} characters. Shorten it, or look for a quotation mark that is not closed.",
            row=facts.get("row", 0),
            **_counted(facts),
        ),
        "not-encoding": _(
            "This file is not written in {encoding}. Choose another encoding.",
            encoding=LABELS.get(facts.get("encoding", ""), ""),
        ),
    }[code]


def _counted(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"most": f"{facts.get('most', 0):,}"}
