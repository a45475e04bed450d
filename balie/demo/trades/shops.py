"""Those who sell, feed, teach and dress hair."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

BIKES = (
    back("Bestelling", "Bestelling {ref} zou {day} komen, track-en-trace staat stil.",
        "Antwoord per mail voor {later}", 0.1, 4),
    back("Retour", "Fietstas uit bestelling {ref} past niet op de drager, wil ruilen."),
    told("Adres wijzigen", "Bestelling {ref} moet naar {street}."),
    back("E-bike storing", "Display van de e-bike geeft code {code}, gekocht in {year}. Nog {small} maanden"
        " garantie.", "", 0.1),
    told("Werkplaats", "Wil een beurt, kan {day} brengen om {time}. Framenummer {ref}."),
    back("Factuur zakelijk", "Factuur van bestelling {ref} moet op naam van het bedrijf."),
    back("Voorraad", "Vraagt of het kinderzitje {ref} weer op voorraad komt."),
    settled("Levertijd", "Vroeg naar de levertijd van {ref}; {small} werkdagen doorgegeven."),
)  # fmt: skip
HAIR = (
    told("Afspraak", "Knippen en kleuren, kan {day} om {time} of {day2}. Het liefst bij {second}.", "", 0, 4),
    told("Afgezegd", "Zegt {day} {time} af, is ziek."),
    told("Later", "Komt {small} minuten later, staat in de file.", "", 0.4),
    back("Bruid", "Bruidskapsel op {day}, wil een proef. {small} gasten ook."),
)  # fmt: skip
CATERING = (
    back("Offerte", "Lunch voor {number} personen op {day} om {time}, {small} vegetarisch. {street}.",
        "Voorstel binnen een dag", 0, 4),
    told("Aantal gewijzigd", "Opdracht {ref}: {number} personen in plaats van wat er staat.", "", 0.3),
    told("Allergie", "Opdracht {ref}: {small} gasten zonder noten en gluten."),
    back("Ophalen", "Schalen van {day} staan nog aan de {street}."),
    back("Borrel", "Borrel voor {number} man, {day} {time}, prijs per persoon rond € {small}2."),
)  # fmt: skip
DRIVING = (
    told("Les afgezegd", "Zegt de les van {day} {time} af, heeft een tentamen.", "", 0, 3),
    back("Proefles", "Wil een proefles, ophalen aan de {street}. Kan {day} na {time}.", "{second} belt", 0, 4),
    told("Les verzetten", "Kan de les van {time} naar {day2}? Instructeur is {boss}."),
    back("Examen", "Examen is {day}; wil er nog {small} lessen bij.", "", 0.2),
    told("Ophaaladres", "Ophalen {day} {time} graag aan de {street}."),
    back("Pakket", "Vraagt wat {number} lessen met examen kosten en of het in termijnen kan."),
)  # fmt: skip
STUDIO = (
    told("Inschrijven", "Wil meedoen met de les van {day} {time}, heeft het nog nooit gedaan.", "", 0, 3),
    told("Afgezegd", "Komt {day} {time} niet, strippenkaart {ref}."),
    back("Abonnement", "Wil het abonnement {small} maanden stilzetten, lidnummer {ref}."),
    back("Zaal huren", "Zoekt een zaal voor {number} personen op {day}."),
)  # fmt: skip
TRADES: dict[str, Trade] = {
    "1012": Trade(
        ("Ruben Fiets", "klantenservice"), "Bestelnummer altijd vragen. {second} antwoordt per mail, dus mailadres"
        " controleren.\n"
        "Klachten: niets toezeggen, wel excuses aanbieden.",
        "Webwinkel is dicht: notitie met bestelnummer.",
        "Levertijd? Een tot drie werkdagen.\nRetour? 30 dagen, label in de doos.\nMontage thuis? Nee, wel in de"
        " winkel.",
        BIKES, (Field("Bestelnummer", True, "FP{ref}"),),
    ),
    "1020": Trade(
        ("Chantal Smit", "Naomi"), "Afspraken: behandeling, bij wie, twee tijden.", "Notitie.",
        "Kleuren? Duurt anderhalf uur.", HAIR,
    ),
    "1036": Trade(
        ("Bas van Eeden", "keuken"), "Offertes: aantal, datum, adres, dieet. {boss} belt dezelfde dag.",
        "Op een feestavond: {second} mobiel.", "Minimum? 15 personen.", CATERING, (Field("Aantal personen", False,
        "{number}"),),
    ),
    "1006": Trade(
        ("Achmed Groen", "Yvonne Groen"), "Proefles: naam, adres, leeftijd. Afzeggen kan tot 24 uur van tevoren"
        " gratis.",
        "Notitie, {second} belt.", "Prijs per les? € 62.\nAutomaat? Ja, een auto.\nWachttijd examen? Acht weken.",
        DRIVING,
    ),
    "1034": Trade(
        ("Mila Jonker", "Mila Jonker"), "Lessen: naam, les, mail.", "Notitie.", "Proefles? € 10.\nMat? Is er.", STUDIO,
    ),
}  # fmt: skip
