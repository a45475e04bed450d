"""The switch: which phone system is told whose a number is, so that orders are done without people."""

from copy import copy
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from balie.contracts.models import Order, OrderStep
from balie.numbers.switches import SwitchProblem, asterisk, chosen
from balie.operator.models import Operator
from balie.rules.activation import UNFINISHED, Status
from balie.rules.errors import Refused
from balie.web.access import administrator, office
from balie.web.office.settings import typed
from balie.web.office.settings.outside import Down, OutsideSetting, Value, kept_beside
from balie.web.office.settings.typed import State
from balie.web.request import OfficeRequest
from balie.world.parts import SWITCH

MANUAL = "manual"
# What each kind has besides; in the order of the page.
OF_KIND = {
    MANUAL: (),
    "asterisk": ("url", "secret", "fingerprint", "dial", "number_form", "test_from", "account_prefix"),
    "webhook": ("url", "secret"),
    "fake": (),
}
USUAL = {
    "dial": asterisk.DIAL, "number_form": asterisk.NATIONAL, "test_from": asterisk.TEST_FROM,
    "account_prefix": asterisk.ACCOUNT_PREFIX,
}  # fmt: skip
KINDS = {
    MANUAL: (
        gettext_lazy("By hand"),
        gettext_lazy("staff are asked to configure each number, and say when it is done"),
    ),
    "asterisk": (
        gettext_lazy("An Asterisk"),
        gettext_lazy("is told over its manager interface, and tested with a call"),
    ),
    "webhook": (
        gettext_lazy("Any other, by a program of yours"),
        gettext_lazy("gets a signed request for each number"),
    ),
    "fake": (gettext_lazy("None, for trying out"), gettext_lazy("only remembers the numbers; no call goes anywhere")),
}
FORMS = {
    asterisk.NATIONAL: gettext_lazy("national: 0201234501"),
    asterisk.E164: gettext_lazy("with the country, without plus: 31201234501"),
    asterisk.PLUS: gettext_lazy("with plus: +31201234501"),
}
SHOWN = 5


def state(held: Value) -> State:
    """The fields as they stand for what is stored; usual values stand there too."""
    found = {"kind": str(held.get("kind") or MANUAL), "url": str(held.get("url") or "")}
    found |= {"secret": typed.secret_field(held.get("secret")), "fingerprint": str(held.get("fingerprint") or "")}
    for name, usual in USUAL.items():
        stored = held.get(name)
        found[name] = usual if stored is None else str(stored)
    return found


def value(request: OfficeRequest, form: State, held: Value) -> dict[str, Any]:
    """What a form means. Refused with its path for what a world file may not say, and for what its kind cannot use."""
    said: dict[str, Any] = {"kind": form["kind"]}
    for name in OF_KIND.get(form["kind"], ()):
        is_usual = name in USUAL and form[name] == USUAL[name] and name not in held
        if form[name] and not is_usual:
            said[name] = form[name]
    if form["kind"] == "asterisk" and not form["account_prefix"]:
        said["account_prefix"] = ""  # no prefix, which is not the usual one
    if "secret" in OF_KIND.get(form["kind"], ()):
        said["secret"] = typed.secret_kept(form["secret"], held, "secret", form["kind"])
    if said == {"kind": MANUAL} and not held:
        return {}
    checked = kept_beside(held, dict(SWITCH(said, "")), SWITCH.keys)
    try:
        chosen.switch(with_switch(request.desk.operator, checked), now=request.desk.now)
    except SwitchProblem as problem:
        raise Refused("bad_switch", problem.why, "url") from None
    if form["kind"] in ("asterisk", "webhook") and not checked.get("secret"):
        raise Refused("no_secret", missing_secret(form["kind"]), "secret")
    return checked


def missing_secret(kind: str) -> str:
    """What to enter where there is no secret yet: neither kind does without."""
    if kind == "asterisk":
        return _(
            "Enter where the secret of its account in manager.conf lies: env:NAME for a variable,"
            " file:/path for a file."
        )
    return _("Enter where the key lies with which requests are signed: env:NAME for a variable, file:/path for a file.")


def with_switch(operator: Operator, value: Value) -> Operator:
    """The operator as it would be; nothing is stored."""
    found = copy(operator)
    found.switch = dict(value)
    return found


def look(request: OfficeRequest, value: Value) -> str:
    try:
        return chosen.switch(with_switch(request.desk.operator, value), now=request.desk.now).look()
    except SwitchProblem as problem:
        raise Down(problem.why) from problem


def known(request: OfficeRequest, form: State) -> dict[str, Any]:
    """How it goes with orders: those that wait for it, and the last numbers that work. Three queries."""
    waiting = Order.objects.filter(status__in=UNFINISHED).exclude(number=None).select_related("client", "number")
    ready = OrderStep.objects.filter(status=Status.READY).exclude(order__number=None)
    done = ready.select_related("order__client", "order__number").order_by("-at")[:SHOWN]
    return {
        "kinds": KINDS,
        "forms": FORMS,
        "waiting_count": waiting.count(),
        "waiting": list(waiting.filter(~Q(problem="") | ~Q(parked="")).order_by("placed")[:SHOWN]),
        "done": [(step, (step.at - step.order.placed).total_seconds()) for step in done],
    }


SETTING = OutsideSetting(
    name="switch",
    page="switch_settings",
    undo="undo_switch",
    template="balie/settings/switch.html",
    state=state,
    value=value,
    look=look,
    at_home=lambda value: (value.get("kind") or MANUAL) in (MANUAL, "fake"),
    known=known,
)


@office
def switch_settings(request: OfficeRequest) -> HttpResponse:
    return SETTING.draw(request)


@require_POST
@administrator
def put_switch(request: OfficeRequest) -> HttpResponse:
    return SETTING.store(request)


@require_POST
@administrator
def try_switch(request: OfficeRequest) -> HttpResponse:
    return SETTING.try_it(request)


@require_POST
@administrator
def undo_switch(request: OfficeRequest, pk: int) -> HttpResponse:
    return SETTING.take_back(request, pk)


urlpatterns = [
    path("settings/switch/", switch_settings, name="switch_settings"),
    path("settings/switch/put/", put_switch, name="put_switch"),
    path("settings/switch/try/", try_switch, name="try_switch"),
    path("settings/switch/undo/<int:pk>/", undo_switch, name="undo_switch"),
]
