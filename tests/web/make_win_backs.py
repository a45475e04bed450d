"""A client that gave notice in the small office of offers, its case, and an offer to it: for pages that show them."""

from typing import Any

from balie.accounts.models import Client
from balie.contracts.actions import cancel_service
from balie.controlling import links
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.win_back import send_win_back
from balie.controlling.winning import look_after
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.tariffs.models import Tariff
from tests import make
from tests.web.make_office import NOW

WORDS = Wording("Stay after {ends}", "Dear {client},\n\n{link}\n\n{price}\n{code}", "See it")


def light(price: str = "19.00") -> Tariff:
    """A public tariff with a basic fee and nothing else."""
    made = make.tariff("LIGHT", items=({"meter": "basic_fee", "price": price, "title": {"en": "Basic fee"}},))
    made.versions.update(title={"nl": "Licht", "de": "Leicht", "en": "Light"})
    return made


def leaving(client: Client, *, reason: str = "Too dear") -> WinBack:
    """The client gives notice now, and the worker opens its case."""
    cancel_service(client=client, service="telephone", reason=reason, author=Author(client.name, NOW))
    look_after(author=Author("worker", NOW))
    return WinBack.objects.select_related("client", "cancellation__contract").get(client=client)


def offered(case: WinBack, tariff: Tariff, **given: Any) -> WinBackOffer:
    wanted = {"to": ["info@1001.example.com"], "words": WORDS, "times": 0, "home": "http://testserver/", **given}
    return send_win_back(case=case, tariff=tariff, author=Author("Marit", NOW), **wanted)


def kwargs() -> dict[str, dict[str, Any]]:
    """Where the pages and deeds about the one case are."""
    case, offer = WinBack.objects.get(), WinBackOffer.objects.get()
    deeds = ("price", "accept", "decline", "dismiss", "reopen")
    names = ("win_back", "send_win_back", "win_back_price", *(f"{deed}_win_back" for deed in deeds))
    return {
        **{key: {"pk": case.pk} for key in names},
        "win_backs_file": {"format": "csv"},
        "stay": {"token": links.token(offer.pk, sent=NOW, of=links.WIN_BACK)},
    }
