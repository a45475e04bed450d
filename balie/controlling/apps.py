from django.apps import AppConfig


class ControllingConfig(AppConfig):
    name = "balie.controlling"
    label = "controlling"
