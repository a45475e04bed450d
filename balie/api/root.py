"""The API at /api/v1/: its parts, its description, its answers to what goes wrong."""

from importlib.metadata import version

from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from balie.api import (
    calls,
    contracts,
    errors,
    lists,
    notes,
    orders,
    prices,
    recording,
    reports,
    sms,
    sms_sent,
    tasks,
    what_ifs,
)

api = NinjaAPI(
    title="Balie",
    version=version("balie"),
    description="The back office of a telephone answering service. Authorization: Bearer TOKEN (`balie token`).",
    docs_url=None,  # its page would load scripts from elsewhere
    openapi_url="/openapi.json",
)
errors.install(api)
for part in (reports, prices, calls, lists, contracts, orders, sms, sms_sent, tasks, what_ifs, notes, recording):
    api.add_router("", part.router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", api.urls),
    path("", errors.nowhere),
    path("<path:rest>", errors.nowhere),
]
