"""Numbers of bank accounts (IBAN, ISO 13616) and payment cards (ISO/IEC 7812-1) in a text."""

from __future__ import annotations

import re

# How long an account number is in European countries (SWIFT's IBAN registry).
_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE LT LU XK",
    21: "CH HR LI LV",
    22: "BG DE GB GE IE ME RS",
    23: "GI IL",
    24: "AD CZ ES MD RO SE SK VA",
    25: "PT",
    26: "IS TR",
    27: "FR GR IT MC SM",
    28: "AL CY HU PL",
    29: "UA",
    31: "MT",
}
_LENGTH = {country: n for n, some in _LENGTHS.items() for country in some.split()}
_MAYBE = re.compile(r"[0-9]{4}[ \u00a0\-]?[0-9]{4}")  # stands in all of them, and is soon missed
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?:[ \u00a0\-]?[0-9A-Za-z]){11,30}")
_CARD = re.compile(r"(?<![0-9A-Za-z+])[2-6](?:[ \u00a0\-]?[0-9]){12,18}(?![0-9A-Za-z])")
# Payment references are as long as cards; one in ten has a card's check digit by chance.
_REFERENCE = re.compile(
    r"(?:viite|ref|maksu|lasku|faktura|invoice|arkisto|ocr)[\w.:]*[\s:.]*$", re.IGNORECASE
)


def mask_accounts(text: str) -> str:
    """The text with each number of an account hidden but for its country (FI** ****), and each of a
    card but for its last four (**** 4444)."""
    return _CARD.sub(_card, _IBAN.sub(_account, text)) if _MAYBE.search(text) else text


def _account(found: re.Match[str]) -> str:
    """The beginning of what was found that is a number; a word may follow it. With wrong check
    digits only what is all digits and as long as its country's: words and figures look alike."""
    given, country = found[0], found[0][:2].upper()
    ends = [n for n, letter in enumerate(given, 1) if letter.isalnum()]
    if country == "RF":  # the reference of an invoice (ISO 11649) has the same check digits
        return given
    wanted = _LENGTH.get(country)
    for n in range(15, len(ends) + 1) if wanted is None else (wanted,):
        if n > len(ends) or given[ends[n - 1] :][:1].isalnum():
            continue
        plain = "".join(filter(str.isalnum, given[: ends[n - 1]])).upper()
        if _valid(plain) or (wanted is not None and plain[4:].isdigit()):
            return f"{country}** ****{given[ends[n - 1] :]}"
    return given


def _valid(plain: str) -> bool:
    """Whether the check digits are right: the number by 97 leaves 1 (ISO 7064, MOD 97-10)."""
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _card(found: re.Match[str]) -> str:
    given = found[0]
    digits = "".join(filter(str.isdigit, given))
    grouped = given[4:5] in (" ", "\u00a0", "-")
    before = found.string[max(0, found.start() - 24) : found.start()]
    if not _issued(digits) or not _luhn(digits) or (not grouped and _REFERENCE.search(before)):
        return given
    return f"**** {digits[-4:]}"


def _issued(digits: str) -> bool:
    """Whether cards of this length begin like this: Visa, Mastercard, American Express, Diners."""
    n, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if n == 16:
        return digits[0] == "4" or 51 <= two <= 55 or 2221 <= four <= 2720 or two in (60, 64, 65)
    return (n == 15 and two in (34, 37)) or (n == 14 and two in (30, 36, 38, 39))


def _luhn(digits: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
