from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "aftersales.config"
    label = "config"

    def ready(self) -> None:
        from aftersales.config.duties import DUTIES, PERMISSIONS
        from aftersales.core import access

        access.install(DUTIES, PERMISSIONS)
