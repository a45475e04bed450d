"""Writes over SMS, a file a verb."""

from balie.messages.actions.again import send_all_again
from balie.messages.actions.assign import (
    assign_name,
    follow_assignments,
    follow_clients,
    follow_timezone,
    undo_assignment,
)
from balie.messages.actions.imports import ListFile, SmsResult, import_messages
from balie.messages.actions.line import line_down, line_works, the_line, try_line_now
from balie.messages.actions.opt_outs import opt_in, opt_out
from balie.messages.actions.receipts import forget_strays
from balie.messages.actions.send import AGAIN, MOST_PARTS, as_sent, queue_sms, send_again, send_sms, stop_sms
from balie.messages.actions.settings import put_client_sms, put_sms_settings
from balie.messages.actions.settle import hear, settle
from balie.messages.actions.take import left_behind, put_back, take

__all__ = [
    "AGAIN",
    "MOST_PARTS",
    "ListFile",
    "SmsResult",
    "as_sent",
    "assign_name",
    "follow_assignments",
    "follow_clients",
    "follow_timezone",
    "forget_strays",
    "hear",
    "import_messages",
    "left_behind",
    "line_down",
    "line_works",
    "opt_in",
    "opt_out",
    "put_back",
    "put_client_sms",
    "put_sms_settings",
    "queue_sms",
    "send_again",
    "send_all_again",
    "send_sms",
    "settle",
    "stop_sms",
    "take",
    "the_line",
    "try_line_now",
    "undo_assignment",
]
