"""Mails as they are sent, in a frame of an office page: the one place where what others might have written is HTML."""

from typing import Any, ParamSpec, cast

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.views.decorators.clickjacking import xframe_options_sameorigin

from balie.web.access import View

Rest = ParamSpec("Rest")
# A mail brings its own style sheet and nothing else; opened as a page of its own it is as locked up as in its frame.
LOCKED_UP = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "script-src": [NONE],
    "img-src": [NONE],
    "font-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


def holds_frame(view: View[Rest]) -> View[Rest]:
    """A page that shows another page of ours in a frame."""
    return cast(View[Rest], csp_update({"frame-src": [SELF]})(cast(Any, view)))


def in_frame(view: View[Rest]) -> View[Rest]:
    """A page for such a frame: no scripts, no links out, nothing loaded, not even as the one who is logged in."""
    return cast(View[Rest], xframe_options_sameorigin(csp_replace(LOCKED_UP)(cast(Any, view))))
