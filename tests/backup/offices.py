"""Installations with something of everything, and all their rows as they lie in the tables."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.installation import Installation, Installations
from tests.world.sample import full

SAMPLES = Path(__file__).resolve().parents[1] / "samples/asterisk"
# What a restore does not put back, or writes itself.
APART = {
    "django_session",
    "usersessions_usersession",
    "leases_workerbeat",
    "backup_restore",
    "cache",
    "sqlite_sequence",
}
PDF = "statements/2026-10/1001-r1.pdf"
FILL = r"""
import hashlib
from datetime import UTC, datetime, timedelta
from django.utils import timezone
from balie.accounts.models import Client, User
from balie.calls.models import Source
from balie.messages.models import Outgoing
from balie.notifications.actions import queue_mail
from balie.operator.actions import Author, write_log
from balie.statements import files
from balie.statements.models import Statement

now = datetime(2026, 11, 20, 8, 0, 0, 250_000, tzinfo=UTC)
client = Client.objects.order_by("number").first()
pdf = b"%PDF of Bakker"
files.draft("statements/2026-10/1001-r1.pdf", pdf)
files.publish("statements/2026-10/1001-r1.pdf")
Statement.objects.create(client=client, month=202610, revision=1, created=now, path="statements/2026-10/1001-r1.pdf",
    sha256=hashlib.sha256(pdf).hexdigest(), content_sha256="x", pages=1, rows=2)
values = {"client": "Bakker", "number": "1001", "matter": "m", "figures": "", "link": "https://x.example/"}
for place in range(2):
    queue_mail(kind="task_opened", to=f"{place}@x.example", language="nl", values=values, key=f"task:{place}", now=now)
Outgoing.objects.create(mark="m1", client=client, sender="Linde", recipient="+31612345678", parts=1, by="Eva",
    text="tab\t, line\nbreak\r, \\N and \\, “€” \U0001f4de, ''", created=now, due=now)
write_log(author=Author("Ünal", now), deed="tried", details={"naïve": ["\t\\", 1.5, None, "☎"], "n": 10000000000000000})
Source.objects.filter(pk=Source.objects.first().pk).update(lease_until=timezone.now() + timedelta(hours=1), attempts=3)
gone = User.objects.create_user("gone@x.example", "correct horse battery")
gone.delete()
"""


def python(installation: Installation, code: str, *arguments: str | Path, **more: str) -> int:
    """These lines in a process of the installation, to their end; its exit status."""
    started: subprocess.Popen[str] = installation.code("import django\ndjango.setup()\n" + code, *arguments, **more)
    return started.wait(timeout=120)


def filled(made: Installation, folder: Path) -> Installation:
    """The example of the documents, with real calls, a statement, mails and an SMS that wait, a source being read."""
    world = folder / "world.json"
    world.write_text(json.dumps(full()))
    assert made.run("load", world).code == 0
    source = full()["phone_systems"][0]["name"]
    assert made.run("import", "calls", SAMPLES / "Master.csv", "--source", source).code == 0
    assert python(made, FILL) == 0
    return made


def other(installations: Installations, folder: Path) -> Installation:
    """An installation of somebody else, with a key of its own and another statement where the first has one."""
    made = installations.ready()
    world = folder / "other.json"
    clients = [{"number": "1001", "name": "Jansen"}, {"number": "2002", "name": "Visser"}]
    world.write_text(json.dumps({"operator": {"name": "De Eik"}, "clients": clients}))
    assert made.run("load", world).code == 0
    (made.home / "secret_key").write_text("of-de-eik" * 6)
    statement = made.home / "files" / PDF
    statement.parent.mkdir(parents=True)
    statement.write_bytes(b"%PDF of Jansen")
    return made


def tables(made: Installation) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table by its first column, read around Django; without the log's own of backups."""
    listed = "select tablename from pg_tables where schemaname = 'public'"
    if made.database_url.startswith("sqlite"):
        listed = "select name from sqlite_master where type = 'table'"
    found = {
        name: made.rows(f'select * from "{name}" order by 1') for (name,) in made.rows(listed) if name not in APART
    }
    found["operator_logentry"] = [row for row in found["operator_logentry"] if "backup." not in str(row)]
    found["django_migrations"] = sorted(row[1:3] for row in found["django_migrations"])
    return found


def differences(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Tables that are not the same, with the rows of both."""
    return {
        name: (first.get(name), second.get(name))
        for name in sorted({*first, *second})
        if first.get(name) != second.get(name)
    }
