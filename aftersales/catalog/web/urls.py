"""Where the catalog's pages stand."""

from __future__ import annotations

from django.urls import URLPattern, path

from aftersales.catalog.web import views
from aftersales.catalog.web.shelves import SHELVES, Shelf

app_name = "catalog"


def _pages(shelf: Shelf) -> list[URLPattern]:
    here = f"{shelf.plural}/"
    return [
        path(here, views.list_view(shelf), name=shelf.plural),
        path(f"{here}add/", views.add_view(shelf), name=f"add_{shelf.noun}"),
        path(f"{here}<int:key>/", views.item_view(shelf), name=shelf.noun),
        path(f"{here}<int:key>/edit/", views.edit_view(shelf), name=f"edit_{shelf.noun}"),
    ]


urlpatterns = [
    *(page for shelf in SHELVES for page in _pages(shelf)),
    path("trades/", views.trades, name="trades"),
]
