"""Every read of the reports: `daily` with its `facts`, `plans` with the alarms, and what lies in the `outbox`."""

from aftersales.reports.permissions import Permission
from aftersales.reports.queries.daily import (
    DayLine,
    Sent,
    find_sent,
    get_report,
    list_days,
    list_orders_of,
    report_of,
    station_for,
)
from aftersales.reports.queries.outbox import count_workers, get_stuck_message, list_parked_jobs, list_stuck_messages
from aftersales.reports.queries.plans import (
    Alarm,
    count_alarms,
    find_plan,
    get_plan,
    has_alarms,
    list_alarms,
    list_due_plans,
    list_plans,
    list_stations_without_plan,
    list_unsettled,
    reported_days,
    trouble_of,
)
from aftersales.reports.rules.daily import DayReport

__all__ = [
    "Alarm",
    "DayLine",
    "DayReport",
    "Permission",
    "Sent",
    "count_alarms",
    "count_workers",
    "find_plan",
    "find_sent",
    "get_plan",
    "get_report",
    "get_stuck_message",
    "has_alarms",
    "list_alarms",
    "list_days",
    "list_due_plans",
    "list_orders_of",
    "list_parked_jobs",
    "list_plans",
    "list_stations_without_plan",
    "list_stuck_messages",
    "list_unsettled",
    "report_of",
    "reported_days",
    "station_for",
    "trouble_of",
]
