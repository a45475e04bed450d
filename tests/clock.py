"""Where the clock of real processes cannot be set: an operator who lives where no day ends meanwhile."""

from datetime import UTC, datetime


def where_it_is_noon() -> str:
    """A time zone in which no day ends, and no job's hour of the morning or the night comes, while a test runs.

    Its date is that of UTC.
    """
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
