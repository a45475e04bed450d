"""The addresses of the pages of orders and cancellations."""

from django.urls import path

from balie.web.office.orders import cancellations, cancelling, listed, one, placing, times

urlpatterns = [
    path("orders/", listed.all_orders, name="orders"),
    path("orders.<str:format>", listed.file, name="orders_file"),
    path("orders/times/", times.order_times, name="order_times"),
    path("orders/<int:pk>/", one.order, name="order"),
    path("orders/<int:pk>/again/", one.again, name="try_order_again"),
    path("orders/<int:pk>/withdraw/", one.withdraw, name="withdraw_order"),
    path("orders/by-hand/<int:pk>/", one.done_by_hand, name="done_by_hand"),
    path("clients/<path:number>/order/", placing.order_service, name="order_service"),
    path("contracts/<int:pk>/cancel/", cancelling.cancel, name="cancel_service"),
    path("cancellations/", cancellations.all_cancellations, name="cancellations"),
    path("cancellations.<str:format>", cancellations.file, name="cancellations_file"),
    path("cancellations/<int:pk>/withdraw/", cancellations.withdraw, name="withdraw_cancellation"),
]
