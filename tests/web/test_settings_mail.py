"""Mailboxes and server: each saved and refused, the password never shown, a test mail to a real server."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from balie.notifications import trial
from balie.notifications.models import Mail
from balie.operator.models import LogEntry, Operator
from tests import make
from tests.notifications.mail_server import PASSWORD, USER, mail_server
from tests.web.make_office import NOW
from tests.web.make_portal import said
from tests.web.make_settings import problems, put, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
PAGE = "/settings/mail/"
SERVER = {"mail.host": "smtp.example.com", "mail.port": "", "mail.user": "", "mail.scheme": "smtp"}


def held() -> Operator:
    return Operator.objects.get()


def text(browser: Browser) -> str:
    return said(browser.get(PAGE).content.decode())


def undone(browser: Browser) -> str:
    entry = LogEntry.objects.filter(deed="operator.changed").latest("pk")
    return said(browser.post(f"{PAGE}undo/{entry.pk}/", follow=True).content.decode())


@pytest.mark.parametrize(
    "box", ["orders", "registrations", "cancellations", "incorrect_recording", "call_note_copy", "tasks", "imports"]
)
def test_each_mailbox_is_saved_cleared_refused_and_taken_back(joris: Browser, box: str) -> None:
    Operator.objects.update(mailboxes={"orders": "old@example.com", "tasks": "tasks@example.com"})
    before = held().mailboxes
    assert put(joris, PAGE, {f"mailboxes.{box}": "new@example.com"}).status_code == 302
    assert held().mailboxes == {**before, box: "new@example.com"}
    assert "It is set as before." in undone(joris) and held().mailboxes == before
    assert put(joris, PAGE, {f"mailboxes.{box}": ""}).status_code == 302
    assert held().mailboxes == {name: one for name, one in before.items() if name != box}
    answer = put(joris, PAGE, {f"mailboxes.{box}": "nobody"})
    assert (answer.status_code, problems(answer)) == (422, {f"mailboxes.{box}": '"nobody" is no email address.'})


def test_mailboxes_where_nobody_is_told_are_marked(browser: Browser) -> None:
    assert "of 7 matters nobody is told" in text(browser)
    Operator.objects.update(mailboxes=dict.fromkeys(
        ("orders", "registrations", "cancellations", "incorrect_recording", "call_note_copy", "tasks"), "a@example.com"
    ))  # fmt: skip
    found = text(browser)
    assert "of 1 matter nobody is told" in found and found.count("Nobody is told.") == 1


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"mail.host": "smtp.example.com", "mail.scheme": "smtps"}, "smtps://smtp.example.com"),
        ({"mail.host": "smtp.example.com", "mail.port": "2525"}, "smtp://smtp.example.com:2525"),
        (
            {"mail.host": "smtp.example.com", "mail.user": "info@linde.example", "mail.port": "587"},
            "smtp://info%40linde.example@smtp.example.com:587",
        ),
        ({"mail.host": "smtps://balie@smtp.example.com:465"}, "smtps://balie@smtp.example.com:465"),
    ],
)
def test_server_is_made_of_its_parts_and_shown_in_them(joris: Browser, given: dict[str, str], url: str) -> None:
    assert put(joris, PAGE, {**SERVER, **given}).status_code == 302
    assert held().mail == {"url": url}
    server = joris.get(PAGE).context["server"]
    assert server["host"] == "smtp.example.com" and server["user"] in (given.get("mail.user", ""), "balie")
    assert put(joris, PAGE, {**{f"mail.{part}": value for part, value in server.items()}}).status_code == 302
    assert held().mail == {"url": url} and LogEntry.objects.count() == 1
    undone(joris)
    assert held().mail == {}


@pytest.mark.parametrize(
    ("given", "name", "why"),
    [
        ({"mail.host": "smtp example"}, "mail.url", "This address has no possible host and port."),
        ({"mail.port": "99999"}, "mail.url", "This address has no possible host and port."),
        ({"mail.host": "https://example.com"}, "mail.url",
         '"https://example.com" is no address for this; it begins with smtp:// or smtps://.'),
        ({"mail.host": "smtp://a:b@example.com"}, "mail.url", "A password does not belong in an address"),
        ({"mail.host": "", "mail.user": "balie"}, "mail.url", "This address has no possible host and port."),
        ({"mail.host": "", "mail.from": "a@example.com"}, "mail.url", "Give the address of the server too"),
        ({"mail.from": "De Linde"}, "mail.from", '"De Linde" is no email address.'),
        ({"mail.password": "open sesame"}, "mail.password", "Write where the password lies, not the password itself"),
        ({"mail.password": "env:A B"}, "mail.password", "A secret lies at env: and the name of a variable."),
        ({"mail.password": "file:secret"}, "mail.password", "A secret lies at file: and the whole path, from /."),
        ({"mail.password": "env:BALIE_SECRET_KEY"}, "mail.password", "That is no password of another system"),
        ({"mail.password": "file:/proc/self/environ"}, "mail.password", "That is no password of another system"),
        ({"mail.password": "file:/x/../proc/1/environ"}, "mail.password", "That is no password of another system"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(joris: Browser, given: dict[str, str], name: str, why: str) -> None:
    answer = put(joris, PAGE, {**SERVER, **given})
    found = problems(answer)
    assert (answer.status_code, list(found), held().mail) == (422, [name], {})
    assert found[name].startswith(why)
    assert "open sesame" not in "".join(str(entry.details) for entry in LogEntry.objects.all())


def test_own_key_of_this_installation_is_no_password(joris: Browser, settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path
    (tmp_path / "other").symlink_to(tmp_path / "secret_key")
    for place in ("secret_key", "other", "x/../secret_key"):
        answer = put(joris, PAGE, {**SERVER, "mail.password": f"file:{tmp_path}/{place}"})
        assert list(problems(answer)) == ["mail.password"]


def test_password_is_kept_as_the_place_where_it_lies_and_told_when_it_is_not_there(joris: Browser) -> None:
    assert put(joris, PAGE, {**SERVER, "mail.password": "file:/system/secret"}).status_code == 302
    put(joris, PAGE, {**SERVER, "mail.password": "env:NO_SUCH_PASSWORD", "mail.from": "De Linde <info@linde.example>"})
    assert held().mail == {
        "url": "smtp://smtp.example.com",
        "password": "env:NO_SUCH_PASSWORD",
        "from": "De Linde <info@linde.example>",
    }
    html = joris.get(PAGE).content.decode()
    assert "The environment variable NO_SUCH_PASSWORD is not set; it should hold a secret." in said(html)
    assert 'value="De Linde &lt;info@linde.example&gt;"' in html
    everything = {**SERVER, "mail.host": "", "mail.password": "", "mail.from": ""}
    assert put(joris, PAGE, everything).status_code == 302 and held().mail == {}


def test_password_written_out_in_a_world_file_stays_unseen(joris: Browser) -> None:
    Operator.objects.update(mail={"url": "smtp://smtp.example.com", "password": "open sesame"})
    html = joris.get(PAGE).content.decode()
    assert "open sesame" not in html and 'value="••••"' in html
    given = {**SERVER, "mail.password": "••••", "mail.from": "a@example.com"}
    assert put(joris, PAGE, given).status_code == 302
    assert held().mail == {"url": "smtp://smtp.example.com", "password": "open sesame", "from": "a@example.com"}
    assert put(joris, PAGE, {**given, "mail.password": "env:SMTP_PASSWORD"}).status_code == 302
    assert "nothing was taken back" in undone(joris)  # nobody knows it any more
    assert held().mail["password"] == "env:SMTP_PASSWORD"
    assert "open sesame" not in "".join(str(entry.details) for entry in LogEntry.objects.all())


def test_managers_read_and_do_not_change(browser: Browser) -> None:
    html = browser.get(PAGE).content.decode()
    assert '<fieldset class="settings-form" disabled>' in html and "Send a test mail" not in html
    assert browser.post(f"{PAGE}set/", SERVER).status_code == 403
    assert browser.post(f"{PAGE}try/").status_code == 403


def test_second_of_two_is_told_instead_of_overwriting(joris: Browser) -> None:
    was = shown(joris, PAGE)
    put(joris, PAGE, {**SERVER, "mailboxes.tasks": "first@example.com"}, was=was)
    other = {**SERVER, "mail.host": "other.example.com", "mailboxes.tasks": "second@example.com"}
    answer = put(joris, PAGE, other, was=was)
    assert (answer.status_code, sorted(problems(answer))) == (409, ["mail.url", "mailboxes.tasks"])
    assert 'value="other.example.com"' in answer.content.decode()
    assert held().mail == {"url": "smtp://smtp.example.com"}
    assert put(joris, PAGE, {"mailboxes.orders": "orders@example.com"}, was=was).status_code == 302
    assert held().mailboxes == {"tasks": "first@example.com", "orders": "orders@example.com"}


def test_state_of_the_outbox_is_told(joris: Browser) -> None:
    make.mail(key="one")
    assert "There is no mail server: mails wait. 1 waits." in text(joris)
    Operator.objects.update(mail={"url": "smtp://smtp.example.com"})
    assert "Nobody sends them: no worker runs." in text(joris)
    Mail.objects.update(sent=NOW - timedelta(minutes=3))
    assert "Yes. None waits. The last one went out 11:39." in text(joris)
    make.mail(key="two")
    Mail.objects.filter(key="two").update(parked="550 no such user")
    assert "1 mail could not be sent." in text(joris) and "?state=failed" in joris.get(PAGE).content.decode()


def tried(browser: Browser) -> str:
    return said(browser.post(f"{PAGE}try/", follow=True).content.decode())


@pytest.mark.parametrize("how", [{}, {"starttls": True, "auth": True}, {"smtps": True}])
def test_test_mail_arrives_and_the_page_says_so(
    joris: Browser, how: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    with mail_server(**how) as server:
        url = server.url.replace("://", f"://{USER}@") if "auth" in how else server.url
        Operator.objects.update(mail={"url": url, "password": "env:SMTP_PASSWORD", "from": "info@linde.example"})
        found = tried(joris)
    assert "127.0.0.1 took the test mail in" in found and "on its way to joris@example.com" in found
    assert "Joris tried it 11:42: 127.0.0.1 took the mail. Nobody in between could read it." in found
    (mail,) = server.taken
    assert (mail.sender, mail.recipients) == ("info@linde.example", ["joris@example.com"])
    assert mail.message["Subject"] == "Test mail of Balie" and "De Linde" in str(mail.message.get_body())
    assert not Mail.objects.exists()


def test_what_the_server_answered_is_said(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no mail server yet." in tried(joris)
    with mail_server() as server:
        Operator.objects.update(mail={"url": server.url})
        server.to_recipient["joris@example.com"] = "550 5.1.1 nobody of that name"
        found = tried(joris)
    assert "The test mail was not taken. The mail server refuses the recipient: 550 5.1.1 nobody of that name" in found
    monkeypatch.setenv("SMTP_PASSWORD", "wrong")
    with mail_server(starttls=True, auth=True) as server:
        url = server.url.replace("://", f"://{USER}@")
        Operator.objects.update(mail={"url": url, "password": "env:SMTP_PASSWORD"})
        assert "The mail server does not accept this user or password" in tried(joris)
    assert "Nothing answers at the mail server" in tried(joris)
    Operator.objects.update(mail={"url": url, "password": "env:NO_SUCH_PASSWORD"})
    assert "The environment variable NO_SUCH_PASSWORD is not set" in tried(joris)
    assert LogEntry.objects.filter(deed="mail.tried").count() == 4 and not Mail.objects.exists()


def test_server_that_hangs_keeps_nobody_waiting(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 0.3)
    with mail_server() as server:
        server.hang_after_data = True
        Operator.objects.update(mail={"url": server.url})
        found = tried(joris)
        server.released.set()
    assert "The test mail was not taken." in found and ("in time" in found or "too long" in found)
