"""Settings, SMS gateway: the way SMS leave the house; tried before it is stored, stored whole, taken back."""

from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import User
from balie.messages.models import FakeSms, Line
from balie.operator.models import LogEntry, Operator
from tests import make
from tests.ports import free_port
from tests.web.make_settings import was_in
from tests.web.reading import queries, undo_of
from tests.web.reading import text as words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGE, PUT, TRY = "/settings/sms-gateway/", "/settings/sms-gateway/put/", "/settings/sms-gateway/try/"
SMPP = {"kind": "smpp", "smpp_url": "smpp://linde@sms.example.com:2775", "password": "env:SMS_PASSWORD"}


def sent(browser: Browser, address: str = PUT, *, was: str = "", **fields: str) -> Any:
    """The form as the page shows it, with some fields filled in otherwise."""
    page = browser.get(PAGE)
    shown = {name.replace("option_", "option.").replace("fields_", "fields."): value
             for name, value in page.context["form"].items()}  # fmt: skip
    given = {name.replace("__", "."): value for name, value in fields.items()}
    return browser.post(address, {**shown, "was": was or was_in(page.content.decode()), **given})


def held() -> dict[str, Any]:
    found: dict[str, Any] = Operator.objects.get().sms_gateway
    return found


def test_none_is_stored_as_none_and_saving_it_changes_nothing(joris: Browser) -> None:
    make.operator(sms_gateway={})
    assert joris.get(PAGE).context["form"]["kind"] == "none"
    assert sent(joris).status_code == 302 and not LogEntry.objects.exists()


def test_what_smpp_wants_goes_into_the_address_and_comes_back_as_fields(joris: Browser) -> None:
    make.operator(sms_gateway={})
    assert sent(joris, **SMPP, option__per_second="20", option__zone="Europe/Amsterdam").status_code == 302
    url = "smpp://linde@sms.example.com:2775?per_second=20&zone=Europe/Amsterdam"
    assert held() == {"kind": "smpp", "url": url, "password": "env:SMS_PASSWORD"}
    page = joris.get(PAGE)
    form = page.context["form"]
    assert (form["smpp_url"], form["option_per_second"], form["option_window"]) == (SMPP["smpp_url"], "20", "")
    assert "Last changed by Joris" in words(page.content.decode())
    assert joris.post(undo_of(page.content.decode())).status_code == 302 and held() == {}


def test_saving_what_is_stored_changes_nothing_whatever_its_order(joris: Browser) -> None:
    url = "smpp://linde@sms.example.com?window=5&per_second=20&tls=no"
    make.operator(sms_gateway={"kind": "smpp", "url": url, "password": "geheim"})
    assert "geheim" not in joris.get(PAGE).content.decode()
    assert sent(joris).status_code == 302 and held()["url"] == url and not LogEntry.objects.exists()
    assert sent(joris, option__window="").status_code == 302
    assert held() == {"kind": "smpp", "url": url.replace("window=5&", ""), "password": "geheim"}


def test_a_password_that_is_stored_stays_where_its_field_is_left_empty(joris: Browser) -> None:
    make.operator(sms_gateway={"kind": "smpp", "url": SMPP["smpp_url"], "password": "geheim"})
    assert sent(joris, password="", option__per_second="20").status_code == 302
    url = f"{SMPP['smpp_url']}?per_second=20"
    assert held() == {"kind": "smpp", "url": url, "password": "geheim"}
    assert sent(joris, password="").status_code == 302 and LogEntry.objects.count() == 1


def test_numbers_of_smpp_are_typed_with_the_comma_of_the_language(joris: Browser) -> None:
    make.operator(sms_gateway={})
    User.objects.filter(email="joris@example.com").update(language="nl")
    assert sent(joris, **SMPP, option__per_second="0,5").status_code == 302
    assert held()["url"].endswith("?per_second=0.5")
    assert joris.get(PAGE).context["form"]["option_per_second"] == "0,5"
    assert sent(joris).status_code == 302 and LogEntry.objects.count() == 1


def test_two_lines_are_chosen_and_shown(joris: Browser) -> None:
    make.operator(sms_gateway={})
    assert sent(joris, **SMPP, option__lines="2").status_code == 302
    assert held()["url"].endswith("?lines=2")
    assert '<option value="2" selected>' in joris.get(PAGE).content.decode()
    assert sent(joris).status_code == 302 and LogEntry.objects.count() == 1


