from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "aftersales.reports"
    label = "reports"

    def ready(self) -> None:
        from aftersales.reports import handlers  # noqa: F401 - the job registers itself
