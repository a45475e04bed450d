from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "balie.billing"
    label = "billing"
