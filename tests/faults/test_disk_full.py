"""SQLite on a disk that fills up: what was acknowledged is kept, reading goes on, and it recovers by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.faults import databases

SPARE = 2 * 1024 * 1024


class Disk:
    """A place for a database that can be made full and empty again."""

    def __init__(self, folder: Path, *, is_small: bool) -> None:
        self.folder = folder
        self.environment = {} if is_small else {"FULL_DISK_SIGN": str(folder / "full")}
        self._ballast = folder / "full"
        self._is_small = is_small

    def fill(self) -> None:
        with self._ballast.open("wb") as file:
            if self._is_small:
                with pytest.raises(OSError, match="No space left"):
                    while True:
                        os.write(file.fileno(), b"\0" * 4096)

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, size: int):
    """A file system of `size` bytes where we may make one; elsewhere SQLite itself pretends that the disk is full."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    is_small = os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield Disk(folder, is_small=is_small)
    finally:
        if is_small:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(serve, copy, ledger, tmp_path):
    made = Path(copy.removeprefix("sqlite:///"))
    with small_disk(tmp_path / "disk", made.stat().st_size + SPARE) as disk:
        moved = disk.folder / "shop.sqlite3"
        shutil.copy(made, moved)
        url = f"sqlite:///{moved}"
        server = serve(url, **disk.environment)
        sent = {}

        def send(first, count):
            answers = []
            for number in range(first, first + count):
                key = f"form-number-{number:08d}"
                answers.append(server.post("/probe/take/", key, note=key + "x" * 3000))
                if answers[-1].status == 200:
                    sent[key + "x" * 3000] = answers[-1].text
            return answers

        assert {answer.status for answer in send(1, 10)} == {200}
        disk.fill()
        refused = send(1001, 10)[-5:]
        assert {answer.status for answer in refused} == {503}
        assert {answer.headers["retry-after"] for answer in refused} == {"5"}
        assert all("wait a little and send it again" in answer.text for answer in refused)
        assert {server.get("/probe/see/").status for _each in range(5)} == {200}
        assert server.get("/health/").status == 200
        assert "disk is full" in server.log.read_text()

        # This device was not used before, so there is something to note, which cannot be: reading goes on all the same.
        assert server.get("/probe/see/", cookie=server.unused_cookie).status == 200

        disk.make_room()
        assert {answer.status for answer in send(2001, 10)} == {200}
        assert {answer.status for answer in send(1001, 10)} == {200}  # the refused ones, sent again with their keys
        assert dict(ledger(url)) == sent
        assert sorted(sent.values()) == [f"T-TEST-2026-{number:06d}" for number in range(1, 31)]
        with databases.in_use(url):
            assert connection.cursor().execute("PRAGMA integrity_check").fetchone() == ("ok",)
        server.kill()
