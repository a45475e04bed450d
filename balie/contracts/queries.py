"""Reads over contracts."""

from datetime import date

from django.db.models import Q, QuerySet

from balie.accounts.models import Client
from balie.contracts.models import Contract


def contracts_between(first: date, last: date) -> QuerySet[Contract]:
    """Contracts with any day within these local days, both included."""
    running = Q(end=None) | Q(end__gte=first)
    return Contract.objects.filter(running, start__lte=last).select_related("client", "tariff")


def clients_between(first: date, last: date) -> QuerySet[Client]:
    """Clients that had a contract on any of these local days, by number."""
    return Client.objects.filter(contracts__in=contracts_between(first, last)).distinct().order_by("number")


def contracts_of(client: Client) -> QuerySet[Contract]:
    """All contracts of a client, the earliest first."""
    return Contract.objects.filter(client=client).select_related("tariff").order_by("start", "service")
