"""The addresses of what-ifs."""

from django.urls import path

from balie.web.office.what_if import asking, result

urlpatterns = [
    path("controlling/what-if/", asking.what_ifs, name="what_ifs"),
    path("controlling/what-if/<int:pk>/", result.what_if, name="what_if"),
    path("controlling/what-if/<int:pk>.<str:format>", result.file, name="what_if_file"),
    path("controlling/what-if/<int:pk>/progress/", result.progress, name="what_if_progress"),
    path("controlling/what-if/<int:pk>/again/", asking.again, name="what_if_again"),
    path("controlling/what-if/<int:pk>/retry/", asking.retry, name="retry_what_if"),
    path("controlling/what-if/<int:pk>/<path:number>/", result.client, name="what_if_client"),
    path("tariffs/<int:pk>/edit/<str:month>/what-if/", asking.of_draft, name="what_if_of_draft"),
]
