from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "balie.tariffs"
    label = "tariffs"
