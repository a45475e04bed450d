"""The addresses of the pages. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.desk.urls import urlpatterns as desk
from balie.web.entry.urls import urlpatterns as entry
from balie.web.office import (
    bill,
    bills,
    calls,
    client,
    clients,
    contract_deeds,
    contracts,
    deeds,
    downloads,
    editor,
    forecasts,
    imports,
    mail_texts,
    mails,
    months,
    offer,
    offers,
    prices,
    search,
    tariff,
    tariff_deeds,
    tariffs,
    tasks,
    today,
)
from balie.web.office.cancel_requests import urlpatterns as cancel_requests
from balie.web.office.client_history import urlpatterns as client_history
from balie.web.office.desk.urls import urlpatterns as of_clients_desks
from balie.web.office.economics import client as client_margin
from balie.web.office.economics.urls import urlpatterns as economics
from balie.web.office.notes.urls import urlpatterns as notes
from balie.web.office.numbers.urls import urlpatterns as numbers
from balie.web.office.orders.urls import urlpatterns as orders
from balie.web.office.quality.urls import urlpatterns as quality
from balie.web.office.registrations import urlpatterns as registrations
from balie.web.office.settings.urls import urlpatterns as settings
from balie.web.office.sms_lists import urlpatterns as sms
from balie.web.office.sms_out.urls import urlpatterns as sms_out
from balie.web.office.users import urlpatterns as users
from balie.web.office.what_if.urls import urlpatterns as what_if
from balie.web.office.win_back.urls import urlpatterns as win_back
from balie.web.portal.urls import urlpatterns as portal
from balie.web.public.urls import urlpatterns as public

of_clients = [
    path("clients/", clients.clients, name="clients"),
    path("clients/<path:number>/calls/", client.calls, name="client_calls"),
    path("clients/<path:number>/calls.<str:format>", downloads.client_calls, name="client_calls_file"),
    path("clients/<path:number>/contracts/", contracts.contracts, name="client_contracts"),
    path("clients/<path:number>/bill/", bill.bill, name="client_bill"),
    path("clients/<path:number>/bill.<str:format>", bill.file, name="client_bill_file"),
    path("clients/<path:number>/statements/", client.statements, name="client_statements"),
    path("clients/<path:number>/margin/", client_margin.margin, name="client_margin"),
    *users,
    *of_clients_desks,
    *client_history,
    path("clients/<path:number>/", client.overview, name="client"),
    path("contracts/<int:pk>/tariff/", contracts.change, name="change_tariff"),
    path("contracts/<int:pk>/tariff/change/", contract_deeds.change_to, name="change_tariff_to"),
    path("contracts/<int:pk>/tariff/undo/", contract_deeds.take_back_change, name="undo_tariff_change"),
    path("contracts/<int:pk>/book/", contract_deeds.book_on, name="book"),
    path("contracts/<int:pk>/enter/", contract_deeds.enter, name="enter_service"),
    path("contracts/bookings/<int:pk>/cancel/", contract_deeds.cancel, name="cancel_booking"),
    path("contracts/bookings/<int:pk>/reopen/", contract_deeds.reopen, name="reopen_booking"),
    path("contracts/bookings/<int:pk>/remove/", contract_deeds.remove, name="remove_booking"),
]
of_calls = [
    path("calls/", calls.report, name="calls"),
    path("calls/all/", calls.all_calls, name="all_calls"),
    path("calls/month/<str:month>.<str:format>", downloads.month, name="month_file"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/correct/", deeds.correct, name="correct_call"),
    path("calls/corrections/<int:pk>/undo/", deeds.take_back_correction, name="undo_correction"),
    path("calls/unassigned/", deeds.unassigned, name="unassigned"),
    path("calls/unassigned/assign/", deeds.assign, name="assign"),
    path("calls/unassigned/<int:pk>/undo/", deeds.take_back_assignment, name="undo_assignment"),
    path("calls/imports/", imports.imports, name="imports"),
    path("calls/imports/<int:pk>/", imports.one_import, name="import"),
    path("calls/imports/by-hand/", imports.upload, name="upload"),
    path("calls/imports/waiting/", imports.uploads, name="uploads"),
    path("calls/imports/waiting/<int:pk>/drop/", imports.drop, name="drop_upload"),
    path("calls/sources/", imports.sources, name="sources"),
    path("calls/sources/<int:pk>/look/", imports.look, name="look_now"),
]
of_tariffs = [
    path("tariffs/", tariffs.tariffs, name="tariffs"),
    path("tariffs/new/", editor.new, name="new_tariff"),
    path("tariffs/prices/", prices.change, name="price_changes"),
    path("tariffs/prices/<int:pk>/undo/", prices.undo, name="undo_prices"),
    path("tariffs/<int:pk>/", tariff.tariff, name="tariff"),
    path("tariffs/<int:pk>/edit/<str:month>/", editor.edit, name="edit_tariff"),
    path("tariffs/<int:pk>/code/", tariff_deeds.code, name="tariff_code"),
    path("tariffs/<int:pk>/watch/", tariff_deeds.watch, name="tariff_watch"),
    path("tariffs/<int:pk>/copy/", tariff_deeds.copy, name="copy_tariff"),
    path("tariffs/versions/<int:pk>/delete/", tariff_deeds.delete, name="delete_version"),
]
of_tasks = [
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/dismiss/", tasks.dismiss, name="dismiss_task"),
    path("tasks/<int:pk>/reopen/", tasks.reopen, name="reopen_task"),
    path("tasks/<int:pk>/offer/", offer.send, name="send_offer"),
    path("tasks/<int:pk>/decline/", offer.decline, name="decline_offer"),
    path("tasks/look/", tasks.look_again, name="look_again"),
    path("tasks/progress/", tasks.progress, name="watch_progress"),
]
of_offers = [
    path("controlling/offers/", offers.offers, name="offers"),
    path("controlling/offers.<str:format>", offers.file, name="offers_file"),
]
of_months = [
    path("months/", months.months, name="months"),
    path("months/<str:month>/", months.one_month, name="month"),
    path("months/<str:month>/bills/", bills.bills, name="bills"),
    path("months/<str:month>/bills.<str:format>", bills.file, name="bills_file"),
    path("months/<str:month>/close/", months.close, name="close_month"),
    path("months/<str:month>/progress/", months.progress, name="closing_progress"),
    path("statements/<int:pk>.pdf", downloads.statement, name="statement"),
]
of_mails = [
    path("mails/", mails.mails, name="mails"),
    path("mails/<int:pk>/", mails.mail, name="mail"),
    path("mails/<int:pk>/html/", mails.html, name="mail_html"),
    path("mails/<int:pk>/again/", mails.again, name="send_mail_again"),
    path("mails/again/", mails.all_again, name="send_mails_again"),
    path("mails/texts/", mail_texts.all_texts, name="mail_texts"),
    path("mails/texts/<str:kind>/<str:language>/", mail_texts.text, name="mail_text"),
    path("mails/texts/<str:kind>/<str:language>/html/", mail_texts.html, name="mail_text_html"),
    path("mails/texts/<str:kind>/<str:language>/standard/", mail_texts.standard, name="standard_mail_text"),
    path("mails/texts/<str:kind>/<str:language>/undo/<int:entry>/", mail_texts.take_back, name="undo_mail_text"),
    path("mails/texts/<str:kind>/<str:language>/to-me/", mail_texts.to_myself, name="try_mail_text"),
]
urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    *entry,
    *desk,
    *orders,  # before a client, whose number may be any words
    *sms_out,
    *sms,
    *of_clients,
    *numbers,
    *registrations,
    *cancel_requests,
    *settings,
    *of_calls,
    *notes,
    *quality,
    *economics,
    path("controlling/forecast/", forecasts.forecasts, name="forecasts"),
    path("controlling/forecast/clients/", forecasts.clients, name="forecast_clients"),
    *what_if,
    *win_back,
    *of_tariffs,
    *of_tasks,
    *of_offers,
    *of_months,
    *of_mails,
    *portal,
    *public,
]
