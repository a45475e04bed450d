"""Settings, Switch: who configures numbers; tried before it is stored, stored whole, taken back."""

import socket
from typing import Any

import pytest
from django.test import Client as Browser

from balie.contracts.models import Order, OrderStep
from balie.operator.models import LogEntry, Operator
from balie.rules.activation import Status
from balie.web.office.settings import outside
from tests import make
from tests.ports import free_port
from tests.web import make_orders
from tests.web.make_settings import was_in
from tests.web.reading import queries, undo_of
from tests.web.reading import text as words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGE, PUT, TRY = "/settings/switch/", "/settings/switch/put/", "/settings/switch/try/"
ASTERISK = {"kind": "asterisk", "url": "ami://balie@127.0.0.1:5038", "secret": "env:AMI_SECRET"}


def sent(browser: Browser, address: str = PUT, *, was: str = "", **fields: str) -> Any:
    """The form as the page shows it, with some fields filled in otherwise."""
    page = browser.get(PAGE)
    said = {**page.context["form"], "was": was or was_in(page.content.decode())}
    return browser.post(address, {**said, **fields})


def held() -> dict[str, Any]:
    found: dict[str, Any] = Operator.objects.get().switch
    return found


def test_without_a_setting_staff_do_it_by_hand_and_saving_that_changes_nothing(joris: Browser) -> None:
    make.operator(switch={})
    assert joris.get(PAGE).context["form"]["kind"] == "manual"
    assert sent(joris).status_code == 302 and held() == {} and not LogEntry.objects.exists()


def test_an_asterisk_is_stored_with_what_differs_from_the_usual_and_logged(joris: Browser) -> None:
    make.operator(switch={})
    assert sent(joris, **ASTERISK, test_from="from-carrier").status_code == 302
    assert held() == {**ASTERISK, "test_from": "from-carrier"}
    page = joris.get(PAGE).content.decode()
    assert "Saved." in page and "Last changed by Joris" in words(page)
    entry = LogEntry.objects.get()
    assert (entry.deed, entry.about, entry.details["before"]) == ("operator.changed", "operator", {"switch": {}})
    assert sent(joris).status_code == 302 and LogEntry.objects.count() == 1  # nothing changed
    assert joris.post(undo_of(page)).status_code == 302 and held() == {}


def test_an_empty_prefix_is_none_and_not_the_usual_one(joris: Browser) -> None:
    make.operator(switch=ASTERISK)
    assert joris.get(PAGE).context["form"]["account_prefix"] == "c"
    sent(joris, account_prefix="")
    assert held() == {**ASTERISK, "account_prefix": ""}
    assert joris.get(PAGE).context["form"]["account_prefix"] == ""


def test_a_secret_that_is_stored_stays_where_its_field_is_left_empty(joris: Browser) -> None:
    make.operator(switch={**ASTERISK, "secret": "geheim"})
    assert sent(joris, secret="", dial="PJSIP/201").status_code == 302
    assert held() == {**ASTERISK, "secret": "geheim", "dial": "PJSIP/201"}
    answer = sent(joris, kind="webhook", url="https://pbx.example.com/balie", secret="")
    assert (answer.status_code, answer.context["problem"].where) == (422, "secret"), "that of another kind"
    assert held()["kind"] == "asterisk"


