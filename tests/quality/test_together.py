"""Agents looked at together: nothing that leaves the house about recording says anything of a single one."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from balie.accounts.models import Agent, Client
from balie.notifications.models import Mail
from balie.quality.files import FORMATS, recording_file
from balie.quality.models import Finding, RecordingSettings
from balie.quality.news import tell_findings
from balie.quality.paper import recording_data
from balie.quality.queries import recording
from balie.rules.period import Period
from balie.statements.exports.pdf import Edition
from tests import make
from tests.inside import Inside
from tests.web import make_desk
from tests.web.make_desk import NOW

pytestmark = pytest.mark.django_db
NOVEMBER = Period(2026, 11, "Europe/Amsterdam")
LATER = datetime(2026, 12, 1, 8, tzinfo=UTC)
NAMES = ("Anna", "Xaver", "X7", "201")


@pytest.fixture
def inside(tmp_path: Path, time_machine: Any) -> Inside:
    """Five agents with calls, of whom Xaver (X7) wrote nothing down; one note says it is about another's call."""
    time_machine.move_to(NOW, tick=False)
    bakker, anna, _login = make_desk.house()
    others = [make.agent(code, name=name) for code, name in (("X7", "Xaver"), ("B1", "b"), ("C1", "c"), ("D1", "d"))]
    for agent in (anna, *others):
        for at in range(3):
            held = make_desk.call(bakker, agent, ago=10 + 5 * at)
            if agent.code != "X7":
                make_desk.note(
                    bakker, agent, call=held, at=held.start + timedelta(minutes=1), text=f"Offerte nr. {at} graag"
                )
    make_desk.finding(make_desk.note(bakker, anna, text="kort"), "other_agent", call="X7", note="201")
    RecordingSettings.objects.update_or_create(id=1, defaults={"aggregated": True})
    return Inside(tmp_path)


def unnamed(text: str) -> bool:
    return not [name for name in NAMES if name in text]


def test_the_report_has_the_teams_sums_and_nobody(inside: Inside) -> None:
    found = json.loads(inside.run("report", "recording", "--month", "2026-11", "--format", "json").out)
    assert found == {"month": "2026-11", "team": {"calls": 15, "missing": 3, "share": 0.2}, "agents": []}
    text = inside.run("report", "recording", "--month", "2026-11").out
    assert unnamed(text) and text.splitlines()[-1].split()[:5] == ["team", "15", "13", "3", "20.0%"]


def test_of_fewer_than_five_agents_not_even_the_sum_is_told(inside: Inside) -> None:
    from balie.calls.models import Call

    Call.objects.filter(agent__code="D1").delete()
    found = json.loads(inside.run("report", "recording", "--month", "2026-11", "--format", "json").out)
    assert found["team"] == {"calls": 12, "missing": None, "share": None}
    for format in FORMATS[:3]:
        assert recording_file(NOVEMBER, format, now=LATER)
    assert "share" not in inside.run("report", "recording", "--month", "2026-11").out.splitlines()[-1]


def test_neither_files_nor_findings_nor_paper_name_anybody(inside: Inside) -> None:
    from balie.operator.queries import operator

    # Opens that the text is short, of a note with a call and of one without.
    bakker, anna = Client.objects.get(number="1001"), Agent.objects.get(code="201")
    held = make_desk.call(bakker, anna, ago=40)
    make_desk.note(bakker, anna, call=held, at=held.start + timedelta(minutes=2), text="ook kort")
    checked = inside.run("check", "recording", "--month", "2026-11", "--json").out
    rows = json.loads(checked)["findings"]
    assert {(row["agent"], row["call"]) for row in rows} == {("", None)} and "X7" not in checked
    assert Finding.objects.filter(note__call=held, code="short_text").exists() and held.key not in checked
    assert "agent" not in inside.run("check", "recording", "--month", "2026-11").out
    for format in ("json", "csv"):
        assert unnamed(recording_file(NOVEMBER, format, now=LATER).decode()), format
    assert unnamed(recording_data(recording(NOVEMBER), NOVEMBER, Edition(operator(), LATER)))


def test_mails_about_findings_name_nobody(inside: Inside) -> None:
    from balie.operator.models import Operator

    Operator.objects.update(mailboxes={"incorrect_recording": "kwaliteit@linde.example"})
    tell_findings(now=NOW)
    mails = Mail.objects.filter(kind="findings")
    assert mails.count() and all(unnamed(mail.text + mail.html + mail.subject) for mail in mails)
