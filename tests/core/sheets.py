"""How the tests of table files write and read them."""

from __future__ import annotations

from pathlib import Path

from aftersales.core.sheets import reading


def read(path: Path, **options):
    with reading.open_table(path, **options) as table:
        rows = [row.cells for row in table.rows]
    return table, rows


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
