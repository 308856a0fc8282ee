"""What happened to people, for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class PersonRegistered:
    """Somebody new is on the staff; he cannot sign in before he has accepted his invitation."""

    person_id: int
    name: str
    station: str
    at: datetime


@dataclass(frozen=True)
class DutyAssigned:
    """A person has a duty at a station from a day on."""

    person_id: int
    station: str
    duty: str
    from_on: date
    at: datetime


@dataclass(frozen=True)
class DutyEnded:
    """A person no longer has a duty at a station; `until_on` is the first day without it."""

    person_id: int
    station: str
    duty: str
    until_on: date
    at: datetime


@dataclass(frozen=True)
class PersonDeactivated:
    """A person can no longer sign in; what is still in his hands needs somebody else."""

    person_id: int
    at: datetime
