"""The addresses of win-back cases, for staff."""

from django.urls import path

from balie.web.office.win_back import deeds, listed, offer, one

urlpatterns = [
    path("winback/", listed.win_backs, name="win_backs"),
    path("winback.<str:format>", listed.file, name="win_backs_file"),
    path("winback/<int:pk>/", one.win_back, name="win_back"),
    path("winback/<int:pk>/offer/", offer.send, name="send_win_back"),
    path("winback/<int:pk>/price/", deeds.price, name="win_back_price"),
    path("winback/<int:pk>/accept/", deeds.accept, name="accept_win_back"),
    path("winback/<int:pk>/decline/", deeds.decline, name="decline_win_back"),
    path("winback/<int:pk>/dismiss/", deeds.dismiss, name="dismiss_win_back"),
    path("winback/<int:pk>/reopen/", deeds.reopen, name="reopen_win_back"),
]
