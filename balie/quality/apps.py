from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "balie.quality"
    label = "quality"
