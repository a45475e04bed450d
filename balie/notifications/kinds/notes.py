"""Mails with call notes, and about what is wrong with them."""

from django.utils.translation import gettext_lazy as _

from balie.notifications.kind import CLIENT, HOST, SENDER, Kind, Variable
from balie.notifications.kinds.orders import CLIENT_NUMBER
from balie.notifications.wording import Wording

NOTE = (
    CLIENT,
    Variable("agent", _("name of the agent"), "Anna Visser"),
    Variable(
        "at",
        _("day and time of the note"),
        "23-11-2026 09:31",
        {"nl": "23 november 2026 09:31", "de": "23. November 2026 09:31", "en": "23 November 2026 09:31"},
    ),
    Variable("caller", _("name and number of the caller"), "Mevrouw Jansen 06 12 34 56 78"),
    Variable(
        "reason",
        _("what the call was about; may be empty"),
        "",
        {"nl": "Offerte badkamer", "de": "Angebot Bad", "en": "Quote for a bathroom"},
    ),
    Variable(
        "text",
        _("what the agent wrote down"),
        "",
        {
            "nl": "Wil weten wanneer de offerte komt.",
            "de": "Möchte wissen, wann das Angebot kommt.",
            "en": "Wants to know when the quote will come.",
        },
    ),
    Variable(
        "promised",
        _("what was promised; may be empty"),
        "",
        {"nl": "U belt vandaag terug.", "de": "Sie rufen heute zurück.", "en": "You will call back today."},
    ),
    Variable(
        "outcome",
        _("what came of the call; may be empty"),
        "",
        {
            "nl": "graag terugbellen: 06 12 34 56 78",
            "de": "bitte zurückrufen: 0171 2345678",
            "en": "please call back: 06 12 34 56 78",
        },
    ),
    Variable("fields", _("the client's own fields, a line each; may be empty"), "Kenteken: AB-123-C"),
    Variable("mark", _("[urgent] or [corrected] before the subject; else empty"), ""),
    Variable("link", _("the note in the client's account; here the mail has its button"), f"{HOST}/portal/notes/41/"),
)
CALL_NOTE = Kind(
    "call_note",
    _("Call note"),
    _("the client's recipients"),
    (*NOTE, SENDER),
    ("text", "caller", "link"),
    {
        "nl": Wording(
            "{mark} Gespreksnotitie: {caller}",
            "{caller}\n{reason}\n\n{link}\n\n{text}\n\n{outcome}\n\nToegezegd: {promised}\n\n{fields}\n\n"
            "Aangenomen door {agent} op {at} namens {client}.\n\n{operator}",
            "Notitie openen",
        ),
        "de": Wording(
            "{mark} Gesprächsnotiz: {caller}",
            "{caller}\n{reason}\n\n{link}\n\n{text}\n\n{outcome}\n\nZugesagt: {promised}\n\n{fields}\n\n"
            "Angenommen von {agent} am {at} für {client}.\n\n{operator}",
            "Notiz öffnen",
        ),
        "en": Wording(
            "{mark} Call note: {caller}",
            "{caller}\n{reason}\n\n{link}\n\n{text}\n\n{outcome}\n\nPromised: {promised}\n\n{fields}\n\n"
            "Taken by {agent} on {at} for {client}.\n\n{operator}",
            "Open the note",
        ),
    },
)
CALL_NOTE_COPY = Kind(
    "call_note_copy",
    _("Copy of a call note"),
    _("your address for copies of call notes"),
    (*NOTE, CLIENT_NUMBER, SENDER),
    ("text", "link"),
    {
        "nl": Wording(
            "{mark} {agent} voor {client_number} {client}: {caller}",
            "{caller}\n{reason}\n\n{link}\n\n{text}\n\n{outcome}\n\nToegezegd: {promised}\n\n{fields}\n\n"
            "Aangenomen door {agent} op {at} voor {client_number} {client}.\n\n{operator}",
            "Notitie openen",
        ),
        "de": Wording(
            "{mark} {agent} für {client_number} {client}: {caller}",
            "{caller}\n{reason}\n\n{link}\n\n{text}\n\n{outcome}\n\nZugesagt: {promised}\n\n{fields}\n\n"
            "Angenommen von {agent} am {at} für {client_number} {client}.\n\n{operator}",
            "Notiz öffnen",
        ),
        "en": Wording(
            "{mark} {agent} for {client_number} {client}: {caller}",
            "{caller}\n{reason}\n\n{link}\n\n{text}\n\n{outcome}\n\nPromised: {promised}\n\n{fields}\n\n"
            "Taken by {agent} on {at} for {client_number} {client}.\n\n{operator}",
            "Open the note",
        ),
    },
)
FINDINGS = Kind(
    "findings",
    _("Incorrect recording"),
    _("your address for incorrect recording"),
    (
        Variable("count", _("how many are new"), "2"),
        Variable(
            "findings",
            _("what was found, a line each"),
            "- Anna Visser, 1001 Bakker: text too short",
            {
                "nl": "- Anna Visser, 1001 Bakker: tekst te kort\n- Bram de Groot, 1003 Fysio: terugbelnummer"
                " ontbreekt",
                "de": "- Anna Visser, 1001 Bakker: Text zu kurz\n- Bram de Groot, 1003 Fysio: Rückrufnummer fehlt",
                "en": "- Anna Visser, 1001 Bakker: text too short\n- Bram de Groot, 1003 Fysio: no number to call back",
            },
        ),
        Variable("link", _("the note, or the list of findings; here the mail has its button"), f"{HOST}/quality/"),
        SENDER,
    ),
    ("findings", "link"),
    {
        "nl": Wording(
            "Gegevensregistratie: {count} te herstellen",
            "Dit klopt niet in de gespreksnotities:\n\n{link}\n\n{findings}\n\n{operator}",
            "Bekijken en herstellen",
        ),
        "de": Wording(
            "Datenerfassung: {count} zu berichtigen",
            "Das stimmt in den Gesprächsnotizen nicht:\n\n{link}\n\n{findings}\n\n{operator}",
            "Ansehen und berichtigen",
        ),
        "en": Wording(
            "Data recording: {count} to mend",
            "This is wrong in the call notes:\n\n{link}\n\n{findings}\n\n{operator}",
            "Look and mend",
        ),
    },
)
KINDS = (CALL_NOTE, CALL_NOTE_COPY, FINDINGS)
