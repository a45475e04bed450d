"""The meters: what an item of a tariff is billed from. Pure."""

from enum import StrEnum


class Meter(StrEnum):
    BASIC_FEE = "basic_fee"
    USER_MODULE = "user_module"
    OWN_CALLER_NUMBER = "own_caller_number"
    ADDITIONAL_OPTION = "additional_option"
    OTHER_SERVICE = "other_service"
    SMS = "sms"
    CALLS_ACCEPTED = "calls_accepted"
    TALK_TIME = "talk_time"
    HANDLING_TIME = "handling_time"
    FORWARDED_FIXED = "forwarded_fixed"
    FORWARDED_MOBILE = "forwarded_mobile"
    FORWARDED_OTHER = "forwarded_other"
    CALLS_FORWARDED = "calls_forwarded"
    CALLS_OUTBOUND = "calls_outbound"
    OUTBOUND_TIME = "outbound_time"
    OUTBOUND_FIXED = "outbound_fixed"
    OUTBOUND_MOBILE = "outbound_mobile"
    OUTBOUND_OTHER = "outbound_other"


# Fees do not follow usage; all but the basic fee are booked.
BOOKED = (Meter.USER_MODULE, Meter.OWN_CALLER_NUMBER, Meter.ADDITIONAL_OPTION, Meter.OTHER_SERVICE)
FEES = (Meter.BASIC_FEE, *BOOKED)
# Billed by time: minutes or seconds. All others by the piece.
TIMES = (
    Meter.TALK_TIME,
    Meter.HANDLING_TIME,
    Meter.FORWARDED_FIXED,
    Meter.FORWARDED_MOBILE,
    Meter.FORWARDED_OTHER,
    Meter.OUTBOUND_TIME,
    Meter.OUTBOUND_FIXED,
    Meter.OUTBOUND_MOBILE,
    Meter.OUTBOUND_OTHER,
)
USAGE = tuple(meter for meter in Meter if meter not in FEES)
# Measured for the whole client: in two contracts at once they would be billed twice.
MEASURED = (*USAGE, Meter.USER_MODULE)
