"""The description of a world file: every key there is, what it may hold, and what must be there.

docs/world.md explains each; a test compares the two.
"""

from balie.numbers.switches.asterisk import FORMS
from balie.rules.call import Direction, Privacy
from balie.rules.meter import BOOKED, Meter
from balie.rules.retention import LONGEST, TERMS, Kept
from balie.rules.tariff import Cycle, Notice, Unit
from balie.tariffs.checks import MOST_MONTHS
from balie.world import files, kinds, sense
from balie.world.kinds import amount, choice, decimal, language, or_null, percent, text, whole, yes_or_no
from balie.world.shape import Part, many, table

MAILBOXES = ("orders", "registrations", "cancellations", "incorrect_recording", "call_note_copy", "tasks", "imports")
COSTS = (
    "agent_per_hour",
    "forwarded_fixed",
    "forwarded_mobile",
    "forwarded_other",
    "outbound_fixed",
    "outbound_mobile",
    "outbound_other",
    "sms",
)
maybe_day = or_null(kinds.day)
maybe_secret = or_null(kinds.secret)
maybe_email = or_null(kinds.email, "")
from_to = sense.ends_after_begin("from", "to")
price = amount(digits=10, places=6)

CLOSE = Part({"day": whole(1, 28), "at": kinds.clock, "mail_clients": yes_or_no})
MAIL = Part(
    {"url": kinds.address("smtp", "smtps"), "password": maybe_secret, "from": kinds.sender},
    needed=("url",),
)
SWITCH = Part(
    {
        "kind": choice("fake", "manual", "asterisk", "webhook"),
        "url": or_null(kinds.address("ami", "amis", "https", "http")),
        "secret": maybe_secret,
        "fingerprint": or_null(text(110)),
        "dial": or_null(text(200)),
        "number_form": or_null(choice(*FORMS)),
        "test_from": or_null(text(79)),
        "account_prefix": or_null(text(20, empty=True)),
    },
    needed=("kind",),
    rules=(
        sense.url_of_kind({"asterisk": ("ami", "amis"), "webhook": ("https", "http")}),
        sense.of_asterisk,
    ),
)
GATEWAY_FIELDS = ("key", "from", "to", "text")
SMS_GATEWAY = Part(
    {
        "kind": choice("fake", "smpp", "http"),
        "url": or_null(kinds.address("smpp", "https", "http")),
        "password": maybe_secret,
        "fields": or_null(Part(dict.fromkeys(GATEWAY_FIELDS, or_null(text(40))))),
    },
    needed=("kind",),
    rules=(sense.url_of_kind({"smpp": ("smpp",), "http": ("https", "http")}), sense.of_smpp),
)
RETENTION = {kind: whole(TERMS[kind].fewest, LONGEST) for kind in Kept}
OPERATOR = Part(
    {
        "name": text(200),
        "timezone": kinds.zone,
        "region": kinds.region,
        "currency": kinds.currency,
        "language": language,
        "mailboxes": Part(dict.fromkeys(MAILBOXES, or_null(kinds.email))),
        "costs": Part(dict.fromkeys(COSTS, price)),
        "target_margin_percent": percent("99"),
        "offer_step": decimal(zero=False),
        "margin_months": whole(1, MOST_MONTHS),
        "base_url": or_null(kinds.web_address, ""),
        "address": many(text(100), most=8),
        "close": CLOSE,
        "mail": or_null(MAIL),
        "switch": or_null(SWITCH),
        "sms_gateway": or_null(SMS_GATEWAY),
        "sms_count": choice("per_160", "segments"),
        "quarantine_days": whole(0, 3650),
        "low_stock": whole(0, 30_000),
        "answer_seconds": whole(1, 600),
        "second_factor": or_null(yes_or_no),
        "retention": or_null(Part({kind: or_null(months) for kind, months in RETENTION.items()})),
    }
)
COLUMNS = ("start", "direction", "caller", "callee", "agent", "talk", "ring", "key", "client")
FILES = Part(
    {
        "url": kinds.address("file", "sftp", "ftp", "ftps", "https", "s3"),
        "key": maybe_secret,
        "password": maybe_secret,
        "host_key": or_null(text(2000)),
        "at": or_null(kinds.clock),
        "every_minutes": or_null(whole(1, 7 * 24 * 60)),
    },
    needed=("url",),
)
PHONE_SYSTEM = Part(
    {
        "name": text(100),
        "format": files.call_format,
        "timezone": kinds.zone,
        "trunks": many(text(120), most=1000),
        "account_prefix": or_null(text(20, empty=True), ""),
        "files": or_null(FILES),
        "columns": Part(dict.fromkeys(COLUMNS, files.column)),
        "separator": files.separator,
        "quoting": or_null(files.quoting, "none"),
        "encoding": files.encoding,
        "date_format": files.date_format,
        "decimal": choice(".", ","),
        "directions": table(
            text(80, empty=True),
            choice(Direction.INBOUND, Direction.FORWARDED, Direction.OUTBOUND),
            most=100,
        ),
    },
    needed=("name", "format"),
    rules=(sense.known_format,),
)
AGENT = Part(
    {
        "code": text(40),
        "name": text(200, empty=True),
        "email": maybe_email,
        "endpoint": or_null(text(120, empty=True), ""),
        "from": maybe_day,
        "to": maybe_day,
    },
    needed=("code",),
    rules=(from_to, sense.own_period),
)
BOOKING = Part(
    {
        "meter": choice(*BOOKED),
        "quantity": whole(0, 1_000_000),
        "from": maybe_day,
        "to": maybe_day,
        "text": or_null(text(200, empty=True), ""),
        "notice": or_null(choice(*Notice), ""),
    },
    needed=("meter",),
    rules=(from_to,),
)
CONTRACT = Part(
    {
        "service": text(40),
        "tariff": text(40),
        "start": kinds.day,
        "end": maybe_day,
        "booked": many(BOOKING),
    },
    needed=("start",),
    rules=(sense.ends_after_begin("start", "end"), sense.one_of_each_booking),
)
CLIENT = Part(
    {
        "number": text(40),
        "name": text(200),
        "language": language,
        # One that cannot be an address is taken: what is wrong with it is found on the client's notes (bad_email).
        "email": or_null(text(254), ""),
        "hide_numbers": choice(*Privacy),
        "contracts": many(CONTRACT),
    },
    needed=("number", "name"),
)
NUMBER = Part(
    {"number": kinds.phone_number, "client": or_null(text(40)), "from": maybe_day, "to": maybe_day},
    needed=("number",),
    rules=(from_to, sense.own_period),
)
TITLE = Part(dict.fromkeys(kinds.LANGUAGES, text(200)))
DESCRIPTION = Part(dict.fromkeys(kinds.LANGUAGES, kinds.lines(2000)))
WINDOW = Part(
    {
        "days": kinds.days_of_week,
        "from": or_null(files.hour),
        "to": or_null(files.hour),
        "holidays": choice("only", "except", "any"),
    },
    rules=(sense.whole_window,),
)
STEP = Part({"up_to": or_null(whole(1)), "price": price}, needed=("price",))
ITEM = Part(
    {
        "title": TITLE,
        "meter": choice(*Meter),
        "price": or_null(price, ""),
        "cycle": choice(*Cycle),
        "in_advance": yes_or_no,
        "unit": choice(*Unit),
        "increment": kinds.increment,
        "included": whole(0),
        "min_seconds": whole(0),
        "steps": or_null(many(STEP, most=100), []),
        "window": or_null(WINDOW),
        "cost_limit": yes_or_no,
        "minimum_revenue": yes_or_no,
        "vat_percent": or_null(percent("100")),
        "notice": or_null(choice(*Notice), ""),
    },
    needed=("meter",),
    rules=(sense.usage_or_fee,),
)
WATCH = Part(
    {
        "target_margin_percent": or_null(percent("99")),
        "margin_months": or_null(whole(1, MOST_MONTHS)),
        "offer_step": or_null(decimal(zero=False)),
    }
)
TARIFF = Part(
    {
        "code": text(40),
        "service": text(40),
        "title": TITLE,
        "description": DESCRIPTION,
        "public": yes_or_no,
        "client": or_null(text(40)),
        "from": or_null(kinds.first_of_month),
        "notice": choice(*Notice),
        "vat_percent": percent("100"),
        "minimum_revenue": or_null(decimal()),
        "cost_limit": or_null(decimal()),
        "tolerance_percent": or_null(percent("1000")),
        "prorate": yes_or_no,
        "items": many(ITEM, most=500),
        "orderable_from": maybe_day,
        "orderable_until": maybe_day,
        "code_expires": maybe_day,
        "code_uses": or_null(whole(1)),
        "code_withdrawn": yes_or_no,
        "watch": or_null(WATCH),
    },
    needed=("service", "items", "vat_percent"),
    rules=(sense.offered, sense.limited, sense.ends_after_begin("orderable_from", "orderable_until")),
)
WORLD = Part(
    {
        "operator": OPERATOR,
        "phone_systems": many(PHONE_SYSTEM),
        "agents": many(AGENT),
        "clients": many(CLIENT),
        "numbers": many(NUMBER),
        "tariffs": many(TARIFF),
    }
)
