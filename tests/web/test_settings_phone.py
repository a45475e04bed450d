"""Settings, Phone systems: what each is, stored and taken back, a place and a file tried before, removal."""

from typing import Any

import pytest
from django.test import Client as Browser

from balie.calls.actions import import_calls
from balie.calls.models import Import, SeenFile, Source
from balie.operator.models import LogEntry
from balie.world import phone_system
from tests import make
from tests.web import make_phone
from tests.web.make_phone import LIST, PUT, one, sent, text
from tests.web.make_settings import was_in
from tests.web.reading import queries, undo_of
from tests.worker.files import lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture(autouse=True)
def operator(db: None, monday: None) -> None:
    make.operator()


def test_list_says_how_each_is_and_an_empty_one_what_to_do(marit: Browser) -> None:
    assert "There is no phone system yet" in text(marit.get(LIST).content.decode())
    make.source("pbx", last_problem="Nothing answers.", files={"url": "sftp://u@h/M*.csv"}, last_look=make.NOW)
    make_phone.generic(warning="The clock is wrong.")
    said = text(marit.get(LIST).content.decode())
    assert "pbx Asterisk sftp://u@h/M*.csv" in said and "the last look failed Nothing answers." in said
    assert "export Any other, one line a call by hand, or pushed never" in said
    assert "a warning The clock is wrong." in said and "Add a phone system" not in said


def test_list_takes_as_many_queries_for_many(marit: Browser) -> None:
    make.source("pbx")
    before = queries(marit, LIST)
    for at in range(5):
        make.source(f"pbx-{at}")
    assert queries(marit, LIST) == before


def test_managers_read_and_administrators_change(marit: Browser, joris: Browser) -> None:
    source = make.source("pbx")
    page = marit.get(one(source)).content.decode()
    assert "<fieldset disabled>" in page and "An administrator can change this." in page
    assert "Try the connection" not in page and sent(marit, source, name="x").status_code == 403
    assert "<fieldset disabled>" not in joris.get(one(source)).content.decode()


def test_a_new_one_is_stored_looked_at_and_logged(joris: Browser) -> None:
    answer = sent(
        joris, None, name="pbx", trunks="PJSIP/trunk\r\n\r\n PJSIP/second \r\n", timezone="UTC", account_prefix="c",
        files__url="file:///var/log/cdr/Master*.csv", files__every_minutes="15",
    )  # fmt: skip
    source = Source.objects.get()
    assert answer.status_code == 302 and answer["Location"] == one(source)
    assert (source.name, source.format, source.timezone, source.trunks, source.account_prefix) == (
        "pbx", "asterisk", "UTC", ["PJSIP/trunk", "PJSIP/second"], "c",
    )  # fmt: skip
    assert (source.files, source.look_every, source.look_at) == ({"url": "file:///var/log/cdr/Master*.csv"}, 15, None)
    assert source.next_look is not None
    entry = make_phone.last_change()
    assert (entry.deed, entry.about, entry.who) == ("source.added", "source:pbx", "Joris")
    page = joris.get(one(source)).content.decode()
    assert "Saved. Its files are looked at within a few seconds." in page and "Last changed by Joris" in text(page)


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        ({"name": ""}, "name", "This is empty."),
        ({"timezone": "Amsterdam"}, "timezone", "There is no time zone &quot;Amsterdam&quot;"),
        ({"files__url": "ftp:x"}, "files.url", "is no address for this; it begins with"),
        ({"files__url": "sftp://u:secret@h/x"}, "files.url", "A password does not belong in an address"),
        ({"files__url": "sftp://u@h/x", "files__password": "geheim"}, "files.password", "not the password itself"),
        ({"files__url": "sftp://u@h/x", "files__key": "env:BALIE_SECRET_KEY"}, "files.key", "no password of another"),
        ({"files__url": "sftp://u@h/x", "files__every_minutes": "0"}, "files.every_minutes", "from 1 to 10080, not 0"),
        ({"files__url": "sftp://u@h/x", "files__every_minutes": "x"}, "files.every_minutes", "Give a whole number."),
        ({"files__url": "sftp://u@h/x", "files__at": "25:00"}, "files.at", "is no time of day; write it as 05:30"),
        ({"format": "generic"}, "columns", "This is needed: it says which column is what."),
        ({"format": "generic", "columns__start": "a"}, "columns.talk", "Say which column is “Talk”; without it"),
        ({"format": "generic", "columns__start": "a", "columns__talk": "#1"}, "columns", "“Called number” or “Client”"),
        ({"format": "morse"}, "format", "the format &quot;morse&quot; is not known"),
        ({"trunks": "x\n" * 1001}, "trunks", "At most 1000 fit here; there are 1001."),
    ],
)
def test_what_a_world_file_may_not_say_is_refused_beside_its_field(
    joris: Browser, fields: dict[str, str], where: str, said: str
) -> None:
    answer = sent(joris, None, **{"name": "pbx", **fields})
    page = answer.content.decode()
    assert answer.status_code == 422 and answer.context["problem"].where == where and not Source.objects.exists()
    assert said.lower() in page.lower() and "Nothing is stored yet" in page
    for value in fields.values():
        assert value.strip() in page or value == "geheim" or "\n" in value


