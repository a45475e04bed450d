"""The addresses of SMS that we send. Each has a row in the access table of tests/web/test_access.py."""

from django.urls import path

from balie.web.office.sms_out import listed, new, ways

urlpatterns = [
    path("sms/", listed.listed, name="sms_out"),
    path("sms/<int:pk>/", listed.one, name="sms_one"),
    path("sms/<int:pk>/again/", listed.again, name="sms_again"),
    path("sms/<int:pk>/stop/", listed.stop, name="sms_stop"),
    path("sms/again/", listed.all_again, name="sms_all_again"),
    path("sms/line/", listed.try_line, name="sms_line"),
    path("sms/new/", new.new, name="sms_new"),
    path("sms/count/", new.counting, name="sms_count"),
    path("sms/settings/", ways.operators, name="sms_ways"),
    path("sms/opt-outs/", ways.opt_outs, name="sms_opt_outs"),
    path("sms/opt-outs/<int:pk>/remove/", ways.opted_in, name="sms_opt_in"),
    path("clients/<path:number>/sms/settings/", ways.clients, name="client_sms_ways"),
]
