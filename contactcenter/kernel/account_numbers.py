"""Numbers of bank accounts (IBAN, ISO 13616) and payment cards (ISO/IEC 7812-1) in a text."""

from __future__ import annotations

import re
from collections.abc import Callable

# How long an account number is in each country (SWIFT's IBAN registry).
_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_MAYBE = re.compile(r"[0-9]{4}[ \u00a0\-]?[0-9]{4}")  # stands in all of them, and is soon missed
_BEFORE, _MORE, _AFTER = r"(?<![0-9A-Za-z+])", r"[ \u00a0\-]?", r"(?![0-9A-Za-z])"
_BETWEEN = str.maketrans("", "", " \u00a0-")


def _shape(begins: str, goes_on: str, many: int) -> str:
    return rf"(?:{begins})(?:{_MORE}{goes_on}){{{many}}}{_AFTER}"


_IBAN = re.compile(
    rf"{_BEFORE}(?=[A-Z]{{2}}[0-9]{{2}})(?:"
    + "|".join(
        _shape(rf"(?:{some.replace(' ', '|')})[0-9]{{2}}", "[0-9A-Z]", n - 4)
        for n, some in _LENGTHS.items()
    )
    + ")",
    re.IGNORECASE | re.ASCII,
)
# Visa, Mastercard and others; American Express; Diners.
_CARD = re.compile(
    f"{_BEFORE}(?:"
    + "|".join(
        _shape(begins + "[0-9]{2}", "[0-9]", n - 4)
        for n, begins in ((16, "(?:4[0-9]|5[1-5]|2[2-7]|6[045])"), (15, "3[47]"), (14, "3[0689]"))
    )
    + ")"
)
# Payment references are as long as cards; one in ten has a card's check digit by chance.
_REFERENCE = re.compile(
    r"(?:viite|ref|maksu|lasku|faktura|invoice|arkisto|ocr)[\w.:]*[\s:.]*$", re.IGNORECASE
)
_LETTERS = str.maketrans({chr(ord("A") + n): str(10 + n) for n in range(26)})
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")  # twice a digit, its digits added up


def mask_accounts(text: str) -> str:
    """The text with each number of an account hidden but for its country (FI** ****), and each of a
    card but for its last four (**** 4444)."""
    if not _MAYBE.search(text):
        return text
    return _hide(_CARD, _card, _hide(_IBAN, _account, text))


def _hide(shape: re.Pattern[str], judge: Callable[[re.Match[str]], str | None], text: str) -> str:
    """The text with what is judged to be a number replaced by what `judge` says. What is none may
    hold the beginning of one."""
    pieces, done, at = list[str](), 0, 0
    while found := shape.search(text, at):
        hidden = judge(found)
        at = found.start() + 1
        if hidden is not None:
            pieces += text[done : found.start()], hidden
            done = at = found.end()
    return "".join((*pieces, text[done:])) if pieces else text


def _account(found: re.Match[str]) -> str | None:
    """With wrong check digits only what is all digits: words and figures look alike."""
    plain = found[0].translate(_BETWEEN).upper()
    return f"{plain[:2]}** ****" if plain[4:].isdigit() or _valid(plain) else None


def _valid(plain: str) -> bool:
    """Whether the check digits are right: the number by 97 leaves 1 (ISO 7064, MOD 97-10)."""
    return int((plain[4:] + plain[:4]).translate(_LETTERS)) % 97 == 1


def _card(found: re.Match[str]) -> str | None:
    digits = found[0].translate(_BETWEEN)
    if not _luhn(digits.encode()) or (digits[0] == "2" and not "2221" <= digits[:4] <= "2720"):
        return None
    grouped = found[0][4] in " \u00a0-"
    before = found.string[max(0, found.start() - 24) : found.start()]
    return f"**** {digits[-4:]}" if grouped or not _REFERENCE.search(before) else None


def _luhn(digits: bytes) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B)."""
    single, doubled = digits[-1::-2], digits[-2::-2].translate(_DOUBLED)
    return (sum(single) + sum(doubled) - 48 * len(digits)) % 10 == 0
