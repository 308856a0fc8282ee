from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    name = "aftersales.workshop"
    label = "workshop"

    def ready(self) -> None:
        from aftersales.core import search
        from aftersales.core.text import text as _
        from aftersales.customers import queries as customers
        from aftersales.staff import queries as staff
        from aftersales.workshop import handlers, queries  # noqa: F401 - handlers register themselves
        from aftersales.workshop.permissions import Permission

        staff.add_station_page(
            staff.StationPage(_("House rules"), "workshop:edit_house_rules", "adjustments", Permission.EDIT_RULES)
        )
        customers.add_timeline_source(queries.timeline_of)
        customers.add_panel_source(queries.panels_of)
        customers.add_open_source(queries.customers_with_open_orders)
        customers.add_bearing_source(queries.bearing_of)
        customers.add_hold_source(queries.holds_of)
        customers.add_part_source(queries.parts_of)
        customers.name_move("order_of_customer", _("Repair orders"))
        customers.name_move("order_of_unit", _("Repair orders"))
        search.register_kind(
            "order", permission=Permission.SEE, label=_("Repair order"), url_name="workshop:order", icon="tool"
        )
        search.register_kind(
            "question",
            permission=Permission.SEE,
            label=_("Expert question"),
            url_name="workshop:question",
            icon="message-2",
        )
        search.register_kind(
            "past_repair",
            permission=Permission.SEE,
            label=_("Repair history"),
            url_name="workshop:past_repair",
            icon="history",
        )
