"""The addresses of a client's desk. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.office.desk import deeds, page

urlpatterns = [
    path("clients/<path:number>/desk/", page.desk, name="client_desk"),
    path("clients/<path:number>/desk/exceptions/", deeds.enter, name="enter_client_absence"),
    path("clients/<path:number>/desk/exceptions/<int:pk>/", deeds.change, name="change_client_absence"),
    path("clients/<path:number>/desk/exceptions/<int:pk>/remove/", deeds.remove, name="remove_client_absence"),
    path("clients/<path:number>/desk/back/<int:pk>/", deeds.back, name="put_back_client_desk"),
    path("clients/<path:number>/desk/<str:part>/", deeds.put, name="put_client_desk"),
    path("exceptions/<int:pk>/undo/", deeds.undo, name="undo_client_absence"),
]
