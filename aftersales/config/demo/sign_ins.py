"""The list of sign-ins of the demonstration, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from aftersales.config.demo.founding import PASSWORD
from aftersales.config.demo.material import house
from aftersales.core import access
from aftersales.core.text import Text
from aftersales.staff import queries as staff

DUTIES_ZH = {
    "service_manager": "售后服务经理",
    "reception_supervisor": "接待主管",
    "service_advisor": "服务顾问",
    "technician": "维修技师",
    "quality_inspector": "质检员",
    "data_clerk": "资料员",
    "parts_keeper": "配件管理员",
    "returns_clerk": "退货专员",
    "salesperson": "销售",
    "sales_manager": "销售经理",
    "technical_expert": "技术专家",
    "finance": "财务",
    "call_operator": "话务员",
    "auditor": "审计",
}


def sign_ins() -> str:
    """A table of some people to sign in as, in Chinese and English; a sentence where the demonstration is not loaded."""
    shown = [(station, row) for station, people in house()["people"].items() for row in people if row.get("shown")]
    if not all(staff.find_person_by_login(row["login"]) for _station, row in shown):
        return "演示数据未载入，请用自己的账号登录。 The demonstration is not loaded: sign in with your own account."
    rows = [("登录名 Login", "姓名 Name", "岗位 Duty", "站点 Station")]
    rows += [(row["login"], row["name"], _duty(row["duty"]), station) for station, row in shown]
    table = _aligned(rows)
    lines = [f"  {table[0]}", f"  {'─' * max(map(_width, table))}", *(f"  {line}" for line in table[1:])]
    return "\n".join([f"演示账号 Demo sign-ins — 密码 Password: {PASSWORD}", *lines])


@dataclass(frozen=True)
class SignIn:
    """Somebody of the demonstration whom a visitor may be."""

    login: str
    name: str
    duty: Text
    station: str


def people_to_be() -> list[SignIn]:
    """The people that the sign-in page offers in a demonstration; their password is `PASSWORD`."""
    return [
        SignIn(row["login"], row["name"], duty.label, station)
        for station, people in house()["people"].items()
        for row in people
        if row.get("shown") and (duty := access.find_duty(row["duty"]))
    ]


def _duty(code: str) -> str:
    duty = access.find_duty(code)
    return f"{DUTIES_ZH.get(code, '')} {duty.label.source if duty else code}".strip()


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
