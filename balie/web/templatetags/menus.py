"""The menus of the three faces: what stands in them, which entry this page belongs to, what waits there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext_lazy

from balie.calls.queries import unassigned
from balie.controlling.watch import ALL_KINDS
from balie.quality.reviewed import unread_reviews
from balie.tasks.queries import open_tasks

register = template.Library()


@dataclass(frozen=True)
class Badge:
    """A figure beside an entry, where it is not 0. said: what a screen reader says before it; still: no alarm."""

    count: Callable[[Context], int]
    said: Any
    title: Any = ""
    still: bool = False


@dataclass(frozen=True)
class Entry:
    """page: the name of the address it leads to. own: pages that it is; under: what lies below it.

    aside: on a telephone it stands in the menu of the account, since there is no room for all.
    """

    page: str
    icon: str
    name: Any
    own: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    aside: bool = False
    badge: Badge | None = None

    def current(self, here: str) -> str:
        return "page" if here in self.own else "true" if here in self.under else ""


def group(context: Context) -> str:
    """Which of the office's groups this page belongs to: the first word of its address."""
    first = str(context["request"].path).strip("/").partition("/")[0]
    of_clients = dict.fromkeys(("contracts", "registrations"), "clients")
    groups = {"": "today", "statements": "months", "mails": "settings", "cancellations": "orders", **of_clients}
    groups["winback"] = "controlling"
    return groups.get(first, first)


def page(context: Context) -> str:
    found = context["request"].resolver_match
    return found.url_name if found else ""


without_client = Badge(
    lambda _context: unassigned().count(), gettext_lazy("without a client:"), gettext_lazy("Calls without a client")
)
waiting = Badge(
    lambda _context: open_tasks(ALL_KINDS).count(), gettext_lazy("open:"), gettext_lazy("Open tasks"), still=True
)
wrong = Badge(lambda context: context.get("wrong") or 0, gettext_lazy("open:"))
unread = Badge(lambda context: unread_reviews(context["request"].agent), gettext_lazy("new:"), still=True)

OFFICE = (
    Entry("today", "today", gettext_lazy("Today"), under=("today",)),
    Entry("clients", "clients", gettext_lazy("Clients"), under=("clients",)),
    Entry("calls", "calls", gettext_lazy("Calls"), under=("calls",), badge=without_client),
    Entry("notes", "notes", gettext_lazy("Notes"), under=("notes",), aside=True),
    Entry("sms_out", "sms", gettext_lazy("SMS"), under=("sms",), aside=True),
    Entry("findings", "quality", gettext_lazy("Quality"), under=("quality",), aside=True),
    Entry("tariffs", "tariffs", gettext_lazy("Tariffs"), under=("tariffs",), aside=True),
    Entry("controlling", "controlling", gettext_lazy("Controlling"), under=("controlling",)),
    Entry("tasks", "tasks", gettext_lazy("Tasks"), under=("tasks",), badge=waiting),
    Entry("orders", "orders", gettext_lazy("Orders"), under=("orders",), aside=True),
    Entry("numbers", "numbers", gettext_lazy("Numbers"), under=("numbers",), aside=True),
    Entry("months", "months", gettext_lazy("Months"), under=("months",), aside=True),
    Entry("settings", "settings", gettext_lazy("Settings"), under=("settings",), aside=True),
)
DESK = (
    Entry("desk", "desk", gettext_lazy("Desk"), own=("desk",)),
    Entry("desk_notes", "notes", gettext_lazy("My notes"), own=("desk_notes", "desk_note")),
    Entry("desk_mend", "warn", gettext_lazy("To mend"), own=("desk_mend",), badge=wrong),
    Entry("desk_reviews", "quality", gettext_lazy("Reviews"), own=("desk_reviews",), badge=unread),
)
SERVICES = (
    "portal_contract", "portal_tariffs", "portal_tariff", "portal_number", "portal_order", "portal_withdraw_order",
    "portal_cancel", "order_tariff",
)  # fmt: skip
PORTAL = (
    Entry("portal", "home", gettext_lazy("Start"), own=("portal",)),
    Entry("portal_calls", "calls", gettext_lazy("Calls"), own=("portal_calls",), under=("portal_sms",)),
    Entry(
        "portal_notes", "notes", gettext_lazy("Notes"), own=("portal_notes",), under=("portal_note", "portal_absences")
    ),
    Entry("portal_costs", "costs", gettext_lazy("Costs"), own=("portal_costs",)),
    Entry("portal_documents", "file", gettext_lazy("Archive"), own=("portal_documents",)),
    Entry("portal_services", "contract", gettext_lazy("Services"), own=("portal_services",), under=SERVICES),
)
MENUS = {"office": (OFFICE, group), "desk": (DESK, page), "portal": (PORTAL, page)}


@register.inclusion_tag("balie/_menu.html", takes_context=True)
def menu(context: Context, face: str, aside: bool = False) -> dict[str, Any]:
    """A face's menu; aside: what of it stands in the menu of the account on a telephone."""
    entries, place = MENUS[face]
    here = place(context)
    found = [
        {"entry": one, "current": one.current(here), "count": one.badge.count(context) if one.badge else 0}
        for one in entries
        if one.aside or not aside
    ]
    return {"found": found, "aside": aside}
