"""What keeps running: `balie work`, `balie serve`, `balie demo`."""

import errno
import json
import os
import socket
import sys
import threading
from typing import Any

import click

from balie.cli.face import say, speaks
from balie.operator.queries import PORT
from balie.rules.errors import Refused
from balie.worker.crew import LANE_NAMES, Crew
from balie.worker.process import Stop, die_with_parent, stop_on_signals

# The command itself, however it was started: not found in the folder somebody happens to be in (-P).
BALIE = (sys.executable, "-P", "-c", "from balie.cli.main import main; main()")
WEB_THREADS = 8
MOST_WEB_PROCESSES = 2
SHUTDOWN_SECONDS = 10


@click.command()
@click.option("--once", is_flag=True, help="Work until nothing is due, then stop.")
@click.option("--lane", type=click.Choice(LANE_NAMES), hidden=True, help="Only this lane, in this process.")
@click.option("--parent", type=int, hidden=True, help="Stop when this process is gone.")
@speaks
def work(once: bool, lane: str | None, parent: int | None, as_json: bool) -> None:
    """Do what is due: read new files, close months, send mails.

    Without --once it goes on until it is stopped, with a process for each kind of work.
    """
    stop = Stop()
    stop_on_signals(stop)
    if parent is not None:
        die_with_parent(parent)
    if once:
        ready()
        done, failed = work_once(lane, stop)
        text = f"{done} done, {failed} failed" if failed else f"{done} done"
        say({"done": done, "failed": failed}, as_json=as_json, text=text)
    elif lane:
        from balie.worker.jobs import lane_called
        from balie.worker.loop import Loop

        Loop(lane_called(lane), stop).run()
    else:
        ready()
        click.echo(f"working: {', '.join(LANE_NAMES)}; Ctrl-C stops", err=True)
        Crew(LANE_NAMES, lane_command).run(stop)


def work_once(lane: str | None, stop: Stop) -> tuple[int, int]:
    """Does in this process what is due, in one lane or all. Returns how many rows were worked on, how many failed."""
    from balie.worker.jobs import LANES, lane_called
    from balie.worker.loop import run_all_once

    tally = run_all_once((lane_called(lane),) if lane else LANES, stop)
    return tally.done, tally.failed


def lane_command(lane: str) -> list[str]:
    """The command line of one lane's process. It ends with us."""
    return [*BALIE, "work", "--lane", lane, "--parent", str(os.getpid())]


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for every one.")
@click.option("--access-log", is_flag=True, help="Write a line for each request to standard error.")
@click.option("--say", "greeting", hidden=True, help="What to print once it answers.")
@speaks
def serve(port: int, host: str, access_log: bool, greeting: str | None, as_json: bool) -> None:
    """Serve the pages and the API, with the worker in it."""
    free(host, port)
    os.environ[PORT] = str(port)
    ready()
    url = address(host, port)
    plain = json.dumps({"url": url}) if as_json else f"Balie at {url} (Ctrl-C stops)"
    run_server(host, port, access_log=access_log, greeting=greeting or plain)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--fresh", is_flag=True, help="Throw away what the demo became and make it anew.")
@speaks
def demo(port: int, host: str, fresh: bool, as_json: bool) -> None:
    """A demo operator with months of data, then serve it. It has a home of its own and touches nothing else."""
    from django.conf import settings
    from django.utils import timezone

    from balie.demo import place
    from balie.demo.actions import build

    free(host, port)
    os.environ[PORT] = str(port)
    if fresh:
        place.clear(settings.HOME)
    made = build(now=timezone.now(), progress=lambda text: click.echo(text, err=True))
    url = address(host, port)
    greeting = json.dumps({"url": url, **made.document()}, ensure_ascii=False) if as_json else made.text(url)
    # A process of its own for the server: what building took of memory and threads is given back.
    os.execv(BALIE[0], [*BALIE, "serve", "--port", str(port), "--host", host, "--say", greeting])


def free(host: str, port: int) -> None:
    """Refused when nobody can listen there."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise Refused(
                "port_in_use", f"Port {port} is in use already; stop what listens there or choose another.", "--port"
            ) from problem
        if problem.errno == errno.EACCES:
            raise Refused("port_not_allowed", f"This user may not listen on port {port}.", "--port") from problem
        raise Refused("bad_host", f"Nobody can listen on {host}: {problem.strerror}.", "--host") from problem


def ready() -> None:
    """Refused while the database is not reachable, not of this version, or half restored."""
    from balie.api.health import missing_migrations
    from balie.backup.queries import unfinished_restore

    missing = missing_migrations()
    if missing:
        raise Refused(
            "not_set_up",
            f"The database is not of this version ({len(missing)} changes to make); run `balie init`.",
            "database",
        )
    if half := unfinished_restore():
        message = f"The restore of {half.file} did not come to its end; run `balie restore` with that file again."
        raise Refused("half_restored", message, "database")


def shown(host: str) -> str:
    """A host as a browser takes it; for every address of this machine the local one."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def address(host: str, port: int) -> str:
    return f"http://{shown(host)}:{port}/"


def run_server(host: str, port: int, *, access_log: bool, greeting: str) -> None:
    """Runs web processes and the worker's lanes until told to stop. Nothing of it outlives this process."""
    import multiprocessing

    from django.db import connections
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    connections.close_all()
    # Started, not forked: a copy of a process with threads and open connections is a trap.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ["BALIE_SERVER_PID"] = str(os.getpid())
    server = Server(
        "balie.cli.served:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(MOST_WEB_PROCESSES, os.cpu_count() or 1),
        blocking_threads=WEB_THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=SHUTDOWN_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=quiet_log(),
        log_access=access_log,
    )
    companion = Companion(host, port, greeting)
    server.on_startup(companion.start)
    server.on_shutdown(companion.finish)
    server.serve()


class Companion(threading.Thread):
    """Beside the web server: says where it is once it answers, then looks after the worker's lanes.

    One thread for the whole life of the server, since Linux ends a child with the thread that started it.
    """

    def __init__(self, host: str, port: int, greeting: str) -> None:
        super().__init__(name="companion", daemon=True)
        self.address = (shown(host).strip("[]"), port)
        self.greeting = greeting
        self.stop = Stop()

    def run(self) -> None:
        while not self.answers() and not self.stop.wait(0.05):
            pass
        if self.stop.is_set():
            return
        click.echo(self.greeting)
        Crew(LANE_NAMES, lane_command).run(self.stop)

    def answers(self) -> bool:
        try:
            socket.create_connection(self.address, timeout=1).close()
        except OSError:
            return False
        return True

    def finish(self) -> None:
        self.stop.set()
        self.join()


def quiet_log() -> dict[str, Any]:
    """Granian's log and access log on standard error, where logs belong."""
    line = {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    handler = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "line"}
    loggers = {
        "_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    }
    return {"formatters": {"line": line}, "handlers": {"stderr": handler}, "loggers": loggers}
