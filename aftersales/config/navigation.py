"""The whole menu on one page: what stands where, and which permission shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from aftersales.billing.permissions import Permission as Billing
from aftersales.catalog.permissions import Permission as Catalog
from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.core.text import Text, text as _
from aftersales.customers.permissions import Permission as Customers
from aftersales.deadlines.permissions import Permission as Deadlines
from aftersales.exchange.permissions import Permission as Exchange
from aftersales.policies.permissions import Permission as Policies
from aftersales.reports import queries as reports
from aftersales.reports.permissions import Permission as Reports
from aftersales.staff.permissions import Permission as Staff
from aftersales.warehouse.permissions import Permission as Warehouse
from aftersales.workshop.permissions import Permission as Workshop


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: Text
    url_name: str
    icon: str
    needs: str | None = None
    on_phone: bool = False
    count: Callable[[Actor, datetime], int] | None = None
    """What waits there and must be seen from everywhere; asked for on every page, so it must be quick."""


MENU: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        _("Work"),
        (
            Entry(_("Home"), "desk:home", "home", None, on_phone=True),
            Entry(_("My work"), "workshop:my_work", "hand-grab", Workshop.REPAIR, on_phone=True),
            Entry(_("Take in"), "workshop:receive", "clipboard-plus", Workshop.RECEIVE, on_phone=True),
            Entry(_("Repair orders"), "workshop:orders", "tool", Workshop.SEE, on_phone=True),
            Entry(_("Board"), "workshop:board", "layout-kanban", Workshop.SEE, on_phone=True),
            Entry(_("Expert questions"), "workshop:questions", "message-2", Workshop.SEE),
            Entry(_("Freight documents"), "billing:freight", "truck-delivery", Billing.SEE_FREIGHT),
            Entry(_("Stock"), "warehouse:stock", "package", Warehouse.SEE),
            Entry(_("Stocktakes"), "warehouse:stocktakes", "clipboard-list", Warehouse.COUNT),
            Entry(_("Slow-moving goods"), "warehouse:slow", "hourglass", Warehouse.HANDLE),
            Entry(_("Policies"), "policies:policies", "scale", Policies.SEE),
            Entry(_("Decisions by policy"), "policies:decisions", "checklist", Policies.SEE_DECISIONS),
        ),
    ),
    (
        _("Records"),
        (
            Entry(_("Customers"), "customers:customers", "users", Customers.SEE_CUSTOMERS),
            Entry(_("Units"), "customers:units", "devices", Customers.SEE_UNITS),
            Entry(_("Customer accounts"), "billing:accounts", "wallet", Billing.SEE_ACCOUNTS),
            Entry(_("Vouchers"), "billing:vouchers", "receipt", Billing.SEE_ACCOUNTS),
            Entry(_("Possible duplicates"), "customers:duplicate_customers", "users-group", Customers.MERGE_CUSTOMERS),
            Entry(_("Work by month"), "workshop:work_by_month", "calendar-stats", Workshop.SEE_COUNTS),
            Entry(_("Work by category"), "workshop:work_by_category", "chart-bar", Workshop.SEE_COUNTS),
            Entry(_("Quality of repairs"), "workshop:quality", "shield-check", Workshop.SEE_OWN_QUALITY),
            Entry(_("Daily report"), "reports:daily", "report-analytics", Reports.SEE_DAILY),
            Entry(_("Repair history"), "workshop:past_repairs", "history", Workshop.SEE),
        ),
    ),
    (
        _("House"),
        (
            Entry(_("Catalog"), "catalog:models", "list-details", Catalog.SEE),
            Entry(_("People"), "staff:people", "id-badge-2", Staff.SEE_PEOPLE),
            Entry(_("House rules"), "workshop:house_rules", "adjustments", Workshop.EDIT_RULES),
            Entry(_("Stations"), "staff:stations", "building-store", Staff.SEE_STATIONS),
            Entry(_("Who may what"), "staff:duties", "shield-check", Staff.SEE_PEOPLE),
            Entry(_("Calendars"), "deadlines:calendars", "calendar", Deadlines.SEE),
            Entry(_("Import"), "exchange:imports", "package-import", Exchange.IMPORT),
            Entry(_("Exports"), "exchange:exports", "package-export", Exchange.EXPORT),
            Entry(
                _("Outbox and jobs"),
                "reports:stuck",
                "mail-exclamation",
                Reports.MANAGE_OUTBOX,
                count=reports.count_alarms,
            ),
        ),
    ),
)


def menu_for(actor: Actor, path: str) -> list[dict[str, object]]:
    """The groups and lines this actor may use; the line whose address begins `path` is marked."""
    groups = []
    for label, entries in MENU:
        items = [_item(entry, path, actor) for entry in entries if entry.needs is None or actor.may(entry.needs)]
        shown = [item for item in items if item]
        if shown:
            groups.append({"label": label, "items": shown})
    _keep_longest_active(groups)
    return groups


def _item(entry: Entry, path: str, actor: Actor) -> dict[str, object]:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return {}
    is_active = path == url or (url != "/" and path.startswith(url))
    item = {"label": entry.label, "url": url, "icon": entry.icon, "is_active": is_active, "on_phone": entry.on_phone}
    return item if entry.count is None else item | {"count": entry.count(actor, clock.now())}


def _keep_longest_active(groups: list[dict[str, object]]) -> None:
    active = [item for group in groups for item in group["items"] if item["is_active"]]  # type: ignore[attr-defined]
    longest = max((len(item["url"]) for item in active), default=0)
    for item in active:
        item["is_active"] = len(item["url"]) == longest
