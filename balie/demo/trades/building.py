"""Those who come with tools when something leaks or stays dark: installers, plumbers, roofers, glaziers, locksmiths."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

ADDRESS = Field("Adres", True, "{street}")
INSTALLER = (
    back("Cv-storing", "Geen warm water en geen verwarming aan de {street}. {boiler} geeft storing {code}.",
         "Planning belt vanmiddag terug", 0.3, 4),
    back("Lekkage", "Lekkage onder de gootsteen aan de {street}, emmer staat eronder. Hoofdkraan is dichtgedraaid.",
         "Binnen een uur gebeld", 0.7, 3),
    told("Afspraak verzetten", "Kan {day} niet thuis zijn aan de {street}. Vraagt of de monteur {day2} om {time} kan."),
    told("Onderhoud", "Wil jaarlijks onderhoud aan de {boiler} plannen, {street}. Het liefst {day} na {time}.",
         "Bevestiging per mail"),
    back("Offerte badkamer", "Wil een offerte voor een nieuwe badkamer, ongeveer {small} m². Adres {street}.",
         "Binnen twee werkdagen gebeld"),
    back("Factuur", "Heeft een vraag over factuur {ref}: er zijn {small} uren berekend, monteur was er een ochtend."),
    told("Radiator", "Radiator in de slaapkamer aan de {street} blijft koud, ontluchten heeft niet geholpen."),
    told("Monteur later", "Wacht aan de {street} op de monteur van {past}. Doorgegeven aan {second}."),
    back("Warmtepomp", "Vraagt of hun huis aan de {street} geschikt is voor een hybride warmtepomp. Bouwjaar {year}."),
    told("Thermostaat", "Nieuwe thermostaat aan de {street} schakelt niet in. Heeft om {past} de batterijen"
        " vervangen."),
    back("Cv-druk", "Druk van de {boiler} aan de {street} staat op 0,{small} bar en zakt telkens.", "", 0.1),
    told("Toilet", "Toilet aan de {street} blijft doorlopen. Kan {day} de hele dag of {day2} tot {time}."),
    told("Leverancier", "Groothandel: bestelling {ref} komt {day} in plaats van {day2}, op het werk aan de {street}."),
    back("Keuken verplaatsen", "Wil de keuken verplaatsen aan de {street} en vraagt of er een waterleiding bij kan."),
    told("Sleutel", "Sleutel van de {street} ligt {day} vanaf {time} bij de buren op de {small}e verdieping."),
    back("Contract", "Wil een onderhoudscontract voor de {boiler}, {street}. Wat kost dat per maand?"),
    settled("Openingstijden", "Vroeg tot hoe laat het magazijn open is; heb {time} doorgegeven, komt {day} langs."),
)  # fmt: skip
PLUMBER = (
    back("Verstopping", "Wc aan de {street} loopt over, ontstopper helpt niet. Bewoner is thuis.",
         "Monteur belt binnen een half uur", 0.8, 4),
    back("Lekkage plafond", "Water door het plafond aan de {street}, bovenburen niet thuis. Groep van de badkamer"
        " staat uit.",
         "Binnen een half uur gebeld", 0.9, 3),
    back("Gesprongen leiding", "Leiding in de meterkast aan de {street} gesprongen. Hoofdkraan dicht, geen water in"
        " huis.",
         "Monteur direct gebeld", 0.9),
    told("Waar blijft monteur", "Monteur zou om {past} aan de {street} zijn. Dienst zegt: nog ongeveer {small}"
        " minuten."),
    back("Boiler", "Boiler aan de {street} druppelt en geeft alleen lauw water.", "Wordt vandaag gebeld"),
    told("Afspraak", "Kraan in de keuken aan de {street} vervangen, geen haast. Kan {day} of {day2}."),
    back("Factuur", "Vindt factuur {ref} van {bill} te hoog, voorrijkosten staan er twee keer op."),
    told("Gemeld bij verzekering", "Verzekeraar vraagt rapport van de lekkage aan de {street}, schadenummer {ref}."),
    settled("Vraag over prijs", "Vroeg naar het voorrijtarief buiten kantooruren. Tarief genoemd, belt zo nodig om"
        " {later} terug."),
)  # fmt: skip
ROOFER = (
    back("Lekkage dak", "Sinds de regen van {day} een natte plek op zolder, {street}. Pannendak uit {year}.",
         "Wordt vandaag gebeld", 0.4, 4),
    back("Offerte", "Wil een prijs voor een nieuw plat dak, ongeveer {number} m², {street}.", "Opname binnen een week"),
    told("Dakgoot", "Dakgoot aan de {street} zit verstopt en loopt over bij de buren."),
    told("Pannen los", "Na de storm liggen er {small} pannen in de tuin aan de {street}.", "", 0.4),
    back("Planning", "Vraagt wanneer de ploeg aan de {street} begint; steiger staat er sinds {day}."),
    told("Garantie", "Reparatie van vorig jaar aan de {street} lekt weer, nota {ref}. Valt volgens haar onder de"
        " garantie."),
    settled("Verkeerd verbonden", "Zocht een zonwering-bedrijf, nummer {ref} was verkeerd doorgegeven."),
)  # fmt: skip
GLAZIER = (
    back("Ruit ingegooid", "Winkelruit aan de {street} ingegooid, glas ligt op de stoep. Politie is geweest.",
         "Noodbezetting binnen twee uur", 0.9, 3),
    back("Ruit gebarsten", "Dubbel glas in de woonkamer aan de {street} gebarsten, ongeveer {number} bij 120 cm.",
         "Wordt vandaag gebeld", 0.2, 3),
    told("Inmeten", "Wil {day} laten inmeten voor HR++ aan de {street}, {small} ramen."),
    back("Offerte", "Heeft offerte {ref} ontvangen en wil weten of de btw erin zit."),
    told("Verzekering", "Glasverzekering van {street} is akkoord, polis {ref}. Er kan een afspraak komen."),
    told("Deur", "Glas in de voordeur aan de {street} is eruit, deur sluit nog. Dichtzetten kan vanavond.", "", 0.5),
)  # fmt: skip
LOCKSMITH = (
    back("Buitengesloten", "Staat buiten aan de {street}, sleutel ligt binnen. Deur is in het slot gevallen, niet op"
        " slot.",
         "Monteur is er binnen 40 minuten", 0.8, 4),
    back("Sleutel afgebroken", "Sleutel afgebroken in het slot van de voordeur, {street}.", "Binnen een uur gebeld",
        0.5),
    back("Inbraak", "Ingebroken aan de {street}, achterdeur sluit niet meer. Politie heeft proces-verbaal gemaakt.",
         "Vandaag nog dicht", 0.9),
    told("Sloten vervangen", "Nieuwe bewoner aan de {street}, wil {small} cilinders gelijksluitend. Kan {day} om"
        " {time}."),
    back("Offerte", "Wil voor een VvE met {number} woningen een prijs voor nieuwe cilinders, {street}."),
    settled("Prijs gevraagd", "Vroeg wat openen kost, tarief genoemd. Belt terug als de buren om {later} niet thuis"
        " zijn."),
)  # fmt: skip
BOILER = (
    back("Geen verwarming", "Geen verwarming aan de {street}, binnen nog 1{small} graden. {boiler}, code {code}.",
         "Monteur belt binnen een uur", 0.5, 4),
    told("Onderhoud", "Onderhoudsbeurt {boiler} aan de {street}; kan {day} of {day2} in de ochtend."),
    back("Druk zakt", "Ketel aan de {street} moet elke dag bijgevuld worden, druk zakt tot 0,{small} bar.",
        "Wordt gebeld"),
    told("Contract", "Wil onderhoudscontract {ref} op naam van de nieuwe bewoner van de {street} zetten."),
    back("Nieuwe ketel", "Ketel aan de {street} is van {year}, wil weten wat een nieuwe kost en of er subsidie is."),
    told("Afspraak verzet", "Afspraak van {day} {time} aan de {street} kan niet doorgaan, graag {day2}."),
    settled("Zelf opgelost", "Storing {code} aan de {street} is na resetten weg. Hoeft niemand te komen."),
)  # fmt: skip
TRADES: dict[str, Trade] = {
    "1001": Trade(
        ("Kees Bakker", "Ria Bakker"),
        "Storing zonder warm water of met lekkage: doorverbinden met {second} (planning).\n"
        "Afspraken noteren met adres en dagdeel, planning bevestigt zelf.\n"
        "Offertes nooit een prijs noemen; {boss} belt binnen twee werkdagen.",
        "Alleen bij water dat niet te stoppen is of gaslucht: {boss} mobiel. Bij gaslucht eerst 0800-9009 laten"
        " bellen.\n"
        "Al het andere: notitie, planning belt op de volgende werkdag voor 10 uur.",
        "Werkgebied? Amsterdam, Diemen, Amstelveen en Ouderkerk.\n"
        "Voorrijkosten? € 39,50 binnen de ring, daarbuiten in overleg.\n"
        "Welke merken? Remeha, Intergas, Nefit en Vaillant.\nLeverancier belt? Door naar {second}.",
        INSTALLER, (ADDRESS, Field("Merk en type toestel", False, "{boiler}")),
    ),
    "1011": Trade(
        ("Mo Azzouzi", "dienstdoende monteur"),
        "Spoed (water loopt nog, geen wc meer): doorverbinden met de {second}.\n"
        "Geen spoed: adres en dagdeel noteren, planning belt.",
        "Elk spoedgeval doorverbinden met de {second}. Neemt die niet op: na vijf minuten nog eens, dan {boss}.\n"
        "Geen spoed: notitie voor de ochtend.",
        "Wat kost komen kijken? Overdag € 49, 's avonds en in het weekend € 95, nacht € 125.\n"
        "Hoe snel? Binnen de ring meestal binnen een uur.\nBetalen? Pin of tikkie bij de monteur.",
        PLUMBER, (ADDRESS,),
    ),
    "1025": Trade(
        ("Peter Smit", "Joyce Smit"),
        "Lekkages met adres en foto's laten mailen; {second} plant. {boss} zit op het dak en belt na vier uur.",
        "Stormschade: {boss} mobiel. De rest de volgende ochtend.",
        "Opname kosten? Gratis binnen 25 km.\nGarantie? Tien jaar op platte daken.\nVVE? Ja, met rapport.",
        ROOFER, (ADDRESS,),
    ),
    "1024": Trade(
        ("Ilse Dekker", "dienstdoende glaszetter"),
        "Open ruit: doorverbinden met de {second}. Maten en soort glas vragen.",
        "Alleen een open pui of deur doorverbinden met de {second}. De rest is voor morgen.",
        "Noodbezetting? € 145 in de avond.\nVerzekering? Wij rekenen met de meeste glasverzekeraars af.",
        GLAZIER, (ADDRESS, Field("Maat ongeveer", False, "{number} × 120 cm")),
    ),
    "1033": Trade(
        ("Bilal Kaya", "dienstdoende monteur"),
        "Buitengesloten: naam, adres, verdieping; doorverbinden met de {second}.\nSloten vervangen: notitie.",
        "Buitengesloten of ingebroken: altijd doorverbinden met de {second}.",
        "Prijs openen? € 89 overdag, € 129 na 18 uur, zonder schade.\nLegitimatie? Ja, achteraf bij de deur.",
        LOCKSMITH, (ADDRESS,),
    ),
    "1039": Trade(
        ("Harm Bos", "Lianne Bos"),
        "Storing: merk, code en adres noteren. Kleine kinderen of ouderen zonder verwarming: {second} verbinden.",
        "Onder de vijf graden buiten en geen verwarming: {boss} mobiel. Anders morgen.",
        "Onderhoud? € 99 los, € 8,50 per maand met contract.\nOnderdelen? Twee jaar garantie.",
        BOILER, (ADDRESS, Field("Storingscode", False, "{code}")),
    ),
}  # fmt: skip
