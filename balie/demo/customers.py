"""The forty clients of the demo operator: who they are, when and how often their telephones ring, what agents do then.

Every company, person and number here is made up; the numbers lie in ranges nobody has.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

# Calls per hour of the local day, relative to each other; the last four keep ringing at night.
HOURS: dict[str, tuple[int, ...]] = {
    "office": (0, 0, 0, 0, 0, 0, 0, 2, 14, 24, 26, 22, 12, 18, 22, 21, 17, 6, 1, 0, 0, 0, 0, 0),
    "practice": (0, 0, 0, 0, 0, 0, 0, 4, 48, 34, 24, 18, 6, 16, 18, 16, 11, 2, 0, 0, 0, 0, 0, 0),
    "trades": (0, 0, 0, 0, 0, 0, 1, 16, 24, 20, 17, 14, 9, 14, 14, 14, 15, 10, 2, 1, 0, 0, 0, 0),
    "shop": (0, 0, 0, 0, 0, 0, 0, 0, 4, 13, 17, 18, 14, 17, 18, 17, 16, 12, 9, 8, 6, 2, 0, 0),
    "lessons": (0, 0, 0, 0, 0, 0, 0, 1, 8, 12, 12, 10, 8, 10, 12, 18, 22, 18, 12, 9, 5, 0, 0, 0),
    "emergency": (4, 3, 2, 2, 2, 3, 8, 15, 20, 18, 15, 13, 12, 13, 13, 14, 16, 20, 22, 20, 16, 12, 9, 6),
    "taxi": (9, 6, 4, 3, 5, 9, 14, 20, 19, 14, 11, 11, 12, 12, 13, 15, 17, 18, 17, 17, 16, 17, 19, 14),
    "grief": (2, 2, 2, 2, 3, 4, 6, 10, 14, 15, 14, 12, 9, 10, 11, 11, 10, 8, 7, 6, 5, 4, 3, 2),
}
ROUND_THE_CLOCK = ("emergency", "taxi", "grief")
# Monday to Sunday; a public holiday is as quiet as a Sunday.
WEEK: dict[str, tuple[float, ...]] = {
    "office": (1.28, 1.08, 1.0, 1.0, 0.86, 0.03, 0.02),
    "practice": (1.42, 1.08, 0.96, 1.0, 0.88, 0.03, 0.02),
    "trades": (1.24, 1.05, 1.0, 1.0, 0.94, 0.14, 0.02),
    "shop": (1.16, 0.98, 0.95, 1.0, 1.06, 0.8, 0.06),
    "lessons": (1.1, 1.0, 1.08, 1.02, 0.9, 0.25, 0.03),
    "emergency": (1.08, 0.98, 0.96, 0.98, 1.04, 0.92, 0.82),
    "taxi": (0.9, 0.92, 0.95, 1.02, 1.2, 1.25, 0.95),
    "grief": (1.06, 1.0, 0.98, 1.0, 1.0, 0.86, 0.8),
}

When = tuple[int, int]  # months after the demo's first month, day of that month or its last


def day_of(first: date, when: When) -> date:
    """The day itself."""
    months, day = when
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Customer:
    """A client and its telephone. `calls` on an ordinary working day, `talk` the usual seconds of a conversation."""

    number: str
    name: str
    hours: str
    calls: float
    talk: int = 100
    tariff: str = "BASIS"
    language: str = "nl"
    hide: str = "none"
    how: str = "team"  # team: all telephones ring; turns: one after another; one: a fixed agent first
    on: float = 0.08  # share of conversations sent on to somebody at the client's
    back: float = 0.06  # agents' own calls on the client's behalf, for each call that comes in
    closed: str = "voicemail"  # out of hours: voicemail, or mobile for the client's own telephone
    season: float = 0.0  # 0.3: a third more in January than on average, and as much less in July
    pbx: str = "pbx-1"
    begins: When | None = None  # None: long before the demo's first month
    ends: When | None = None  # its last day; None: still there
    takes: str = ""  # the number of the client whose telephone number this one got

    @property
    def mailbox(self) -> str:
        """Its address, of a domain that cannot exist."""
        words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in self.name.lower()).split()
        return f"info@{'-'.join(words[:2])}.example"

    @property
    def line(self) -> str:
        """Its number, E.164."""
        town = "30" if self.pbx == "pbx-2" else "20"
        return f"+31{town}5550{(self.takes or self.number)[1:]}"

    @property
    def mobile(self) -> str:
        """Where its own people are reached, as agents dial it."""
        return f"068765{int(self.number) * 37 % 10_000:04d}"

    def there(self, day: date, first: date) -> bool:
        """Whether it is a client on this day; `first` is the first day of the demo's first month."""
        return (self.begins is None or day_of(first, self.begins) <= day) and (
            self.ends is None or day <= day_of(first, self.ends)
        )


