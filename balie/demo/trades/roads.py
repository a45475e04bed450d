"""Taxis, a garage, and an undertaker."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

TAXI = (
    told("Rit", "Taxi om {later} van {street} naar {place}, {small} personen.", "Bevestiging per sms", 0, 5),
    told("Rit direct", "Zo snel mogelijk vanaf {street}, gaat naar {place}.", "Binnen 15 minuten", 0.8, 4),
    told("Schiphol", "{day} om {time} van {street} naar Schiphol, {small} koffers."),
    told("Rit gewijzigd", "Rit {ref} wordt {later} in plaats van eerder, adres blijft {street}."),
    settled("Rit afgezegd", "Rit {ref} van {later} vanaf {street} is niet meer nodig. Doorgegeven aan de centrale.", 2),
    back("Verloren", "Telefoon laten liggen in de taxi van {past}, rit {ref}.", "", 0.4),
    told("Rolstoel", "Rolstoelbus {day} {time}, {street} naar {place}, begeleider gaat mee."),
    told("Wacht op taxi", "Staat aan de {street} te wachten sinds {past}, rit {ref}.", "Centrale belt chauffeur", 0.7),
)  # fmt: skip
GARAGE = (
    told("APK", "{car}, {plate}: apk en kleine beurt, kan {day} om {time} brengen.", "Bevestiging per sms", 0, 4),
    back("Auto klaar?", "Vraagt of de {car} ({plate}) klaar is.", "Werkplaats belt voor {later}", 0, 3),
    back("Pech", "{car} ({plate}) start niet, staat aan de {street}. Wordt gesleept.", "Werkplaats weet ervan", 0.6),
    told("Banden", "Winterbanden voor de {car}, {plate}. Kan {day} of {day2}."),
    back("Offerte schade", "Deuk in het portier, {car} {plate}, verzekering vraagt om een prijs."),
    back("Factuur", "Nota {ref} van {bill}: vervangen onderdeel graag laten zien."),
    told("Leenauto", "Wil op {day} een leenauto bij de beurt van de {car} ({plate})."),
)  # fmt: skip
UNDERTAKER = (
    back("Overlijden", "Vader thuis overleden om {past}, huisarts is geweest. Adres {street}.",
         "Uitvaartleider belt binnen tien minuten", 1.0, 4),
    told("Rouwkaart", "Tekst van de rouwkaart: graag {day} in plaats van {day2}, dossier {ref}.", "", 0.3, 3),
    back("Condoleance", "Vraagt hoe laat de condoleance {day} begint en waar; dossier {ref}."),
    told("Bloemen", "Bloemist levert {day} om {time}, vraagt welke ingang."),
    back("Kosten", "Vraagt naar de kosten van een crematie in kleine kring, {number} gasten."),
    told("Kleding", "Brengt de kleding {day} om {time} naar het uitvaartcentrum, dossier {ref}."),
    back("Wilsbeschikking", "Wil een gesprek over eigen wensen, kan {day} thuis aan de {street}.", "{boss} belt"),
)  # fmt: skip
TRADES: dict[str, Trade] = {
    "1013": Trade(
        ("Ahmet Yilmaz", "centrale"), "Rit: van, naar, tijd, personen. Herhalen, dan bevestigen.\n"
        "Wacht iemand langer dan tien minuten: {second} verbinden.",
        "Zelfde werkwijze, dag en nacht. Klachten: notitie voor {boss}.",
        "Schiphol? Vast € 52,50 binnen de ring.\nRolstoelbus? Een dag van tevoren.\nPin? In elke taxi.", TAXI,
    ),
    "1019": Trade(
        ("Henk Kuipers", "werkplaats"), "Kenteken altijd vragen. \"Is hij klaar?\": {second} belt terug, niet"
        " doorverbinden.",
        "Pech: ANWB noemen. De rest morgen.", "APK? € 39 met beurt.\nHalen en brengen? Binnen 10 km.",
        GARAGE, (Field("Kenteken", True, "{plate}"),),
    ),
    "1014": Trade(
        ("Anneke Visch", "dienstdoende uitvaartleider"), "Overlijden: condoleren, naam, adres, telefoon; direct"
        " verbinden met de {second}.\n"
        "Rustig spreken, nooit in de wacht zetten zonder te vragen.",
        "Hetzelfde, ook 's nachts. Neemt de {second} niet op: {boss}.",
        "Verzekerd elders? Wij helpen altijd.\nOpbaren thuis? Kan.\nPapieren? Trouwboekje en identiteitsbewijs.",
        UNDERTAKER, (Field("Dossier", False, "{ref}"),),
    ),
}  # fmt: skip
