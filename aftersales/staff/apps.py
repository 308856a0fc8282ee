from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "aftersales.staff"
    label = "staff"

    def ready(self) -> None:
        from aftersales.core.actor import install_finder
        from aftersales.staff import (
            handlers,  # noqa: F401 - reactions exist once all rooms stand
            queries,
        )

        install_finder(queries.find_actor)
