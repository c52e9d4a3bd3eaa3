"""Phone numbers as people read them."""

from __future__ import annotations

import phonenumbers

HOME = "FI"


def link(number: str) -> str:
    """What dials a number that is written as people read it (RFC 3966): in E.164 where it is one,
    else its digits, as of a service's short number."""
    try:
        read = phonenumbers.parse(number, HOME)
    except phonenumbers.NumberParseException:
        read = None
    if read is not None and phonenumbers.is_valid_number(read):
        return f"tel:{phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)}"
    return "tel:" + "".join(char for char in number if char in "+0123456789")


def national(number: str) -> str:
    """A number in E.164 as it is shown: 050 3391387 at home, +46 8 123 456 78 elsewhere."""
    read = phonenumbers.parse(number)
    form = phonenumbers.PhoneNumberFormat
    at_home = phonenumbers.region_code_for_number(read) == HOME
    return phonenumbers.format_number(read, form.NATIONAL if at_home else form.INTERNATIONAL)
