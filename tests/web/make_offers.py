"""A small office whose watch has offered one client another tariff: for pages that show, send and answer offers."""

from typing import Any

from django.test import Client as Browser

from balie.accounts.models import Client
from balie.controlling.models import Offer
from balie.tasks.models import Task
from tests import make
from tests.web import make_office
from tests.web.make_portal import CALLS, FEE, TALK
from tests.web.make_tasks import offered, unprofitable

CODE = "K7RA-2MXE-94UW"


def client(number: str = "1001") -> Client:
    return Client.objects.get(number=number)


def office() -> Browser:
    """A manager's browser, in an office of six clients at BASIS without calls: pages of offers read none."""
    make.operator(timezone=make_office.ZONE)
    basis = make.tariff(items=(FEE, CALLS, TALK))
    for number, name in enumerate(make_office.NAMES[:6], start=1001):
        one = make.client(str(number), name=name, language="en", email=f"info@{number}.example.com")
        make.contract(one, tariff=basis)
    found = Browser()
    found.force_login(make_office.manager())
    return found


def bakkers_task() -> Task:
    """Bakker pays 39.00 at BASIS, which is too little; it is offered 89.00."""
    made = unprofitable(client())
    tariff = offered(made, "89.00")
    tariff.versions.update(title={"nl": "Basis Plus", "en": "Basic Plus", "de": "Basis Plus"})
    for position, item in enumerate((CALLS, TALK), start=1):
        tariff.versions.get().items.create(position=position, **item)
    return made


def offer() -> Offer:
    return Offer.objects.select_related("task__client", "tariff", "follow_up").get()


def send(browser: Browser, task: Task, **typed: Any) -> Any:
    """The page of the mail, sent as it stands but for what is typed otherwise."""
    page = browser.get(f"/tasks/{task.pk}/offer/")
    draft, time = page.context["draft"], page.context["time"]
    words = {name: getattr(draft.words, name) for name in ("subject", "body", "button")}
    return browser.post(f"/tasks/{task.pk}/offer/", {"to": draft.to, "time": time, "do": "send", **words, **typed})
