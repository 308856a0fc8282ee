from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "aftersales.billing"
    label = "billing"

    def ready(self) -> None:
        from aftersales.billing import handlers, queries  # noqa: F401 - handlers register themselves
        from aftersales.billing.permissions import Permission
        from aftersales.core import search
        from aftersales.core.text import text as _
        from aftersales.customers import queries as customers

        customers.add_panel_source(queries.panels_of)
        customers.add_hold_source(queries.holds_of)
        customers.add_part_source(queries.parts_of)
        customers.name_move("freight_of_customer", _("Freight documents"))
        search.register_kind(
            "freight",
            permission=Permission.SEE_FREIGHT,
            label=_("Freight document"),
            url_name="billing:freight_document",
            icon="truck-delivery",
        )
