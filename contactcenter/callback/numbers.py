"""Phone numbers that the city calls back: as people write them, to E.164. Pure.

What a number costs whoever dials it is decided by its kind, so only kinds that cost like a call to
a person are let through: nobody shall earn by a form that makes the city dial a
premium number. They are read with `phonenumbers` (ITU-T E.164 and national numbering plans).
"""

from __future__ import annotations

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from contactcenter.errors import Refused
from contactcenter.kernel.phone import HOME

MOST = 40  # characters of any spelling
# Digits and what people put between them. Letters, extensions, pauses and what can't be seen are
# no part of a number that a person says aloud.
_SPELLING = re.compile(r"\+?[0-9 ()./\u00a0\u2010\u2011\u2013-]+", re.ASCII)
_PERSONS = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
}
# Finnish company and authority numbers at the price of a local call; 0100, 0200, 0202, 0300, 0600,
# 0700 and 075 are services (Traficom's regulation 32 on numbering).
_COMPANY = re.compile(r"10[1-9]|20[3-9]|29|30[1-9]")


def read_number(text: str, countries: Collection[str]) -> str:
    """The number in E.164. `countries`: region codes that are called (ISO 3166-1).

    Raises Refused: `invalid_number` for what no network knows, short codes too;
    `number_not_allowed` for other countries and for numbers that are no person's."""
    number = _parse(text.strip())
    if not set(phonenumbers.region_codes_for_country_code(number.country_code or 0)) & set(
        countries
    ):
        raise Refused("number_not_allowed", "number_country", field="number")
    if not phonenumbers.is_valid_number(number):
        raise Refused("invalid_number", field="number")
    if phonenumbers.region_code_for_number(number) not in countries:
        raise Refused("number_not_allowed", "number_country", field="number")
    if not _is_persons(number):
        raise Refused("number_not_allowed", field="number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parse(text: str) -> PhoneNumber:
    if len(text) > MOST or _SPELLING.fullmatch(text) is None:
        raise Refused("invalid_number", field="number")
    try:
        return phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        raise Refused("invalid_number", field="number") from None


def _is_persons(number: PhoneNumber) -> bool:
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UAN and phonenumbers.region_code_for_number(number) == HOME:
        return _COMPANY.match(str(number.national_number)) is not None
    return kind in _PERSONS
