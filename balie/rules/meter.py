"""The meters: what an item of a tariff is billed from. Pure."""

from enum import StrEnum

from balie.rules.call import FORWARDED_TYPES, OUTBOUND_TYPES, CallType


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
# Which calls a meter takes, those with talk only (rating.md 3); a call may be in several. Messages are in `sms`.
TAKES: dict[Meter, tuple[CallType, ...]] = {
    Meter.CALLS_ACCEPTED: (CallType.ACCEPTED,),
    Meter.TALK_TIME: (CallType.ACCEPTED,),
    Meter.HANDLING_TIME: (CallType.ACCEPTED, *OUTBOUND_TYPES),
    Meter.FORWARDED_FIXED: (CallType.FORWARDED_FIXED,),
    Meter.FORWARDED_MOBILE: (CallType.FORWARDED_MOBILE,),
    Meter.FORWARDED_OTHER: (CallType.FORWARDED_OTHER,),
    Meter.CALLS_FORWARDED: FORWARDED_TYPES,
    Meter.CALLS_OUTBOUND: OUTBOUND_TYPES,
    Meter.OUTBOUND_TIME: OUTBOUND_TYPES,
    Meter.OUTBOUND_FIXED: (CallType.OUTBOUND_FIXED,),
    Meter.OUTBOUND_MOBILE: (CallType.OUTBOUND_MOBILE,),
    Meter.OUTBOUND_OTHER: (CallType.OUTBOUND_OTHER,),
}
