"""/metrics for Prometheus: what an administrator wants an alarm on. One query a family, from sums where there are any.

For tokens of managers and above, and for programs on this machine that do not come through a proxy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from ipaddress import ip_address

from django.db import DatabaseError
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from balie.accounts.actions import token_role
from balie.accounts.models import Role
from balie.api.access import bearer, reaches
from balie.backup.queries import last_backup
from balie.calls.models import BadLine, Import, Source, SourceHour
from balie.calls.queries import unassigned
from balie.leases.queries import alive
from balie.worker.jobs import LANES

PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
Sample = tuple[dict[str, str], float]


@dataclass(frozen=True)
class Family:
    """Samples of one name, as Prometheus groups them."""

    name: str
    kind: str
    help: str
    samples: Callable[[datetime], Iterable[Sample]]

    def text(self, now: datetime) -> str:
        head = f"# HELP {self.name} {self.help}\n# TYPE {self.name} {self.kind}\n"
        return head + "".join(f"{self.name}{labels(given)} {value:.15g}\n" for given, value in self.samples(now))


def metrics(request: HttpRequest) -> HttpResponse:
    """The page itself. 401 without a token from elsewhere, 403 for a token of an agent, 503 without a database."""
    now = timezone.now()
    try:
        if not local(request):
            token = token_role(bearer(request), now=now)
            if token is None:
                return answer("a token is needed: Authorization: Bearer TOKEN\n", 401)
            if not reaches(token, Role.MANAGER):
                return answer("this needs the token of at least a manager\n", 403)
        return answer("".join(family.text(now) for family in FAMILIES), 200)
    except DatabaseError:
        return answer("the database does not answer\n", 503)


def local(request: HttpRequest) -> bool:
    """Whether a program on this machine asks directly: a proxy on this machine asks for the whole world."""
    if any(header in request.headers for header in PROXIED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def answer(text: str, status: int) -> HttpResponse:
    kind = "text/plain; version=0.0.4; charset=utf-8" if status == 200 else "text/plain; charset=utf-8"
    response = HttpResponse(text, status=status, content_type=kind, headers={"Cache-Control": "no-store"})
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def labels(given: dict[str, str]) -> str:
    if not given:
        return ""
    return "{" + ",".join(f'{name}="{escaped(value)}"' for name, value in given.items()) + "}"


def escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def calls(now: datetime) -> Iterable[Sample]:
    rows = SourceHour.objects.order_by().values("source__name", "type").annotate(sum=Sum("calls"))
    return [({"source": row["source__name"], "type": row["type"]}, row["sum"]) for row in rows]


def imports(now: datetime) -> Iterable[Sample]:
    refused = Count("pk", filter=~Q(problem=""))
    rows = Import.objects.order_by().values("source__name").annotate(all=Count("pk"), refused=refused)
    for row in rows:
        yield {"source": row["source__name"], "outcome": "done"}, row["all"] - row["refused"]
        yield {"source": row["source__name"], "outcome": "refused"}, row["refused"]


def bad_lines(now: datetime) -> Iterable[Sample]:
    rows = BadLine.objects.order_by().values("source__name").annotate(n=Count("pk"))
    return [({"source": row["source__name"]}, row["n"]) for row in rows]


def without_client(now: datetime) -> Iterable[Sample]:
    return [({}, unassigned().count())]


def last_looks(now: datetime) -> Iterable[Sample]:
    rows = Source.objects.exclude(last_look=None).values_list("name", "last_look")
    return [({"source": name}, (now - look).total_seconds()) for name, look in rows if look]


def problems(now: datetime) -> Iterable[Sample]:
    rows = Source.objects.values_list("name", "last_problem", "parked")
    return [({"source": name}, bool(problem or parked)) for name, problem, parked in rows]


def waiting(now: datetime) -> Iterable[Sample]:
    for lane in LANES:
        for job in lane.jobs:
            yield {"job": job.name}, job.due(now).filter(parked="").count()


def given_up(now: datetime) -> Iterable[Sample]:
    for lane in LANES:
        for job in lane.jobs:
            yield {"job": job.name}, job.due(now).model.objects.exclude(parked="").count()


def workers(now: datetime) -> Iterable[Sample]:
    living = [beat.lane for beat in alive(now=now)]
    return [({"lane": lane.name}, living.count(lane.name)) for lane in LANES]


def backups(now: datetime) -> Iterable[Sample]:
    found = last_backup()
    return [({}, (now - found.at).total_seconds())] if found else []


def build(now: datetime) -> Iterable[Sample]:
    return [({"version": version("balie")}, 1)]


FAMILIES = (
    Family("balie_build_info", "gauge", "The version that runs.", build),
    Family("balie_calls", "gauge", "Calls stored, by phone system and type.", calls),
    Family("balie_imports_total", "counter", "Files read, by phone system and outcome.", imports),
    Family("balie_bad_lines", "gauge", "Lines kept because they could not be read.", bad_lines),
    Family("balie_unassigned_calls", "gauge", "Calls no client was found for.", without_client),
    Family("balie_source_last_look_age_seconds", "gauge", "Since a phone system's files were looked at.", last_looks),
    Family("balie_source_problem", "gauge", "1 while the last look at a phone system's files failed.", problems),
    Family("balie_queue", "gauge", "Rows waiting for the worker, by job.", waiting),
    Family("balie_parked", "gauge", "Rows the worker has given up, by job.", given_up),
    Family("balie_workers", "gauge", "Worker processes alive, by lane.", workers),
    Family("balie_backup_age_seconds", "gauge", "Since the last backup; missing while none was made.", backups),
)
