"""Open tasks: what waits for a decision by staff. For managers."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from balie.accounts.queries import client_by_number
from balie.api.access import MANAGER
from balie.api.paging import Page, Paged, page
from balie.controlling.queries import task_documents
from balie.tasks.queries import open_tasks

router = Router(auth=MANAGER, tags=["tasks"])


@router.get("/tasks", response=Page, summary="Open tasks in the order they were opened")
def list_tasks(request: HttpRequest, wanted: Query[Paged], client: str = "", kind: str = "") -> dict[str, Any]:
    """As `balie watch` prints them, and reminders of offers. `client`: a number; `kind`: uneconomical, cost_limit,
    cost_limit_expected or offer_follow_up."""
    rows = open_tasks([kind] if kind else None)
    if client:
        rows = rows.filter(client=client_by_number(client))
    found = page(rows, by=("pk",), limit=wanted.limit, after=wanted.after, show=lambda row: {"task": row})
    items = [document for _task, document in task_documents(item["task"] for item in found["items"])]
    return {**found, "items": items}
