from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "balie.contracts"
    label = "contracts"
