"""Where the pages of calendars stand, below /calendars/."""

from __future__ import annotations

from django.urls import path

from aftersales.deadlines.web import views

app_name = "deadlines"

urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("new/", views.create_calendar, name="create_calendar"),
    path("work-out/", views.work_out_date, name="work_out_date"),
    path("<str:code>/", views.calendar, name="calendar"),
    path("<str:code>/edit/", views.edit_calendar, name="edit_calendar"),
    path("<str:code>/days/set/", views.set_special_day, name="set_special_day"),
    path("<str:code>/days/remove/", views.remove_special_day, name="remove_special_day"),
    path("<str:code>/years/<int:year>/preview/", views.preview_year, name="preview_year"),
    path("<str:code>/years/<int:year>/import/", views.import_year, name="import_year"),
]
