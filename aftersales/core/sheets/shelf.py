"""Table files on the disk. Each lies under a name nobody can guess, complete or not at all, until it is taken away."""

from __future__ import annotations

import hashlib
import pickle
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.http import FileResponse

from aftersales.core.errors import Missing

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
KEEP_ORPHANS = timedelta(days=8)
"""No file is kept for longer than a week; what is older has lost its row."""


def new_token() -> str:
    """A name for a file that nobody can guess."""
    return secrets.token_urlsafe(24)


def path_of(token: str) -> Path:
    """Where the file with this token lies."""
    return _root() / f"{token}.bin"


def put(token: str, write: Callable[[Path], int]) -> int:
    """What `write` says of the file it made; nothing is there until it is complete."""
    target = path_of(token)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_suffix(".part")
    try:
        aside.touch(mode=0o600)
        said = write(aside)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return said


def put_upload(token: str, upload: File[bytes]) -> str:
    """The SHA-256 of the uploaded file, which is now on the disk under its token."""
    digest = hashlib.sha256()

    def write(path: Path) -> int:
        with path.open("wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
        return 0

    put(token, write)
    return digest.hexdigest()


class Spool:
    """Things set aside on the disk one after another, in a file without a name that is gone with the process at the latest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def put(self, thing: object) -> None:
        """Set this aside."""
        pickle.dump(thing, self._file, protocol=pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Any]:
        """Everything that was set aside, in its order; only one of them is in memory."""
        self._file.seek(0)
        with suppress(EOFError):
            while True:
                yield pickle.load(self._file)  # noqa: S301 - nobody but this process can have written it


@contextmanager
def spool() -> Iterator[Spool]:
    """A spool that is empty, and gone afterwards."""
    _root().mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=_root()) as file:
        yield Spool(file)


def size_of(token: str) -> int:
    """How many bytes the file has."""
    return path_of(token).stat().st_size


def remove(token: str) -> None:
    """Take the file away, if it is there."""
    if token:
        path_of(token).unlink(missing_ok=True)


def remove_with_act(token: str) -> None:
    """Take the file away when the act is committed; if it is undone, its row is there again, and so is the file."""
    transaction.on_commit(lambda: remove(token))


def download(token: str, *, name: str, form: str) -> FileResponse:
    """The file as a download that no browser can take for a page of ours."""
    try:
        file = path_of(token).open("rb")
    except FileNotFoundError:
        raise Missing from None
    response = FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def clear_orphans(*, now: datetime) -> int:
    """Remove what lies longer than anything may; the number of files."""
    removed = 0
    for path in _old_files(now):
        with suppress(FileNotFoundError):
            path.unlink()
            removed += 1
    return removed


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "sheets"


def _old_files(now: datetime) -> Iterator[Path]:
    before = (now - KEEP_ORPHANS).timestamp()
    for path in _root().glob("*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield path
