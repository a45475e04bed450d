"""The outbox and the texts of mails in the office: what is shown, how safely, and what the buttons do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.notifications.mails import KINDS
from balie.notifications.models import Mail, MailText
from balie.operator.models import LogEntry, Operator
from tests import make
from tests.web.make_office import NOW
from tests.web.reading import text

Html = Callable[..., str]
EVERY_PAGE = 5  # who is asking: session, user, operator; and the two figures in the menu
OFFER = "/mails/texts/client_offer/nl/"
REASON = "The mail server refuses the recipient: 550 No such user"


def failed(**values: Any) -> Mail:
    return make.mail(now=NOW - timedelta(hours=1), **{"parked": REASON, "problem": REASON, "attempts": 1, **values})


def words(**changed: str) -> dict[str, str]:
    standard = KINDS["client_offer"].standard["nl"]
    return {**vars(standard), **changed}


def test_list_says_of_every_mail_what_became_of_it(html: Html) -> None:
    make.mail(to="waits@x.example", now=NOW)
    make.mail(to="again@x.example", now=NOW, problem="452 Full", attempts=2, due=NOW + timedelta(minutes=8))
    make.mail(to="sent@x.example", now=NOW, sent=NOW + timedelta(seconds=4))
    failed(to="failed@x.example", about="client:1001")
    page = text(html("/mails/"))
    for said in (
        "waits@x.example Ons aanbod vanaf 1 januari 2027 Offer to a client – waiting",
        "again@x.example Ons aanbod vanaf 1 januari 2027 Offer to a client – next try: 11:50 452 Full",
        "sent@x.example Ons aanbod vanaf 1 januari 2027 Offer to a client – sent 11:42",
        f"failed@x.example Ons aanbod vanaf 1 januari 2027 Offer to a client 1001 not sent {REASON}",
        "All mails (4) Waiting (2) Sent (1) Not sent (1)",
        "1 mail could not be sent.",
        "There is no mail server, so mails wait here.",
    ):
        assert said in page, said


def test_list_is_narrowed_down_by_the_address(html: Html) -> None:
    make.mail(to="a@x.example")
    make.mail("digest", to="b@x.example", sent=NOW)
    failed(to="c@x.example")

    def shown(query: str, **headers: str) -> list[str]:
        return re.findall(r'title="(\w)@x.example"', html(f"/mails/?{query}", **headers))

    assert [shown(f"state={state}") for state in ("waiting", "sent", "failed")] == [["a"], ["b"], ["c"]]
    assert shown("kind=digest") == ["b"]
    assert shown("q=C%40x.exam") == ["c"]
    assert shown("state=nonsense&kind=nonsense&page=99") == ["c", "b", "a"]
    assert "No mail fits these filters." in html("/mails/?q=nobody")
    part = html("/mails/?state=sent", **{"HX-Request": "true"})
    assert "<main" not in part and "b@x.example" in part


def test_empty_outbox_says_what_will_be_there(html: Html) -> None:
    Operator.objects.update(mail={"url": "smtp://mail.example"})
    page = text(html("/mails/"))
    assert "No mail has been written yet." in page
    assert "There is no mail server" not in page


def test_list_takes_the_same_few_queries_however_many_mails_there_are(browser: Browser) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked) - EVERY_PAGE

    make.mail()
    few = [queries("/mails/"), queries("/mails/texts/"), queries(f"/mails/{make.mail().pk}/"), queries(OFFER)]
    for number in range(60):
        make.mail(about=f"client:{number}")
    # The list: counts by state, how many fit, those of the page. A text: whether it is the operator's own, twice.
    assert few == [3, 1, 1, 2]
    assert queries("/mails/") == 3
    with CaptureQueriesContext(connection) as asked:
        browser.get("/mails/")
    assert not [one for one in asked if '"notifications_mail"."html"' in one["sql"]]


def test_mail_is_shown_as_it_was_sent_in_a_frame_that_can_do_nothing(browser: Browser) -> None:
    mail = make.mail(about="client:1001")
    page = browser.get(f"/mails/{mail.pk}/")
    frame = re.search(r"<iframe[^>]* sandbox src=\"([^\"]+)\"", page.content.decode())
    assert frame and frame[1] == f"/mails/{mail.pk}/html/"
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    framed = browser.get(frame[1])
    assert framed.content.decode() == mail.html
    policy = {part.partition(" ")[0]: part.partition(" ")[2] for part in framed["Content-Security-Policy"].split("; ")}
    assert policy == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "script-src": "'none'", "img-src": "'none'",
        "font-src": "'none'", "connect-src": "'none'", "form-action": "'none'", "base-uri": "'none'",
        "frame-ancestors": "'self'", "sandbox": "",
    }  # fmt: skip
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert framed["Cache-Control"] == "private, no-store"
    assert mail.text.splitlines()[2] in text(page.content.decode())


def test_other_pages_hold_no_frame_and_stand_in_none(browser: Browser) -> None:
    for address in ("/", "/mails/", "/mails/texts/"):
        answer = browser.get(address)
        assert "frame-src" not in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_mail_that_is_tried_again_says_when_and_how_often(html: Html) -> None:
    mail = make.mail(problem="452 Full", attempts=3, due=NOW + timedelta(minutes=8))
    assert "Next try: 11:50. 452 Full After 2 more attempts it is given up." in text(html(f"/mails/{mail.pk}/"))


def test_mail_that_was_given_up_is_sent_again_by_its_button(browser: Browser) -> None:
    mail = failed()
    answer = browser.post(f"/mails/{mail.pk}/again/", follow=True)
    assert "The mail is tried again within a few seconds." in text(answer.content.decode())
    mail.refresh_from_db()
    assert (mail.parked, mail.attempts, mail.due, mail.sent) == ("", 0, NOW, None)
    answer = browser.post(f"/mails/{mail.pk}/again/", follow=True)
    assert "there is nothing to send again" in text(answer.content.decode())


def test_all_mails_that_were_given_up_are_sent_again_by_one_button(browser: Browser) -> None:
    failed(), failed()
    sent = make.mail(sent=NOW)
    assert "2 mails are tried again." in text(browser.post("/mails/again/", follow=True).content.decode())
    assert Mail.objects.filter(parked="", sent=None).count() == 2
    sent.refresh_from_db()
    assert sent.sent == NOW
    assert LogEntry.objects.get(deed="mail.sent_again").details["mails"] == 2


def test_start_page_alarms_about_mails_that_were_given_up(html: Html) -> None:
    assert "could not be sent" not in text(html("/"))
    failed(), failed()
    page = html("/")
    assert "2 mails could not be sent. The recipients know nothing of it." in text(page)
    assert 'href="/mails/?state=failed"' in page


def test_texts_tell_which_are_the_operators_own(html: Html, browser: Browser) -> None:
    assert text(html("/mails/texts/")).count("standard text :") == 3 * len(KINDS)
    browser.post(OFFER, {**words(subject="Aanbod"), "do": "save"})
    page = text(html("/mails/texts/"))
    assert page.count("your own words :") == 1
    assert page.count("standard text :") == 3 * len(KINDS) - 1


def test_text_page_explains_every_variable_and_shows_the_mail(html: Html) -> None:
    page = html(OFFER)
    said = text(page)
    for variable in KINDS["client_offer"].variables:
        assert f"{{{variable.name}}} {variable.meaning}" in said
    assert said.count("(must be there)") == 2
    assert "Subject Ons aanbod vanaf 1 januari 2027" in said
    assert "Met vriendelijke groet, Telefoonservice De Linde" in said


def test_text_is_saved_and_said_by_the_next_mail(browser: Browser) -> None:
    answer = browser.post(OFFER, {**words(subject="Aanbod voor {client}"), "do": "save"})
    assert (answer.status_code, answer["Location"]) == (302, OFFER)
    assert make.mail().subject == "Aanbod voor Bakker Installaties"
    assert "your own words, changed by" in text(browser.get(OFFER).content.decode())


def test_text_of_which_no_mail_can_be_made_is_refused_beside_its_field(browser: Browser) -> None:
    answer = browser.post(OFFER, {**words(body="{link}\n\n{cleint}"), "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="body-help body-problem" aria-invalid="true"' in page
    assert "There is no variable {cleint} here; you can use {client}," in text(page)
    assert "{link}\n\n{cleint}</textarea>" in page
    assert not MailText.objects.exists()


def test_mail_follows_what_is_typed_and_nothing_is_stored(browser: Browser) -> None:
    typed = words(subject="<b>{client}", body="Dag {client}, {code} {nobody}\n\n{link}")
    part = browser.post(OFFER, typed, headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in part
    assert "&lt;b&gt;Bakker Installaties" in part
    assert "There is no variable {nobody} here" in part
    frame = re.search(r"<iframe[^>]* sandbox src=\"([^\"]+)\"", part)
    assert frame
    framed = browser.get(frame[1].replace("&amp;", "&"))
    assert "Dag Bakker Installaties, 7K4M-9QXB {nobody}" in framed.content.decode()
    assert "sandbox" in framed["Content-Security-Policy"]
    assert "without-script" in browser.get(OFFER).content.decode()
    assert browser.post(OFFER, typed).status_code == 200
    assert not MailText.objects.exists()


def test_frame_shows_whatever_is_typed_as_words(browser: Browser) -> None:
    evil = browser.get(OFFER + "html/", {"body": "<script>alert(1)</script>\n\n{link}", "button": '"><img src=x>'})
    assert "&lt;script&gt;" in evil.content.decode()
    assert "<script" not in evil.content.decode() and "<img" not in evil.content.decode()


def test_way_back_to_the_standard_text_can_be_undone(browser: Browser) -> None:
    browser.post(OFFER, {**words(subject="Aanbod"), "do": "save"})
    page = browser.post(OFFER + "standard/", follow=True).content.decode()
    assert "This mail has its standard text again." in text(page)
    assert not MailText.objects.exists()
    undo = re.search(r'action="(/mails/texts/[^"]+/undo/\d+/)"', page)
    assert undo
    assert "Your own words hold again." in text(browser.post(undo[1], follow=True).content.decode())
    assert MailText.objects.get().subject == "Aanbod"
    assert "These words were changed since" in text(browser.post(undo[1], follow=True).content.decode())


def test_example_goes_to_whoever_asks_and_is_only_queued(browser: Browser) -> None:
    answer = browser.post(OFFER + "to-me/")
    mail = Mail.objects.get()
    assert answer["Location"] == f"/mails/{mail.pk}/"
    assert (mail.recipient, mail.sent) == ("marit@example.com", None)


@pytest.mark.parametrize(
    "address", ["/mails/999/", "/mails/999/html/", "/mails/texts/nobody/nl/", "/mails/texts/digest/fr/"]
)
def test_what_is_not_there_is_not_found(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_clumsy_addresses_do_no_harm(browser: Browser) -> None:
    for query in ("page=-1", "q=%25_%27%22%3Cscript%3E", "state=a%00b", "q=" + "x" * 5000, "kind=%F0%9F%98%80"):
        assert browser.get(f"/mails/?{query}").status_code in (200, 400)
