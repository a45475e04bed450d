from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "balie.calls"
    label = "calls"
