"""A mail too large for one statement is stored in pieces, and still whole or not at all."""

from __future__ import annotations

import asyncio
import threading

import pytest

from contactcenter.channel import Inbound
from contactcenter.intake.batch import MOST_BYTES
from contactcenter.kernel import account_numbers, blobs, mask
from contactcenter.kernel.blobs import CHUNK
from tests.house import GENERAL, House, file
from tests.rooms.answered import answered

RAW = b"0123456789abcdef" * (MOST_BYTES // 16 + 1)
CONTENT = b"x" * (2 * CHUNK + 1)


def large(house: House) -> Inbound:
    return house.mail(attachments=(file(content=CONTENT), file("b.txt")), raw=RAW)


async def stored(house: House, blob_id: int) -> bytes:
    return b"".join([piece async for piece in blobs.get(house.node.db, blob_id)])


async def test_a_large_mail_is_stored_once_and_whole(house: House) -> None:
    mail = large(house)
    answers = await asyncio.gather(*(house.node.reception.receive(mail) for _ in range(3)))
    assert len({answer.contacts for answer in answers}) == 1
    contact = await house.row("SELECT * FROM contact")
    assert await stored(house, contact["raw_blob"]) == RAW
    files = await house.rows("SELECT blob_id FROM attachment ORDER BY id")
    assert [await stored(house, one["blob_id"]) for one in files] == [CONTENT, file().content]
    (blob_count,) = await house.row("SELECT count(DISTINCT id) FROM blob")
    assert blob_count == 3  # nothing of the other two


async def test_a_large_mail_whose_bytes_fail_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, count = blobs.SQL.put.run, 0

    async def fails(*given: object, **named: object) -> None:
        nonlocal count
        count += 1
        if count == 4:
            raise OSError("the disk is full")
        await put(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(blobs.SQL.put, "run", fails)
    with pytest.raises(OSError, match="full"):
        await house.node.reception.receive(large(house))
    for table in ("contact", "message", "attachment", "blob", "intake"):
        assert await house.rows(f"SELECT 1 FROM {table}") == []
    monkeypatch.undo()
    assert await house.arrives(GENERAL, raw=RAW)


async def test_a_long_text_is_masked_beside_everybody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    masks, where = account_numbers.mask_accounts, set[threading.Thread]()

    def watched(text: str) -> str:
        if len(text) >= mask.LONG:
            where.add(threading.current_thread())
        return masks(text)

    monkeypatch.setattr(mask, "mask_accounts", watched)
    text = "4111 " * (mask.LONG // 5) + "4111 1111 1111 1111"
    done = await answered(house)
    first = await house.arrives(GENERAL, text=text)
    await house.arrives(GENERAL, html=text)
    await house.arrives(GENERAL, text=text, references=(done.message_id,))
    kept = await house.row("SELECT text FROM message WHERE contact_id = $1", first)
    assert kept["text"].endswith("**** 1111")
    assert where
    assert threading.main_thread() not in where
