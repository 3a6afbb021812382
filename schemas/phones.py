"""Telephone numbers as people write them."""

import re

import phonenumbers

from schemas.base import Value

# Letters would be dialled by their keys: a misread "555" as "SSS" would become a valid 777.
_DIALLED = re.compile(r"\+?[\d\s()./\u2013\u2014-]+")

# "ext. 4", behind the number of an office.
_EXTENSION = re.compile(r"[\s,;]*(?:x|ext\.?|extension)\s*\d{1,6}\s*$", re.IGNORECASE)


class PhoneReading(Value):
    """`e164` is None when `problem` says, in a few words, why the digits are no telephone number."""

    e164: str | None = None
    problem: str = ""


def parse_phone(written: str, region: str) -> PhoneReading:
    """The E.164 number (ITU-T) in `written`, read as a number of `region` unless it starts with +."""
    if not _DIALLED.fullmatch(written.strip()):
        return PhoneReading(problem="it holds more than digits and what stands between them")
    digits = sum(ch.isdecimal() for ch in written)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return PhoneReading(problem=f"{digits} digits are no telephone number")
    if not phonenumbers.is_valid_number(number):
        return PhoneReading(problem=f"its {digits} digits are no valid number in {region}")
    return PhoneReading(e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_problem(written: str, region: str) -> str:
    """What to write instead of what is no telephone or fax number, with an extension or without; "" when it is one."""
    if parse_phone(_EXTENSION.sub("", written), region).e164:
        return ""
    code = phonenumbers.country_code_for_region(region)
    home = f"in {region} (+{code})" if code else f"in {region}"
    return f"write a telephone number that is valid {home} with its area code, or one of another country after its +"


def show_phone(written: str, region: str) -> str:
    """The number as people in `region` write it, with + when it is of another country, so that it reads back the same.

    It may be E.164, as the record keeps it, or as it was read or typed; what is no number is shown as it stands.
    """
    try:
        number = phonenumbers.parse(parse_phone(written, region).e164 or written)
    except phonenumbers.NumberParseException:
        return written
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if at_home else form.INTERNATIONAL)
