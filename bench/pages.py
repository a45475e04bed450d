"""How long pages and answers of the API take on an operator as large as real ones; the slowest first.

    python bench/pages.py [--clients 2000] [--months 13] [--calls 200000] [--notes 500000] [--database-url postgresql://…]
                          [--home FOLDER] [--most 40] [--who client,agent]

Makes the operator (bench/big.py), or takes the one that lies in --home already. Then asks as manager, as agent and as
client for every page that a link or a form of filters leads to, each way of sorting, filtering and paging once, and for
what the API reads. Prints milliseconds the first and a later time (the best), those of them on a processor (without
PostgreSQL's), queries, kB, and the address.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.big import Size, fill
from bench.imports import BALIE, fresh_database

if TYPE_CHECKING:
    from django.test import Client as Browser

WAYS = 12  # of asking for one page, at most
MOST, SLOW = 4, 300  # times a slow page is asked for; milliseconds
TYPED = {"number": "0000012", "client": "1001", "q": "offerte", "page": "100000"}
OF_API = {"month": "", "client": "1001", "limit": "500", "agent": "2000", "tariff": "T0", "number": "0000012"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in vars(Size()).items():
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    options.add_argument("--home", help="where the operator is kept for the next time")
    options.add_argument("--most", type=int, default=40, help="lines printed")
    options.add_argument("--who", default="client,agent,api,manager", help="who asks")
    asked = options.parse_args()
    size = Size(*(getattr(asked, name) for name in vars(Size())))
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        prepare(Path(asked.home or home), asked.database_url, size)
        found = [told for who in people() if who.name in asked.who for told in ask_all(who)]
        found += of_api() if "api" in asked.who else ()
    found.sort(key=lambda one: -one.warm)
    for told in found[: asked.most]:
        print(told)
    slow = sum(one.warm > SLOW for one in found)
    broken = [one.url for one in found if one.status >= 500]
    print(f"{len(found)} addresses asked, {slow} slower than {SLOW} ms; broken: {broken}")


def prepare(home: Path, server: str | None, size: Size) -> None:
    """An operator in this folder, on its own database; the one there is, where there is one."""
    known = home / "made"
    url = f"sqlite:///{home}/balie.sqlite3"
    if server:
        url = server.rsplit("/", 1)[0] + "/balie_bench_pages" if known.exists() else fresh_database(
            server, "balie_bench_pages"
        )  # fmt: skip
    os.environ.update(BALIE_HOME=str(home), BALIE_DATABASE_URL=url, DJANGO_SETTINGS_MODULE="balie.config.settings")
    subprocess.run([BALIE, "init"], check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    if not known.exists():
        fill(size, datetime.now(UTC), lambda part: print(part, file=sys.stderr, flush=True))
        known.touch()


@dataclass(frozen=True)
class Told:
    """What came of asking for one address."""

    who: str
    url: str
    status: int
    cold: float
    warm: float
    busy: float
    queries: int
    size: int

    def __str__(self) -> str:
        said = (
            f"{self.cold:7.0f} {self.warm:7.0f} {self.busy:7.0f} ms {self.queries:4} queries {self.size / 1000:7.0f} kB"
        )
        return f"{said}  {self.status} {self.who:8} {self.url}"


@dataclass
class Who:
    """Somebody who clicks: a browser that is logged in, and where it begins."""

    name: str
    browser: "Browser"
    begin: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, url: str) -> tuple[Told, str]:
        """The page a first time and once more; a slow one more often."""
        from django.db import connection, reset_queries
        from django.test.utils import CaptureQueriesContext

        times, busy = list[float](), list[float]()
        while len(times) < 2 or (len(times) < MOST and min(times[1:]) > SLOW):
            reset_queries()  # Django keeps the last 9,000
            with CaptureQueriesContext(connection) as captured:
                began, worked = perf_counter(), process_time()
                answer = self.browser.get(url, headers=self.headers)
                body = b"".join(answer)  # also of one that is sent in parts
                times.append(1000 * (perf_counter() - began))
                busy.append(1000 * (process_time() - worked))
        told = Told(
            self.name, url, answer.status_code, times[0], min(times[1:]), min(busy[1:]), len(captured), len(body)
        )
        is_page = "html" in answer.headers.get("Content-Type", "")
        location = f'<a href="{answer.headers["Location"]}">' if "Location" in answer.headers else ""
        return told, location + (body.decode() if is_page else "")


def people() -> Iterator[Who]:
    """A manager, an agent, a user of the client with most notes."""
    from django.db.models import Count
    from django.test import Client as Browser

    from balie.accounts.models import Client, User

    most = Client.objects.annotate(count=Count("notes")).latest("count")
    users = {"manager": ("/", "manager@x.example"), "agent": ("/desk/", "agent@x.example")}
    for name, (begin, email) in (users | {"client": ("/portal/", f"owner{most.pk}@x.example")}).items():
        browser = Browser(raise_request_exception=False, SERVER_NAME="localhost")
        browser.force_login(User.objects.get(email=email))
        yield Who(name, browser, begin)


class Doors(HTMLParser):
    """Where a page leads to: links, parts that are fetched, and forms of filters with one field filled at a time."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found = here, list[str]()
        self.action: str | None = None
        self.chosen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, str] = {name: value or "" for name, value in attrs}
        self.found += [urljoin(self.here, said[name]) for name in ("href", "hx-get") if said.get(name)]
        if tag == "form":
            is_get = said.get("method", "get").lower() == "get"
            self.action = urljoin(self.here, said.get("action") or urlsplit(self.here).path) if is_get else None
        if self.action is None:
            return
        if tag == "select":
            self.chosen = said.get("name", "")
        elif tag == "option" and self.chosen and said.get("value") and "selected" not in said:
            self.fill(self.chosen, said["value"])
            self.chosen = ""
        elif tag == "input" and said.get("name") and said.get("type") not in ("hidden", "submit"):
            value = said.get("min") or said.get("value") or TYPED.get(said["name"], "an")
            self.fill(said["name"], value)

    def fill(self, name: str, value: str) -> None:
        assert self.action is not None
        parts = urlsplit(self.action)
        query = urlencode({**dict(parse_qsl(parts.query)), name: value})
        self.found.append(parts._replace(query=query).geturl())

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = None