CUSTOMERS: tuple[Customer, ...] = (
    Customer("1001", "Bakker Installatietechniek", "trades", 13, tariff="ZAKELIJK", on=0.14, season=0.22, talk=95),
    Customer(
        "1002", "Notariskantoor Van Dam & Verhoeven", "office", 10, tariff="ZAKELIJK", hide="last3", on=0.18, talk=125
    ),
    Customer("1003", "Fysiotherapie Vondelpark", "practice", 12, tariff="PRAKTIJK", talk=85, back=0.1),
    Customer(
        "1004", "Makelaardij Prins", "office", 9, tariff="PRINS-7Q4K", on=0.2, back=0.12, talk=110, closed="mobile"
    ),
    Customer("1005", "Dierenkliniek Amstelveld", "emergency", 14, tariff="DAGNACHT", on=0.16, talk=120, how="turns"),
    Customer("1006", "Rijschool Groen Licht", "lessons", 6, talk=80, closed="mobile"),
    Customer("1007", "Hoveniersbedrijf De Vries", "trades", 4, season=-0.4, closed="mobile", talk=85),
    Customer("1008", "Tandartspraktijk Oosterpark", "practice", 13, tariff="PRAKTIJK", talk=75),
    Customer(
        "1009", "Van den Berg Advocaten", "office", 8, tariff="ZAKELIJK", hide="last3", how="one", on=0.22, talk=115
    ),
    Customer("1010", "VvE-beheer Noordzee", "office", 10, tariff="ZAKELIJK", talk=140, back=0.09),
    Customer(
        "1011",
        "Loodgieter24 Amsterdam",
        "emergency",
        13,
        tariff="DAGNACHT",
        on=0.24,
        season=0.25,
        talk=105,
        how="turns",
    ),
    Customer("1012", "Fietsparadijs webwinkel", "shop", 11, talk=120, season=-0.2),
    Customer("1013", "Taxicentrale Amstelland", "taxi", 16, tariff="DAGNACHT", talk=48, on=0.03, back=0.02),
    Customer(
        "1014", "Uitvaartzorg Linnaeus", "grief", 4, tariff="DAGNACHT", talk=210, on=0.45, how="turns", hide="last3"
    ),
    Customer("1015", "Schildersbedrijf Mulder & Zn.", "trades", 4, closed="mobile", season=-0.25),
    Customer("1016", "Huisartsenpraktijk De Pijp", "practice", 18, tariff="PRAKTIJK", hide="all", talk=95, on=0.12),
    Customer("1017", "Architectenbureau Zuiderlicht", "office", 3, how="one", on=0.25),
    Customer("1018", "Administratiekantoor Jansen", "office", 4, talk=105),
    Customer("1019", "Autobedrijf Kuipers", "trades", 8, talk=80, on=0.12),
    Customer("1020", "Kapsalon Haarlemmerdijk", "shop", 5, talk=60, ends=(0, 31)),
    Customer("1021", "Kinderopvang De Boomhut", "practice", 5, talk=85, on=0.1),
    Customer("1022", "Verhuisbedrijf Snel & Zeker", "trades", 5, talk=150, back=0.12, season=-0.15),
    Customer("1023", "Psychologenpraktijk Helder", "practice", 4, hide="all", talk=130, back=0.15),
    Customer("1024", "Glaszetter Spoed", "emergency", 4, tariff="DAGNACHT", on=0.3, talk=95, how="turns"),
    Customer("1025", "Dakdekkersbedrijf Smit", "trades", 4, season=0.3, closed="mobile", on=0.12),
    Customer(
        "1026", "Kanzlei Weber & Partner", "office", 5, language="de", hide="last3", tariff="ZAKELIJK", on=0.2, talk=120
    ),
    Customer("1027", "Hausverwaltung Rheinblick", "office", 4, language="de", talk=130),
    Customer("1028", "Praxis Dr. Lindner", "practice", 6, language="de", hide="all", tariff="PRAKTIJK"),
    Customer("1029", "Harbour Yachts Amsterdam", "office", 3, language="en", on=0.2, season=-0.35, talk=125),
    Customer("1030", "Expat Relocation Partners", "office", 4, language="en", back=0.14, talk=145),
    Customer("1031", "Mediation Domplein", "office", 3, pbx="pbx-2", talk=115, hide="last3"),
    Customer("1032", "Podotherapie Leidsche Rijn", "practice", 5, pbx="pbx-2", talk=80),
    Customer(
        "1033", "Slotenmaker Domstad", "emergency", 7, pbx="pbx-2", tariff="DAGNACHT", on=0.32, talk=70, how="turns"
    ),
    Customer("1034", "Studio Wittevrouwen", "lessons", 3, pbx="pbx-2", talk=70),
    Customer("1035", "Belastingadvies Hoekstra", "office", 4, pbx="pbx-2", talk=120, how="one", on=0.16),
    Customer("1036", "Cateringbedrijf Van Eeden", "shop", 4, pbx="pbx-2", talk=150, ends=(2, 31)),
    Customer("1037", "Optiek Biltstraat", "shop", 4, pbx="pbx-2", talk=75),
    Customer(
        "1038",
        "Zonnepanelen Midden-Nederland",
        "office",
        7,
        pbx="pbx-2",
        tariff="VAST",
        season=-0.3,
        begins=(1, 15),
        talk=160,
    ),
    Customer("1039", "Cv-ketelservice Bos", "trades", 7, pbx="pbx-2", season=0.45, begins=(2, 21), on=0.15),
    Customer("1040", "Bouwkundig Adviesbureau Meijer", "office", 4, begins=(2, 1), takes="1020", talk=110, on=0.14),
)
