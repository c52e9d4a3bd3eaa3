"""Numbers that name a person or an account are masked before any text is stored."""

from __future__ import annotations

import asyncio

from contactcenter.kernel.account_numbers import mask_accounts
from contactcenter.kernel.identity_codes import mask_identity_codes

LONG = 32_000  # characters: hostile ones take some 30 ms


def storable(text: str) -> str:
    """A citizen's text as it may be stored: masked, and without what Postgres' text type can't hold
    (NUL, halves of surrogate pairs)."""
    return mask_accounts(sendable(text))


def sendable(text: str) -> str:
    """The same of what leaves the house or names something: an agent tells citizens which account
    to pay to, and a Message-ID must come back as it was."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return mask_identity_codes(text.replace("\x00", "\ufffd"))


async def stored(text: str) -> str:
    """The same; a long text holds up nobody else meanwhile."""
    return storable(text) if len(text) < LONG else await asyncio.to_thread(storable, text)
