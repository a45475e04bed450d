"""What a client does about its tariff: enter a code, change from next month, take the change back until then."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.contracts.queries import coming_change
from balie.controlling.offers import CODE, take_back_tariff, take_tariff
from balie.operator.written import long_day
from balie.rules.errors import Refused
from balie.tariffs.actions import code_entered
from balie.tariffs.queries import terms_of, version_on
from balie.web import errors, notices, versions
from balie.web.compared import beginning
from balie.web.entry.address import address_of
from balie.web.portal.access import ClientRequest, own
from balie.web.portal.tariff import keeps_service, offered, own_contract, remember_opened, tariff_page, tariffs_page
from balie.web.request import author


@require_POST
@own
def code(request: ClientRequest, pk: int) -> HttpResponse:
    """A code was typed: the tariff it opens, or beside the field why not. Wrong ones are counted."""
    contract = own_contract(request, pk)
    typed = request.POST.get("code", "").strip()
    if not typed:
        return tariffs_page(request, contract, _("Type the code you were given."), status=422)
    try:
        found = code_entered(code=typed, client=request.client, address=address_of(request), author=author(request))
    except Refused as refusal:
        status = 429 if refusal.code == "too_many_tries" else 422
        return tariffs_page(request, contract, refusal.message, status=status)
    if found.pk == contract.tariff_id:
        return tariffs_page(request, contract, _("This is the tariff you have already."), status=422)
    if found.service != contract.service:
        return tariffs_page(request, contract, _("This code belongs to a tariff of another service."), status=422)
    remember_opened(request, found)
    return redirect("portal_tariff", pk=contract.pk, tariff=found.pk)


@require_POST
@own
def change(request: ClientRequest, pk: int, tariff: int) -> HttpResponse:
    """The service is at this tariff from next month, as the page before has shown."""
    contract = own_contract(request, pk)
    wanted = offered(request, contract, tariff)
    if keeps_service(request, contract, wanted) and not request.user.owner:
        return errors.not_for_members(request, errors.CANCELLING)
    version = version_on(wanted, beginning(contract, request.desk))
    try:
        versions.refuse_others(request.POST.get("shown", ""), terms_of(version) if version else None)
        changed = take_tariff(
            client=request.client, service=contract.service, tariff=wanted, how=CODE, author=author(request)
        )
    except Refused as refusal:
        return tariff_page(request, contract, wanted, refusal.message, status=422)
    text = _("Done. Your new tariff begins on %(day)s.") % {"day": long_day(changed.start)}
    notices.done(request, text, undo=reverse("portal_tariff_undo", args=[contract.pk]))
    return redirect("portal_contract")


@require_POST
@own
def undo(request: ClientRequest, pk: int) -> HttpResponse:
    """Takes a coming change back: everything goes on as it is."""
    contract = own_contract(request, pk)
    if coming_change(request.client, contract.service, request.desk.today) is None:
        notices.refused(request, _("There is no change of tariff to take back any more."))
        return redirect("portal_contract")
    take_back_tariff(client=request.client, service=contract.service, author=author(request))
    notices.done(request, _("The change is taken back. You keep your tariff."))
    return redirect("portal_contract")
