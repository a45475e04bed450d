"""What an administrator does to a phone system: stores it, takes that back, tries it, removes it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Role
from balie.calls.models import Source
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import administrator, office
from balie.web.errors import not_for_you
from balie.web.office.settings.phone import fields
from balie.web.office.settings.phone.pages import Shown, blank, one
from balie.web.office.settings.phone.tries import Given, Tried, fetched, read, tried
from balie.web.office.settings.typed import ChangedMeanwhile, State, Trouble, brought_together, shown_before
from balie.web.request import OfficeRequest, author
from balie.world import phone_system
from balie.world.phone_system import OF_READING, put_phone_system, remove_phone_system, take_back_change


def meant(request: OfficeRequest) -> tuple[Source, State]:
    """The phone system that the form is about, or a new one; and what the form says."""
    text = request.POST.get("source", "")
    known = text.isascii() and text.isdigit() and len(text) < 10
    source = get_object_or_404(Source, pk=int(text)) if known else blank(request)
    return source, fields.given(request.POST, fields.state(source))


@require_POST
@administrator
def put(request: OfficeRequest) -> HttpResponse:
    """Stores the phone system of the form; it is looked at soon."""
    source, form = meant(request)
    held, was = fields.state(source), request.POST.get("was", "")
    try:
        wanted = brought_together(was, form, held) if source.pk else form
        entry = put_phone_system(fields.checked(wanted, source), source, author=author(request))
    except ChangedMeanwhile as changed:
        trouble = Trouble.of(changed, status=409)
        return one(request, source, shown(request, form, trouble, changed.was))
    except Refused as refusal:
        return one(request, source, shown(request, form, Trouble.of(refusal), shown_before(was, held)))
    tell(request, source, entry)
    return redirect("phone_system", source.pk)


def shown(request: OfficeRequest, form: State, trouble: Trouble | None, was: State) -> Shown:
    """The page as it was sent, with the sample that came with it."""
    return Shown(form, was, trouble, given=Given.of(request.POST, request.FILES.get("file")))


def tell(request: OfficeRequest, source: Source, entry: LogEntry | None) -> None:
    """What came of storing: looked at soon; that calls read before stay as they are."""
    if entry is None:
        notices.done(request, _("Nothing changed."))
        return
    said = [_("Saved.")]
    if entry.details["after"].get("files") or (source.files and set(entry.details["after"]) - {"name"}):
        said.append(_("Its files are looked at within a few seconds."))
    if set(entry.details["before"]) & set(OF_READING) and phone_system.has_calls(source):
        said.append(_("Calls already read stay as they are; this holds for what is read from now on."))
    undo = reverse("undo_phone_system", args=[entry.pk]) if phone_system.can_be_taken_back(entry) else ""
    notices.done(request, " ".join(said), undo)


@require_POST
@administrator
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes one change back; not where it was changed again since."""
    entry = get_object_or_404(LogEntry, pk=pk, deed=phone_system.CHANGED)
    try:
        if take_back_change(entry, author=author(request)):
            notices.done(request, _("It is set as before."))
        else:
            notices.refused(request, _("That was changed again since; nothing was taken back."))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    found = Source.objects.filter(pk=entry.details.get("source")).first()
    return redirect("phone_system", found.pk) if found else redirect("phone_systems")


@require_POST
@administrator
def try_place(request: OfficeRequest) -> HttpResponse:
    """Looks at once where the form says that files lie; or enters the host key somebody has compared."""
    source, form = meant(request)
    was = shown_before(request.POST.get("was", ""), fields.state(source))
    if compared := request.POST.get("compared", ""):
        form = form | {"files.host_key": compared}
    try:
        place = fields.checked_place(form, source)
        if place is None:
            raise Refused("no_files", _("Enter first where the files lie."), "files.url")
    except Refused as refusal:
        return one(request, source, shown(request, form, Trouble.of(refusal), was))
    given = Given.of(request.POST, request.FILES.get("file"))
    return one(request, source, Shown(form, was, tried=tried(place), given=given))


@require_POST
@administrator
def try_file(request: OfficeRequest) -> HttpResponse:
    """Shows how the beginning of a file would be read with what the form says: of one given here, or of one that lies
    where the form says that files lie."""
    source, form = meant(request)
    was = shown_before(request.POST.get("was", ""), fields.state(source))
    given: Given | None = Given.of(request.POST, request.FILES.get("file"))
    if path := request.POST.get("listed", ""):
        try:
            place = fields.checked_place(form, source)
        except Refused as refusal:
            return one(request, source, shown(request, form, Trouble.of(refusal), was))
        there = fetched(place, path) if place is not None else None
        if isinstance(there, Tried):
            return one(request, source, Shown(form, was, tried=there, given=given))
        given = there or given
    if given is None:
        trouble = Trouble(_("Choose a file first."), "file")
        return one(request, source, Shown(form, was, trouble))
    form, found = read(form, source, given, request.desk.operator)
    return one(request, source, Shown(form, was, given=given, read=found))


@require_http_methods(["GET", "HEAD", "POST"])
@office
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Says what is lost, or why it stays; its button removes it."""
    source = get_object_or_404(Source, pk=pk)
    if request.method == "POST":
        if not request.user.may(Role.ADMINISTRATOR):
            return not_for_you(request)
        try:
            remove_phone_system(source, author=author(request))
        except Refused as refusal:
            notices.refused(request, refusal.message)
            return redirect("phone_system", pk)
        notices.done(request, _("%(name)s is removed.") % {"name": source.name})
        return redirect("phone_systems")
    known = {
        "source": source,
        "has_calls": phone_system.has_calls(source),
        "kept": phone_system.kept_of(source),
        "may": request.user.may(Role.ADMINISTRATOR),
    }
    return render(request, "balie/settings/remove_phone_system.html", known)
