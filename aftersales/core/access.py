"""Duties: the bundles of permissions that people are given. The bundles stand on one page, `config/duties.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from aftersales.core.text import Text


@dataclass(frozen=True)
class Duty:
    """What somebody is here for, in the trade's words, and the permissions that go with it."""

    code: str
    label: Text
    purpose: Text
    permissions: frozenset[str]


@dataclass(frozen=True)
class PermissionInfo:
    """A permission as a reader sees it: its code, what it allows, and the room it belongs to."""

    code: str
    label: Text
    room: str


D = TypeVar("D", Duty, PermissionInfo)
_duties: dict[str, Duty] = {}
_permissions: dict[str, PermissionInfo] = {}


def install(duties: Iterable[Duty], permissions: Iterable[PermissionInfo]) -> None:
    """Make these the duties and permissions of the house; a duty may only name permissions that exist."""
    known = _by_code(permissions)
    wanted = _by_code(duties)
    for duty in wanted.values():
        unknown = sorted(code for code in duty.permissions if code not in known)
        if unknown:
            raise ValueError(f"The duty {duty.code} names unknown permissions: {', '.join(unknown)}")
    _permissions.clear()
    _permissions.update(known)
    _duties.clear()
    _duties.update(wanted)


def _by_code(declared: Iterable[D]) -> dict[str, D]:
    found: dict[str, D] = {}
    for each in declared:
        if each.code in found:
            raise ValueError(f"{each.code} is declared twice.")
        found[each.code] = each
    return found


def duties() -> tuple[Duty, ...]:
    """Every duty, in the order of `config/duties.py`."""
    return tuple(_duties.values())


def find_duty(code: str) -> Duty | None:
    """The duty with this code, or None."""
    return _duties.get(code)


def permissions() -> tuple[PermissionInfo, ...]:
    """Every permission of the house, room by room."""
    return tuple(_permissions.values())


def permissions_of(duty_codes: Iterable[str]) -> frozenset[str]:
    """All that these duties permit together; codes of duties that no longer exist permit nothing."""
    return frozenset().union(*(_duties[code].permissions for code in duty_codes if code in _duties))
