"""What the next page says about what was just done, with a button to take it back where that can be done."""

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, text: str, undo: str = "") -> None:
    """It is done. `undo`: the address that takes it back when something is posted there."""
    messages.success(request, text, extra_tags=undo)


def refused(request: HttpRequest, text: str) -> None:
    """It was not done, and why."""
    messages.warning(request, text)
