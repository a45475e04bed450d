"""The addresses of the portal. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.portal import calls, contract, costs, documents, start, tariff, tariff_deeds

urlpatterns = [
    path("portal/", start.start, name="portal"),
    path("portal/calls/", calls.calls, name="portal_calls"),
    path("portal/calls.<str:format>", calls.calls_in_file, name="portal_calls_file"),
    path("portal/costs/", costs.costs, name="portal_costs"),
    path("portal/costs.<str:format>", costs.costs_in_file, name="portal_costs_file"),
    path("portal/documents/", documents.documents, name="portal_documents"),
    path("portal/documents/<int:pk>.pdf", documents.document, name="portal_document"),
    path("portal/contract/", contract.contract, name="portal_contract"),
    path("portal/contract/<int:pk>/tariff/", tariff.tariffs, name="portal_tariffs"),
    path("portal/contract/<int:pk>/tariff/code/", tariff_deeds.code, name="portal_tariff_code"),
    path("portal/contract/<int:pk>/tariff/undo/", tariff_deeds.undo, name="portal_tariff_undo"),
    path("portal/contract/<int:pk>/tariff/<int:tariff>/", tariff.tariff, name="portal_tariff"),
    path("portal/contract/<int:pk>/tariff/<int:tariff>/change/", tariff_deeds.change, name="portal_tariff_change"),
]
