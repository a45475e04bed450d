"""The addresses of the settings of phone systems."""

from django.urls import path

from balie.web.office.settings.phone import deeds, pages

urlpatterns = [
    path("settings/phone-systems/", pages.phone_systems, name="phone_systems"),
    path("settings/phone-systems/new/", pages.new_phone_system, name="new_phone_system"),
    path("settings/phone-systems/put/", deeds.put, name="put_phone_system"),
    path("settings/phone-systems/try-place/", deeds.try_place, name="try_phone_place"),
    path("settings/phone-systems/try-file/", deeds.try_file, name="try_phone_file"),
    path("settings/phone-systems/undo/<int:pk>/", deeds.undo, name="undo_phone_system"),
    path("settings/phone-systems/<int:pk>/", pages.phone_system, name="phone_system"),
    path("settings/phone-systems/<int:pk>/remove/", deeds.remove, name="remove_phone_system"),
]
