"""Where exports and imports stand."""

from __future__ import annotations

from django.urls import path
from django.utils.module_loading import autodiscover_modules

from aftersales.exchange.web.views import exports, imports

autodiscover_modules("web.exports", "web.imports")  # what the rooms declare is known wherever the addresses are
app_name = "exchange"
urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/make/", exports.make_export, name="make_export"),
    path("exports/<str:token>/", exports.export, name="export"),
    path("exports/<str:token>/file/", exports.export_file, name="export_file"),
    path("exports/<str:token>/stop/", exports.stop_export, name="stop_export"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/<slug:code>/", imports.send_table, name="send_table"),
    path("imports/new/<slug:code>/template/", imports.template, name="import_template"),
    path("imports/<str:token>/", imports.import_, name="import"),
    path("imports/<str:token>/look/", imports.look_again, name="look_again"),
    path("imports/<str:token>/check/", imports.check_import, name="check_import"),
    path("imports/<str:token>/start/", imports.start_import, name="start_import"),
    path("imports/<str:token>/stop/", imports.stop_import, name="stop_import"),
    path("imports/<str:token>/reopen/", imports.reopen_import, name="reopen_import"),
    path("imports/<str:token>/discard/", imports.discard_import, name="discard_import"),
    path("imports/<str:token>/problems/", imports.import_problems, name="import_problems"),
]
