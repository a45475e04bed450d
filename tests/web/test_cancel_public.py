"""Cancelling without a login: form, check, receipt; the client's own confirmation; staff who accept or reject."""

import re
from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from balie.accounts.models import Client
from balie.contracts import links
from balie.contracts.actions.request import confirm_notice
from balie.contracts.models import Cancellation, CancellationRequest, Contract
from balie.notifications.models import Mail
from balie.rules.errors import Refused
from tests import make
from tests.web import make_orders, make_portal
from tests.web.make_portal import page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FORM = "/cancel/"
GIVEN = {"name": "Kees Bakker", "identified": "1001", "email": "kees@bakker.example", "service": "telephone"}
END = date(2026, 12, 31)


@pytest.fixture
def bakker(db: None) -> Client:
    make_orders.house()
    found = Client.objects.get(number="1001")
    make_portal.user(found, owner=True)
    return found


@pytest.fixture
def staff(bakker: Client) -> Browser:
    return make_portal.browser(make.user("manager@example.com"))


def send(**given: str) -> CancellationRequest:
    """Filled in, checked, cancelled; the request as it is kept."""
    answer = Browser().post(FORM, {**GIVEN, **given, "step": "cancel"})
    assert answer.status_code == 302, answer.content.decode()
    return CancellationRequest.objects.latest("pk")


def kinds() -> list[tuple[str, str]]:
    return sorted(Mail.objects.values_list("kind", "recipient"))


def link_to_confirm() -> str:
    found = re.search(r"/cancel/confirm/\S+", Mail.objects.get(kind="cancel_request_confirm").text)
    assert found
    return found[0]


def test_every_public_page_leads_to_it(bakker: Client) -> None:
    for address in ("/prices/", "/prices/BASIS/", "/sign-up/"):
        assert 'href="/cancel/"' in page_of(Browser(), address)


def test_its_name_is_the_one_that_consumers_look_for(bakker: Client) -> None:
    assert "Verträge hier kündigen" in page_of(Browser(), "/prices/", language="de")
    assert "Contract opzeggen" in page_of(Browser(), "/prices/", language="nl")