def ask_all(who: Who) -> Iterator[Told]:
    """Every page that can be reached, once for each set of what its address asks for."""
    from django.urls import Resolver404, resolve

    waiting, known, ways = deque([who.begin]), set[Any](), Counter[str]()
    while waiting:
        url = waiting.popleft()
        parts = urlsplit(url)
        if parts.netloc or parts.scheme or parts.path.startswith(("/static/", "/api/", "/logout")):
            continue
        try:
            name = resolve(parts.path).view_name
        except Resolver404:
            continue
        key = name, tuple(sorted(way(*pair) for pair in parse_qsl(parts.query)))
        if key in known or ways[name] >= WAYS:
            continue
        known.add(key)
        ways[name] += 1
        told, page = who.ask(parts._replace(fragment="").geturl())
        doors = Doors(url)
        doors.feed(page)
        waiting += doors.found + ([f"{parts.path}?page=100000"] if "?page=" in page or "&amp;page=" in page else [])
        print(told, file=sys.stderr, flush=True)
        yield told


def way(name: str, value: str) -> str:
    """What tells two ways of asking apart: what is sorted by, and which fields are filled."""
    return f"{name}={value}" if name in ("sort", "order") or value == TYPED["page"] else name


def of_api() -> Iterator[Told]:
    """All that the API reads, plain and with each filter."""
    from django.test import Client as Browser

    from balie.accounts.actions import make_token
    from balie.accounts.models import Role
    from balie.api.root import api
    from balie.operator.actions import Author

    token = make_token(name="bench", role=Role.MANAGER, author=Author("bench", datetime.now(UTC)))
    who = Who(
        "api",
        Browser(raise_request_exception=False, SERVER_NAME="localhost"),
        "",
        {"Authorization": f"Bearer {token.plaintext}"},
    )
    month = f"{datetime.now(UTC):%Y-%m}"
    for path, said in api.get_openapi_schema()["paths"].items():
        if "get" not in said or "{" in path:
            continue
        names = [one["name"] for one in said["get"].get("parameters", []) if one["in"] == "query"]
        base = {"month": month} if "month" in names else {}
        base |= {name: OF_API[name] for name in names if name in ("client", "tariff") and "quote" in path}
        for extra in ({}, *({name: OF_API[name]} for name in names if OF_API.get(name))):
            told = who.ask(f"{path}?{urlencode({**base, **extra})}")[0]
            print(told, file=sys.stderr, flush=True)
            yield told


if __name__ == "__main__":
    main()
