"""What a report says in fields: delivery status (RFC 3464, RFC 6533) and receipts (RFC 8098).

Some servers leave lines out, put blank ones between fields, or write the fields into the text; so
they are read line by line, and what counts is what belongs to which recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from contactcenter.addresses import is_address

Action = Literal["failed", "delayed", "delivered"]

MAX_CHARACTERS, MAX_RECIPIENTS = 200_000, 100
_LINE = re.compile(r"([A-Za-z][A-Za-z-]{1,40})[ \t]*:[ \t]*(.*)")
_ACTIONS: dict[str, Action] = {
    "failed": "failed", "fail": "failed", "failure": "failed", "error": "failed",
    "delayed": "delayed", "delay": "delayed",
    "delivered": "delivered", "relayed": "delivered", "expanded": "delivered",
}  # fmt: skip
_WORD = re.compile(r"[a-z]+")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_ABOUT = ("original-recipient", "final-recipient")
_FIELDS = frozenset((*_ABOUT, "action", "status", "diagnostic-code", "disposition"))
_IDS = frozenset(("original-message-id", "x-original-message-id"))


class Told(NamedTuple):
    """What the fields say of one recipient; "" and None where they do not."""

    recipient: str
    action: Action | None
    status: str
    reason: str


def read_status(text: str) -> list[Told]:
    """The recipients that delivery status fields name, in their order."""
    return [told for block in _blocks(text) if (told := _told(block)) is not None]


def original_id(text: str) -> str:
    """The Message-ID that the fields give for the original mail, as it stands; "" without."""
    return next((value for name, value in _fields(text) if name in _IDS), "")


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """The fields by recipient: a field about a recipient after one of what became of another, or
    the same field again, begins the next one."""
    block: dict[str, str] = {}
    number = 0
    for name, value in _fields(text):
        if name in block or (name in _ABOUT and "action" in block and _names(block)):
            yield block
            block = {}
            number += 1
            if number == MAX_RECIPIENTS:
                return
        block[name] = value
    yield block


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The fields that count, unfolded, names in lower case."""
    name, value = "", ""
    for line in text[:MAX_CHARACTERS].split("\n"):
        if name and line[:1] in (" ", "\t") and line.strip():
            value = f"{value} {line.strip()}"[:2_000] if len(value) < 2_000 else value
            continue
        if name in _FIELDS or name in _IDS:
            yield name, value
        match = _LINE.match(line)
        name, value = (match[1].lower(), match[2].strip()[:2_000]) if match else ("", "")
    if name in _FIELDS or name in _IDS:
        yield name, value


def _names(block: dict[str, str]) -> bool:
    return any(name in block for name in _ABOUT)


def _told(block: dict[str, str]) -> Told | None:
    """One recipient's fields; the address that was written to comes before what it became."""
    recipient = next((found for name in _ABOUT if (found := _address(block.get(name, "")))), "")
    if not recipient and not ("action" in block and _names(block)):
        return None
    word = _WORD.match(block.get("action", "").lower())
    reason = block.get("diagnostic-code", "")
    kind, semicolon, said = reason.partition(";")
    status = _STATUS.match(block.get("status", ""))
    return Told(
        recipient,
        _ACTIONS.get(word[0]) if word else None,
        status[0] if status else "",
        said.strip() if semicolon and len(kind) < 40 else reason,
    )


def _address(value: str) -> str:
    """The address of a field such as `rfc822; matti@city.example`, in lower case; "" where there
    is none. Those in other letters may come in RFC 6533's own code."""
    kind, semicolon, address = value.partition(";")
    address = (address if semicolon else kind).strip().strip("<>\"' ").lower()
    if kind.strip().lower() == "utf-8":
        address = _HEX.sub(_letter, address)
        return address if "@" in address and len(address) <= 254 and " " not in address else ""
    if address.startswith("@"):
        address = address.partition(":")[2]  # the way it took (RFC 5321 appendix C)
    return address if is_address(address) else ""


def _letter(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
