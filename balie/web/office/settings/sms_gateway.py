"""The SMS gateway: how SMS leave the house; tried and stored. What an SMPP gateway wants stands in its address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from balie.messages.actions import try_line_now
from balie.messages.gateways import GatewayDown, smpp_place
from balie.messages.gateways.chosen import OURS, gateway
from balie.messages.models import Outgoing
from balie.messages.models import State as SmsState
from balie.messages.outbox import line_problem, sms_counts
from balie.rules.errors import Refused
from balie.web.access import administrator, office
from balie.web.office.settings import typed
from balie.web.office.settings.operator import zone_choices
from balie.web.office.settings.outside import Down, OutsideSetting, Value, kept_beside
from balie.web.office.settings.typed import State
from balie.web.request import OfficeRequest, author
from balie.web.typed import point, shown
from balie.world.parts import GATEWAY_FIELDS, SMS_GATEWAY

NONE = "none"
KINDS = {
    NONE: (gettext_lazy("None"), gettext_lazy("SMS wait in the outbox")),
    "smpp": ("SMPP", gettext_lazy("the usual way of networks and of providers for companies")),
    "http": ("HTTP", gettext_lazy("a signed request for each SMS, to your provider or to a program of yours")),
    "fake": (gettext_lazy("None, for trying out"), gettext_lazy("writes SMS down as delivered; nobody gets any")),
}
OPTIONS = ("per_second", "window", "lines", "timeout", "idle", "ids", "zone", "tls", "system_type")
IDS = {
    "": gettext_lazy("the same in answers and receipts"),
    smpp_place.HEX: gettext_lazy("hexadecimal in answers, decimal in receipts"),
    smpp_place.DEC: gettext_lazy("decimal in answers, hexadecimal in receipts"),
}
URL = {"smpp": "smpp_url", "http": "http_url"}  # the field of each kind


def state(held: Value) -> State:
    """The fields as they stand for what is stored."""
    url, kind = str(held.get("url") or ""), str(held.get("kind") or NONE)
    place, options = apart(url) if kind == "smpp" else (url, {})
    return {
        "kind": kind,
        "smpp_url": place if kind == "smpp" else "",
        "http_url": url if kind == "http" else "",
        "password": typed.secret_field(held.get("password")),
        **{f"option.{name}": shown(options.get(name, "")) for name in OPTIONS},
        **{f"fields.{name}": str((held.get("fields") or {}).get(name) or "") for name in GATEWAY_FIELDS},
    }


def apart(url: str) -> tuple[str, dict[str, str]]:
    """An address of SMPP without what it asks for, and that; left whole where not all of it has a field."""
    place, _mark, query = url.partition("?")
    asked = parse_qsl(query, keep_blank_values=True)
    if len(dict(asked)) < len(asked) or set(dict(asked)) - set(OPTIONS):
        return url, {}
    return place, dict(asked)


def joined(form: State, held: Value) -> str:
    """The address with what the fields ask for, in the order in which it stands there already."""
    place, _mark, query = form["smpp_url"].partition("?")
    typed_there = parse_qsl(query, keep_blank_values=True)
    before = apart(str(held.get("url") or ""))[1]
    asked = [(name, option(form, name)) for name in dict.fromkeys([*before, *OPTIONS])]
    whole = [*typed_there, *((name, value) for name, value in asked if value)]
    if twice := [name for name in dict(whole) if [one for one, _value in whole].count(name) > 1]:
        said = _("“%(name)s” is given twice. Give it once, here or in its field.")
        raise Refused("twice", said % {"name": twice[0]}, "smpp_url")
    return f"{place}?{urlencode(whole, safe='/:')}" if whole else place


def option(form: State, name: str) -> str:
    """What a field of SMPP says; numbers with the comma or point of the language."""
    field = form[f"option.{name}"]
    return point(field) if name in smpp_place.NUMBERS else field


def value(request: OfficeRequest, form: State, held: Value) -> dict[str, Any]:
    """What a form means. Refused with its field for what a world file may not say, and for what its kind cannot use."""
    kind = form["kind"]
    if kind == NONE:
        return {}
    said: dict[str, Any] = {"kind": kind}
    if kind in URL:
        url = joined(form, held) if kind == "smpp" else form["http_url"]
        said |= {"url": url or None, "password": typed.secret_kept(form["password"], held, "password", kind)}
    if kind == "http":
        named = {name: form[f"fields.{name}"] for name in GATEWAY_FIELDS if form[f"fields.{name}"]}
        said["fields"] = named or None
    if kind == "smpp":
        refuse_options(form)
    try:
        checked = kept_beside(held, stored(SMS_GATEWAY(said, "")), SMS_GATEWAY.keys)
        gateway(checked).close()
    except GatewayDown as problem:
        raise Refused("bad_gateway", problem.why, URL.get(kind, "kind")) from None
    except Refused as refusal:
        where = URL.get(kind, "kind") if refusal.where == "url" else refusal.where
        raise Refused(refusal.code, refusal.message, where) from None
    if kind in URL and not checked.get("password"):
        raise Refused("no_secret", missing_password(kind), "password")
    return checked


def missing_password(kind: str) -> str:
    """What to enter where there is no password yet: neither kind does without."""
    if kind == "smpp":
        return _(
            "Enter where the password your provider gave you lies: env:NAME for a variable, file:/path for a file."
        )
    return _("Enter where the key lies with which requests are signed: env:NAME for a variable, file:/path for a file.")


def stored(said: Mapping[str, Any]) -> dict[str, Any]:
    """As the table has it: without what is not said."""
    found = {name: part for name, part in said.items() if part is not None}
    return found | ({"fields": dict(found["fields"])} if "fields" in found else {})


def refuse_options(form: State) -> None:
    """Refused for the first field of SMPP that cannot be, beside that field."""
    for name in OPTIONS:
        field = option(form, name)
        try:
            if field:
                smpp_place.numbers({name: field})
                smpp_place.words({name: field})
        except GatewayDown:
            raise Refused("bad_value", possible(name), f"option.{name}") from None


def possible(name: str) -> str:
    """What can stand in a field of SMPP."""
    if name in smpp_place.NUMBERS:
        least, most = (shown(str(end)) for end in smpp_place.NUMBERS[name][:2])
        whole = _("Give a whole number from %(least)s to %(most)s.")
        said = whole if name in smpp_place.WHOLE else _("Give a number from %(least)s to %(most)s.")
        return said % {"least": least, "most": most}
    if name == "zone":
        return _("There is no time zone of this name; write it as Europe/Amsterdam.")
    if name == "system_type":
        return _("Give at most 12 letters, digits and signs, without spaces.")
    return _("Choose one of these.")


def look(request: OfficeRequest, value: Value) -> str:
    if not value:
        raise Down(_("There is nothing to try: SMS wait in the outbox until there is a gateway."))
    line = None
    try:
        line = gateway(value)
        return line.look()
    except GatewayDown as problem:
        raise Down(problem.why) from problem
    finally:
        if line:
            line.close()


def known(request: OfficeRequest, form: State) -> dict[str, Any]:
    """How it goes with SMS: what waits, the last that left, what is wrong with the line. Three queries."""
    counts = sms_counts()
    return {
        "kinds": KINDS,
        "ids": IDS,
        "zones": zone_choices(),
        "waiting": counts[SmsState.WAITING],
        "last": Outgoing.objects.exclude(accepted=None).order_by("-accepted").first(),
        "line": line_problem(),
        "counted": request.desk.operator.sms_count,
    }


def try_again(request: OfficeRequest) -> None:
    """What waits for the gateway goes by the new settings at once."""
    if line_problem():
        try_line_now(author=author(request))


SETTING = OutsideSetting(
    name="sms_gateway",
    page="sms_gateway_settings",
    undo="undo_sms_gateway",
    template="balie/settings/sms_gateway.html",
    state=state,
    value=value,
    look=look,
    at_home=lambda value: value.get("kind") in OURS,
    known=known,
    stored=try_again,
)


@office
def sms_gateway_settings(request: OfficeRequest) -> HttpResponse:
    return SETTING.draw(request)


@require_POST
@administrator
def put_sms_gateway(request: OfficeRequest) -> HttpResponse:
    return SETTING.store(request)


@require_POST
@administrator
def try_sms_gateway(request: OfficeRequest) -> HttpResponse:
    return SETTING.try_it(request)


@require_POST
@administrator
def undo_sms_gateway(request: OfficeRequest, pk: int) -> HttpResponse:
    return SETTING.take_back(request, pk)


urlpatterns = [
    path("settings/sms-gateway/", sms_gateway_settings, name="sms_gateway_settings"),
    path("settings/sms-gateway/put/", put_sms_gateway, name="put_sms_gateway"),
    path("settings/sms-gateway/try/", try_sms_gateway, name="try_sms_gateway"),
    path("settings/sms-gateway/undo/<int:pk>/", undo_sms_gateway, name="undo_sms_gateway"),
]
