"""Play telephone calls through a real, private Asterisk and keep the CDR lines it writes.

    python -m tests.telephony.record --out FOLDER [--work FOLDER] [--only NAME,NAME] [--append]
    python -m tests.telephony.record --out FOLDER --list

All scenarios take about 20 minutes.

Needs `asterisk` and `sipp` on the path. Everything binds to loopback; all that is started here is stopped here.
One CSV per scenario (the lines as Asterisk wrote them), transfers-Master.csv (all of them), transfers-custom-Master.csv
(the same in cdr_custom order), stopwatch.json, and the second half of README.md.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.telephony.report import Played, Run, together, write_readme, write_stopwatch
from tests.telephony.scenarios import attended, blind, crowd, features, forwarded, local, outbound, plain, sipp
from tests.telephony.server import running
from tests.telephony.stage import Scenario, Stage

GROUPS = (sipp, plain, forwarded, blind, attended, local, features, outbound, crowd)
SCENARIOS = {each.name: each for group in GROUPS for each in vars(group).values() if isinstance(each, Scenario)}
LOGS = {"transfers-Master.csv": "cdr-csv", "transfers-custom-Master.csv": "cdr-custom"}


def play(stage: Stage, scenario: Scenario) -> tuple[Played, bytes]:
    """Play all runs of a scenario; what was seen, and the CDR lines."""
    stage.voices.forget()
    before = len(stage.server.log("cdr-csv"))
    runs = [play_run(stage, scenario, run) for run in range(scenario.runs)]
    return {"scenario": scenario.name, "text": scenario.text, "runs": runs}, stage.server.log("cdr-csv")[before:]


def play_run(stage: Stage, scenario: Scenario, number: int) -> Run:
    start = len(stage.server.log("cdr-csv"))
    time.sleep(1.05 - time.time() % 1)  # begin just after a full second
    stage.watch.start()
    error = None
    try:
        scenario.play(stage, number)
    except (RuntimeError, OSError, ValueError) as problem:  # the run is kept with what went wrong
        error = repr(problem)
        print(f"{scenario.name} {number}: {problem!r}", file=sys.stderr)
    time.sleep(0.3)
    end_all(stage, f"{scenario.name} {number}")
    stage.server.settle()
    run: Run = {
        "began": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(stage.watch.zero)),
        "lines": stage.server.log("cdr-csv")[start:].decode().count("\n"),
        "events": list(stage.watch.events),
        "together": together(stage.watch.legs),
    }
    if error:
        run["error"] = error
    for phone in stage.phones.values():
        phone.inbox.clear()
    return run


def end_all(stage: Stage, what: str) -> None:
    """Hang up whatever the script has left open."""
    for leg in list(stage.watch.legs):
        if leg.state in ("up", "calling", "ringing"):
            stage.watch.note(f"({leg.name} still has a line open)")
            try:
                leg.hang_up()
            except RuntimeError as problem:
                print(what, problem)


def record(work: Path, out: Path, scenarios: list[Scenario], *, append: bool) -> None:
    """Write the files anew after each scenario, so that nothing is lost when a later one is stopped."""
    results: list[Played] = json.loads((out / "stopwatch.json").read_text()) if append else []
    before = {name: (out / name).read_bytes() if append else b"" for name in LOGS}
    with running(work) as server:
        stage = Stage(server)
        for scenario in scenarios:
            result, lines = play(stage, scenario)
            results.append(result)
            (out / f"{scenario.name}.csv").write_bytes(lines)
            print(scenario.name, [run["lines"] for run in result["runs"]], flush=True)
            for name, log in LOGS.items():
                (out / name).write_bytes(before[name] + server.log(log))
            write_stopwatch(out / "stopwatch.json", results)
            write_readme(out / "README.md", results)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--only")
    parser.add_argument("--append", action="store_true", help="add to the files in --out: the server was restarted")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(SCENARIOS)
    if unknown := [name for name in names if name not in SCENARIOS]:
        sys.exit(f"no such scenario: {', '.join(unknown)}")
    if options.list:
        print("\n".join(f"{name}: {SCENARIOS[name].text}" for name in names))
        return
    for tool in ("asterisk", "sipp"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    work = options.work or Path(tempfile.mkdtemp(prefix="balie-asterisk-"))
    options.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    record(work.resolve(), options.out, [SCENARIOS[name] for name in names], append=options.append)


if __name__ == "__main__":
    main()
