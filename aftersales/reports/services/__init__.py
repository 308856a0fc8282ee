"""Every write of the reports: `plans` say when and to whom, `sending` makes and sends, `stuck` deals with what did not go out."""

from aftersales.reports.services.erasing import erase_customer_in_reports
from aftersales.reports.services.plans import LANGUAGES, edit_plan, make_missing_plans
from aftersales.reports.services.sending import (
    give_up_report,
    make_due_reports,
    send_report_again,
    send_test_report,
    settle_reports,
)
from aftersales.reports.services.stuck import cancel_job, cancel_message, retry_job, retry_message
from aftersales.reports.services.workbook import workbook_of

__all__ = [
    "LANGUAGES",
    "cancel_job",
    "cancel_message",
    "edit_plan",
    "erase_customer_in_reports",
    "give_up_report",
    "make_due_reports",
    "make_missing_plans",
    "retry_job",
    "retry_message",
    "send_report_again",
    "send_test_report",
    "settle_reports",
    "workbook_of",
]