def test_what_belongs_to_another_kind_falls_away(joris: Browser) -> None:
    make.operator(switch={**ASTERISK, "dial": "PJSIP/201", "fingerprint": None})
    sent(joris, kind="webhook", url="https://pbx.example.com/balie")
    assert held() == {"kind": "webhook", "url": "https://pbx.example.com/balie", "secret": "env:AMI_SECRET"}
    sent(joris, kind="manual")
    assert held() == {"kind": "manual"}


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        ({"kind": "asterisk"}, "url", 'Enter the address; it begins with ami:// or amis://.'),
        ({**ASTERISK, "url": "https://x"}, "url", 'This address begins with ami:// or amis://.'),
        ({**ASTERISK, "url": "ami://127.0.0.1"}, "url", "is no address of an Asterisk"),
        ({**ASTERISK, "secret": "geheim"}, "secret", "Write where the password lies, not the password itself"),
        ({**ASTERISK, "dial": "Local/a&PJSIP/1"}, "dial", "cannot be used here; it is one place as Dial() takes it"),
        ({**ASTERISK, "test_from": "a b"}, "test_from", "it is a context of the dial plan"),
        ({**ASTERISK, "fingerprint": "a" * 64}, "fingerprint", "only where the address begins with amis://"),
        ({**ASTERISK, "number_form": "morse"}, "number_form", '"morse" is not known'),
        ({"kind": "webhook", "url": "http://pbx.example.com"}, "url", "is reached without encryption"),
        ({**ASTERISK, "secret": ""}, "secret", "Enter where the secret of its account in manager.conf lies: env:NAME"),
        ({"kind": "webhook", "url": "https://x"}, "secret", "Enter where the key lies with which requests are signed"),
        ({**ASTERISK, "url": "ami://a:b@h"}, "url", "the field for it says where it lies: env:NAME or file:/path"),
        ({"kind": "telex"}, "kind", '"telex" is not known'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(
    joris: Browser, fields: dict[str, str], where: str, said: str
) -> None:
    make.operator(switch={})
    answer = sent(joris, **fields)
    assert (answer.status_code, answer.context["problem"].where, held()) == (422, where, {})
    assert said in answer.context["problem"].message
    assert sent(joris, TRY, **fields).context["problem"].where == where


def test_a_try_goes_by_the_form_and_stores_nothing(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make.operator(switch={"kind": "manual"})
    answer = sent(joris, TRY, kind="fake")
    assert "It works. An invented phone system; numbers it remembers: 0." in words(answer.content.decode())
    assert answer.context["form"]["kind"] == "fake" and held() == {"kind": "manual"}
    answer = sent(joris, TRY, **ASTERISK)
    assert "That did not work. The environment variable AMI_SECRET is not set" in words(answer.content.decode())
    monkeypatch.setenv("AMI_SECRET", "geheim")
    port = free_port()
    answer = sent(joris, TRY, **{**ASTERISK, "url": f"ami://balie@127.0.0.1:{port}"})
    assert "Nothing answers at the phone system's address" in words(answer.content.decode()).replace("&#x27;", "'")


def test_a_phone_system_that_says_nothing_is_given_up_in_words(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make.operator(switch={})
    monkeypatch.setenv("AMI_SECRET", "geheim")
    monkeypatch.setattr(outside, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = sent(joris, TRY, **{**ASTERISK, "url": f"ami://balie@127.0.0.1:{silent.getsockname()[1]}"})
        assert "Nothing answered within ten seconds." in answer.content.decode()


def test_two_at_once_and_a_change_that_was_changed_again(joris: Browser) -> None:
    make.operator(switch=ASTERISK)
    was = was_in(joris.get(PAGE).content.decode())
    sent(joris, dial="PJSIP/201")
    undo = undo_of(joris.get(PAGE).content.decode())
    assert sent(joris, was=was, dial="Local/agents@balie", test_from="other").status_code == 302
    assert held() == {**ASTERISK, "dial": "PJSIP/201", "test_from": "other"}  # the second did not touch dial
    answer = sent(joris, was=was, dial="PJSIP/999")
    assert answer.status_code == 409 and "it says now: “PJSIP/201”" in answer.content.decode()
    assert "nothing was taken back" in joris.post(undo, follow=True).content.decode()
    assert joris.post("/settings/switch/undo/999/").status_code == 404


def test_what_no_field_is_for_stays_with_its_kind(joris: Browser) -> None:
    make.operator(switch={"kind": "fake", "down": "prove"})
    assert sent(joris).status_code == 302 and held() == {"kind": "fake", "down": "prove"}


def test_managers_see_orders_that_wait_and_numbers_that_worked(marit: Browser) -> None:
    make.operator(switch={"kind": "fake"})
    page = words(marit.get(PAGE).content.decode())
    assert "None: every number that was ordered works." in page and "None yet." in page
    assert "An administrator can change this." in page and "Try it" not in page
    works = make_orders.ready(make_orders.place(make_orders.house()))
    waits = make_orders.place(make.client("3002", name="Van Dam"))
    Order.objects.filter(pk=waits.pk).update(problem="The phone system hung up.")
    page = words(marit.get(PAGE).content.decode())
    assert "1 number is not configured yet." in page and "The phone system hung up." in page
    assert works.client.name in page
    before = queries(marit, PAGE)
    for _again in range(3):
        OrderStep.objects.create(order=works, status=Status.READY, at=works.placed)
    assert queries(marit, PAGE) == before
