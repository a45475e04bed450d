"""What the next page says about what was just done, with a button to take it back where that can be done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from balie.operator.phrases import told
from balie.rules.errors import Refused


def done(request: HttpRequest, text: str, undo: str = "") -> None:
    """It is done. `undo`: the address that takes it back when something is posted there."""
    messages.success(request, text, extra_tags=undo)


def refused(request: HttpRequest, text: str) -> None:
    """It was not done, and why."""
    messages.warning(request, text)


def attempt(request: HttpRequest, deed: Callable[[], object], said: str, undo: str = "") -> None:
    """Does it and says so, or says why not."""
    try:
        deed()
    except Refused as refusal:
        refused(request, told(refusal.message))
    else:
        done(request, said, undo=undo)
