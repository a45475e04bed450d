"""Lines of Master.csv as FreeSWITCH writes them in its default template, of 23 November between nine and ten."""

from tests.cdr.legs_json import uuid


def line(
    number: int,
    caller: str,
    called: str,
    start: str,
    end: str,
    *,
    answer: str = "",
    named: int = 0,
    context: str = "default",
    cause: str = "NORMAL_CLEARING",
    account: str = "",
    more: tuple[str, ...] = (),
) -> str:
    """One line of Master.csv. start, answer, end: MM:SS after nine; named: the leg it says it called."""
    spoken = seconds(end) - seconds(answer) if answer else 0
    stamps = [f"2026-11-23 09:{each}" if each else "" for each in (start, answer, end)]
    fields = [
        "", caller, called, context, *stamps, str(seconds(end) - seconds(start)), str(spoken), cause, uuid(number),
        uuid(named) if named else "", account, "PCMA", "PCMA", *more,
    ]  # fmt: skip
    return ",".join(f'"{field}"' for field in fields) + "\n"


def seconds(text: str) -> int:
    minutes, rest = text.split(":")
    return 60 * int(minutes) + int(rest)
