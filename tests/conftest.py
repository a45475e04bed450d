"""What every test stands on: a home of its own, the database asked for, and a word about what this machine lacks.

BALIE_DATABASE_URL  the database the tests run on (default: SQLite in a file; PostgreSQL: test_<name> is made there)
BALIE_REQUIRE       names out of browser,postgres,asterisk: tests that need them fail instead of being skipped
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

HOME = tempfile.mkdtemp(prefix="balie-test-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["BALIE_HOME"] = HOME
for name in ("BALIE_FILES_URL", "BALIE_SECRET_KEY", "BALIE_ALLOWED_HOSTS", "BALIE_TRUST_PROXY", "BALIE_LOG"):
    os.environ.pop(name, None)

# The settings are read here and not by pytest-django, which would read them before this file chose the home. The
# variable goes again: workers of xdist inherit it, and would read them early too, all with the home of the first.
os.environ["DJANGO_SETTINGS_MODULE"] = "balie.config.settings"
from django.conf import settings as read_settings

DATABASE = read_settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
if DATABASE == "sqlite3":
    # A file and not memory: threads that write at once then wait for each other, as they do where it is used.
    read_settings.DATABASES["default"]["TEST"] = {"NAME": f"{HOME}/tests.sqlite3"}
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.utils import translation

from tests.inside import Inside
from tests.installation import Installation, Installations
from tests.telephony.exchange import Exchange, exchange
from tools import messages

# A busy machine is no failure.
hypothesis.settings.register_profile("house", deadline=None, database=None)
hypothesis.settings.register_profile("thorough", deadline=None, database=None, max_examples=10_000)
hypothesis.settings.load_profile("house")

NEEDS = ("browser", "postgres", "asterisk")
REQUIRED = {name for name in os.environ.get("BALIE_REQUIRE", "").split(",") if name}
# About what pages, mails, commands and the API say. What they read and write runs on both databases in the tests of the
# apps, and every page is opened on both by test_pages.py. Who may do what is decided above the database: once.
SAID_ONCE = (
    "tests/web/",
    "tests/browser/",
    "tests/demo/",
    "tests/cli/",
    "tests/api/",
    "tests/notifications/test_outbox.py",
)
ON_BOTH = (
    "tests/web/test_pages.py", "tests/web/test_mail_links.py",
    "tests/cli/test_setup.py", "tests/api/test_access.py", "tests/api/test_push.py",
)  # fmt: skip
USE_DATABASE = {"db", "transactional_db", "live_server", "inside", "installation", "installations"}


def program(*names: str) -> str | None:
    """The first of these programs this machine has."""
    return next((found for name in names if (found := shutil.which(name, path=f"{os.defpath}:/usr/sbin"))), None)


CHROMIUM = os.environ.get("BALIE_CHROMIUM") or program("chromium", "chromium-browser", "google-chrome")


def lacking(need: str) -> str | None:
    """Why tests that need this cannot run here; None when they can."""
    if need == "browser" and not CHROMIUM:
        return "no Chromium on this machine (apt-get install chromium, or name one in BALIE_CHROMIUM)"
    if need == "asterisk" and not (program("asterisk") and program("sipp")):
        return "no Asterisk and SIPp on this machine"
    return None


def pytest_configure(config: pytest.Config) -> None:
    if unknown := REQUIRED - set(NEEDS):
        raise pytest.UsageError(f"BALIE_REQUIRE: {', '.join(sorted(unknown))} is none of {', '.join(NEEDS)}")
    messages.compile_changed()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what reads a database, and of that what is only about words and looks: the run on PostgreSQL leaves it."""
    for item in items:
        path = item.path.relative_to(item.config.rootpath).as_posix()
        if path.startswith(SAID_ONCE) and not path.startswith(ON_BOTH):
            item.add_marker("once")
        if item.get_closest_marker("django_db") or USE_DATABASE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in NEEDS:
        if item.get_closest_marker(need) and (reason := lacking(need)):
            if need in REQUIRED:
                pytest.fail(f"BALIE_REQUIRE={need}, but: {reason}")
            pytest.skip(reason)
    if item.get_closest_marker("postgres") and DATABASE != "postgresql":
        pytest.skip("this run is on SQLite; `make check` runs it on PostgreSQL too")


@pytest.fixture(autouse=True)
def no_language_left() -> Iterator[None]:
    """The language of a test's last page is not that of the next test."""
    yield
    translation.deactivate()


@pytest.fixture
def chromium() -> str:
    """The path of the browser, for playwright's `executable_path`. Only for tests marked `browser`."""
    assert CHROMIUM
    return CHROMIUM


@pytest.fixture(autouse=True)
def own_files(request: pytest.FixtureRequest) -> None:
    """Files a test keeps (statements) lie in its own folder: another test may keep the same month of that client."""
    if request.node.get_closest_marker("database"):
        settings = request.getfixturevalue("settings")
        settings.FILES_URL = str(request.getfixturevalue("tmp_path") / "files")


@pytest.fixture(scope="session")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installations]:
    """Makes installations for tests that need several, or one without `balie init`."""
    server = os.environ["BALIE_DATABASE_URL"] if DATABASE == "postgresql" else None
    made = Installations(tmp_path_factory.mktemp("installations"), server)
    yield made
    made.remove()


@pytest.fixture
def installation(installations: Installations) -> Installation:
    """A fresh installation after `balie init`, used through the real command in processes of its own.

    On SQLite a file in its home, on PostgreSQL a database of its own: whatever this run is on.
    """
    return installations.ready()


@pytest.fixture
def inside(db: None, tmp_path: Path) -> Inside:
    """The commands in this process, on the test's own database: a hundred times faster than processes of their own."""
    return Inside(tmp_path)


@pytest.fixture(scope="session")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """A real Asterisk, set up as docs/operate.md says, with a carrier and agents. For tests marked `asterisk`.

    One for all of them: each uses numbers of its own, and leaves it running.
    """
    with exchange(tmp_path_factory.mktemp("asterisk")) as running:
        yield running


@pytest.fixture
def samples() -> Path:
    """The folder of the call files of real phone systems."""
    return Path(__file__).parent / "samples"
