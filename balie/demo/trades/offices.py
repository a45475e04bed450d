"""Offices that give advice: notary, lawyers, mediators, bookkeepers, tax advisers."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

NOTARY = (
    back("Akte van levering", "Passeren van {street} staat op {day} {time}; bank heeft de stukken nog niet.",
        "Dossierbehandelaar belt", 0.3, 4),
    told("Afspraak", "Wil een afspraak voor een testament, {day} of {day2}, liefst om {time}.", "", 0, 3),
    back("Nota van afrekening", "Nota van afrekening {ref} klopt niet met wat de makelaar noemde."),
    told("Paspoort", "Nieuw paspoort is er pas {day}; kan {time} dan doorgaan? Dossier {ref}."),
    back("Volmacht", "Zit in het buitenland, vraagt hoe een volmacht voor dossier {ref} werkt."),
    told("Makelaar", "Makelaar stuurt de koopakte van {street} vandaag door."),
    back("Erfenis", "Vader overleden op {day}; vraagt om een verklaring van erfrecht.", "{boss} belt zelf", 0.1),
    back("Hypotheekadviseur", "Stukken voor dossier {ref} moeten voor {later} bij de bank liggen.", "", 0.5),
)  # fmt: skip
LAW = (
    back("Nieuwe zaak", "Op staande voet ontslagen op {day}, wil vandaag advies.", "{second} belt voor een afspraak",
        0.4, 3),
    back("Lopende zaak", "Wil weten of de wederpartij heeft geantwoord, dossier {ref}.", "", 0, 4),
    told("Zitting", "Griffie: zitting in zaak {ref} is verzet naar {day} {time}.", "", 0.5),
    told("Stukken", "Stuurt de stukken van dossier {ref} vandaag per mail, {small} bijlagen."),
    back("Wederpartij", "Kantoorgenoot van de wederpartij in {ref} wil overleggen over een schikking van {amount}.",
        "", 0.3),
    told("Afspraak", "Bevestigt de afspraak van {day} {time}, neemt partner mee."),
    back("Factuur", "Vraag over declaratie {ref}, {small} uur op {day}."),
)  # fmt: skip
MEDIATION = (
    back("Kennismaking", "Wil samen met ex-partner kennismaken, kan {day} na {time}.", "{boss} belt", 0, 4),
    told("Gesprek verzetten", "Gesprek van {day} {time} kan niet, andere partij weet het. Voorstel {day2}."),
    back("Ouderschapsplan", "Heeft vraag over de vakanties in het plan, dossier {ref}."),
    told("Overeenkomst", "Getekende overeenkomst {ref} is {day} op de post gedaan."),
)  # fmt: skip
BOOKS = (
    back("Aangifte", "Brief van de Belastingdienst van {day}, kenmerk {ref}. Moet daarop gereageerd worden?",
        "{boss} belt", 0.2, 4),
    told("Stukken", "Brengt {day} om {time} de map met bonnen van dit kwartaal."),
    back("Btw", "Weet niet of btw op factuur {ref} naar Duitsland moet."),
    back("Salaris", "Nieuwe medewerker per {day}, {small} uur per week. Wat is er nodig?"),
    told("Jaarrekening", "Bank vraagt de jaarrekening, lening van {amount}. Kan die {day} klaar zijn?", "", 0.2),
    back("Voorlopige aanslag", "Voorlopige aanslag van {amount} is veel hoger dan vorig jaar, {ref}."),
    settled("Postadres", "Vroeg waar de stukken naartoe mogen; adres gegeven, stuurt {day}."),
)  # fmt: skip
CASE = Field("Dossiernummer", False, "{ref}")
TRADES: dict[str, Trade] = {
    "1002": Trade(
        ("mr. Van Dam", "secretariaat"), "Altijd vragen naar het dossiernummer. Banken en makelaars: {second}"
        " verbinden.\n"
        "Nooit bedragen of namen uit een dossier bevestigen.",
        "Notitie. Is er die dag nog een passeren: {boss} mobiel.",
        "Testament? Afspraak van een uur, legitimatie mee.\nKosten? {second} mailt een opgave.\nAkte kwijt? Afschrift"
        " € 45.",
        NOTARY, (CASE,),
    ),
    "1009": Trade(
        ("mr. Van den Berg", "secretariaat"), "Griffie en rechtbank altijd doorverbinden. Nieuwe zaken: geen oordeel"
        " geven.\n"
        "Naam van de wederpartij vragen voor de controle op belangen.",
        "Aanhouding of kort geding morgen: {boss} mobiel. Anders notitie.",
        "Gratis gesprek? Eerste half uur.\nToevoeging? Ja, arbeid en huur.", LAW, (CASE, Field("Wederpartij", False,
        "{name}")),
    ),
    "1031": Trade(
        ("Nynke Postma", "Nynke Postma"), "Partij kiezen we nooit, ook niet aan de telefoon. Naam en dossier.",
        "Notitie.", "Kosten? € 145 per uur, samen te delen.", MEDIATION, (CASE,),
    ),
    "1018": Trade(
        ("Frank Jansen", "Mirjam Jansen"), "Klantnaam en onderwerp. {second} weet de meeste dingen zelf.",
        "Notitie, terugbellen de volgende dag.", "Aanleveren? Tot de tiende van de maand.", BOOKS,
    ),
    "1035": Trade(
        ("Sjoerd Hoekstra", "Sjoerd Hoekstra"), "Altijd eerst proberen door te verbinden met {boss}.",
        "Notitie.", "Tarief? € 110 per uur.\nParticulieren? Alleen januari tot mei.", BOOKS,
    ),
}  # fmt: skip
