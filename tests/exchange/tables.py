"""A table of cars, and what an import has done with it."""

from __future__ import annotations

from aftersales.core.models import JournalEntry
from aftersales.customers.models import Address, Customer, CustomerStation, Phone, Unit, UnitOwnership
from aftersales.exchange.models import Import

VIN, OTHER_VIN = "LSVAA4186C2184847", "LSVAA4187C2184842"
HEADS = ["姓名", "手机", "地址", "品牌", "机型", "串号", "车牌", "类别"]
CAR = ["张三", "13800138000", "南京", "大众", "帕萨特", VIN, "苏A12345", "轿车"]


def latest() -> Import:
    return Import.objects.latest("id")


def sentences(found: Import) -> list[str]:
    return [str(problem["sentence"]["source"]) for row in found.problems for problem in row["problems"]]


def everything() -> list[object]:
    """All that an import may write, for saying that nothing changed."""
    tables = (Customer, Phone, Address, CustomerStation, Unit, UnitOwnership)
    rows: list[object] = [list(table.objects.order_by("pk").values()) for table in tables]
    return [*rows, JournalEntry.objects.exclude(kind__in=["list", "table"]).count()]
