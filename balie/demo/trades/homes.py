"""Those who make houses and gardens, look after them, sell them and move what is in them."""

from balie.demo.trades.trade import Field, Trade, back, settled, told

GARDENER = (
    back("Offerte tuin", "Wil de achtertuin aan de {street} opnieuw laten aanleggen, ongeveer {number} m².",
        "{boss} belt", 0, 3),
    told("Snoeien", "Leilindes aan de {street} mogen gesnoeid worden, {small} stuks. Kan vanaf {day}."),
    told("Onderhoud", "Vraagt of de ploeg {day} om {time} komt; poort aan de {street} is dan open."),
    back("Schutting", "Schutting aan de {street} is omgewaaid, {small} delen. Wat kost herstel?"),
    back("Factuur", "Nota {ref}: het groenafval staat erop maar ligt er nog, {street}."),
)  # fmt: skip
PAINTER = (
    back("Offerte buitenwerk", "Kozijnen voor en achter, {street}, laatste keer geschilderd in {year}.",
        "{boss} komt kijken", 0, 3),
    told("Kleur gekozen", "Heeft gekozen: RAL {ref} voor de voordeur aan de {street}."),
    told("Planning", "Is {day} niet thuis, sleutel ligt bij de buren van {street}."),
    back("Houtrot", "Houtrot in {small} kozijnen aan de {street}; kan dat eerst?"),
    told("Binnenwerk", "Twee slaapkamers en trapgat aan de {street}, graag voor de {small}e van volgende maand."),
)  # fmt: skip
MOVER = (
    back("Verhuizing", "Verhuist van {street} naar {town}, derde verdieping, verhuislift nodig. Datum: {day}.",
         "Offerte binnen een dag", 0, 4),
    told("Dozen", "Wil {number} verhuisdozen laten brengen aan de {street}, {day} na {time}."),
    told("Tijd gewijzigd", "Sleuteloverdracht is pas om {time}; verhuizers niet eerder aan de {street}."),
    back("Schade", "Kras op de kast na de verhuizing van {day}, opdracht {ref}. Foto's zijn gemaild.", "Wordt gebeld"),
    back("Opslag", "Zoekt opslag voor ongeveer {small} m³, {small} maanden, vanaf {day}."),
    told("Parkeerontheffing", "Gemeente heeft de ontheffing voor {street} toegezegd, kenmerk {ref}."),
)  # fmt: skip
SOLAR = (
    back("Offerte panelen", "Dak op het zuiden aan de {street}, wil {number} panelen. Verbruik {ref} kWh.",
        "Adviseur belt", 0, 4),
    back("Omvormer", "Omvormer aan de {street} staat op rood sinds {day}, code {code}.", "Service belt vandaag", 0.2,
        3),
    told("Installatie", "Steiger kan {day} om {time} aan de {street}; meterkast is vrijgemaakt."),
    back("Teruglevering", "Energiemaatschappij rekent terugleverkosten; wil weten wat een batterij kost, {street}."),
    told("Btw terug", "Vraagt of de papieren voor factuur {ref} al klaar zijn."),
)  # fmt: skip
ARCHITECT = (
    back("Nieuw project", "Dakopbouw aan de {street}, wil kennismaken. Budget ongeveer {price}.", "{boss} belt terug",
        0, 3),
    told("Vergunning", "Gemeente vraagt aanvulling bij aanvraag {ref}: doorsnede en kleuren.", "", 0.3),
    told("Bouwvergadering", "Vergadering op de {street} is verzet naar {day} {time}."),
    back("Constructeur", "Heeft een vraag over de ligger op tekening {ref}, wil vandaag overleggen."),
    told("Tekeningen", "Aannemer mist tekening {ref} voor de {street}, graag mailen."),
)  # fmt: skip
ADVISER = (
    back("Aankoopkeuring", "Wil een keuring van {street} voor {day}, woning uit {year}.", "Afspraak per mail", 0, 4),
    told("Rapport", "Wacht op rapport {ref} van de {street}; bank vraagt erom."),
    back("Scheuren", "Scheur in de voorgevel van {street}, wordt groter. Fundering?", "{boss} belt vandaag"),
    told("Sleutel", "Makelaar staat {day} om {time} met de sleutel bij {street}."),
)  # fmt: skip
ESTATE = (
    back("Bezichtiging", "Wil {street} bekijken, kan {day} na {time} of {day2}. Eigen woning is verkocht.",
        "Bevestiging per mail", 0, 4),
    told("Bod", "Brengt een bod uit van {price} op {street}, onder voorbehoud van financiering.",
        "{boss} belt vandaag", 0.5),
    back("Waardebepaling", "Overweegt {street} te verkopen, wil een waardebepaling.", "Binnen een werkdag gebeld", 0,
        3),
    told("Bezichtiging afgezegd", "Kan {day} om {time} niet naar {street} komen, belt voor een nieuwe afspraak."),
    back("Taxatierapport", "Hypotheekadviseur vraagt taxatierapport {street}, kenmerk {ref}.", "", 0.2),
    told("Oplevering", "Oplevering van {street} graag om {time} in plaats van eerder; notaris weet ervan."),
    back("Huurwoning", "Zoekt huur tot € 1.{small}50 per maand in de buurt van {street}."),
    settled("Brochure", "Brochure van {street} toegestuurd gekregen, had geen vragen meer voor {day}."),
)  # fmt: skip
ASSOCIATION = (
    back("Lekkage", "Lekkage in de kelderbox aan de {street}, komt uit de standleiding.", "Loodgieter wordt gestuurd",
        0.6, 3),
    told("Lift defect", "Lift aan de {street} staat stil op de {small}e verdieping, niemand erin.",
        "Storingsdienst gebeld", 0.5),
    back("Jaarrekening", "Eigenaar van {street} heeft vraag over post {ref} in de jaarrekening."),
    told("Vergadering", "Kan {day} niet bij de ledenvergadering van {street} zijn, stuurt een volmacht."),
    told("Overlast", "Klacht over geluid van nummer {small} aan de {street}, vooral na {time}."),
    back("Servicekosten", "Nieuwe eigenaar {street} wil weten hoe hoog de bijdrage is en vanaf wanneer.",
        "Administratie belt"),
    told("Verlichting", "Verlichting trappenhuis {street} is uit op de {small}e verdieping."),
    told("Sleutel", "Wil {small} extra sleutels van het complex aan de {street}, kosten zijn bekend."),
    back("Verkoop", "Notaris vraagt opgave van de VvE-schuld voor {street}, passeren op {day}.", "Stukken per mail",
        0.2),
)  # fmt: skip
TRADES: dict[str, Trade] = {
    "1004": Trade(
        ("Willem Prins", "Sanne de Jong"),
        "Bezichtigingen noteren met twee momenten; {second} plant.\nBiedingen altijd meteen doorverbinden met {boss}.\n"
        "Nooit zeggen wat anderen geboden hebben.",
        "Biedingen mogen tot 21 uur naar {boss} mobiel. De rest morgen.",
        "Courtage? {boss} bespreekt dat bij de kennismaking.\nBrochure? Staat bij elke woning op de website.\n"
        "Huurwoningen? Alleen in beheer, lijst op de website.",
        ESTATE, (Field("Woning", False, "{street}"),),
    ),
    "1007": Trade(
        ("Rob de Vries", "Rob de Vries"),
        "Offertes: adres, oppervlakte, wens. {boss} belt na vijf uur.", "Alleen stormschade naar {boss} mobiel.",
        "Winter? Snoeien en bestraten gaat door bij droog weer.", GARDENER,
    ),
    "1010": Trade(
        ("Marijke Noord", "technisch beheer"),
        "Vraag altijd het complex en de verdieping.\nLekkage of lift: doorverbinden met {second}.\n"
        "Vragen over geld: notitie voor de administratie.",
        "Lekkage die niet stopt, brand, opgesloten in de lift: {second} storingsdienst. De rest morgen.",
        "Wanneer is de vergadering? Staat op het bewonersportaal.\nSleutels? € 27,50 per stuk, legitimatie mee.\n"
        "Klacht over buren? Noteren, nooit partij kiezen.",
        ASSOCIATION, (Field("Complex", True, "{street}"), Field("Verdieping", False, "{small}")),
    ),
    "1015": Trade(
        ("Gerrit Mulder", "Tim Mulder"), "Offertes: binnen of buiten, hoeveel kozijnen. {boss} komt altijd kijken.",
        "Niemand storen. {second} belt de volgende dag.", "Wachttijd? Buitenwerk vanaf april.", PAINTER,
    ),
    "1017": Trade(
        ("Esther van Loon", "Jip Schouten"), "Aannemers en gemeente doorverbinden met {second}. {boss} belt zelf"
        " terug.",
        "Alles noteren.", "Tarief? Bespreken we bij de kennismaking.", ARCHITECT,
    ),
    "1022": Trade(
        ("Ronnie Kok", "planning"), "Verhuizing: van, naar, verdieping, lift, datum. {second} maakt de offerte.",
        "Op de verhuisdag zelf: {boss} mobiel.", "Dozen? € 2,25, worden gebracht.\nVerzekerd? Tot € 100.000.", MOVER,
        (Field("Verhuisdatum", False, "{day}"),),
    ),
    "1038": Trade(
        ("Jeroen Vink", "service"), "Nieuwe klant: dakrichting, verbruik, adres. Storing: merk en code.",
        "Notitie. Bij brandlucht: 112 en de groep uit.", "Levertijd? Ongeveer zes weken.\nGarantie? 25 jaar opbrengst.",
        SOLAR, (Field("Verbruik per jaar", False, "{ref} kWh"),),
    ),
    "1040": Trade(
        ("Ruud Meijer", "Ruud Meijer"), "Keuring: adres, bouwjaar, datum van het voorbehoud. {boss} plant zelf.",
        "Notitie.", "Prijs? Appartement € 395, woonhuis € 495.", ADVISER, (Field("Bouwjaar", False, "{year}"),),
    ),
}  # fmt: skip
