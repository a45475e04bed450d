from django.apps import AppConfig


class NumbersConfig(AppConfig):
    name = "balie.numbers"
    label = "numbers"
