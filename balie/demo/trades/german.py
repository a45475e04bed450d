"""The German clients: a law firm, a property manager, a doctor's practice."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

LAW = (
    back("Neues Mandat", "Kündigung am {day} erhalten, möchte heute noch beraten werden.",
        "{second} ruft wegen Termin zurück", 0.4, 3),
    back("Laufende Sache", "Fragt, ob die Gegenseite in der Sache {ref} geantwortet hat.", "", 0, 4),
    told("Termin verlegt", "Gericht: Termin in der Sache {ref} auf {day}, {time} Uhr verlegt.", "", 0.5),
    told("Unterlagen", "Schickt die Unterlagen zu {ref} heute per E-Mail, {small} Anlagen."),
    back("Vergleich", "Kollege der Gegenseite möchte zu {ref} über einen Vergleich von {amount} sprechen.", "", 0.2),
    back("Rechnung", "Frage zur Rechnung {ref}: {small} Stunden am {day}."),
    told("Termin", "Bestätigt den Termin am {day} um {time} Uhr."),
    settled("Anfahrt", "Fragte nach Parkplätzen, kommt am {day} um {time} Uhr."),
)  # fmt: skip
PROPERTY = (
    back("Wasserschaden", "Wasser tropft in der {street} von der Decke, {small}. Stock.",
        "Installateur wird geschickt", 0.8, 3),
    told("Heizung", "Heizung in der {street} seit {day} kalt, mehrere Wohnungen.", "Hausmeister informiert", 0.5, 3),
    back("Nebenkosten", "Fragen zur Abrechnung {ref}, Posten Müll ist doppelt so hoch.", "", 0, 3),
    told("Aufzug", "Aufzug {street} steht im {small}. Stock, niemand ist drin.", "", 0.4),
    told("Schlüssel", "Haustürschlüssel {street} verloren, braucht {small} neue."),
    back("Wohnung", "Interessiert sich für die Wohnung {street}, kann am {day} ab {time} Uhr."),
    told("Lärm", "Beschwert sich über Lärm in der {street}, {small}. Stock, immer ab {time} Uhr."),
    told("Handwerker", "Malerbetrieb kommt am {day} um {time} Uhr in die {street}, braucht Zugang."),
)  # fmt: skip
DOCTOR = (
    told("Termin", "Möchte einen Termin wegen {body}, am {day} um {time} Uhr oder am {day2}.", "", 0, 4),
    told("Rezept", "Folgerezept {medicine}, holt es am {day} ab.", "", 0, 4),
    back("Befund", "Fragt nach dem Befund vom {day}.", "Praxis ruft nach der Sprechstunde an", 0, 3),
    told("Absage", "Sagt den Termin am {day}, {time} Uhr ab."),
    back("Fieber", "Kind, {small} Jahre, seit {day} 39,{small} Fieber.", "Praxis ruft gleich an", 0.8),
    back("Krankschreibung", "Braucht eine Krankschreibung ab {day}, Rückenschmerzen."),
    back("Apotheke", "Apotheke fragt zur Dosierung {medicine}, Rezept {ref}.", "", 0.3),
)  # fmt: skip
TRADES: dict[str, Trade] = {
    "1026": Trade(
        ("Dr. Weber", "Frau Schulte"), "Gerichte und Behörden immer an {second} verbinden.\n"
        "Neue Mandate: Name der Gegenseite erfragen, keine Einschätzung geben.",
        "Verhaftung oder Eilantrag: {boss} mobil. Sonst Notiz.",
        "Erstgespräch? 190 € zuzüglich Umsatzsteuer.\nRechtsgebiete? Arbeits- und Mietrecht.\nParken? Im Hof.",
        LAW, (Field("Aktenzeichen", False, "{ref}"),),
    ),
    "1027": Trade(
        ("Herr Reuter", "Hausmeisterdienst"), "Immer Objekt und Stockwerk erfragen.\nWasser, Heizung, Aufzug:"
        " {second} verbinden.",
        "Nur Wasser, Brand, Heizungsausfall unter 5 Grad an den {second}.",
        "Abrechnung? Bis Ende Juli.\nSchlüssel? 35 € je Stück.\nWohnung frei? Siehe Website.",
        PROPERTY, (Field("Objekt", True, "{street}"),),
    ),
    "1028": Trade(
        ("Dr. Lindner", "Anmeldung"), "Brustschmerz, Atemnot: sofort 112 nennen, dann {second} verbinden.\n"
        "Rezepte: Mittel und Geburtsdatum. Befunde geben wir nie weiter.",
        "Ärztlicher Notdienst: 116 117. Nichts zusagen.", "Rezept? Ab dem nächsten Tag.\nNeue Patienten? Zurzeit nur"
        " Familien.",
        DOCTOR, (Field("Geburtsdatum", True, "{birth}"),),
    ),
}  # fmt: skip
