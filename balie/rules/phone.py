"""Telephone numbers: E.164 where they can be, and which network they belong to. Pure."""

import re
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberType, ValidationResult

DIALLABLE = re.compile(r"^[+(]?[0-9][0-9 ()+./-]*$")
PLAIN = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
AS_LONG_AS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
# One digit at most before nothing but zeros: typed where somebody did not want to say a number.
HOLLOW = re.compile(r"[0-9]?0{6,}")
FIXED = {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def parsed(text: str, region: str) -> PhoneNumber | None:
    """The number if it is possible, as somebody in `region` (two letters) would dial it; else None.

    A number that is possible only within its own area is not: nobody outside could dial it.
    """
    if not DIALLABLE.match(text):
        return None
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if possible else None


def can_be_called(text: str, region: str) -> bool:
    """Whether somebody in `region` could dial this: one that is given out, or as long as lines or mobiles have them.

    Narrower than `parsed`, which takes a mobile's number with digits missing for a possible short one. Wider than what
    is given out, as far as is known: plans of numbers change faster than lists of them.
    """
    if PLAIN.fullmatch(text) and has_usual_length(text[1:]):
        return True
    if not DIALLABLE.match(text):
        return False
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return False
    if phonenumbers.is_valid_number(number):
        return True
    if HOLLOW.fullmatch(phonenumbers.national_significant_number(number)):
        return False
    reasons = (phonenumbers.is_possible_number_for_type_with_reason(number, kind) for kind in AS_LONG_AS)
    return ValidationResult.IS_POSSIBLE in reasons


def has_usual_length(digits: str) -> bool:
    """Whether digits after a + are as many as lines or mobiles of that country have: parsing takes ten times as long.

    False says nothing: one that might have its national prefix in it, or is odd in another way, must be parsed.
    """
    if digits.endswith("000000"):
        return False
    for end in (1, 2, 3):
        if digits[:end] in COUNTRIES:
            prefix, lengths = usual(COUNTRIES[digits[:end]])
            return len(digits) - end in lengths and not prefix.match(digits, end)
    return False


# No country's code begins with another one's.
COUNTRIES = {
    str(code): regions[0] for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items() if regions[0] != "001"
}


@cache
def usual(region: str) -> tuple[re.Pattern[str], frozenset[int]]:
    """How a national prefix begins in this country, and how many digits its lines and mobiles have."""
    known = PhoneMetadata.metadata_for_region(region)
    assert known and known.fixed_line and known.mobile
    lengths = [*known.fixed_line.possible_length, *known.mobile.possible_length]
    return re.compile(known.national_prefix_for_parsing or "(?!)"), frozenset(lengths)


def e164(text: str, region: str) -> str:
    """+31201234501 for 020 123 45 01 in NL; what cannot be a number comes back as it was."""
    number = parsed(text, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else text


def as_dialled(number: str, region: str) -> str:
    """0201234501 for +31201234501 in NL, 004930123456 for a German number there; digits only. What cannot be a number
    comes back as it was.
    """
    known = parsed(number, region)
    if known is None:
        return number
    if phonenumbers.country_code_for_region(region) == known.country_code:
        written = phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.NATIONAL)
    else:
        written = phonenumbers.format_out_of_country_calling_number(known, region)
    return "".join(sign for sign in written if sign.isdigit())


def network(text: str, region: str) -> str:
    """fixed or mobile for numbers of the own country; other for foreign, 0800, 0900, short and unknown ones."""
    number = parsed(text, region)
    if number is None or phonenumbers.region_code_for_number(number) != region:
        return "other"
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.MOBILE:
        return "mobile"
    return "fixed" if kind in FIXED else "other"
