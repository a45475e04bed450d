"""The first page of the settings: every part of them with what can be set there."""

from django.http import HttpResponse
from django.shortcuts import render

from balie.web.access import office
from balie.web.request import OfficeRequest


@office
def start(request: OfficeRequest) -> HttpResponse:
    return render(request, "balie/settings/start.html")
