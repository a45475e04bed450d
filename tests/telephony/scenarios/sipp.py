"""Many calls at once from SIPp. Played first: SIPp takes the addresses of the telephones."""

import subprocess
import time
from pathlib import Path

from tests.telephony.stage import Stage, scenario

SCRIPTS = Path(__file__).resolve().parent.parent / "sipp"
PBX = "127.0.0.1:15061"


def sipp(script: str, host: str, port: int, media: int, **options: object) -> list[str]:
    """The command that plays this script from an address; options are SIPp's, `d` is its pause in milliseconds."""
    command = ["sipp", "-sf", str(SCRIPTS / script), "-i", host, "-p", str(port), "-mp", str(media)]
    for name, value in options.items():
        command += [f"-{name}", str(value)]
    return [*command, "-nostdin", PBX]


@scenario(
    "Many callers at once from SIPp: eight calls in one second, every second one to 0201234502 and 0201234507, "
    "agents ring 1 s, callers talk 3 s from the answer and hang up.",
    runs=1,
)
def concurrent_sipp(stage: Stage, run: int) -> None:
    work, silent = stage.server.work, subprocess.DEVNULL
    numbers = work / "callers.csv"
    numbers.write_text("SEQUENTIAL\n" + "".join(f"06123411{n:02};020123450{(2, 7)[n % 2]}\n" for n in range(8)))
    agents = [
        subprocess.Popen(sipp("agent.xml", host, 15171, media, d=1000), stdout=silent, stderr=silent, cwd=work)
        for host, media in (("127.0.0.11", 30000), ("127.0.0.12", 31000))
    ]
    try:
        time.sleep(0.5)
        stage.watch.note(
            "SIPp: eight callers 0612341100..07 call 0201234502 (even) and 0201234507 (odd) within a second"
        )
        callers = sipp("caller.xml", "127.0.0.2", 15181, 32000, inf=numbers, m=8, r=8, d=3000)
        done = subprocess.run(callers, capture_output=True, cwd=work, check=False)
        stage.watch.note(f"SIPp: all callers have hung up (status {done.returncode})")
    finally:
        for agent in agents:
            agent.terminate()
            agent.wait()
