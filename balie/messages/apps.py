from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "balie.messages"
    label = "sms"  # `messages` is Django's own
