"""The addresses of the pages of the pool of numbers."""

from django.urls import path

from balie.web.office.numbers import adding, deeds, one, pool

urlpatterns = [
    path("numbers/", pool.numbers, name="numbers"),
    path("numbers.<str:format>", pool.file, name="numbers_file"),
    path("numbers/add/", adding.add, name="add_numbers"),
    path("numbers/<int:pk>/", one.number, name="number"),
    path("numbers/<int:pk>/keep-back/", deeds.keep_back, name="keep_number_back"),
    path("numbers/<int:pk>/free/", deeds.give_free, name="number_not_kept_back"),
    path("numbers/<int:pk>/rest/", deeds.end_rest, name="end_rest_of_number"),
    path("numbers/<int:pk>/rest/undo/", deeds.let_rest, name="let_number_rest"),
    path("numbers/<int:pk>/give/", deeds.give, name="give_number"),
    path("numbers/<int:pk>/remove/", deeds.remove, name="remove_number"),
    path("numbers/assignments/<int:pk>/undo/", deeds.take_back, name="take_back_giving"),
    path("numbers/assignments/<int:pk>/end/", deeds.end, name="give_number_back"),
    path("numbers/assignments/<int:pk>/keep-on/", deeds.keep_on, name="keep_number_on"),
]