def test_what_was_typed_is_shown_once_more_before_it_cancels(bakker: Client) -> None:
    page = Browser().post(FORM, {**GIVEN, "wanted": "2027-01-31"}).content.decode()
    assert "Is this right?" in page and "31 January 2027" in page and "Cancel now" in page
    assert not CancellationRequest.objects.exists() and not Mail.objects.exists()
    back = Browser().post(FORM, {**GIVEN, "step": "change"}).content.decode()
    assert 'value="Kees Bakker"' in back and "Go on" in back


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", "", "This is empty."),
        ("identified", " ", "This is empty."),
        ("email", "kees", "This is no email address."),
        ("reason", "x" * 501, "Say it in at most 500 characters"),
        ("sort", "extraordinary", "has to say the cause"),
        ("wanted", "2026-11-22", "This day is past."),
        ("wanted", "soon", "is not a day"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(bakker: Client, field: str, value: str, text: str) -> None:
    for step in ("", "cancel"):
        answer = Browser().post(FORM, {**GIVEN, field: value, "step": step})
        assert (answer.status_code, text in answer.content.decode()) == (422, True)
    assert not CancellationRequest.objects.exists()


def test_receipt_comes_at_once_with_day_and_time(bakker: Client) -> None:
    answer = Browser().post(FORM, {**GIVEN, "identified": "020 999", "email": "x@y.example", "step": "cancel"})
    kept = CancellationRequest.objects.get()
    page = said(page_of(Browser(), answer["Location"]))
    assert "Your cancellation is received on 23 November 2026 11:42" in page and kept.reference in page
    assert kinds() == [("cancel_request_new", "end@linde.example"), ("cancel_request_receipt", "x@y.example")]
    mail = Mail.objects.get(kind="cancel_request_receipt")
    assert "23 November 2026 11:42" in mail.subject and f"Reference: {kept.reference}" in mail.text
    assert answer["Location"] in mail.text


def test_nobody_is_told_whether_a_client_exists(bakker: Client) -> None:
    def answers(**given: str) -> list[str]:
        kept = send(**given)
        page = page_of(Browser(), f"/cancel/received/{links.token(links.REQUEST, kept.pk)}/")
        mail = Mail.objects.filter(kind="cancel_request_receipt").latest("pk").text
        texts = [page[page.index("<main") :], mail]
        return [re.sub(r"R-\d+|received/\S+|value=\S+", "", one).replace(given["identified"], "") for one in texts]

    assert answers(identified="1001") == answers(identified="9999")


def test_client_is_known_by_its_telephone_number_too_while_it_is_its_own(bakker: Client) -> None:
    make.number(bakker, "+31201234571", first=date(2026, 1, 1))
    make.number(bakker, "+31201234572", last=date(2026, 11, 1))
    assert send(identified="020 123 45 71", email="KEES@Bakker.example").client == bakker
    assert Browser().post(link_to_confirm()).status_code == 302
    assert Cancellation.objects.get().client == bakker
    for identified, email in (("020 123 45 72", "kees@bakker.example"), ("020 123 45 71", "x@y.example")):
        assert send(identified=identified, email=email).client is None


def test_client_we_know_confirms_by_the_link_in_its_own_mailbox(bakker: Client) -> None:
    kept = send(reason="Moving")
    assert kept.client == bakker and ("cancel_request_confirm", "kees@bakker.example") in kinds()
    address = link_to_confirm()
    page = page_of(Browser(), address)
    assert "Your last day would be 31 December 2026" in page and not Cancellation.objects.exists()
    answer = Browser().post(address)
    given = Cancellation.objects.get()
    assert answer["Location"] == f"/cancellation/{links.token(links.CANCELLATION, given.pk)}/"
    assert (given.ends, given.received, given.reason) == (END, date(2026, 11, 23), "Moving")
    assert given.by == "Kees Bakker (kees@bakker.example)"
    kept.refresh_from_db()
    assert (kept.outcome, kept.cancellation, kept.decided) == ("accepted", given, timezone.now())
    assert Browser().post(address)["Location"] == answer["Location"] and Cancellation.objects.count() == 1
    assert ("cancellation_new", "end@linde.example") in kinds()


@pytest.mark.parametrize(
    "given",
    [
        {"identified": "1002"},
        {"identified": "9999"},
        {"email": "other@bakker.example"},
        {"sort": "extraordinary", "reason": "You never answer"},
        {"wanted": "2027-06-30"},
        {"service": "sms"},
    ],
)
def test_everything_else_waits_for_staff(bakker: Client, given: dict[str, str]) -> None:
    kept = send(**given)
    assert "cancel_request_confirm" not in [kind for kind, _to in kinds()] and kept.link_sent is None
    with pytest.raises(Refused):
        confirm_notice(request=kept, now=timezone.now())
    address = f"/cancel/confirm/{links.token(links.CONFIRM, kept.pk)}/"
    assert (Browser().get(address).status_code, Browser().post(address).status_code) == (410, 422)
    assert not Cancellation.objects.exists()


def test_same_notice_sent_twice_is_one(bakker: Client) -> None:
    assert send() == send() and CancellationRequest.objects.count() == 1
    assert [kind for kind, _to in kinds()].count("cancel_request_receipt") == 1


def test_too_many_from_one_address_have_to_wait(bakker: Client) -> None:
    for number in range(20):
        send(identified=str(number))
    answer = Browser().post(FORM, {**GIVEN, "step": "cancel"})
    assert (answer.status_code, "Wait an hour" in answer.content.decode()) == (429, True)
    receipts = Mail.objects.filter(kind__in=("cancel_request_receipt", "cancel_request_confirm"))
    assert receipts.count() == 3  # no mailbox is filled by others; the requests are kept all the same
    assert CancellationRequest.objects.count() == 20


def test_the_receipt_is_mailed_whatever_else_was_asked_for_and_the_page_says_where_it_is_not(bakker: Client) -> None:
    for _try in range(4):
        Browser().post("/password/forgotten/", {"email": GIVEN["email"]})
    pages = []
    for number in range(4):
        send(identified=str(number))
        token = links.token(links.REQUEST, CancellationRequest.objects.latest("pk").pk)
        page = Browser().get(f"/cancel/received/{token}/").content.decode()
        pages.append(("also on its way" in page, "it is your receipt" in page))
    assert pages == [(True, False)] * 3 + [(False, True)]


@pytest.mark.parametrize(("service", "status"), [("foo", 422), ("<script>", 422), ("", 422), ("unknown", 302)])
def test_only_services_there_are_can_be_cancelled_or_the_one_nobody_knows(
    bakker: Client, service: str, status: int
) -> None:
    answer = Browser().post(FORM, {**GIVEN, "service": service, "step": "cancel"})
    assert (answer.status_code, CancellationRequest.objects.count()) == (status, int(status == 302))
    if status == 302:
        assert "not known" in Browser().get(answer["Location"]).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_links_of_the_mails_changes_nothing(bakker: Client, staff: Browser, method: str) -> None:
    send()
    addresses = {word for mail in Mail.objects.all() for word in mail.text.split() if word.startswith("http://")}
    with CaptureQueriesContext(connection) as asked:
        for address in addresses:
            for reader in (Browser(), staff):
                getattr(reader, method)(address.removeprefix("http://127.0.0.1:8000"))
    assert [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []
    assert len(addresses) == 3


def test_pages_behind_links_are_kept_nowhere(bakker: Client) -> None:
    kept = send()
    Browser().post(link_to_confirm())
    given = Cancellation.objects.get()
    for address in (
        f"/cancel/received/{links.token(links.REQUEST, kept.pk)}/",
        f"/cancellation/{links.token(links.CANCELLATION, given.pk)}/",
    ):
        answer = Browser().get(address)
        assert (answer.status_code, answer["Cache-Control"], answer["X-Robots-Tag"]) == (
            200, "private, no-store", "noindex",
        )  # fmt: skip
    for address in ("/cancel/received/1.x/", "/cancel/confirm/1.x/", "/cancellation/1.x/"):
        assert "Copy all of it from the mail." in page_of(Browser(), address, 404)
    wrong = links.token(links.REQUEST, kept.pk)
    assert Browser().post(f"/cancel/confirm/{wrong}/").status_code == 404


def test_receipt_of_the_mail_says_how_to_withdraw_it(bakker: Client) -> None:
    send()
    Browser().post(link_to_confirm())
    address = f"/cancellation/{links.token(links.CANCELLATION, Cancellation.objects.get().pk)}/"
    page = page_of(Browser(), address)
    assert "Your last day is 31 December 2026" in page and f"/login/?next={quote(address, safe='')}" in page
    owner = make_portal.browser(bakker.users.get())
    button = re.search(r'action="(/portal/cancellations/\d+/withdraw/)"', page_of(owner, address))
    assert button and button[1] not in page
    owner.post(button[1])
    assert "This cancellation is withdrawn" in page_of(Browser(), address)


def test_staff_see_what_waits_and_whose_it_may_be(bakker: Client, staff: Browser) -> None:
    kept = send(identified="020 123 1001", email="private@kees.example")
    assert "1 cancellation without a login waits" in said(page_of(staff, "/"))
    assert "Kees Bakker" in page_of(staff, "/cancellations/requests/")
    page = said(page_of(staff, f"/cancellations/requests/{kept.pk}/"))
    assert "1001 Bakker" in page and "By the notice rule: 31 December 2026" in page
    unknown = page_of(staff, f"/cancellations/requests/{kept.pk}/", client="777")
    assert "There is no client with this number." in unknown


def test_staff_carry_it_out_from_the_day_it_came(bakker: Client, staff: Browser) -> None:
    kept = send(identified="020 123 1001", email="private@kees.example")
    CancellationRequest.objects.update(received="2026-10-30T12:00Z")
    answer = staff.post(f"/cancellations/requests/{kept.pk}/accept/", {"client": "1001", "service": "telephone"})
    assert answer["Location"] == "/cancellations/requests/"
    given = Cancellation.objects.get()
    assert (given.received, given.ends) == (date(2026, 10, 30), date(2026, 11, 30))
    assert ("cancel_request_accepted", "private@kees.example") in kinds()
    staff.post(f"/cancellations/requests/{kept.pk}/accept/", {"client": "1001", "service": "telephone"})
    assert Cancellation.objects.count() == 1
    page = said(page_of(staff, f"/cancellations/requests/{kept.pk}/"))
    assert "the last day of 1001 Bakker is 30 November 2026." in page


@pytest.mark.parametrize(
    ("chosen", "ends"),
    [
        ({"last": "wished"}, date(2027, 6, 30)),
        ({"last": "other", "day": "2026-11-23"}, date(2026, 11, 23)),
        ({"last": "rule"}, END),
    ],
)
def test_staff_choose_the_last_day(bakker: Client, staff: Browser, chosen: dict[str, str], ends: date) -> None:
    kept = send(wanted="2027-06-30")
    staff.post(f"/cancellations/requests/{kept.pk}/accept/", {"client": "1001", **chosen})
    assert Contract.objects.get(client=bakker).end == ends


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"client": ""}, "Choose the client whose contract it is."),
        ({"client": "1001", "service": "sms"}, "There is no contract of this service."),
        ({"client": "1001", "last": "other", "day": "2026-11-01"}, "The last day cannot be in the past."),
    ],
)
def test_what_cannot_be_carried_out_is_refused(
    bakker: Client, staff: Browser, given: dict[str, str], text: str
) -> None:
    kept = send()
    answer = staff.post(f"/cancellations/requests/{kept.pk}/accept/", given)
    assert (answer.status_code, text in answer.content.decode()) == (422, True)
    assert not Cancellation.objects.exists()


