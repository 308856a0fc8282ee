"""What the demonstration is made of: the trades' work and prices, the people, the names; read from the files in `data`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from aftersales.core.money import Money

TRADES = ("agri", "gift", "electronics", "automotive")


@dataclass(frozen=True)
class Line:
    """A line of a quotation."""

    kind: str
    description: str
    basis: str
    unit_price: Money
    quantity: Decimal = Decimal(1)

    def facts(self) -> dict[str, Any]:
        """What the service that adds a line wants to know."""
        return vars(self).copy()


@dataclass(frozen=True)
class Model:
    """A model somebody may own."""

    trade: str
    maker: str
    category: str
    name: str
    code: str
    months: int
    weight: int


@dataclass(frozen=True)
class Job:
    """A complaint as it is often heard, what is found, what it costs and how long it takes."""

    categories: tuple[str, ...]
    faults: tuple[str, ...]
    condition: tuple[str, ...]
    diagnosis: str
    picks: Mapping[str, Any]
    """Symptoms, cause and remedy, by their codes."""
    question: str
    """What is asked of the expert before the diagnosis, where it is hard; and his answer."""
    answer: str
    lines: tuple[Line, ...]
    done: str
    hours: float
    risk: float
    """How much more often than usual a part has to be waited for."""
    weight: int
    is_wear: bool
    """Never under warranty: wear, accidents, upkeep."""


@dataclass(frozen=True)
class Extra:
    """What a second look finds, so that the customer must be asked again."""

    reason: str
    categories: tuple[str, ...]
    line: Line


@dataclass(frozen=True)
class Work:
    """One trade's models, work and prices."""

    trade: str
    makers: tuple[Mapping[str, str], ...]
    models: tuple[Model, ...]
    operations: tuple[Mapping[str, Any], ...]
    parts: tuple[Mapping[str, Any], ...]
    jobs: tuple[Job, ...]
    extras: tuple[Extra, ...]
    rate: Money

    def jobs_for(self, category: str) -> list[Job]:
        """What units of this category come in with."""
        return [job for job in self.jobs if category in job.categories]


@cache
def work_of(trade: str) -> Work:
    """The trade's file, read once."""
    data = _read(trade)
    rate = Money(data["rate"] * 100)
    operations = {row["code"]: _labour(row, rate) for row in data["operations"]}
    parts = {row["code"]: _part(row) for row in data["parts"]}
    return Work(
        trade=trade,
        makers=tuple(data["makers"]),
        models=tuple(Model(trade=trade, **row) for row in data["models"]),
        operations=tuple(data["operations"]),
        parts=tuple(data["parts"]),
        jobs=tuple(_job(row, operations, parts) for row in data["jobs"]),
        extras=tuple(Extra(row["reason"], tuple(row["categories"]), parts[row["part"]]) for row in data["extras"]),
        rate=rate,
    )


@cache
def house() -> Mapping[str, Any]:
    """The calendars, stations and people."""
    return _read("people")


@cache
def letterhead() -> Mapping[str, Any]:
    """The legal name and the terms that stand on the papers."""
    return _read("papers")


@cache
def names() -> Mapping[str, Any]:
    """What customers are called, where they live, and who brings what."""
    return _read("names")


@cache
def tables() -> Mapping[str, Any]:
    """The tables that others have sent to be imported."""
    return _read("tables")


def _read(name: str) -> dict[str, Any]:
    file = resources.files("aftersales.config.demo") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _labour(row: Mapping[str, Any], rate: Money) -> Line:
    hours = Decimal(row["minutes"]) / 60
    basis = f"标准工时 {hours:.2f} 小时 × {rate}"
    return Line("labour", row["name"], basis, rate.times(hours))


def _part(row: Mapping[str, Any]) -> Line:
    return Line("part", row["name"], f"配件目录 {row['code']}", Money(row["price"] * 100))


def _job(row: Mapping[str, Any], operations: Mapping[str, Line], parts: Mapping[str, Line]) -> Job:
    lines = [_times(operations[code], count) for code, count in Counter(row["operations"]).items()]
    lines += [_times(parts[code], count) for code, count in Counter(row["parts"]).items()]
    lines += [Line("fee", what, "收费标准", Money(yuan * 100)) for what, yuan in row.get("fees", [])]
    return Job(
        categories=tuple(row["categories"]),
        faults=tuple(row["faults"]),
        condition=tuple(row["condition"]),
        diagnosis=row["diagnosis"],
        picks={"symptoms": row["symptoms"], "cause": row["cause"], "remedy": row["remedy"]},
        question=row.get("question", ""),
        answer=row.get("answer", ""),
        lines=tuple(lines),
        done=row["done"],
        hours=row["hours"],
        risk=row.get("risk", 1.0),
        weight=row["weight"],
        is_wear=row.get("is_wear", False),
    )


def _times(line: Line, count: int) -> Line:
    return Line(line.kind, line.description, line.basis, line.unit_price, Decimal(count))
