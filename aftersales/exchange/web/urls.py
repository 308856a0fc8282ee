"""Where exports and imports stand."""

from __future__ import annotations

from django.urls import path

from aftersales.exchange.web.views import exports

app_name = "exchange"
urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/make/", exports.make_export, name="make_export"),
    path("exports/<str:token>/", exports.export, name="export"),
    path("exports/<str:token>/file/", exports.export_file, name="export_file"),
    path("exports/<str:token>/stop/", exports.stop_export, name="stop_export"),
]
