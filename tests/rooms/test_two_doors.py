"""The same mail by two doors at once, of which one reads more of it than the other."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contactcenter.channel import Accepted, Cursor
from contactcenter.intake import store
from tests.house import House
from tests.rooms.answered import answered


async def test_a_mail_that_another_door_took_in_meanwhile_is_there_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SMTP the envelope names the case's token, the mailbox's copy does not."""
    done = await answered(house)
    named = house.mail(references=(done.message_id,))
    unnamed = replace(named, references=())
    known = store.known
    taken: list[Accepted] = []

    async def while_another_takes_it(*asked):  # type: ignore[no-untyped-def]
        found = await known(*asked)
        if not taken:
            taken.append(await house.node.reception.receive(unnamed))
        return found

    monkeypatch.setattr(store, "known", while_another_takes_it)
    cursor = Cursor(source="imap:x", value="7:1:1", fence=1)
    accepted = await house.node.reception.receive(replace(named, cursor=cursor))
    assert (accepted.contacts, accepted.known) == (taken[0].contacts, True)
    rows = await house.rows("SELECT 1 FROM message WHERE external_id = $1", named.external_id)
    assert len(rows) == 1
    assert await house.node.reception.cursor("imap:x") == "7:1:1"
