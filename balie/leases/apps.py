from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "balie.leases"
    label = "leases"
