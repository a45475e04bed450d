"""Who calls the demo's clients, and the words in braces in what they say: drawn at random, always the same."""

from collections.abc import Mapping, Sequence
from random import Random

NAMES: Mapping[str, Sequence[str]] = {
    "nl": (
        "Jansen", "De Jong", "Visser", "Smit", "Meijer", "De Boer", "Mulder", "Bos", "Vos", "Peters", "Hendriks",
        "Dekker",
        "Van Leeuwen", "Brouwer", "De Wit", "Dijkstra", "Smits", "De Graaf", "Van der Meer", "Kok", "Jacobs",
        "Vermeulen",
        "Van den Heuvel", "Schouten", "Willems", "Hoekstra", "Koster", "Prins", "Huisman", "Postma", "Kuiper",
        "Veenstra",
        "Kramer", "Van Wijk", "Bosch", "Yilmaz", "El Amrani", "Özdemir", "Nguyen", "Ramdin", "Kowalski", "Martens",
        "Van Dongen", "Scholten", "Blom", "Timmermans", "Van der Wal", "Groen", "Maas", "Verhoeven", "Aydin", "Bakker",
    ),
    "de": (
        "Müller", "Schmidt", "Fischer", "Wagner", "Becker", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein",
        "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Krüger", "Hofmann", "Hartmann", "Lange", "Krause",
        "Yıldız",
        "Schmitz", "Kaiser", "Lehmann", "Maier", "Köhler", "König", "Nowak", "Vogt", "Brandt", "Arslan",
    ),
    "en": (
        "Taylor", "Brown", "Wilson", "Evans", "Thomas", "Roberts", "Walker", "Wright", "Hughes", "Green", "Clarke",
        "Patel",
        "Murphy", "O'Brien", "Singh", "Moreau", "Rossi", "Garcia", "Larsen", "Novak", "Silva", "Cohen", "Tanaka", "Kim",
    ),
}  # fmt: skip
TITLES = {"nl": ("Mevrouw", "De heer"), "de": ("Frau", "Herr"), "en": ("Ms", "Mr")}
HOSTS = {"nl": ("post.example", "thuis.example"), "de": ("briefkasten.example",), "en": ("mail.example",)}
STREETS: Mapping[str, Sequence[str]] = {
    "nl": (
        "Overtoom", "Ceintuurbaan", "Linnaeusstraat", "Haarlemmerdijk", "Van Woustraat", "Rozengracht", "Javastraat",
        "Middenweg", "Kinkerstraat", "Admiraal de Ruijterweg", "Churchill-laan", "Beethovenstraat", "Czaar Peterstraat",
        "Spaarndammerstraat", "Burgemeester De Vlugtlaan", "IJburglaan", "Sarphatistraat", "Weesperzijde",
        "Plantage Kerklaan",
        "Molukkenstraat", "Jan Evertsenstraat", "Stadionweg", "Amstelveenseweg", "Bos en Lommerweg", "Nassaukade",
    ),
    "de": ("Rheinallee", "Gartenstraße", "Lindenweg", "Bahnhofstraße", "Schillerstraße", "Am Markt", "Kölner Straße",
           "Goethestraße", "Ringstraße", "Uferweg", "Mozartstraße", "Bergstraße"),
    "en": ("Keizersgracht", "Herengracht", "Apollolaan", "Prinsengracht", "Borneolaan", "Zeeburgerkade",
    "Johan de Witt",
           "Cornelis Schuytstraat", "Sloterkade", "Oostelijke Handelskade"),
}  # fmt: skip
DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
BODY = {
    "nl": ("schouder", "knie", "onderrug", "nek", "heup", "enkel", "elleboog", "rechtervoet", "linkerhand", "hiel"),
    "de": ("Rückenschmerzen", "Knieschmerzen", "Husten", "Ohrenschmerzen", "Schulterschmerzen", "Schwindel"),
    "en": ("shoulder", "knee"),
}
MEDICINE = (
    "metoprolol 50 mg",
    "omeprazol 20 mg",
    "salbutamol",
    "metformine 500 mg",
    "levothyroxine",
    "lisinopril 10 mg",
)
ARZNEI = ("Metoprolol 47,5 mg", "Pantoprazol 20 mg", "Salbutamol", "Metformin 500 mg", "L-Thyroxin 75", "Ramipril 5 mg")
PETS = ("Hond Bobbie", "Kat Minoes", "Hond Max", "Kat Simba", "Konijn Flappie", "Hond Luna", "Kat Pien",
"Cavia Knabbel",
        "Hond Saar", "Kat Tijger")  # fmt: skip
