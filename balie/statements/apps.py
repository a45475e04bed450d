from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "balie.statements"
    label = "statements"
