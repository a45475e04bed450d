from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "balie.tasks"
    label = "tasks"
