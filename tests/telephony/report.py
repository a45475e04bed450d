"""What is written about a recording: stopwatch.json and the second half of README.md."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NotRequired, TypedDict

from tests.telephony.leg import Leg

MARK = "<!-- From here on written by tests/telephony/record.py -->"
KINDS = {
    "agent and caller": "talk",
    "caller and outside": "forwarded",
    "agent and outside": "agent–outside",
    "agent and agent": "agent–agent",
}
COLUMNS = (*KINDS.values(), "outside–outside")
# Runs with more events than a person reads are told by stopwatch.json alone.
READABLE = 60


class Pair(TypedDict):
    """Two parties who heard each other: from when to when, and how many seconds in all."""

    who: list[str]
    when: list[list[float]]
    seconds: float


class Run(TypedDict):
    """One run: when it began (UTC), how many CDR lines it gave, what happened at which second, who heard whom."""

    began: str
    lines: int
    events: list[tuple[float, str]]
    together: list[Pair]
    error: NotRequired[str]


class Played(TypedDict):
    """A scenario as it was played."""

    scenario: str
    text: str
    runs: list[Run]


def spans(legs: list[Leg], pair: set[str]) -> list[list[float]]:
    """When two parties heard each other, seen from either side."""
    heard = [(leg.name, name, times) for leg in legs for name, times in leg.sound.heard.items()]
    out: list[list[float]] = []
    for begin, end in sorted(span for one, other, times in heard if {one, other} == pair for span in times):
        if out and begin - out[-1][1] < 0.5:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([begin, end])
    return [[round(begin, 1), round(end, 1)] for begin, end in out if end - begin > 0.1]


def together(legs: list[Leg]) -> list[Pair]:
    """Who heard whom, the earliest first."""
    pairs = {tuple(sorted((leg.name, name))) for leg in legs for name in leg.sound.heard}
    out = [
        Pair(who=list(pair), when=when, seconds=round(sum(end - begin for begin, end in when), 1))
        for pair in sorted(pairs)
        if (when := spans(legs, set(pair)))
    ]
    return sorted(out, key=lambda pair: pair["when"])


def write_stopwatch(path: Path, results: list[Played]) -> None:
    """One line per scenario and per run."""
    text = json.dumps(results, ensure_ascii=False)
    path.write_text(text.replace('{"scenario"', '\n{"scenario"').replace('{"began"', '\n {"began"') + "\n")


def write_readme(path: Path, results: list[Played]) -> None:
    """Keep what people wrote above the mark and tell the recording below it."""
    head = path.read_text().split(MARK)[0] if path.exists() else "# Transfers\n\n"
    path.write_text("\n".join([head + MARK, "", *table(results), *stories(results)]) + "\n")


def table(results: list[Played]) -> Iterator[str]:
    yield "## Stopwatch\n"
    yield (
        "Seconds (parties); talk is caller with agent, forwarded is caller with "
        "outside, agent–outside is a consultation or an outbound call.\n"
    )
    yield "| scenario | run | lines | " + " | ".join(COLUMNS) + " |"
    yield "|---" * (3 + len(COLUMNS)) + "|"
    for item in results:
        for number, run in enumerate(item["runs"], 1):
            found = sums(run) if len(run["events"]) <= READABLE else {"talk": "see stopwatch.json"}
            cells = " | ".join(found.get(what, "") for what in COLUMNS)
            yield f"| {item['scenario']} | {number} | {run['lines']} | {cells} |"


def sums(run: Run) -> dict[str, str]:
    """What a person with a stopwatch notes: who talked with whom, in seconds."""
    found: dict[str, list[str]] = {}
    for pair in run["together"]:
        kinds = " and ".join(who.split()[0] for who in pair["who"])
        numbers = " ".join(who.split()[1] for who in pair["who"])
        found.setdefault(KINDS.get(kinds, COLUMNS[-1]), []).append(f"{pair['seconds']:.1f} ({numbers})")
    return {what: ", ".join(pairs) for what, pairs in found.items()}


def stories(results: list[Played]) -> Iterator[str]:
    for item in results:
        yield f"\n## {item['scenario']}.csv\n\n{item['text']}"
        for number, run in enumerate(item["runs"], 1):
            lines = f"{run['lines']} {'line' if run['lines'] == 1 else 'lines'}"
            yield f"\n**Run {number}**, from {run['began']} UTC, {lines}. Seconds since then:\n\n```text"
            yield from story(run)


def story(run: Run) -> Iterator[str]:
    readable = len(run["events"]) <= READABLE
    if readable:
        yield from (f"{second:5.1f}  {what}" for second, what in run["events"])
    else:
        yield f"({len(run['events'])} events, see stopwatch.json)"
    yield "```"
    if not run["together"]:
        yield "Nobody heard anybody."
    elif readable:
        yield "Heard each other: " + "; ".join(map(sentence, run["together"])) + "."


def sentence(pair: Pair) -> str:
    when = ", ".join(f"{begin:.1f}–{end:.1f}" for begin, end in pair["when"])
    return f"{' and '.join(pair['who'])} **{pair['seconds']:.1f} s** ({when})"
