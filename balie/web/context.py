"""What every template knows: the chosen colours, the languages. Nothing here asks the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEME_COOKIE = "balie_theme"
THEMES = ("system", "light", "dark")


def look(request: HttpRequest) -> dict[str, Any]:
    """The colours this browser asked for; by the system's wish when it asked for none."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": chosen if chosen in THEMES else "system", "languages": settings.LANGUAGES}
