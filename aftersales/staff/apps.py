from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "aftersales.staff"
    label = "staff"

    def ready(self) -> None:
        from aftersales.staff import handlers  # noqa: F401 - reactions exist once all rooms stand
