from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "aftersales.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Let labels follow the reader's language, and the search find what the catalog holds."""
        from django.utils.translation import get_language

        from aftersales.catalog import permissions, queries
        from aftersales.catalog.rules import labels
        from aftersales.core import search
        from aftersales.core.text import text as _

        labels.install_language(lambda: get_language() or "en")
        queries.list_trades()  # a mistake in a profile is told at start, not to the first customer
        see = permissions.Permission.SEE
        search.register_kind("model", permission=see, label=_("Model"), url_name="catalog:model", icon="device-desktop")
        search.register_kind(
            "operation", permission=see, label=_("Labour operation"), url_name="catalog:operation", icon="tool"
        )
        search.register_kind("part", permission=see, label=_("Part"), url_name="catalog:part", icon="package")
        search.register_kind(
            "manufacturer",
            permission=see,
            label=_("Manufacturer"),
            url_name="catalog:manufacturer",
            icon="building-factory-2",
        )
