"""Which face answers which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("balie.api.root")),
    path("", include("balie.web.urls")),
]
handler400 = "balie.web.errors.bad_request"
handler403 = "balie.web.errors.forbidden"
handler404 = "balie.web.errors.not_found"
handler429 = "balie.web.errors.too_many_tries"  # allauth's, for confirming too often
handler500 = "balie.web.errors.broken"
