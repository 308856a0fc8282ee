"""Where each room's pages stand."""

from __future__ import annotations

from django.urls import include, path

from aftersales.config import views

urlpatterns = [
    path("", include("aftersales.desk.web.urls")),
    path("orders/", include("aftersales.workshop.web.urls")),
    path("reports/", include("aftersales.reports.web.urls")),
    path("", include("aftersales.customers.web.urls")),
    path("catalog/", include("aftersales.catalog.web.urls")),
    path("staff/", include("aftersales.staff.web.urls")),
    path("account/", include("aftersales.staff.web.account_urls")),
    path("", include("aftersales.billing.web.urls")),
    path("warehouse/", include("aftersales.warehouse.web.urls")),
    path("policies/", include("aftersales.policies.web.urls")),
    path("calendars/", include("aftersales.deadlines.web.urls")),
    path("", include("aftersales.exchange.web.urls")),
    path("gallery/", include("aftersales.ui.web.urls")),
    path("photos/", include("aftersales.core.web.urls")),
    path("language/", views.set_language, name="set_language"),
    path("health/", views.health, name="health"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("offline/", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
handler404 = "aftersales.config.views.not_found"
handler500 = "aftersales.config.views.server_error"
handler403 = "aftersales.config.views.forbidden"
handler400 = "aftersales.config.views.bad_request"
