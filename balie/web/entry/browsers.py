"""Which browser on which system a session is of, as far as its own words tell. Rough, for people to know it again."""

import re

# The first that fits: most browsers claim to be several.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *((name, name) for name in ("iPhone", "iPad", "Android", "Windows")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def browser_of(said: str) -> str:
    """Firefox, Linux; its own words cut short where they say neither, "" where there are none."""
    found = [next((name for sign, name in known if sign in said), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or re.sub(r"[\s/].*", "", said)[:40]
