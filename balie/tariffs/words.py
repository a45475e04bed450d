"""The names of the services, translated when shown."""

from django.utils.translation import gettext, gettext_lazy

SERVICES = {"telephone": gettext_lazy("telephone"), "sms": gettext_lazy("SMS")}

NOT_KNOWN = "unknown"  # of a notice whose sender does not know what it has


def service_name(service: str) -> str:
    """The service's name in the active language; one we do not know is called as it is stored."""
    if service == NOT_KNOWN:
        return gettext("not known")
    return str(SERVICES.get(service, service))
