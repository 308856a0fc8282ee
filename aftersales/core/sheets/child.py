"""The process in which a hostile table file is read: it may use so much memory and time, write nothing, and die without harm.

Run by `reading` as a program of its own: the request comes as one line of JSON on the standard input, the rows go out line by
line. A workbook that asks for more memory than there is aborts this whole process; nothing that runs here could catch that.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
DELIMITERS = ",\t;"
ROUNDED_FROM = 10**15
"""From here on a spreadsheet has rounded the digits away."""
CHUNK = 1 << 20
BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
ESCAPED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class RefusedError(Exception):
    """The file is not read; `code` says why, `facts` go into the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def main() -> None:
    """Read one request and answer it."""
    request = json.loads(sys.stdin.readline())
    for name, most in request["limits"]["process"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    sys.path[:] = request["modules"]
    try:
        _answer(request, request["limits"])
    except RefusedError as refused:
        _say({"refused": refused.code, "facts": refused.facts})
    except MemoryError:
        _say({"refused": "too-big", "facts": {}})
    sys.stdout.flush()


def _answer(request: dict[str, Any], limits: dict[str, Any]) -> None:
    path = Path(request["path"])
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(ZIP):
        head, rows = _workbook(path, request["sheet"], limits)
    elif start == OLE:
        raise RefusedError("old-excel")
    else:
        head, rows = _text(path.read_bytes(), request["encoding"])
    _say({"head": head})
    count = 0
    for count, (number, row) in enumerate(_checked(rows, limits), start=1):
        if request["first"] is None or count <= request["first"]:
            _say([number, [_cell(value) for value in row]])
    _say({"end": count})


def _say(line: Any) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")


def _checked(rows: Iterable[tuple[int, list[Any]]], limits: dict[str, Any]) -> Iterator[tuple[int, list[Any]]]:
    """The rows that hold anything, without the empty cells at their ends; refuses what is beyond the limits."""
    cells = 0
    longest = limits["cell"]
    for count, (number, row) in enumerate(rows):
        if count >= limits["rows"]:
            raise RefusedError("too-many-rows", most=limits["rows"])
        if len(row) > limits["columns"]:
            raise RefusedError("too-many-columns", most=limits["columns"])
        if any(isinstance(cell, str) and len(cell) > longest for cell in row):
            raise RefusedError("cell-too-long", row=number, most=longest)
        cells += len(row)
        if cells > limits["cells"]:
            raise RefusedError("too-many-cells", most=limits["cells"])
        yield number, row


def _trimmed(row: Iterable[Any]) -> list[Any]:
    cells = list(row)
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells


# Workbooks


def _workbook(path: Path, sheet: int, limits: dict[str, Any]) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    _check_zip(path, limits)
    # Only now: it must not be loaded outside of this process, and only within its limits.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        if len(names) > limits["sheets"]:
            raise RefusedError("too-many-sheets", most=limits["sheets"])
        if not names:
            raise RefusedError("damaged")
        chosen = min(sheet, len(names) - 1)
        opened = book.get_sheet_by_name(names[chosen])
    except PasswordError:
        raise RefusedError("old-excel") from None
    except (CalamineError, ValueError, OSError):
        raise RefusedError("damaged") from None
    return {"kind": "xlsx", "sheets": names, "sheet": chosen}, _cells(opened.iter_rows())


def _check_zip(path: Path, limits: dict[str, Any]) -> None:
    """Refuse what would unpack to more than is reasonable: first by what it says of itself, then by what comes out."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            said = sum(member.file_size for member in members)
            is_bomb = said > limits["small"] and said > limits["ratio"] * path.stat().st_size
            if len(members) > limits["members"] or said > limits["unpacked"] or is_bomb:
                raise RefusedError("too-big")
            if "xl/workbook.xml" not in archive.namelist():
                raise RefusedError("no-table")
            for member in members:
                with archive.open(member) as content:
                    while content.read(CHUNK):  # checks lengths and checksums on the way
                        pass
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error):
        raise RefusedError("damaged") from None
    except RuntimeError:  # it wants a password
        raise RefusedError("old-excel") from None


def _cells(rows: Iterable[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows, start=1):
        cells = _trimmed(row)
        if cells:
            yield number, cells


def _cell(value: Any) -> Any:
    """The cell as JSON: a text as it is, anything else with a letter that says what it is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) if isinstance(value, timedelta) else None


def _number(value: float) -> Any:
    if not math.isfinite(value):
        return None
    if float(value).is_integer():
        return ["x" if abs(value) >= ROUNDED_FROM else "n", str(int(value))]
    return ["n", repr(value)]


# Text


def _text(data: bytes, encoding: str) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    from aftersales.core.sheets import encodings  # noqa: PLC0415 - as above

    guessed = encodings.guess(data)
    chosen = encoding or guessed.encoding
    try:
        text = encodings.decode(data, chosen)
    except UnicodeDecodeError:
        if encoding:
            raise RefusedError("not-encoding", encoding=encoding) from None
        text, chosen = encodings.decode(data, "latin-1"), ""
    if BINARY.search(text):
        raise RefusedError("not-encoding" if encoding else "no-table", encoding=encoding)
    head = {"kind": "csv", "encoding": chosen, "is_sure": bool(encoding) or guessed.is_sure}
    return head, _lines(text)


def _lines(text: str) -> Iterator[tuple[int, list[Any]]]:
    said = SEPARATOR.match(text)
    delimiter = said[1] if said else _delimiter(text)
    csv.field_size_limit(1 << 17)
    reader = csv.reader(io.StringIO(text[said.end() :] if said else text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise RefusedError("cell-too-long", row=reader.line_num, most=1 << 17) from None
        if row is None:
            return
        cells = _trimmed(row)
        if cells:
            yield reader.line_num, [cell[1:] if ESCAPED.match(cell) else cell for cell in cells]


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that stands most often in the first lines, outside quotation marks."""
    some = re.sub(r'"[^"]*"', "", "\n".join(islice(io.StringIO(text[:CHUNK]), 5)))
    return max(DELIMITERS, key=some.count)


if __name__ == "__main__":
    main()
