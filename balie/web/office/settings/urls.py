"""The addresses of the settings."""

from django.urls import path

from balie.web.office.safety import urlpatterns as safety
from balie.web.office.settings import start

urlpatterns = [
    path("settings/", start.start, name="settings"),
    *safety,
]
