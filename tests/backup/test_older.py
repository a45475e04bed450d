"""A backup of an older version in a newer one: rows go into the tables of then, which are brought up to now."""

import gzip
import json
from pathlib import Path

from balie.backup.archive import HEAD, MANIFEST, Archive, Backup
from tests.backup.offices import differences, other, tables
from tests.installation import Installation, Installations

# What the version of then did not have: a column of a table with rows, tables, an app.
STEPS = {("operator", "0004_second_factor_and_terms"), ("quality", "0002_handed_calls"), ("backup", "0001_first")}
COLUMN, TABLES = ("operator_operator", "second_factor"), {"operator_terms", "quality_handedcall"}


def older(backup: Path, file: Path) -> Path:
    """The backup as the version before these steps would have written it."""
    found = Backup(backup)
    columns = {name: those for name, those in found.head["columns"].items() if name not in TABLES}
    place = [name for name, _ in columns[COLUMN[0]]].index(COLUMN[1])
    columns[COLUMN[0]] = [one for one in columns[COLUMN[0]] if one[0] != COLUMN[1]]
    steps = [step for step in found.head["steps"] if tuple(step) not in STEPS]
    rows = {name: count for name, count in found.manifest["rows"].items() if name not in TABLES}
    with file.open("wb") as out:
        made = Archive(out, mtime=0)
        for name, data in found.members(""):
            if name == HEAD:
                data = json.dumps(found.head | {"columns": columns, "steps": steps}).encode()
            elif name == MANIFEST:
                data = json.dumps(found.manifest | {"rows": rows}).encode()
            elif name.startswith(f"tables/{COLUMN[0]}/"):
                data = gzip.compress(without(place, gzip.decompress(data)))
            if name != "sha256" and name.split("/")[1:2] not in [[table] for table in TABLES]:
                made.add(name, data)
        made.close()
    return file


def without(place: int, lines: bytes) -> bytes:
    """The lines without their value at this place."""
    rows = [line.split(b"\t") for line in lines.splitlines()]
    return b"".join(b"\t".join([*row[:place], *row[place + 1 :]]) + b"\n" for row in rows)


def test_older_backup_becomes_an_installation_of_this_version(
    office: Installation, office_backup: Path, installations: Installations, tmp_path: Path
) -> None:
    oak = other(installations, tmp_path)
    answer = oak.run("restore", older(office_backup, tmp_path / "older.tar"), "--replace", "--moved", "--json")
    assert answer.code == 0, answer
    assert answer.json["replaced"] == "De Eik with 2 clients"
    before, after = tables(office), tables(oak)
    came = differences(before, after)
    [was], [now] = came.pop("operator_operator")
    assert [pair for pair in zip(was, now, strict=True) if pair[0] != pair[1]] in ([(1, None)], [(True, None)])
    assert came.keys() == {"calls_source", "statements_statement"}
    assert oak.rows("select count(*) from operator_terms") == [(0,)]
    assert oak.run("staff", "eva@x.example", "--role", "manager").code == 0
