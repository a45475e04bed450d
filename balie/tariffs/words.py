"""The names of the services, translated when shown."""

from django.utils.translation import gettext_lazy

SERVICES = {"telephone": gettext_lazy("telephone"), "sms": gettext_lazy("SMS")}


def service_name(service: str) -> str:
    """The service's name in the active language; one we do not know is called as it is stored."""
    return str(SERVICES.get(service, service))
