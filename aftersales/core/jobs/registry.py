"""Which jobs there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

Payload = dict[str, Any]
JobFunction = Callable[[Payload, datetime], None]


@dataclass(frozen=True)
class Job:
    """A named piece of work, how often it is tried, and when it recurs by itself."""

    name: str
    function: JobFunction
    attempts: int
    every: timedelta | None
    at: time | None
    in_one_transaction: bool

    @property
    def is_recurring(self) -> bool:
        """Whether the worker enqueues it by itself."""
        return self.every is not None or self.at is not None


_jobs: dict[str, Job] = {}


def job(
    name: str,
    *,
    every: timedelta | None = None,
    at: time | None = None,
    attempts: int = 5,
    in_one_transaction: bool = True,
) -> Callable[[JobFunction], JobFunction]:
    """Register a function `(payload, now)` as the job `name`; `at` is a local time of day.

    What it writes and the fact that it is done are one transaction, so its effect happens exactly once. A long job that must
    not hold the writer's turn says `in_one_transaction=False`; it may then be run again after a part of it, and must bear that.
    """
    if every is not None and at is not None:
        raise ValueError(f"The job {name} recurs either every so often or at a time of day, not both.")

    def register(function: JobFunction) -> JobFunction:
        known = _jobs.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"There are two jobs named {name}.")
        _jobs[name] = Job(name, function, attempts, every, at, in_one_transaction)
        return function

    return register


def find_job(name: str) -> Job:
    """The job of this name; a LookupError when no code stands behind it."""
    try:
        return _jobs[name]
    except KeyError:
        raise LookupError(f"There is no job named {name}.") from None


def all_jobs() -> tuple[Job, ...]:
    """Every job, for the worker and the documentation."""
    return tuple(_jobs.values())
