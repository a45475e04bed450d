"""Mails about the pool of numbers: too few are free, enough are free again."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import HOST, SENDER, Kind, Variable
from balie.notifications.wording import Wording

WANTED = Variable("wanted", _("how many should be free, as in the settings"), "10")
LINK = Variable("link", _("the page with the numbers; here the mail has its button"), f"{HOST}/numbers/")
STOCK_LOW = Kind(
    "stock_low",
    _("Too few numbers are free"),
    _("your address for tasks"),
    (Variable("free", _("how many numbers are free now"), "7"), WANTED, LINK, SENDER),
    ("free", "link"),
    {
        "nl": Wording(
            "Te weinig vrije nummers: {free}",
            "Vrije nummers in de voorraad: {free}. Dat is minder dan de {wanted} die je wilt hebben.\n\n{link}\n\n"
            "Voeg nummers toe, of geef nummers vrij die rusten of achtergehouden worden. Is er geen nummer meer vrij,"
            " dan wachten nieuwe bestellingen tot er weer een is.\n\n{operator}",
            "Nummers openen",
        ),
        "de": Wording(
            "Zu wenige freie Rufnummern: {free}",
            "Freie Rufnummern im Vorrat: {free}. Das sind weniger als die gewünschten {wanted}.\n\n{link}\n\n"
            "Nehmen Sie Rufnummern auf, oder geben Sie ruhende oder zurückgehaltene frei. Ist keine Rufnummer mehr"
            " frei, warten neue Bestellungen, bis es wieder eine gibt.\n\n{operator}",
            "Rufnummern öffnen",
        ),
        "en": Wording(
            "Too few free numbers: {free}",
            "Free numbers in the pool: {free}. That is fewer than the {wanted} you want.\n\n{link}\n\n"
            "Add numbers, or give free numbers that rest or are kept back. Once no number is free, new orders wait"
            " until there is one again.\n\n{operator}",
            "Open the numbers",
        ),
    },
)
STOCK_FINE = Kind(
    "stock_fine",
    _("Enough numbers are free again"),
    _("your address for tasks"),
    (Variable("free", _("how many numbers are free now"), "42"), WANTED, LINK, SENDER),
    ("link",),
    {
        "nl": Wording(
            "Weer genoeg vrije nummers: {free}",
            "Er zijn weer genoeg nummers vrij: {free}.\n\n{link}\n\n{operator}",
            "Nummers openen",
        ),
        "de": Wording(
            "Wieder genug freie Rufnummern: {free}",
            "Es sind wieder genug Rufnummern frei: {free}.\n\n{link}\n\n{operator}",
            "Rufnummern öffnen",
        ),
        "en": Wording(
            "Enough free numbers again: {free}",
            "Enough numbers are free again: {free}.\n\n{link}\n\n{operator}",
            "Open the numbers",
        ),
    },
)
KINDS = (STOCK_LOW, STOCK_FINE)
