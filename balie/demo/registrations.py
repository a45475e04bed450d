"""The demo's terms, and two companies that signed up and have not pressed the button yet."""

from datetime import datetime, timedelta

from balie.accounts.registration import SignUp, sign_up
from balie.operator.terms import terms

TERMS = {
    "nl": "Wij nemen uw telefoon aan in naam van uw bedrijf en geven door wat de beller wil.\n\n"
    "U betaalt achteraf wat u gebruikt, volgens het tarief dat u kiest. Opzeggen kan volgens dat tarief.\n\n"
    "Wat bellers ons vertellen, blijft tussen hen, u en ons.",
    "de": "Wir nehmen Ihre Anrufe im Namen Ihres Unternehmens an und geben weiter, was der Anrufer möchte.\n\n"
    "Sie zahlen nachträglich, was Sie nutzen, nach dem Tarif Ihrer Wahl. Kündigen geht nach dessen Regel.\n\n"
    "Was Anrufer uns sagen, bleibt unter ihnen, Ihnen und uns.",
    "en": "We answer your telephone in the name of your company and pass on what the caller wants.\n\n"
    "You pay afterwards for what you use, by the tariff you choose. You can cancel by that tariff's rule.\n\n"
    "What callers tell us stays between them, you and us.",
}
SIGN_UPS = (
    ("Bloemsierkunst Iris", "Iris van den Berg", "iris@bloemsierkunst-iris.example", "nl", timedelta(days=5, hours=3)),
    ("Physio am Markt", "Jonas Keller", "praxis@physio-am-markt.example", "de", timedelta(hours=4)),
)


def sign_ups(now: datetime) -> None:
    """They sign up as on the page; one of the links is too old by now."""
    held = terms()
    for company, name, email, language, ago in SIGN_UPS:
        said = SignUp(company, name, email, "fietsen bij volle maan", language, held.version if held else None)
        sign_up(said=said, address="192.0.2.7", now=now - ago)
