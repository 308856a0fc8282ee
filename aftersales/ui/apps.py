from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "aftersales.ui"
    label = "ui"
