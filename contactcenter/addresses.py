"""Mail addresses as they may go out: into a header and onto an SMTP command line. Pure.

Strict (RFC 5321 section 4.1.2 without quoted local parts, comments and address literals): nothing
that a program might take for two addresses, or for the end of a line.
"""

from __future__ import annotations

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
SPEC = rf"({_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*)"
_ADDRESS = re.compile(SPEC)
MAX_ADDRESS = 254


def is_address(text: str) -> bool:
    """Whether the text is an address that may stand in a header and on an SMTP command line."""
    local = text.partition("@")[0]
    return len(text) <= MAX_ADDRESS and len(local) <= 64 and bool(_ADDRESS.fullmatch(text))


def wire_address(address: str) -> str:
    """The address as it goes into headers and SMTP commands, its domain in ASCII (RFC 5891).

    Raises ValueError where it is none.
    """
    address = ascii_domain(address)
    if not is_address(address):
        raise ValueError("no address")
    return address


_HOST = re.compile(r"[A-Za-z0-9.-]+")  # what IDNA 2003 maps to a space or worse stays as it was


def ascii_domain(address: str) -> str:
    """A domain in other letters is shown as what it is on the wire: look-alikes stand out."""
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    try:
        wire = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return address
    return f"{local}@{wire}" if _HOST.fullmatch(wire) else address
