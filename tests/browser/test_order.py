"""A stranger becomes a client whose calls are answered: in a browser, in Dutch, with a real Asterisk behind it.

All between the pages is real: the commands, `balie serve` with its workers, the phone system, a caller of SIPp's.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from balie.rules.phone import as_dialled
from tests.browser.house import PASSWORD, PATIENCE, House, served, until, watched
from tests.installation import Installations
from tests.telephony.exchange import Exchange

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]
SCRIPTS = Path(__file__).resolve().parent.parent / "telephony/sipp"
NUMBERS = ("+31201236001", "+31201236002")
EMAIL = "kees@bakker.example"
FEE = {"meter": "basic_fee", "title": {"nl": "Basisbedrag"}, "price": "39.00", "cycle": "monthly"}
TALK = {"meter": "talk_time", "title": {"nl": "Gesprekstijd"}, "price": "0.89", "unit": "minute"}


def world(asterisk: Exchange) -> dict[str, Any]:
    boxes = ("orders", "registrations", "cancellations", "tasks")
    return {
        "operator": {
            "name": "Telefoonservice De Linde",
            "switch": asterisk.settings,
            "mailboxes": {box: f"{box}@delinde.example" for box in boxes},
        },
        "phone_systems": [
            {"name": "pbx", "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"], "account_prefix": "c"}
        ],
        "agents": [{"code": "201", "name": "Anna de Wit", "endpoint": "PJSIP/201"}],
        "tariffs": [
            {"code": "BASIS", "service": "telephone", "vat_percent": "21", "public": True, "title": {"nl": "Basis"},
             "items": [FEE, TALK]},
        ],
        "clients": [{"number": "1001", "name": "Bakkerij Zonder Dienst", "email": "info@zonder.example"}],
        "numbers": [{"number": number} for number in NUMBERS],
    }  # fmt: skip


@pytest.fixture(scope="module")
def shop(installations: Installations, asterisk: Exchange) -> Iterator[House]:
    """One for all orders here: each is of a client of its own."""
    made = installations.ready()
    (made.home / "world.json").write_text(json.dumps(world(asterisk)))
    assert made.run("load", "world.json").code == 0
    with served(made) as url:
        yield House(url, made, month="", links={})


@pytest.fixture
def page(shop: House, chrome: Browser) -> Iterator[Page]:
    """A telephone, in Dutch."""
    with watched(chrome, shop.url, locale="nl-NL", viewport={"width": 390, "height": 780}) as context:
        yield context.new_page()


def history(shop: House, client: str) -> tuple[dict[str, Any], dict[str, datetime]]:
    """A client's order, and when it reached each status."""
    order = shop.installation.run("order", "--client", client, "--tariff", "BASIS", "--json").json
    return order, {step["status"]: datetime.fromisoformat(step["at"]) for step in order["history"]}


def ordered_in_the_browser(page: Page, shop: House) -> None:
    """From the price list over the registration back to the order."""
    page.goto(f"{shop.url}/prices/BASIS/")
    page.locator("a[href*='/order/']").first.click()
    page.locator(".confirm a.deed").click()
    for field, value in (("company", "Bakkerij Bakker"), ("name", "Kees Bakker"), ("email", EMAIL)):
        page.fill(f"#{field}", value)
    page.fill("#password", PASSWORD)
    page.locator("form.sheet button.deed").click()
    expect(page).to_have_url(re.compile(r"/sent/"))
    page.goto(shop.link("registration_link", EMAIL, "activate"))
    page.locator("form button.deed").click()
    expect(page).to_have_url(re.compile(r"/prices/BASIS/order/"))
    page.locator("form.answer button.deed").click()
    expect(page).to_have_url(re.compile(r"/portal/orders/\d+/"))


def call_by_sipp(asterisk: Exchange, number: str, work: Path) -> None:
    """SIPp calls a number from the carrier, agent 201 answers, they talk for a second."""
    (work / "callers.csv").write_text(f"SEQUENTIAL\n0612345678;{as_dialled(number, 'NL')}\n")
    network = asterisk.network
    where = ["-i", f"{network}.2", "-p", "15199", "-mp", "33000"]
    what = ["-m", "1", "-d", "1000", "-inf", str(work / "callers.csv"), "-nostdin", f"{network}.1:15061"]
    command = ["sipp", "-sf", str(SCRIPTS / "caller.xml"), *where, *what]
    agent = asterisk.stage.a1  # made before the call: SIPp does not wait
    caller = subprocess.Popen(command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    leg = asterisk.stage.pick(agent, 0.2)
    leg.wait("over")
    assert caller.wait(PATIENCE) == 0
    asterisk.settle()


def test_stranger_orders_and_the_first_call_makes_it_active(
    shop: House, page: Page, asterisk: Exchange, tmp_path: Path
) -> None:
    ordered_in_the_browser(page, shop)
    expect(page.locator(".big-number")).to_have_text(re.compile("020 123 600"), timeout=PATIENCE * 1000)
    (client,) = shop.installation.rows("SELECT number FROM accounts_client WHERE name = 'Bakkerij Bakker'")[0]
    order, reached = history(shop, client)
    assert (reached["ready"] - reached["claimed"]).total_seconds() < 10
    statuses = ["claimed", "configured", "ready"]
    assert [step["status"] for step in order["history"]] == statuses
    call_by_sipp(asterisk, order["number"], tmp_path)
    # Other tests called numbers of theirs at the same Asterisk; those calls are in its file too.
    shop.installation.run("import", "calls", asterisk.call_file, "--source", "pbx")
    shop.installation.run("work", "--once", "--lane", "orders")
    own = f"client_id = (SELECT id FROM accounts_client WHERE number = '{client}')"
    assert shop.installation.rows(f"SELECT direction, type FROM calls_call WHERE {own}") == [("inbound", "accepted")]
    assert shop.installation.rows(f"SELECT status FROM contracts_order WHERE {own}") == [("active",)]
    page.reload()
    expect(page.locator(".order-progress [aria-current]")).to_have_count(0)
    page.goto(f"{shop.url}/portal/calls/")
    expect(page.locator("main")).to_contain_text("06 12 34 56 78")
    query = f"SELECT kind FROM notifications_mail WHERE about = 'client:{client}' ORDER BY id"
    told = [kind for (kind,) in shop.installation.rows(query) if kind.startswith("order_")]
    assert told == ["order_new", *(f"order_{status}" for status in (*statuses, "active"))]


def test_order_waits_while_the_phone_system_is_stopped_and_finishes_by_itself(shop: House, asterisk: Exchange) -> None:
    asterisk.stop()
    try:
        placed = shop.installation.run("order", "--client", "1001", "--tariff", "BASIS", "--json").json
        assert placed["number"] in NUMBERS
        until(lambda: history(shop, "1001")[0]["status"] == "waiting")
    finally:
        asterisk.start()
    order = until(lambda: (found := history(shop, "1001")[0])["status"] == "ready" and found, seconds=2 * PATIENCE)
    assert order["number"] == placed["number"]
    assert [step["status"] for step in order["history"]] == ["claimed", "waiting", "ready"]
