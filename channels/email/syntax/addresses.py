"""Addresses, read strictly. The standard library's parser takes hostile ones apart wrongly on
the Pythons we run on (CVE-2023-27043), so it is used nowhere.

What is written plainly (RFC 5322 section 3.4: an address, or a name and an address in angle
brackets) is `certain`. Anything else still yields the address that a person would see, but nobody
may rely on it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from channels.email.syntax.words import decode_words, one_line
from contactcenter.addresses import SPEC, ascii_domain, is_address

_PHRASE = r"""((?:"(?:[^"\\]|\\.)*"|\([^()<>@]*\)|[^"()<>@,;:\\])*)"""
_BARE = re.compile(rf"{SPEC}\s*(?:\(([^()<>@]*)\))?\Z")
_NAMED = re.compile(rf"{_PHRASE}<\s*{SPEC}\s*>\s*(?:\([^()<>@]*\))?\Z")
_LOOSE = re.compile(r"""[^\s<>()\[\],;:"'\\@]{1,64}@[^\s<>()\[\],;:"'\\@]{1,253}""")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")

MAX_VALUE, MAX_NAME = 2_000, 200


class Mailbox(NamedTuple):
    """An address in lower case ("" where there is none), the name beside it, and whether there
    can be no doubt about the address. What has no domain is a name: nobody can be reached by it,
    and two who write so are not one person."""

    address: str
    name: str
    certain: bool


NOBODY = Mailbox("", "", False)


def read_mailbox(value: str) -> Mailbox:
    """The one mailbox of a header value such as From."""
    value = value.strip()
    if len(value) <= MAX_VALUE:
        if match := _BARE.match(value):
            return _certain(match[1], match[2] or "")
        if match := _NAMED.match(value):
            return _certain(match[2], match[1])
    return _doubtful(value[:MAX_VALUE])


def _certain(address: str, phrase: str) -> Mailbox:
    if not is_address(address):
        return _doubtful(address)
    name = _name(phrase)
    if "@" in name:
        # A name that is an address would be read as the sender's; only the real one is shown.
        seen = {found.lower() for found in _LOOSE.findall(name)}
        return Mailbox(address.lower(), "", seen <= {address.lower()})
    return Mailbox(address.lower(), name, True)


def _name(phrase: str) -> str:
    phrase = _QUOTED.sub(lambda quoted: _ESCAPED.sub(r"\1", quoted[1]), phrase)
    name = one_line(decode_words(phrase), MAX_NAME)
    return name[1:-1].strip() if len(name) > 1 and name[0] == name[-1] in "'\"" else name


def _doubtful(value: str) -> Mailbox:
    """The address in the last angle brackets, else the first one anywhere; encoded words are
    decoded first, since some programs encode the whole value."""
    value = one_line(decode_words(value), MAX_VALUE)
    phrase, bracket, rest = value.rpartition("<")
    found = (bracket and _LOOSE.findall(rest)) or _LOOSE.findall(value)
    if not found:
        named = len(value) <= MAX_NAME and not {"@", ":", ";"} & set(value)
        return NOBODY._replace(name=_name(phrase or value)) if named else NOBODY
    name = "" if "@" in phrase else _name(phrase)
    return Mailbox(ascii_domain(found[0].lower()), name, False)
