from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "balie.backup"
    label = "backup"
