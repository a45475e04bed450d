"""Those who look after people and animals: practices, a vet, a day nursery."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

BIRTH = Field("Geboortedatum", True, "{birth}")
PHYSIO = (
    told("Nieuwe afspraak", "Last van de {body} sinds {day}, wil een eerste afspraak. Kan {day2} om {time}.", "", 0, 4),
    told("Afspraak afgezegd", "Zegt de afspraak van {day} {time} af, is verkouden. Belt zelf voor een nieuwe.", "", 0,
        3),
    told("Afspraak verzetten", "Wil de afspraak van {day} {time} verzetten naar {day2}."),
    back("Verwijzing", "Huisarts heeft verwezen voor de {body}; moet de verwijzing mee?"),
    back("Vergoeding", "Verzekering zegt dat {small} behandelingen over zijn, klopt dat met uw gegevens?"),
    told("Oefeningen", "Krijgt meer pijn in de {body} van de oefeningen van {day}. Moet hij doorgaan?",
        "{second} belt", 0.1),
    settled("Locatie", "Vroeg naar de ingang en het parkeren; uitgelegd, komt {day} om {time}."),
)  # fmt: skip
PODO = (
    told("Afspraak", "Wil een controle van de zolen, kan {day} om {time} of {day2}.", "", 0, 4),
    told("Zolen klaar?", "Vraagt of de zolen van {day} klaar zijn, maat {shoe}."),
    back("Pijn", "Zolen van {small} weken geleden drukken aan de {body}.", "Wordt gebeld"),
    told("Afgezegd", "Zegt {day} {time} af, heeft geen oppas."),
    back("Diabetes", "Praktijkondersteuner vraagt het zorgprofiel, verwijzing {ref}.", "", 0.2),
)  # fmt: skip
DENTIST = (
    back("Pijnklacht", "Kiespijn {side} sinds {day}, slaapt er niet van. Kan vandaag de hele dag.",
        "Vandaag een plek", 0.5, 3),
    told("Controle", "Wil halfjaarlijkse controle, kan {day} om {time} of {day2}.", "", 0, 4),
    told("Afgezegd", "Zegt {day} {time} af, kind is ziek. Wil dezelfde tijd een week later.", "", 0, 3),
    back("Kroon los", "Kroon {side} losgeraakt bij het eten, heeft hem bewaard.", "Voor {day} geholpen", 0.3),
    told("Nieuwe patiënt", "Gezin met {small} kinderen wil zich inschrijven, woont aan de {street}."),
    back("Rekening", "Vraag over rekening {ref}: mondhygiëne staat er {small} keer op."),
    told("Gaatje", "Vulling {side} heeft een scherp randje sinds {day}."),
    settled("Route", "Vroeg of er een lift is; ja. Komt {day} om {time}."),
)  # fmt: skip
DOCTOR = (
    told("Afspraak", "{body} doet pijn sinds {day}, wil een afspraak bij {boss}. Kan om {time}.", "", 0, 4),
    told("Herhaalrecept", "Herhaalrecept voor de {medicine}, ophalen bij de apotheek vanaf {day}.", "", 0, 4),
    back("Uitslag", "Vraagt naar de bloeduitslag van {day}.", "Assistente belt tussen 13 en 14 uur", 0, 3),
    back("Koorts kind", "Kind van {small} jaar heeft sinds {day} 39,{small} koorts, drinkt weinig.",
        "Assistente belt zo", 0.8),
    told("Visite", "Moeder van 8{small} aan de {street} is gevallen, kan niet naar de praktijk.",
        "{boss} belt over visite", 0.5),
    told("Afgezegd", "Zegt {day} {time} af, klachten aan de {body} zijn over."),
    back("Verwijzing", "Ziekenhuis heeft verwijzing {ref} niet ontvangen."),
    back("Apotheek", "Apotheek: dosering {medicine} op recept {ref} klopt niet met vorige keer.", "", 0.4),
)  # fmt: skip
PSYCHOLOGIST = (
    back("Aanmelding", "Wil zich aanmelden, heeft verwijzing van de huisarts. Kan het beste om {time} gebeld worden.",
        "", 0, 3),
    told("Afgezegd", "Kan {day} {time} niet komen. Wil volgende week weer."),
    told("Verzetten", "Vraagt of {day} ook online kan in plaats van op de praktijk, om {time}."),
    back("Wachttijd", "Aangemeld op {day}, vraagt hoe lang het nog duurt. Dossier {ref}."),
    back("Zorgverzekeraar", "Verzekeraar heeft vraag over machtiging {ref}."),
)  # fmt: skip
VET = (
    back("Spoed", "{pet} heeft vermoedelijk iets giftigs gegeten om {past}, speekselt veel.",
        "Doktersassistente belt direct", 0.9, 3),
    told("Afspraak", "{pet} heeft een vaccinatie nodig, kan {day} om {time}.", "", 0, 4),
    back("Eet niet", "{pet} eet niet sinds {day} en is suf.", "Wordt binnen een uur gebeld", 0.4, 3),
    told("Medicijnen", "Ontwormtabletten voor {pet}, {small} kilo. Haalt ze {day} op."),
    back("Na operatie", "{pet} likt aan de wond, {day} geopereerd. Kap zit niet goed.", "", 0.2),
    told("Afgezegd", "Zegt {day} {time} voor {pet} af."),
    told("Gevonden dier", "Gewonde egel gevonden aan de {street}. Dierenambulance {ref} is gebeld.", "", 0.3),
    back("Euthanasie", "Wil rustig overleggen over {pet}, al {small} maanden ziek. Liefst {boss}.", "Vandaag gebeld",
        0.2),
    settled("Openingstijd", "Vroeg of er {day} spreekuur is; {time} doorgegeven."),
)  # fmt: skip
NURSERY = (
    told("Ziek", "{child} is ziek en komt {day} niet. Groep de Eekhoorns.", "", 0, 4),
    told("Later ophalen", "Komt {child} pas om {later} halen, trein heeft vertraging.", "", 0.3, 3),
    told("Ruildag", "Wil voor {child} {day} ruilen tegen {day2}."),
    back("Rondleiding", "Zoekt plek voor {child}, {small} maanden, {small} dagen vanaf het voorjaar.",
        "Afspraak volgt per mail"),
    told("Ophalen door ander", "Oma haalt {child} {day} om {time}, naam is bekend bij de groep."),
    back("Factuur", "Vraag over factuur {ref} en de toeslag."),
)  # fmt: skip
OPTICIAN = (
    told("Oogmeting", "Wil een oogmeting, kan {day} om {time}.", "", 0, 4),
    told("Bril klaar?", "Vraagt of de bril klaar is, opdracht {ref}.", "", 0, 3),
    told("Lenzen", "Wil {small} doosjes maandlenzen, sterkte zoals vorige keer. Haalt ze {day}."),
    back("Pijnlijk oog", "Oog rood sinds {day}, draagt lenzen.", "Wordt vandaag gebeld", 0.3),
    back("Schroefje", "Poot van de bril los, opdracht {ref}. Kan zonder afspraak?"),
)  # fmt: skip
PRACTICE_CLOSED = "Praktijk is dicht: alleen notitie. Bij klachten die niet kunnen wachten "
TRADES: dict[str, Trade] = {
    "1003": Trade(
        ("Tessa Groen", "Bart Willems"), "Afspraken: klacht, twee momenten, geboortedatum. Geen medisch advies.\n"
        "Afzeggen binnen 24 uur: zeggen dat de zitting berekend wordt.",
        PRACTICE_CLOSED + "de huisartsenpost noemen.",
        "Verwijzing nodig? Nee, mag wel.\nWaar? Ingang aan de parkzijde, drempelvrij.\nKosten? Op de website.",
        PHYSIO, (BIRTH,),
    ),
    "1032": Trade(
        ("Linda Maas", "balie"), "Afspraken noteren, {second} bevestigt.", PRACTICE_CLOSED + "de huisarts noemen.",
        "Vergoeding? Meestal via de aanvullende verzekering.", PODO, (BIRTH,),
    ),
    "1008": Trade(
        ("Farida Amrani", "balie"), "Pijn: sinds wanneer, welke kant, koorts? {second} geeft dezelfde dag een plek.\n"
        "Afspraken: notitie, {second} bevestigt per sms.",
        PRACTICE_CLOSED + "020 555 08 88, de tandartsen-spoeddienst.",
        "Nieuwe patiënten? Ja, gezinnen uit Oost.\nTarieven? Landelijk, staan op de website.\nKind voor het eerst?"
        " Vanaf twee jaar.",
        DENTIST, (BIRTH,),
    ),
    "1016": Trade(
        ("dokter Van Rijn", "assistente"), "Benauwd, pijn op de borst, uitval: direct doorverbinden met de {second}.\n"
        "Recepten: naam van het middel, apotheek. Uitslagen geven wij nooit.",
        "Huisartsenpost noemen: 020 555 01 12. Niets beloven.",
        "Uitslag? Tussen 13 en 14 uur bellen.\nRecept? Twee werkdagen.\nInschrijven? Formulier op de website.",
        DOCTOR, (BIRTH,),
    ),
    "1023": Trade(
        ("Marleen Helder", "Marleen Helder"), "Nooit vragen waarom iemand belt. Naam, nummer, wanneer te bereiken.",
        "Notitie. Bij nood: 113 of de huisartsenpost noemen.", "Wachttijd? Ongeveer twaalf weken.", PSYCHOLOGIST,
        (BIRTH,),
    ),
    "1005": Trade(
        ("Eva Brouwer", "dienstdoende dierenarts"), "Spoed (vergif, benauwd, aangereden): doorverbinden.\n"
        "Afspraken: dier, naam, klacht.", "Alleen spoed naar de {second}. Consult 's avonds kost € 95, dat altijd"
        " zeggen.",
        "Spreekuur? Ma t/m za op afspraak.\nChippen? Ja, € 38.\nPaspoort? Bij de vaccinatie meenemen.",
        VET, (Field("Dier", True, "{pet}"),),
    ),
    "1021": Trade(
        ("Iris Kramer", "groepsleiding"), "Ziekmelding: naam kind, groep. Te laat ophalen: {second} verbinden.",
        "Niemand aanwezig. Ouder staat voor de deur: {boss} mobiel.", "Plek? Wachtlijst ongeveer zes maanden.", NURSERY,
        (Field("Naam kind", True, "{child}"),),
    ),
    "1037": Trade(
        ("Dick Bosman", "winkel"), "Opdrachtnummer vragen, {second} zoekt op.", "Notitie.",
        "Lenzen? Binnen twee dagen.",
        OPTICIAN,
    ),
}  # fmt: skip
