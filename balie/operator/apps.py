from django.apps import AppConfig


class OperatorConfig(AppConfig):
    name = "balie.operator"
    label = "operator"
