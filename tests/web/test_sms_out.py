"""The office's pages of SMS that we send: what they say, and what their buttons do."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from balie.messages.actions import opt_out
from balie.messages.models import ClientSms, Line, OptOut, Outgoing, SmsSettings
from balie.operator.actions import Author
from balie.operator.models import Operator
from tests import make
from tests.messages.made import TO, an_operator, an_sms, scripted, states, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Browser:
    an_operator()
    browser = Browser()
    browser.force_login(make.user())
    return browser


def client() -> Any:
    from balie.accounts.models import Client

    return Client.objects.get(number="1001")


def body(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content
    return str(response.content.decode())


def test_list_shows_each_with_its_state_and_can_be_narrowed(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, answers={"lost": "unknown"})
    an_sms(client(), "lost")
    an_sms(client(), "good one", to="+31687654321")
    work()
    page = body(office.get("/sms/"))
    assert "lost" in page and "good one" in page and "It may have arrived or not" in page
    assert "good one" not in body(office.get("/sms/?state=unknown"))
    assert "lost" not in body(office.get("/sms/?q=0687654321"))
    assert "No SMS fits these filters." in body(office.get("/sms/?q=nothing"))
    assert "did not arrive, or nobody knows" in body(office.get("/"))


def test_pages_take_the_same_few_queries_however_many_there_are(
    office: Browser, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        an_sms(client(), f"text {number}")
    with django_assert_max_num_queries(12):
        body(office.get("/sms/"))


def test_unknown_sms_says_that_it_may_arrive_twice_and_is_sent_again_by_its_button(
    office: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = scripted(monkeypatch, answers={"Hello": "unknown"})
    sms = an_sms(client())
    work()
    assert "it may arrive twice" in body(office.get(f"/sms/{sms.pk}/"))
    assert office.post(f"/sms/{sms.pk}/again/").status_code == 302
    assert "nothing to send again" in body(office.post(f"/sms/{sms.pk}/again/"), 422)
    gateway.answers = {}
    work()
    assert len(gateway.given) == 2
    assert "1-0" not in body(office.get(f"/sms/{sms.pk}/")) and "2-0" in body(office.get(f"/sms/{sms.pk}/"))


def test_waiting_sms_is_taken_back_by_its_button(office: Browser) -> None:
    sms = an_sms(client())
    assert office.post(f"/sms/{sms.pk}/stop/").status_code == 302
    assert "Taken back by" in body(office.get(f"/sms/{sms.pk}/"))


def test_gateway_that_is_down_is_said_and_tried_at_once(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, down=True)
    an_sms(client())
    work()
    assert "Nobody answers." in body(office.get("/sms/"))
    Line.objects.update(parked="died")
    assert office.post("/sms/line/").status_code == 302
    line = Line.objects.get()
    assert (line.parked, line.attempts) == ("", 0)


def test_new_sms_is_queued_once_however_often_the_button_is_pressed(office: Browser) -> None:
    page = body(office.get("/sms/new/?client=1001"))
    key = page.split('name="key" value="')[1].split('"')[0]
    given = {"client": "1001 Client 1001", "to": "06 12345678", "text": "Hello", "key": key}
    assert [office.post("/sms/new/", given).status_code for _ in range(2)] == [302, 302]
    sms = Outgoing.objects.get()
    assert (sms.recipient, sms.client.number, sms.state) == (TO, "1001", "waiting")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"to": "nobody"}, "is no number that could get an SMS"), ({"client": "9"}, "9"), ({"text": " "}, "Write what")],
)
def test_new_sms_that_cannot_be_sent_keeps_what_was_typed(office: Browser, wrong: dict[str, str], said: str) -> None:
    given = {"client": "1001", "to": "06 12345678", "text": "Typed with care", **wrong}
    page = body(office.post("/sms/new/", given), 422)
    assert said in page and given["to"] in page and 'aria-invalid="true"' in page
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("text", "says", "not_says"),
    [
        ("Hello", ["Counts as 1 SMS; 155 characters"], ["alphabet"]),
        ("x" * 161, ["Counts as 2 SMS; 159 characters"], ["alphabet"]),
        ("Zo’n idee", ["“’” is not in the alphabet", "plain characters", "Counts as 1 SMS; 151"], []),
        ("Привет", ["“П” is not in the alphabet"], ["plain characters"]),
    ],
)
def test_count_says_what_is_left_and_what_makes_it_dear(
    office: Browser, text: str, says: list[str], not_says: list[str]
) -> None:
    page = body(office.post("/sms/count/", {"text": text}))
    assert [one for one in says if one not in page] == []
    assert [one for one in not_says if one in page] == []


def test_suggestion_takes_the_text_over_with_script_and_without(office: Browser) -> None:
    page = body(office.post("/sms/count/", {"text": "Zo’n idee", "take": "1"}))
    assert "Zo&#x27;n idee" in page and "alphabet" not in page
    page = body(office.post("/sms/new/", {"client": "1001", "to": "1", "text": "Zo’n idee", "plainer": "1"}))
    assert "Zo&#x27;n idee</textarea>" in page
    assert not Outgoing.objects.exists()


def test_settings_are_stored_and_shown_again(office: Browser) -> None:
    given = {"sender": "Linde", "quiet_from": "22:00", "quiet_until": "08:00", "limit": "200", "text_nl": "{text}"}
    assert office.post("/sms/settings/", given).status_code == 302
    held = SmsSettings.objects.get()
    assert (held.sender, held.limit, held.note_text) == ("Linde", 200, {"nl": "{text}"})
    page = body(office.get("/sms/settings/"))
    assert all(f'value="{one}"' in page for one in ("Linde", "22:00", "08:00", "200"))
    for wrong in (
        {"limit": "many"},
        {"quiet_from": "soon"},
        {"sender": "x" * 12},
        {"text_nl": "{x}"},
        {"quiet_until": "22:00"},
    ):
        body(office.post("/sms/settings/", {**given, **wrong}), 422)


def test_clients_settings_are_stored_and_shown_again(office: Browser) -> None:
    given = {"sender": "Bakker", "limit": "0", "text": "{caller}"}
    assert office.post("/clients/1001/sms/settings/", given).status_code == 302
    held = ClientSms.objects.get()
    assert (held.sender, held.limit, held.note_text) == ("Bakker", 0, "{caller}")
    assert 'value="Bakker"' in body(office.get("/clients/1001/sms/settings/"))
    assert "no sender" in body(office.post("/clients/1001/sms/settings/", {"sender": "x" * 12}), 422)
    body(office.get("/clients/1001/sms/"))


def test_numbers_opt_out_and_in(office: Browser) -> None:
    assert office.post("/sms/opt-outs/", {"number": "06 12345678", "why": "asked"}).status_code == 302
    assert "asked" in body(office.get("/sms/opt-outs/"))
    assert "is no number" in body(office.post("/sms/opt-outs/", {"number": "x"}), 422)
    assert office.post(f"/sms/opt-outs/{OptOut.objects.get().pk}/remove/").status_code == 302
    assert not OptOut.objects.exists()
    opt_out(number=TO, author=Author("STOP", make.NOW))
    page = body(office.post("/sms/new/", {"client": "1001", "to": TO, "text": "Hello"}, follow=True))
    assert "This number asked for no more SMS." in page


@pytest.mark.parametrize(
    "path", ["/sms/", "/sms/new/", "/sms/settings/", "/sms/opt-outs/", "/sms/1/", "/clients/1001/sms/settings/"]
)
@pytest.mark.parametrize("role", ["agent", ""])
def test_pages_are_for_managers(office: Browser, path: str, role: str) -> None:
    other = Browser()
    more = {"agent": make.agent("205")} if role else {"client": client()}
    other.force_login(make.user("other@x.example", role=role, **more))
    assert {other.get(path).status_code, other.post(path).status_code} == {403}


def test_other_words_from_a_page_that_was_sent_are_told_and_go_out_as_another_sms(office: Browser) -> None:
    given = {"client": "1001", "to": "06 12345678", "text": "Hello", "key": "k"}
    office.post("/sms/new/", given)
    page = body(office.post("/sms/new/", {**given, "text": "is onderweg"}), 422)
    assert "This page was sent before" in page and "is onderweg</textarea>" in page
    key = page.split('name="key" value="')[1].split('"')[0]
    assert office.post("/sms/new/", {**given, "text": "is onderweg", "key": key}).status_code == 302
    assert sorted(Outgoing.objects.values_list("text", flat=True)) == ["Hello", "is onderweg"]


def typed(text: str) -> dict[str, str]:
    return {"client": "1001", "to": TO, "text": text}


@pytest.mark.parametrize("text", [" " + "x" * 160, "x" * 160 + " \r\n\r\n", "a\r\n" * 80 + "b"])
def test_count_while_typing_is_what_is_billed(office: Browser, text: str) -> None:
    page = body(office.post("/sms/count/", {"text": text}))
    office.post("/sms/new/", typed(text))
    assert f"Counts as {Outgoing.objects.get().parts} SMS" in page


def test_text_too_long_to_be_sent_is_said_while_it_is_typed(office: Browser) -> None:
    assert "10 are sent at most" not in body(office.post("/sms/count/", {"text": "x" * 1530}))
    assert "This would be 11 SMS in a row; 10 are sent at most." in body(
        office.post("/sms/count/", {"text": "x" * 1531})
    )


@pytest.mark.parametrize("what", ["quiet", "none", "down"])
def test_page_promises_no_sooner_than_the_sms_can_go(
    office: Browser, monkeypatch: pytest.MonkeyPatch, time_machine: Any, what: str
) -> None:
    time_machine.move_to(datetime(2026, 11, 26, 22, 30, tzinfo=UTC), tick=False)
    said = {
        "quiet": "in quiet hours it waits, and goes out at",
        "none": "there is no SMS gateway",
        "down": "once the gateway can be",
    }
    scripted(monkeypatch, down=what == "down")
    if what == "none":
        Operator.objects.update(sms_gateway={})
    elif what == "quiet":
        SmsSettings.objects.create(pk=1, quiet_from=time(22), quiet_until=time(8))
    else:
        an_sms(client())
        work()
    answer = office.post("/sms/new/", typed("Hello"), follow=True)
    page = body(answer)
    assert said[what] in page and ("08:00" in page) == (what == "quiet")


def test_sms_taken_back_is_sent_after_all_by_the_undo(office: Browser) -> None:
    sms = an_sms(client())
    page = body(office.post(f"/sms/{sms.pk}/stop/", follow=True))
    assert "Send it after all" in page and page.count(f'action="/sms/{sms.pk}/again/"') == 2
    assert "within a few seconds" in body(office.post(f"/sms/{sms.pk}/again/", follow=True))
    assert Outgoing.objects.get().state == "waiting"


def test_all_that_failed_are_sent_again_by_one_button(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = scripted(monkeypatch, answers={"a": "no", "b": "no", "c": "unknown"})
    for text, to in (("a", TO), ("b", "+31687654321"), ("c", TO)):
        an_sms(client(), text, to=to)
    work()
    opt_out(number="+31687654321", author=Author("Marit", timezone.now()))
    assert "2 SMS of the last seven days failed." in body(office.get("/sms/"))
    page = body(office.post("/sms/again/", follow=True))
    assert "1 SMS is sent again." in page and "1 SMS is not sent again: the number opted out" in page
    assert (states()["a"], len(gateway.given)) == ("waiting", 3), "the worker sends it, not the page"
    gateway.answers = {}
    work()
    assert states() == {"a": "sent", "b": "failed", "c": "unknown"}
    Outgoing.objects.update(state="sent")
    assert "there is nothing to send again" in body(office.post("/sms/again/", follow=True))


def test_all_of_which_nobody_knows_since_a_restore_are_sent_again_by_one_button(office: Browser) -> None:
    from balie.backup.settling import hold_back

    for number in range(3):
        an_sms(client(), f"text {number}")
    assert hold_back(made=timezone.now()).sms == 3
    page = body(office.get("/sms/"))
    assert "Nobody knows whether 3 SMS of the last seven days arrived." in page and "gets it twice" in page
    assert "nothing to send again" in body(office.post("/sms/again/", follow=True)), "none of them failed"
    assert "3 SMS are sent again." in body(office.post("/sms/again/", {"state": "unknown"}, follow=True))
    assert "Nobody knows whether" not in body(office.get("/sms/"))
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"waiting"}


def test_what_failed_long_ago_is_told_no_more_and_not_sent_again(office: Browser, time_machine: Any) -> None:
    sms = an_sms(client())
    Outgoing.objects.update(state="failed")
    assert "did not arrive, or nobody knows" in body(office.get("/"))
    time_machine.move_to(timezone.now() + timedelta(days=8), tick=False)
    office.force_login(make.user("femke@example.com"))
    assert "did not arrive, or nobody knows" not in body(office.get("/"))
    office.post("/sms/again/")
    sms.refresh_from_db()
    assert sms.state == "failed"


def test_sms_to_a_number_that_opted_out_leads_to_that_number_in_the_list(office: Browser) -> None:
    for number in (TO, "+31687654321"):
        opt_out(number=number, author=Author("Marit", timezone.now()))
    sms = an_sms(client())
    page = body(office.get(f"/sms/{sms.pk}/"))
    assert 'href="/sms/opt-outs/?q=%2B31612345678"' in page and "/again/" not in page
    listed = body(office.get("/sms/opt-outs/?q=%2B31612345678"))
    assert listed.count("Allow again") == 1 and "06 12 34 56 78" in listed
    assert "No such number has opted out." in body(office.get("/sms/opt-outs/?q=999"))
    assert body(office.get("/sms/opt-outs/")).count("Allow again") == 2
