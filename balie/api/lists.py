"""The lists of clients, phone systems and imports. For managers; a page at a time."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from balie.accounts.models import Client
from balie.accounts.queries import clients
from balie.api.access import MANAGER
from balie.api.paging import Page, Paged, page
from balie.calls.models import Import, Source
from balie.calls.queries import source_by_name

router = Router(auth=MANAGER, tags=["lists"])
COUNTS = ("lines", "calls", "inbound", "forwarded", "outbound", "internal", "duplicates", "rejected", "unassigned",
          "unread")  # fmt: skip


@router.get("/clients", response=Page, summary="Clients by number")
def list_clients(request: HttpRequest, wanted: Query[Paged], search: str = "") -> dict[str, Any]:
    """`search`: words, each in the number, the name or the email."""
    return page(clients(search), by=("number",), limit=wanted.limit, after=wanted.after, show=client_item)


def client_item(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in ("number", "name", "language", "email", "hide_numbers")}


@router.get("/sources", response=Page, summary="Phone systems by name")
def list_sources(request: HttpRequest, wanted: Query[Paged]) -> dict[str, Any]:
    """With when their files were last looked at, what was wrong, and when that happens next."""
    return page(Source.objects.all(), by=("name",), limit=wanted.limit, after=wanted.after, show=source_item)


def source_item(source: Source) -> dict[str, Any]:
    names = ("name", "format", "timezone", "last_look", "next_look", "newest", "warning")
    return {
        **{name: getattr(source, name) for name in names},
        "looks_by_itself": bool(source.files),
        "problem": source.parked or source.last_problem,
    }


@router.get("/imports", response=Page, summary="Files read, the newest first")
def list_imports(request: HttpRequest, wanted: Query[Paged], source: str = "") -> dict[str, Any]:
    """Each with its counts, as `balie import calls` gives them."""
    rows = Import.objects.select_related("source")
    if source:
        rows = rows.filter(source=source_by_name(source))
    return page(rows, by=("-started", "-pk"), limit=wanted.limit, after=wanted.after, show=import_item)


def import_item(row: Import) -> dict[str, Any]:
    names = ("name", "size", "sha256", "started", "finished", "problem")
    return {
        "id": row.pk,
        "source": row.source.name,
        **{name: getattr(row, name) for name in names},
        **{name: getattr(row, name) for name in COUNTS},
    }
