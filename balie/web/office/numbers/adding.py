"""Adding numbers to the pool: pasted or from a file, looked at before any of them is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from balie.numbers.keep import add_numbers
from balie.numbers.stock import known
from balie.rules.errors import Refused
from balie.rules.ranges import MOST, Flaw, Pasted, read, runs, written
from balie.web import notices
from balie.web import written as as_read
from balie.web.access import office
from balie.web.request import OfficeRequest, author

LARGEST_FILE = 1_000_000  # bytes; ten thousand numbers are a quarter of that
SHOWN = 100  # ranges, and bad parts
WHY = {
    Flaw.NO_NUMBER: gettext_lazy("cannot be a telephone number"),
    Flaw.NO_RANGE: gettext_lazy("its end does not fit its beginning"),
    Flaw.BACKWARDS: gettext_lazy("its end comes before its beginning"),
    Flaw.TOO_MANY: gettext_lazy("more than may be added at once"),
}


@dataclass(frozen=True)
class Range:
    """A range without gaps, and how many of it are new."""

    first: str
    last: str
    count: int
    new: int


@dataclass(frozen=True)
class Preview:
    """What a text would do to the pool."""

    pasted: Pasted
    known: set[str]

    @property
    def new(self) -> list[str]:
        return [number for number in self.pasted.numbers if number not in self.known]

    @property
    def text(self) -> str:
        """The new numbers, as ranges: what the next step sends."""
        return written(self.new)

    @property
    def ranges(self) -> list[Range]:
        return [self.range(first, last) for first, last in runs(self.pasted.numbers)]

    def range(self, first: str, last: str) -> Range:
        inside = range(int(first[1:]), int(last[1:]) + 1)
        old = sum(f"+{number}" in self.known for number in inside)
        return Range(first, last, len(inside), len(inside) - old)

    @property
    def bad(self) -> list[tuple[int, str, str]]:
        return [(part.line, part.text, str(WHY[part.why])) for part in self.pasted.bad]


@require_http_methods(["GET", "HEAD", "POST"])
@office
def add(request: OfficeRequest) -> HttpResponse:
    """The form; posted, what it would do; confirmed, it is done."""
    if request.method != "POST":
        return form(request)
    try:
        text = given(request)
        pasted = read(text, request.desk.operator.country)
        if request.POST.get("do") == "add":
            return store(request, pasted.numbers)
        return preview(request, text, pasted)
    except Refused as refusal:
        return form(request, refusal.message)


def given(request: OfficeRequest) -> str:
    """What was pasted and what the file says, a line after the other. Refused for nothing, and for what is no text."""
    text, file = request.POST.get("numbers", ""), request.FILES.get("file")
    if file:
        if (file.size or 0) > LARGEST_FILE:
            raise Refused("too_large", _("This file is too large: give a text with numbers, a line each."), "file")
        data = file.read()
        try:
            text += "\n" * bool(text.strip()) + data.decode("utf-8-sig")
        except UnicodeDecodeError:
            said = _("This is no text file. Save the list as CSV or text, then give that.")
            raise Refused("no_text", said, "file") from None
    if not text.strip():
        raise Refused("nothing", _("Paste numbers or give a file with some."), "numbers")
    return text


def store(request: OfficeRequest, numbers: Sequence[str]) -> HttpResponse:
    counts = add_numbers(numbers=numbers, author=author(request))
    said = ngettext("%(n)s number is new in the pool.", "%(n)s numbers are new in the pool.", counts.new)
    notices.done(request, said % {"n": as_read.count(counts.new)})
    return redirect("numbers")


def preview(request: OfficeRequest, text: str, pasted: Pasted) -> HttpResponse:
    """What would be stored, and what not and why. Nothing is yet."""
    seen = Preview(pasted, known(pasted.numbers))
    shown = {
        "preview": seen,
        "new": len(seen.new),
        "old": len(seen.known),
        "ranges": seen.ranges[:SHOWN],
        "more_ranges": max(0, len(seen.ranges) - SHOWN),
        "bad": seen.bad[:SHOWN],
        "more_bad": max(0, len(seen.bad) - SHOWN),
        "text": text if len(text) <= LARGEST_FILE else "",
        "most": MOST,
    }
    return render(request, "balie/numbers/preview.html", shown)


def form(request: OfficeRequest, problem: str = "") -> HttpResponse:
    known_here = {"problem": problem, "text": request.POST.get("numbers", ""), "most": MOST}
    return render(request, "balie/numbers/add.html", known_here, status=422 if problem else 200)
