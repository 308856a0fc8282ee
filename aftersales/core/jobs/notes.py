"""Notes beside the database: how far a job has come that is in the middle of one transaction, and the wish that it stop.

Nobody outside sees what a transaction has written, and on SQLite nobody can write while it lasts. So both lie in small files of
the data folder, which the pages and the worker share.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings


def tell(job_id: UUID, done: int, total: int | None) -> None:
    """Write down how far the job has come."""
    _write(_path(job_id, "progress"), json.dumps([done, total]))


def told(job_id: UUID) -> tuple[int, int | None] | None:
    """How far the job has come, if it told so here."""
    try:
        done, total = json.loads(_path(job_id, "progress").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return int(done), total if total is None else int(total)


def wish_stop(job_id: UUID) -> None:
    """Write down that the job should stop."""
    _write(_path(job_id, "stop"), "")


def is_stop_wished(job_id: UUID) -> bool:
    """Whether somebody wishes that the job stop."""
    return _path(job_id, "stop").exists()


def forget(*, before: datetime) -> None:
    """Remove the notes of jobs that have not moved since that instant."""
    for path in _folder().glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_suffix(".part")
    aside.write_text(content)
    aside.replace(path)


def _path(job_id: UUID, kind: str) -> Path:
    return _folder() / f"{job_id}.{kind}"


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "jobs"
