"""The mails about months that are over: statements to their clients, to staff why one does not close by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.notifications.actions import queue_mail
from balie.notifications.many import Wanted, queue_mails
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.operator.written import long_day, month
from balie.rules.period import Period
from balie.statements.models import Statement
from balie.statements.reasons import Reason


def mail_statements(made: Sequence[Statement], period: Period, *, now: datetime) -> None:
    """New statements go to their clients, each once, in the caller's transaction.

    Only where the operator wants them mailed, and to clients that have an address.
    """
    operator = the_operator()
    if not operator.close_mail_clients:
        return
    created, mails = replaced_on(made, period), list[Wanted]()
    for statement in made:
        client = statement.client
        with override(client.language):
            values = said_of(statement, created.get((client.pk, statement.revision - 1)), period, operator)
            name = f"{_('Statement')}-{period}.pdf"
        mails.append(Wanted(
            to=client.email, language=client.language, values=values, key=f"statement:{statement.pk}",
            about=f"client:{client.number}", file=statement.path, file_name=name,
        ))  # fmt: skip
    queue_mails(kind="statement", mails=mails, now=now)


def replaced_on(made: Sequence[Statement], period: Period) -> dict[tuple[int, int], datetime]:
    """When the earlier statements of those clients were made that have another one now, by client (id) and revision."""
    again = [statement.client_id for statement in made if statement.revision > 1]
    if not again:
        return {}
    rows = Statement.objects.filter(client__in=again, month=period.key).order_by()
    return {(client, number): at for client, number, at in rows.values_list("client", "revision", "created")}


def said_of(statement: Statement, before: datetime | None, period: Period, operator: Operator) -> dict[str, str]:
    """The variables of a statement's mail, in the active language. before: when the one it replaces was made."""
    day = long_day(before.astimezone(ZoneInfo(operator.timezone)).date()) if before else ""
    return {
        "client": statement.client.name,
        "month": month(period),
        "replaces": _("This statement replaces that of %(day)s.") % {"day": day} if day else "",
        "link": f"{pages(operator)}/portal/documents/",
    }


def tell_that_it_waits(period: Period, reasons: Iterable[Reason], *, now: datetime) -> None:
    """Tells the operator's address for tasks, once a month, what keeps it from closing; none where that is not set."""
    operator = the_operator()
    with override(operator.language):
        told = "\n".join(f"- {reason}" for reason in reasons)
        values = {"month": month(period), "reasons": told, "link": f"{pages(operator)}/months/{period}/"}
    queue_mail(
        kind="month_waits", to=operator.mailboxes.get("tasks") or "", language=operator.language, values=values,
        key=f"month:{period}:waits", about=f"month:{period}", now=now,
    )  # fmt: skip