def test_staff_reject_it_with_a_reason_and_may_think_better_of_it(bakker: Client, staff: Browser) -> None:
    kept = send()
    assert staff.post(f"/cancellations/requests/{kept.pk}/reject/", {"answer": " "}).status_code == 422
    staff.post(f"/cancellations/requests/{kept.pk}/reject/", {"answer": "Which company is this?"})
    mail = Mail.objects.get(kind="cancel_request_rejected")
    assert mail.recipient == GIVEN["email"] and "Which company is this?" in mail.text
    assert "We have answered this cancellation by mail." in page_of(Browser(), link_to_confirm(), 410)
    staff.post(f"/cancellations/requests/{kept.pk}/accept/", {"client": "1001"})
    assert Cancellation.objects.get().client == bakker
    answer = staff.post(f"/cancellations/requests/{kept.pk}/reject/", {"answer": "No"})
    assert "carried out already" in answer.content.decode()


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_pages_and_mails_are_in_the_language_it_was_sent_in(bakker: Client, language: str) -> None:
    answer = Browser().post(f"/cancel/?language={language}", {**GIVEN, "step": "cancel"})
    assert answer["Location"].endswith(f"?language={language}")
    page = page_of(Browser(), answer["Location"])
    assert f'<html lang="{language}"' in page
    assert re.findall(r"\sstyle=|<style|<script>|\son\w+=|javascript:", page) == []
    assert set(Mail.objects.filter(recipient=GIVEN["email"]).values_list("language", flat=True)) == {language}
