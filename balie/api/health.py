"""/livez: the process answers. /readyz: so does the database, and it is of this version."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

Migration = tuple[str, str]


def livez(request: HttpRequest) -> HttpResponse:
    return plain("ok\n")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, 503 with the reason when they cannot."""
    try:
        missing = missing_migrations()
    except DatabaseError:
        return plain("the database does not answer\n", 503)
    if missing:
        return plain("the database is not of this version: balie init\n", 503)
    return plain("ok\n")


def missing_migrations() -> list[Migration]:
    """Changes to the database that this version needs and the database does not have, in one query."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return sorted(needed_migrations() - applied)


@cache
def needed_migrations() -> frozenset[Migration]:
    """Every migration of this version; read once, since files do not change under a running process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def plain(text: str, status: int = 200, **headers: str) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
    answer["Cache-Control"] = "no-store"
    return answer
