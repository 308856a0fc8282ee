"""Addresses of the reports, mounted at /reports/."""

from __future__ import annotations

from django.urls import path

from aftersales.reports.web.views import daily, plans, stuck

app_name = "reports"
urlpatterns = [
    path("daily/", daily.daily_report, name="daily"),
    path("daily/orders/", daily.figure, name="figure"),
    path("daily/workbook/", daily.workbook, name="workbook"),
    path("daily/plans/", plans.report_plans, name="plans"),
    path("daily/plans/<str:station>/", plans.edit_plan, name="edit_plan"),
    path("daily/plans/<str:station>/test/", plans.send_test_report, name="send_test_report"),
    path("daily/<str:station>/<str:day>/again/", plans.send_report_again, name="send_report_again"),
    path("daily/<str:station>/<str:day>/give-up/", stuck.give_up_report, name="give_up_report"),
    path("outbox/", stuck.stuck, name="stuck"),
    path("outbox/messages/<int:message_id>/retry/", stuck.retry_message, name="retry_message"),
    path("outbox/messages/<int:message_id>/cancel/", stuck.cancel_message, name="cancel_message"),
    path("outbox/jobs/<uuid:job_id>/retry/", stuck.retry_job, name="retry_job"),
    path("outbox/jobs/<uuid:job_id>/cancel/", stuck.cancel_job, name="cancel_job"),
]
