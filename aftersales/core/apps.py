from django.apps import AppConfig
from django.utils.translation import gettext, ngettext

from aftersales.core.text import install_translator


class CoreConfig(AppConfig):
    name = "aftersales.core"
    label = "core"

    def ready(self) -> None:
        install_translator(gettext, ngettext)
