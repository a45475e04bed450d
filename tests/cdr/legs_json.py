"""Objects as FreeSWITCH's mod_json_cdr writes them, one a leg, with the URL encoding it has by default."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
CALLER, OUT = "sofia/external/0612345678@carrier", "sofia/external/0687650006"
ANNA, BRAM = "sofia/internal/201@10.0.0.5", "sofia/internal/202@10.0.0.6"


def uuid(number: int) -> str:
    return f"e0000000-0000-4000-8000-{number:012d}"


def profile(number: int, chan: str, src: str, dst: str, **more: Any) -> dict[str, Any]:
    return {
        "username": src, "dialplan": "XML", "caller_id_number": src, "destination_number": dst, "uuid": uuid(number),
        "source": "mod_sofia", "context": "default", "chan_name": chan, **more,
    }  # fmt: skip


def leg(
    number: int,
    chan: str,
    src: str,
    dst: str,
    *,
    start: str,
    end: str,
    answer: str = "",
    bridge: str = "",
    bridged: int = 0,
    by: dict[str, Any] | None = None,
    called: list[dict[str, Any]] | None = None,
    before: dict[str, Any] | None = None,
    fold: int = 0,
    **variables: str,
) -> str:
    """One leg. start, end, answer, bridge: HH:MM:SS of the switch's clock on 23 November, or day and time; by: the
    profile of the leg that called it; called: those it called; before: its profile before it was transferred."""
    at = {name: moment(text, fold) for name, text in
          (("start", start), ("answer", answer), ("bridge", bridge), ("end", end))}  # fmt: skip
    own = profile(number, chan, src, dst)
    if by:
        own["originator"] = {"originator_caller_profiles": [by]}
    if called:
        own["originatee"] = {"originatee_caller_profiles": called}
    epochs = {f"{name}_epoch": str(int(when.timestamp()) if when else 0) for name, when in at.items()}
    stamps = {f"{name}_stamp": f"{when:%Y-%m-%d %H:%M:%S}" for name, when in at.items() if when}
    begin, over, heard = at["start"], at["end"], at["answer"]
    assert begin and over
    values = {
        "direction": "outbound" if by else "inbound", "uuid": uuid(number), **stamps, **epochs,
        "duration": str(round(over.timestamp() - begin.timestamp())),
        "billsec": str(round(over.timestamp() - heard.timestamp()) if heard else 0), **variables,
    }  # fmt: skip
    if bridged:
        values["bridge_uuid"] = uuid(bridged)
    steps = [each for each in (own, before) if each]
    flow = [{"profile_index": str(len(steps) - at), "caller_profile": each} for at, each in enumerate(steps)]
    encoded = {name: quote(value, safe="") for name, value in values.items()}
    return json.dumps(
        {
            "core-uuid": "f0", "switchname": "pbx", "channel_data": {"direction": values["direction"]},
            "variables": encoded, "app_log": {"applications": []}, "callflow": flow,
        }
    )  # fmt: skip


def moment(text: str, fold: int) -> datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text if " " in text else f"2026-11-23 {text}").replace(tzinfo=ZONE, fold=fold)
