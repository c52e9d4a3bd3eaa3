"""What an agent says beside a text: of a mail to whom, with which files, with a quote or not; in a
chat with which answers to press.
Pure; every address is checked strictly, since it goes into headers and onto a command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contactcenter.addresses import wire_address
from contactcenter.cases.uploads import MOST_FILES
from contactcenter.desk.choices import read as read_choices
from contactcenter.errors import Refused
from contactcenter.kernel.mask import sendable

MOST_RECIPIENTS = 20


@dataclass(frozen=True)
class Extras:
    """Beside the text; addresses as on the wire."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    attachments: tuple[int, ...] = ()
    quote: bool = True
    choices: tuple[str, ...] = ()


def read(
    *,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    attachments: Sequence[str] = (),
    quote: bool = True,
    choices: Sequence[str] = (),
) -> Extras:
    """What a frame says. Raises Refused naming the field: cc[1]. An address stands where it is
    named first: who is in To and Cc is in To."""
    if len(to) + len(cc) + len(bcc) > MOST_RECIPIENTS:
        raise Refused("bad_request", "too_many_recipients", field="to", most=MOST_RECIPIENTS)
    if len(attachments) > MOST_FILES:
        raise Refused("bad_request", "too_many_files", field="attachments", most=MOST_FILES)
    seen: set[str] = set()
    return Extras(
        to=tuple(_fresh("to", to, seen)),
        cc=tuple(_fresh("cc", cc, seen)),
        bcc=tuple(_fresh("bcc", bcc, seen)),
        attachments=tuple(dict.fromkeys(int(one) for one in attachments)),
        quote=quote,
        choices=read_choices(choices),
    )


def _fresh(name: str, given: Sequence[str], seen: set[str]) -> Iterator[str]:
    for n, address in enumerate(given):
        wire = checked(address, f"{name}[{n}]")
        if wire.lower() not in seen:
            seen.add(wire.lower())
            yield wire


def checked(address: str, field: str) -> str:
    """The address as on the wire, its domain in lower case. Raises Refused."""
    try:
        wire = wire_address(address)
        if sendable(wire) != wire:  # it would be stored, shown and logged elsewhere
            raise ValueError(address)
        local, _, domain = wire.rpartition("@")
    except ValueError:
        raise Refused(
            "bad_request", "invalid_recipient", field=field, address=sendable(address[:100])
        ) from None
    return f"{local}@{domain.lower()}"
