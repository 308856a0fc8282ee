from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "aftersales.customers"
    label = "customers"

    def ready(self) -> None:
        """Let the search find customers and units."""
        from aftersales.core import search
        from aftersales.core.text import text as _
        from aftersales.customers.permissions import Permission

        search.register_kind(
            "customer",
            permission=Permission.SEE_CUSTOMERS,
            label=_("Customer"),
            url_name="customers:customer",
            icon="user",
        )
        search.register_kind(
            "unit", permission=Permission.SEE_UNITS, label=_("Unit"), url_name="customers:unit", icon="devices"
        )
