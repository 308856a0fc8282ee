"""Where the warehouse's pages stand."""

from __future__ import annotations

from django.urls import path

from aftersales.warehouse.web.views import acts, slow, stock, stocktakes, stores

app_name = "warehouse"
urlpatterns = [
    path("", stock.stock, name="stock"),
    path("moves/", stock.moves, name="moves"),
    path("items/", stock.items, name="items"),
    path("items/add/", stores.add_item, name="add_item"),
    path("items/<int:key>/", stock.item, name="item"),
    path("items/<int:key>/edit/", stores.edit_item, name="edit_item"),
    path("stores/", stores.stores, name="stores"),
    path("stores/add/", stores.add_store, name="add_store"),
    path("stores/<str:code>/edit/", stores.edit_store, name="edit_store"),
    path("receive/", acts.receive, name="receive"),
    path("transfer/", acts.transfer, name="transfer"),
    path("moves/<int:key>/reverse/", acts.reverse, name="reverse_move"),
    path("stock/<int:key>/reserve/", acts.reserve, name="reserve"),
    path("stock/<int:key>/put_away/", acts.put_away, name="put_away"),
    path("reservations/<int:key>/release/", acts.release, name="release"),
    path("stocktakes/", stocktakes.stocktakes, name="stocktakes"),
    path("stocktakes/begin/", stocktakes.begin, name="begin_stocktake"),
    path("stocktakes/<str:number>/", stocktakes.stocktake, name="stocktake"),
    path("stocktakes/<str:number>/count/", stocktakes.count, name="count"),
    path("stocktakes/<str:number>/hand_in/", stocktakes.hand_in, name="hand_in_stocktake"),
    path("stocktakes/<str:number>/approve/", stocktakes.approve, name="approve_stocktake"),
    path("stocktakes/<str:number>/withdraw/", stocktakes.withdraw, name="withdraw_stocktake"),
    path("slow/", slow.slow, name="slow"),
    path("slow/<int:key>/decide/", slow.decide, name="decide_slow"),
]
