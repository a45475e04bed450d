from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "balie.notes"
    label = "notes"
