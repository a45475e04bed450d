"""The addresses of pages for everybody. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.public import offer, prices

urlpatterns = [
    path("offer/<str:token>/", offer.offer, name="offer"),
    path("prices/", prices.prices, name="prices"),
    path("prices/<path:code>/", prices.price_list, name="price_list"),
]