def test_an_address_pasted_with_its_options_is_taken(joris: Browser) -> None:
    make.operator(sms_gateway={})
    assert sent(joris, **{**SMPP, "smpp_url": "smpp://linde@sms.example.com?per_second=9"}).status_code == 302
    assert joris.get(PAGE).context["form"]["option_per_second"] == "9"


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        ({"kind": "smpp"}, "smpp_url", 'Enter the address; it begins with smpp://.'),
        ({**SMPP, "smpp_url": "smpp://sms.example.com"}, "smpp_url", "is no address of an SMPP gateway"),
        ({**SMPP, "smpp_url": "https://sms.example.com"}, "smpp_url", 'This address begins with smpp://.'),
        ({**SMPP, "smpp_url": "smpp://l@h?colour=red"}, "smpp_url", '"colour" of the SMS gateway cannot be'),
        ({**SMPP, "password": "geheim"}, "password", "not the password itself"),
        ({**SMPP, "option__per_second": "0"}, "option.per_second", "Give a number from 0.1 to 10000."),
        ({**SMPP, "option__window": "1.5"}, "option.window", "Give a whole number from 1 to 1000."),
        ({**SMPP, "option__zone": "Mars"}, "option.zone", "There is no time zone of this name; write it"),
        ({**SMPP, "option__ids": "oct"}, "option.ids", "Choose one of these."),
        ({**SMPP, "option__system_type": "x y"}, "option.system_type", "Give at most 12 letters, digits and signs"),
        ({**SMPP, "smpp_url": "smpp://l@h?window=5", "option__window": "6"}, "smpp_url", "“window” is given twice."),
        ({**SMPP, "smpp_url": "smpp://l:geheim@h"}, "smpp_url", "A password does not belong in an address; the field"),
        ({**SMPP, "password": ""}, "password", "Enter where the password your provider gave you lies: env:NAME"),
        ({"kind": "http", "http_url": "https://x"}, "password", "Enter where the key lies with which requests are"),
        ({"kind": "http", "http_url": "http://sms.example.com"}, "http_url", "is reached without encryption"),
        ({"kind": "http", "http_url": "https://x", "fields__to": "x" * 41}, "fields.to", "text is too long"),
        ({"kind": "pigeon"}, "kind", '"pigeon" is not known'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(
    joris: Browser, fields: dict[str, str], where: str, said: str
) -> None:
    make.operator(sms_gateway={})
    answer = sent(joris, **fields)
    assert (answer.status_code, answer.context["problem"].where, held()) == (422, where, {})
    assert said in answer.context["problem"].message


def test_http_has_an_address_a_key_and_names_of_fields(joris: Browser) -> None:
    make.operator(sms_gateway={})
    fields = {"kind": "http", "http_url": "https://sms.example.com/send", "password": "file:/etc/balie/sms"}
    assert sent(joris, **fields, fields__to="recipient").status_code == 302
    assert held() == {"kind": "http", "url": "https://sms.example.com/send", "password": "file:/etc/balie/sms",
                      "fields": {"to": "recipient"}}  # fmt: skip
    sent(joris, fields__to="")
    assert "fields" not in held()


def test_a_try_goes_by_the_form_and_sends_nothing(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make.operator(sms_gateway={})
    answer = sent(joris, TRY, kind="fake")
    assert "It works. An invented gateway; SMS it was given: 0." in words(answer.content.decode())
    assert held() == {} and not FakeSms.objects.exists()
    monkeypatch.setenv("SMS_PASSWORD", "geheim")
    port = free_port()
    answer = sent(joris, TRY, **{**SMPP, "smpp_url": f"smpp://linde@127.0.0.1:{port}"})
    page = words(answer.content.decode())
    assert "That did not work." in page and f"127.0.0.1:{port}" in page


def test_trying_that_there_is_none_says_that_sms_wait(joris: Browser) -> None:
    make.operator(sms_gateway={"kind": "fake"})
    answer = sent(joris, TRY, kind="none")
    page = words(answer.content.decode())
    assert answer.status_code == 200 and "SMS wait in the outbox until there is a gateway." in page


def test_stored_anew_the_line_is_tried_at_once(joris: Browser) -> None:
    make.operator(sms_gateway={"kind": "fake", "down": True})
    Line.objects.update_or_create(
        pk=1, defaults={"problem": "Nothing answers.", "lease_until": make.NOW.replace(year=2030)}
    )
    assert "There is no line to the gateway. Nothing answers." in words(joris.get(PAGE).content.decode())
    sent(joris, kind="http", http_url="https://sms.example.com/send", password="env:SMS_PASSWORD")
    assert Line.objects.get().lease_until < make.NOW.replace(year=2030)


def test_two_at_once_are_told_of_the_same_field(joris: Browser) -> None:
    make.operator(sms_gateway={})
    was = was_in(joris.get(PAGE).content.decode())
    sent(joris, **SMPP)
    answer = sent(joris, was=was, kind="fake")
    assert answer.status_code == 409 and "it says now: “smpp”" in answer.content.decode()
    assert held()["kind"] == "smpp"


def test_managers_read_what_goes_on_and_where_the_rest_is_set(marit: Browser) -> None:
    make.operator(sms_gateway={"kind": "fake"})
    page = marit.get(PAGE).content.decode()
    assert "An administrator can change this." in words(page) and "Last SMS that left none yet" in words(page)
    assert 'href="/sms/settings/"' in page and sent(marit, kind="none").status_code == 403
    assert queries(marit, PAGE) < 20
