from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "aftersales.deadlines"
    label = "deadlines"
