"""Phone numbers as people read them."""

from __future__ import annotations

import phonenumbers

HOME = "FI"


def national(number: str) -> str:
    """A number in E.164 as it is shown: 050 3391387 at home, +46 8 123 456 78 elsewhere."""
    read = phonenumbers.parse(number)
    form = phonenumbers.PhoneNumberFormat
    at_home = phonenumbers.region_code_for_number(read) == HOME
    return phonenumbers.format_number(read, form.NATIONAL if at_home else form.INTERNATIONAL)