@pytest.mark.parametrize("name", ["Zürich", "ZÜRICH"])
def test_a_name_is_given_once(joris: Browser, name: str) -> None:
    make.source("Zürich")
    answer = sent(joris, None, name=name)
    assert (answer.status_code, answer.context["problem"].where) == (422, "name")
    assert "There is a phone system named “Zürich” already." in answer.content.decode()
    assert Source.objects.count() == 1


def test_two_names_that_a_world_file_gave_do_not_keep_the_rest_from_being_changed(joris: Browser) -> None:
    make.source("pbx")
    other = make.source("PBX")
    assert sent(joris, other, timezone="UTC").status_code == 302
    other.refresh_from_db()
    assert (other.timezone, sent(joris, other, name="Pbx").status_code) == ("UTC", 422)


def test_a_name_given_twice_at_the_same_moment_is_refused_too(joris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make.source("pbx")
    monkeypatch.setattr(phone_system, "refuse_taken", lambda name, source: None)
    answer = sent(joris, None, name="pbx")
    assert (answer.status_code, answer.context["problem"].where, Source.objects.count()) == (422, "name", 1)


def test_generic_columns_words_and_signs_are_stored_and_shown_again(joris: Browser) -> None:
    fields: dict[str, Any] = {
        "columns__start": "Beginn", "columns__talk": "#5", "columns__callee": "##3", "separator": "tab",
        "quoting": "none", "direction_word": ["ein", "aus", ""], "direction_way": ["inbound", "outbound", ""],
    }  # fmt: skip
    assert sent(joris, None, name="export", format="generic", **fields).status_code == 302
    source = Source.objects.get()
    assert source.options == {
        "columns": {"start": "Beginn", "talk": 5, "callee": "#3"}, "separator": "\t", "quoting": "none",
        "directions": {"ein": "inbound", "aus": "outbound"},
    }  # fmt: skip
    assert sent(joris, source).status_code == 302
    assert LogEntry.objects.filter(deed="source.changed").count() == 0  # what is shown is what is stored


def test_the_mapping_of_a_format_left_for_another_is_kept(joris: Browser) -> None:
    source = make_phone.generic()
    before = source.options
    assert sent(joris, source, format="asterisk").status_code == 302
    source.refresh_from_db()
    assert (source.format, source.options) == ("asterisk", before)


def test_a_change_says_that_calls_read_before_stay_and_can_be_undone(joris: Browser) -> None:
    source = make.source("pbx", files={"url": "sftp://u@h/x", "password": "env:PBX"}, look_every=15)
    import_calls(source=source, name="Master.csv", data=lines(1, 3).encode(), now=make.NOW)
    assert "Calls already read stay as they are" in joris.get(one(source)).content.decode()
    assert sent(joris, source, name="main", timezone="Europe/Berlin", files__url="", trunks="").status_code == 302
    source.refresh_from_db()
    assert (source.name, source.timezone, source.files, source.next_look) == ("main", "Europe/Berlin", None, None)
    page = joris.get(one(source)).content.decode()
    assert "Calls already read stay as they are; this holds for what is read from now on." in text(page)
    assert joris.post(undo_of(page)).status_code == 302
    source.refresh_from_db()
    assert (source.name, source.timezone, source.trunks) == ("pbx", "UTC", ["PJSIP/trunk"])
    assert (source.files, source.look_every) == ({"url": "sftp://u@h/x", "password": "env:PBX"}, 15)


def test_a_change_that_was_changed_again_is_not_taken_back(joris: Browser) -> None:
    source = make.source("pbx")
    sent(joris, source, timezone="Europe/Berlin")
    undo = undo_of(joris.get(one(source)).content.decode())
    sent(joris, source, timezone="Europe/Paris")
    assert "nothing was taken back" in joris.post(undo, follow=True).content.decode()
    source.refresh_from_db()
    assert source.timezone == "Europe/Paris"


def test_a_secret_stored_itself_stays_unseen_and_is_no_reason_for_an_undo_that_would_lose_it(joris: Browser) -> None:
    source = make.source("pbx", files={"url": "sftp://u@h/x", "password": "geheim"})
    assert "geheim" not in joris.get(one(source)).content.decode()
    assert sent(joris, source, timezone="Europe/Berlin").status_code == 302
    source.refresh_from_db()
    assert source.files == {"url": "sftp://u@h/x", "password": "geheim"}
    sent(joris, source, files__password="env:PBX")
    assert "/settings/phone-systems/undo/" not in joris.get(one(source)).content.decode()
    assert "geheim" not in str(list(LogEntry.objects.values()))


def test_two_at_once_change_different_fields_and_the_second_is_told_of_the_same(joris: Browser) -> None:
    source = make.source("pbx")
    page = joris.get(one(source))
    form = {**page.context["form"], "was": was_in(page.content.decode()), "source": source.pk}
    sent(joris, source, timezone="Europe/Berlin")
    assert joris.post(PUT, {**form, "trunks": "PJSIP/other"}).status_code == 302
    source.refresh_from_db()
    assert (source.timezone, source.trunks) == ("Europe/Berlin", ["PJSIP/other"])
    answer = joris.post(PUT, {**form, "timezone": "Europe/Paris"})
    again = answer.content.decode()
    assert answer.status_code == 409 and "it says now: “Europe/Berlin”" in again and 'value="Europe/Paris"' in again
    assert joris.post(PUT, {**form, "timezone": "Europe/Paris", "was": was_in(again)}).status_code == 302
    source.refresh_from_db()
    assert (source.timezone, source.trunks) == ("Europe/Paris", ["PJSIP/other"])


def test_changed_it_is_looked_at_again_with_files_refused_before(joris: Browser) -> None:
    source = make.source("pbx", files={"url": "file:///x/*.csv"}, parked="five failures", last_look=make.NOW)
    SeenFile.objects.create(source=source, path="/x/a.csv", problem="no call file", at=make.NOW)
    sent(joris, source, trunks="PJSIP/other")
    source.refresh_from_db()
    assert source.parked == "" and source.next_look is not None and not SeenFile.objects.exists()


def test_one_without_calls_is_removed_once_confirmed(joris: Browser, marit: Browser) -> None:
    source = make.source("pbx", files={"url": "file:///x"})
    Import.objects.create(source=source, name="a.csv", sha256="0", started=make.NOW)
    page = text(joris.get(f"{one(source)}remove/").content.decode())
    assert "Remove pbx?" in page and "Files read 1" in page and "cannot be brought back" in page
    assert marit.post(f"{one(source)}remove/").status_code == 403
    assert joris.post(f"{one(source)}remove/")["Location"] == LIST
    assert not Source.objects.exists() and make_phone.last_change().deed == "source.removed"
    assert joris.post(f"{one(source)}remove/").status_code == 404


def test_one_with_calls_stays_and_says_what_to_do_instead(joris: Browser) -> None:
    source = make.source("pbx")
    import_calls(source=source, name="Master.csv", data=lines(1, 1).encode(), now=make.NOW)
    page = text(joris.get(f"{one(source)}remove/").content.decode())
    assert "empty the address of its files" in page and "Remove the phone system" not in page
    assert joris.post(f"{one(source)}remove/")["Location"] == one(source)
    assert Source.objects.exists()


def test_one_that_is_being_read_stays(joris: Browser) -> None:
    source = make.source("pbx", lease_until=make.NOW.replace(year=2030))
    assert "is being read just now" in joris.post(f"{one(source)}remove/", follow=True).content.decode()
    assert Source.objects.exists()
