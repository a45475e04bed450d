"""The addresses of the settings."""

from django.urls import path

from balie.web.office.safety import urlpatterns as safety
from balie.web.office.settings import start
from balie.web.office.settings.agent_deeds import urlpatterns as agents
from balie.web.office.settings.closing import urlpatterns as closing
from balie.web.office.settings.mail import urlpatterns as mail
from balie.web.office.settings.operator import urlpatterns as operator
from balie.web.office.settings.phone.urls import urlpatterns as phone
from balie.web.office.settings.retention import urlpatterns as retention
from balie.web.office.settings.sms_gateway import urlpatterns as sms_gateway
from balie.web.office.settings.staff_deeds import urlpatterns as staff
from balie.web.office.settings.switch import urlpatterns as switch
from balie.web.office.settings.tokens import urlpatterns as tokens

urlpatterns = [
    path("settings/", start.start, name="settings"),
    *operator,
    *closing,
    *phone,
    *switch,
    *sms_gateway,
    *mail,
    *retention,
    *safety,
    *staff,
    *agents,
    *tokens,
]
