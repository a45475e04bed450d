"""What holds when we send: whom SMS come from, when nobody is disturbed, how much a client may send."""

from collections.abc import Collection
from datetime import datetime

from balie.accounts.models import Client
from balie.messages.models import ClientSms, SmsSettings
from balie.operator.models import Operator
from balie.rules.quiet import quiet_until
from balie.rules.sender import name_as_sender


def sms_settings() -> SmsSettings:
    """The operator's; at their defaults where nobody set any."""
    return SmsSettings.objects.first() or SmsSettings(pk=1)


def client_settings(client: Client) -> ClientSms:
    """A client's own; at their defaults where nobody set any."""
    return ClientSms.objects.filter(client=client).first() or ClientSms(client=client)


def sender_for(client: Client, operator: Operator) -> str:
    """The client's own sender, else the operator's, else the operator's name as far as it fits."""
    own = ClientSms.objects.filter(client=client).values_list("sender", flat=True).first()
    return own or sms_settings().sender or name_as_sender(operator.name)


def limit_of(client: Client) -> int | None:
    """How many parts a client may send a month; None: as many as it likes. 0 of its own: none at all."""
    own = client_settings(client).limit
    return sms_settings().limit if own is None else own


def limits_of(clients: Collection[int]) -> dict[int, int | None]:
    """The same of several clients (ids). Two queries."""
    general = sms_settings().limit
    own = dict(ClientSms.objects.filter(client__in=clients, limit__isnull=False).values_list("client_id", "limit"))
    return {client: own.get(client, general) for client in clients}


def quiet_end(now: datetime, operator: Operator) -> datetime | None:
    """When the quiet hours end that it is in now; None where it is in none."""
    held = sms_settings()
    return quiet_until(now, begins=held.quiet_from, ends=held.quiet_until, zone=operator.timezone)
