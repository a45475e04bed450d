"""The addresses of the pages. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.entry import choices, login
from balie.web.office import calls, client, clients, deeds, downloads, imports, months, search, today

urlpatterns = [
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
    path("password/<uidb64>/<token>/", login.password, name="password"),
    path("language/", choices.language, name="language"),
    path("theme/", choices.theme, name="theme"),
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("clients/", clients.clients, name="clients"),
    path("clients/<path:number>/calls/", client.calls, name="client_calls"),
    path("clients/<path:number>/calls.<str:format>", downloads.client_calls, name="client_calls_file"),
    path("clients/<path:number>/statements/", client.statements, name="client_statements"),
    path("clients/<path:number>/", client.overview, name="client"),
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
    path("calls/sources/", imports.sources, name="sources"),
    path("calls/sources/<int:pk>/look/", imports.look, name="look_now"),
    path("months/", months.months, name="months"),
    path("months/<str:month>/", months.one_month, name="month"),
    path("months/<str:month>/close/", months.close, name="close_month"),
    path("months/<str:month>/progress/", months.progress, name="closing_progress"),
    path("statements/<int:pk>.pdf", downloads.statement, name="statement"),
]