CHILDREN = ("Noah", "Emma", "Sem", "Julia", "Lucas", "Mila", "Levi", "Saar", "Yara", "Adam", "Nora", "Finn")
BOILERS = ("Remeha Tzerra", "Intergas HRE", "Nefit TrendLine", "Vaillant ecoTEC", "Remeha Avanta", "Nefit ProLine")
CARS = (
    "Volvo V60",
    "Toyota Yaris",
    "Opel Corsa",
    "Kia Niro",
    "Peugeot 208",
    "VW Golf",
    "Skoda Octavia",
    "Renault Clio",
)
PLACES = (
    "Centraal Station",
    "het OLVG",
    "de RAI",
    "Station Zuid",
    "het AMC",
    "Artis",
    "Schiphol",
    "de Zuidas",
    "Diemen",
)
TOWNS = ("Haarlem", "Almere", "Utrecht", "Zaandam", "Hilversum", "Leiden", "Purmerend", "Hoofddorp", "Amersfoort")
LETTERS = "BDFGHJKLNPRSTVXZ"
TAILS = {
    "nl": ("Is vandaag bereikbaar tot {later}.", "Liefst in de ochtend bellen.", "Belde eerder deze week ook.",
           "Graag ook een mail.", "Had haast.", "Is na {later} weer thuis.", "Klonk ongerust.",
           "Bedankt alvast.", "Mag ook een bericht zijn."),
    "de": ("Ist bis {later} Uhr erreichbar.", "Am liebsten vormittags.", "Hat schon einmal angerufen.",
           "Gern auch per E-Mail.", "Hatte es eilig.", "Ist ab {later} Uhr wieder da."),
    "en": ("Can be reached until {later}.", "Mornings are best.", "Called before this week.", "An email is fine too.",
           "Was in a hurry.", "Is back after {later}."),
}  # fmt: skip
THROUGH = {
    "nl": "Doorverbonden met {who}.",
    "de": "Mit {who} verbunden.",
    "en": "Put through to {who}.",
}


class Person:
    """Whoever calls a client from a number: the same name each time."""

    def __init__(self, client: str, number: str, language: str) -> None:
        drawn = Random(f"{client} {number}")
        self.sex = drawn.randrange(2)
        self.surname = drawn.choice(NAMES[language])
        self.initial = drawn.choice("ABCDEFGHJKLMNPRSTW")
        self.host = drawn.choice(HOSTS[language])
        self.name = f"{TITLES[language][self.sex]} {self.surname}"

    @property
    def email(self) -> str:
        """An address of a domain that cannot exist."""
        plain = "".join(sign for sign in self.surname.lower() if sign.isascii() and sign.isalpha())
        return f"{self.initial.lower()}.{plain}@{self.host}"


class Words(dict[str, str]):
    """The words in braces, each drawn when it is first asked for. minute: of the local day, at which somebody calls."""

    def __init__(self, drawn: Random, language: str, minute: int = 600, **known: str) -> None:
        super().__init__(known)
        self.drawn, self.language, self.minute = drawn, language, minute

    def __missing__(self, word: str) -> str:
        self[word] = found = self.draw(word)
        return found

    def draw(self, word: str) -> str:
        """Raises AttributeError for a word nobody knows."""
        one = self.drawn
        if word in NUMBERS:
            begin, end, step = NUMBERS[word]
            return str(one.randrange(begin, end, step))
        if word in LISTS:
            return one.choice(LISTS[word])
        return str(getattr(self, f"one_{word}")())

    def one_street(self) -> str:
        street, number = self.drawn.choice(STREETS[self.language]), self.drawn.randrange(2, 320)
        return f"{street} {number}"

    def one_day(self) -> str:
        return self.drawn.choice(DAYS[self.language])

    def one_day2(self) -> str:
        return next(day for day in self.drawn.sample(DAYS[self.language], 2) if day != self.get("day"))

    def one_time(self) -> str:
        return f"{self.drawn.randrange(8, 18)}:{self.drawn.choice(('00', '15', '30', '45'))}"

    def one_later(self) -> str:
        return self.clock(self.drawn.randrange(60, 330))

    def one_past(self) -> str:
        return self.clock(-self.drawn.randrange(20, 80))

    def clock(self, minutes: int) -> str:
        """A quarter of an hour so far from the call."""
        hour, minute = divmod((self.minute + minutes) % 1440, 60)
        return f"{hour}:{minute // 15 * 15:02d}"

    def one_amount(self) -> str:
        return self.money(self.drawn.randrange(1000, 9000, 25))

    def one_price(self) -> str:
        return self.money(self.drawn.randrange(325_000, 995_000, 2500))

    def one_bill(self) -> str:
        return self.money(self.drawn.randrange(95, 690))

    def money(self, amount: int) -> str:
        written = f"{amount:,}"
        if self.language == "en":
            return f"€{written}"
        return f"{written.replace(',', '.')} €" if self.language == "de" else f"€ {written.replace(',', '.')}"

    def one_body(self) -> str:
        return self.drawn.choice(BODY[self.language])

    def one_medicine(self) -> str:
        return self.drawn.choice(ARZNEI if self.language == "de" else MEDICINE)

    def one_name(self) -> str:
        return self.drawn.choice(NAMES[self.language])

    def one_birth(self) -> str:
        day, month, year = self.drawn.randrange(1, 29), self.drawn.randrange(1, 13), self.drawn.randrange(1938, 2022)
        return f"{day:02d}.{month:02d}.{year}" if self.language == "de" else f"{day:02d}-{month:02d}-{year}"

    def one_plate(self) -> str:
        letters = "".join(self.drawn.choice(LETTERS) for _ in range(3))
        return f"{self.drawn.choice(LETTERS)}-{self.drawn.randrange(100, 1000)}-{letters[:2]}"

    def one_code(self) -> str:
        return f"{self.drawn.choice('EF')}{self.drawn.randrange(1, 90):02d}"


LISTS: Mapping[str, Sequence[str]] = {
    "pet": PETS, "child": CHILDREN, "boiler": BOILERS, "car": CARS, "place": PLACES, "town": TOWNS,
    "side": ("linksboven", "rechtsboven", "linksonder", "rechtsonder"),
}  # fmt: skip
NUMBERS = {
    "small": (2, 9, 1), "number": (12, 60, 1), "ref": (10_000, 99_999, 1), "year": (1925, 2016, 1), "shoe": (36, 46, 1),
}  # fmt: skip
