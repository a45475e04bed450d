"""The addresses of pages for everybody. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.public import cancel, cancellation, offer, order, ordered, prices, registration, win_back

urlpatterns = [
    path("sign-up/", registration.sign_up, name="sign_up"),
    path("sent/", registration.mail_sent, name="mail_sent"),
    path("activate/again/", registration.new_link, name="new_link"),
    path("activate/<str:key>/", registration.activate, name="activate"),
    path("terms/", registration.terms, name="terms"),
    path("offer/<str:token>/", offer.offer, name="offer"),
    path("stay/<str:token>/", win_back.stay, name="stay"),
    path("order/<str:token>/", ordered.ordered, name="order_progress"),
    path("cancel/", cancel.cancel, name="cancel_contract"),
    path("cancel/received/<str:token>/", cancel.received, name="cancel_received"),
    path("cancel/confirm/<str:token>/", cancel.confirm, name="cancel_confirm"),
    path("cancellation/<str:token>/", cancellation.receipt, name="cancellation_receipt"),
    path("prices/", prices.prices, name="prices"),
    path("prices/<path:code>/order/", order.order, name="order_tariff"),
    path("prices/<path:code>/", prices.price_list, name="price_list"),
]
