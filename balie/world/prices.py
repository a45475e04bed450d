"""The tariffs and contracts of a world file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.contracts.actions import Key, put_bookings, put_contracts, refuse_overlaps
from balie.contracts.models import Contract
from balie.operator.actions import Author
from balie.rules import merge
from balie.rules.errors import Refused
from balie.rules.merge import Counts
from balie.tariffs.actions import PutTariffs, VersionSaid, put_tariffs
from balie.tariffs.checks import ITEM_DEFAULTS, WATCH
from balie.tariffs.models import Tariff
from balie.tariffs.queries import VERSION_FIELDS
from balie.world.shape import Said, quoted

OF_OFFER = ("service", "public", "orderable_from", "orderable_until", "code_expires", "code_uses", "code_withdrawn")
TEXTS = ("title", "description")
SERVICE = "telephone"


def load_tariffs(said: Sequence[Said], author: Author) -> PutTariffs:
    """Makes and changes versions of tariffs, known by code and first day."""
    if not said:
        return PutTariffs()
    clients = dict(Client.objects.values_list("number", "pk"))
    return put_tariffs([version_said(one, clients) for one in said], closed=closed_months(), author=author)


def version_said(said: Said, clients: dict[str, int]) -> VersionSaid:
    offer: dict[str, Any] = {key: said[key] for key in OF_OFFER if key in said}
    if "client" in said:
        offer["client_id"] = client_id(said["client"], clients, said.path("client")) if said["client"] else None
    if "watch" in said:
        offer |= dict.fromkeys(WATCH) if said["watch"] is None else said["watch"]
    version = {key: dict(said[key]) if key in TEXTS else said[key] for key in VERSION_FIELDS if key in said}
    items = [item_values(item) for item in said["items"]]
    return VersionSaid(said.where, said.get("code", ""), said.get("from"), offer, version, items)


def client_id(number: str, clients: dict[str, int], where: str) -> int:
    found = clients.get(number)
    if found is None:
        raise Refused("unknown_client", f"there is no client {quoted(number)}", where)
    return found


def item_values(said: Said) -> dict[str, Any]:
    """Every column of an item, with the defaults of rating.md."""
    values: dict[str, Any] = {**ITEM_DEFAULTS, **said}
    values["steps"] = [{key: part for key, part in step.items() if part is not None} for step in values["steps"]]
    values["title"], values["window"] = dict(values["title"]), dict(values["window"] or {}) or None
    return values


@dataclass(frozen=True)
class Names:
    """What the names in contracts stand for."""

    clients: dict[str, int]
    tariffs: dict[str, Tariff]


def load_contracts(said: Sequence[Said], tariffs: PutTariffs, author: Author) -> tuple[Counts, Counts, list[str]]:
    """Makes and changes contracts, known by client, service and start, and what is booked on them; what to know of it.

    Raises Refused where a service, or a meter, would be a client's twice on one day.
    """
    names = Names(
        dict(Client.objects.values_list("number", "pk")), {tariff.code: tariff for tariff in Tariff.objects.all()}
    )
    rows: dict[Key, tuple[merge.Said, Said]] = {}
    for client in said:
        for contract in client.get("contracts", []):
            row = contract_said(contract, client["number"], names)
            if known := rows.get(row.key):
                message = f"this client, service and start stand at {known[0].where} already"
                raise Refused("double", message, contract.where)
            rows[row.key] = row, contract
    put = put_contracts([row for row, _ in rows.values()], author=author)
    bookings = put_bookings(
        [
            booking_said(booking, put.by_key[key].pk)
            for key, (_, contract) in rows.items()
            for booking in contract.get("booked", [])
        ],
        author=author,
    )
    paths = {put.by_key[key].pk: row.where for key, (row, _) in rows.items()}
    refuse_others(tariffs)
    touched = {contract.client_id for contract in put.touched} | clients_at(tariffs.changed)
    refuse_overlaps(touched, lambda contract: paths.get(contract.pk) or tariffs.paths.get(contract.tariff_id, ""))
    return put.counts, bookings, [notice(paths[pk], months) for pk, months in put.billed.items()]


def notice(path: str, months: Sequence[int]) -> str:
    """What somebody should know who changed a contract that was billed."""
    named = ", ".join(f"{month // 100}-{month % 100:02d}" for month in months)
    are = "is closed and stays" if len(months) == 1 else "are closed and stay"
    return f"{path}: {named} {are} as billed; credits follow where the tariff prorates"


def contract_said(said: Said, number: str, names: Names) -> merge.Said:
    client = names.clients[number]
    service, values = said.get("service", SERVICE), {}
    if "tariff" in said:
        tariff = names.tariffs.get(said["tariff"])
        if tariff is None:
            raise Refused("unknown_tariff", f"there is no tariff {quoted(said['tariff'])}", said.path("tariff"))
        if said.get("service", tariff.service) != tariff.service:
            message = f'"{tariff}" is a tariff of the service "{tariff.service}", not of "{service}"'
            raise Refused("other_service", message, said.path("tariff"))
        if tariff.client_id not in (None, client):
            raise Refused("others_tariff", f'the tariff "{tariff}" is for another client only', said.path("tariff"))
        service, values["tariff_id"] = tariff.service, tariff.pk
    if "end" in said:
        values["end"] = said["end"]
    return merge.Said(said.where, (client, service, said["start"]), values)


def booking_said(said: Said, contract: int) -> merge.Said:
    values = {"quantity": said["quantity"]} if "quantity" in said else {}
    values |= {key: said[key] for key in ("text", "notice") if key in said}
    if "to" in said:
        values["last_day"] = said["to"]
    return merge.Said(said.where, (contract, said["meter"], said.get("from")), values)


def clients_at(tariffs: Collection[int]) -> set[int]:
    """Clients with a contract at any of these tariffs (ids)."""
    return set(Contract.objects.filter(tariff__in=tariffs).values_list("client_id", flat=True))


def refuse_others(tariffs: PutTariffs) -> None:
    """A tariff that is now for one client only may have no contract of another."""
    bound = Contract.objects.filter(tariff__in=tariffs.changed, tariff__client__isnull=False)
    other = bound.exclude(client=F("tariff__client")).select_related("client").first()
    if other:
        message = f"client {other.client.number} has a contract at this tariff; it cannot be another's only"
        raise Refused("others_tariff", message, f"{tariffs.paths[other.tariff_id]}.client")
