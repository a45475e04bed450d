"""The addresses of pages for everybody. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.public import prices

urlpatterns = [
    path("prices/", prices.prices, name="prices"),
    path("prices/<path:code>/", prices.price_list, name="price_list"),
]
