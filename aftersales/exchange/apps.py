from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "aftersales.exchange"
    label = "exchange"

    def ready(self) -> None:
        from aftersales.exchange import handlers  # noqa: F401 - the jobs exist once all rooms stand
