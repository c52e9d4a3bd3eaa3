"""Files and raw mail on real servers: sealed by the house's key, raw mail gone when it is old."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contactcenter.backup import making
from contactcenter.backup.archive import check
from contactcenter.cases import store as cases
from contactcenter.channel import Attachment
from contactcenter.chat.filing import SQL as FILING
from contactcenter.desk import uploading
from contactcenter.errors import Refused
from contactcenter.intake import quarantine
from contactcenter.kernel import blobs, seal_keys
from contactcenter.kernel.seal_keys import KeyMissing
from contactcenter.kernel.sealing import Seals, Unsealable, fingerprint
from contactcenter.stats.verify import verify
from tests.house import GENERAL, KELA, House, open_house

OLD, NEW = b"o" * 32, b"n" * 32
WORD = b"kanarialintu"
SMALL = WORD + b" pieni"
LARGE = (WORD + bytes(range(256))) * 12_000  # 3.2 MB: thirteen chunks


def attached(content: bytes) -> tuple[Attachment, ...]:
    """A file of a mail."""
    return (Attachment(name="a.bin", media_type="application/octet-stream", content=content),)


async def sealed_by(house: House, *keys: bytes) -> None:
    """The house has these keys from now on."""
    house.node.db.seals = Seals(keys)
    await seal_keys.agree(house.node.db, Path("seal.keys"))


async def whole(house: House, blob: int) -> bytes:
    """What a blob holds."""
    return b"".join([piece async for piece in blobs.get(house.node.db, blob)])


async def as_stored(house: House) -> list[Any]:
    """Every chunk as it lies in the database."""
    return await house.rows("SELECT id, n, data, sealed_by FROM blob ORDER BY id, n")


async def by_every_door(house: House) -> int:
    """The same bytes as files and sources; how many blobs that makes."""
    first = await house.arrives(raw=SMALL, attachments=attached(SMALL))
    case = (await house.contact(first))["case_id"]
    await house.arrives(raw=LARGE, attachments=attached(LARGE))
    async with house.node.db.transaction() as conn:  # an answer of ours, for a mail that joins
        await cases.add_message(
            conn, id=1, case_id=case, contact_id=first, direction="outbound", author="Aino",
            text="Hei", external_id="<ours@example.org>",
        )  # fmt: skip
    joined = house.mail(raw=SMALL, attachments=attached(SMALL), references=("<ours@example.org>",))
    await house.node.reception.receive(joined)
    await house.node.reception.receive(house.mail(raw=SMALL, unreadable="broken"))
    aino = await house.on_duty("aino@mikkeli.example")
    await house.rows(
        "UPDATE contact SET state = 'active', owner = $2 WHERE id = $1", first, aino.user_id
    )
    await uploading.add(house.node.desk, aino, first, "a.pdf", "application/pdf", SMALL)
    id_, blob = await house.node.ids.take(2)
    async with house.node.db.connection() as conn:
        await FILING.add.run(
            conn, id=id_, contact=first, organisation_id=aino.organisation_id, blob_id=blob,
            name="b.txt", size=len(SMALL), token=b"t",
        )  # fmt: skip
    await house.node.chats.filing.put({"id": id_, "blob_id": blob}, 0, SMALL)  # type: ignore[arg-type]
    return 9


async def test_every_door_seals_and_every_reader_opens(house: House) -> None:
    before = await house.arrives(raw=SMALL)
    await sealed_by(house, OLD)
    made = await by_every_door(house)
    rows = await as_stored(house)
    old = (await house.contact(before))["raw_blob"]
    sealed = [row for row in rows if row["id"] != old]
    assert {row["sealed_by"] for row in sealed} == {fingerprint(OLD)}
    assert not [row for row in sealed if WORD in row["data"]]
    blobs_ = {row["id"] for row in sealed}
    assert len(blobs_) == made
    for blob in (old, *blobs_):  # what was stored before there was a key is still read
        assert await whole(house, blob) in (SMALL, LARGE)


async def test_a_chunk_opens_in_its_own_place_alone_and_only_as_it_was(house: House) -> None:
    await sealed_by(house, OLD)
    await house.arrives(raw=LARGE)
    blob = (await as_stored(house))[0]["id"]
    await house.rows("UPDATE blob SET n = 1000 WHERE n = 0")
    await house.rows("UPDATE blob SET n = n - 1 WHERE n = 1")
    with pytest.raises(Unsealable):
        await whole(house, blob)
    await house.rows("UPDATE blob SET sealed_by = $1", fingerprint(NEW))
    with pytest.raises(Unsealable, match=fingerprint(NEW)):
        await whole(house, blob)


async def test_a_node_that_lacks_a_key_of_the_others_does_not_start(house: House) -> None:
    await sealed_by(house)  # none has one yet: all is as before
    await sealed_by(house, OLD)
    with pytest.raises(KeyMissing, match=fingerprint(OLD)):
        await sealed_by(house)
    with pytest.raises(KeyMissing):
        await sealed_by(house, NEW)
    await sealed_by(house, OLD, NEW)
    with pytest.raises(KeyMissing, match=fingerprint(NEW)):
        await sealed_by(house, OLD)
    await sealed_by(house, NEW, OLD)
    with pytest.raises(KeyMissing):  # as a node asks before its first contact
        async with open_house(house.node.settings, house.node.db.url, house.node.live.url):
            pass


async def test_the_backup_says_which_keys_it_needs_and_holds_none(house: House) -> None:
    await sealed_by(house, OLD, NEW)
    await house.arrives(raw=SMALL)
    out = io.BytesIO()
    await making.make(house.node.db.url, out, (), lambda line: None)
    assert check(io.BytesIO(out.getvalue())).keys == (fingerprint(NEW),)


async def sources(house: House, days: int = 30) -> int:
    """One pass of the loop, of a house that keeps sources for so long."""
    house.node.sources._days = days
    return await house.node.sources.run_once()


async def age(house: House) -> None:
    """All that is there is 31 days old."""
    await house.rows("UPDATE contact SET first_arrival = first_arrival - interval '31 days'")
    await house.rows("UPDATE message SET at = at - interval '31 days'")


async def test_raw_mail_goes_when_it_was_read_long_ago(house: House) -> None:
    admin = await house.actor("admin@mikkeli.example")
    await by_every_door(house)
    both = house.mail(raw=SMALL, unreadable="broken")
    two = await house.node.reception.receive(msgspec.structs.replace(both, to=(GENERAL, KELA)))
    await age(house)
    young = await house.arrives(raw=SMALL)
    await quarantine.reject(house.node.db, admin, int(two.contacts[0]))
    files = len(await house.rows("SELECT blob_id FROM attachment UNION SELECT blob_id FROM upload"))
    assert await sources(house, 365) == 0
    assert await sources(house) > 0
    assert await sources(house) == 0
    left = await house.rows("SELECT id, state FROM contact WHERE raw_blob IS NOT NULL ORDER BY id")
    # Of the mail to two queues one contact is in quarantine still.
    assert [row["state"] for row in left].count("quarantined") == 2
    assert {row["id"] for row in left} >= {young, *map(int, two.contacts)}
    assert not await house.rows("SELECT FROM message WHERE raw_blob IS NOT NULL")
    kept = {row["id"] for row in await as_stored(house)}
    assert len(kept) == files + 3
    found = await verify(house.node.db, None)
    assert "no_source" not in {one["code"] for one in found["violations"]}
    gone = await house.row(
        "SELECT id FROM contact WHERE raw_size IS NOT NULL AND raw_blob IS NULL LIMIT 1"
    )
    with pytest.raises(Refused, match="source_not_kept"):
        await quarantine.raw(house.node.db, admin, gone["id"])


async def test_by_setting_no_source_of_a_mail_that_was_read_is_stored(house: House) -> None:
    house.node.reception._keeps_raw = False
    contact = await house.arrives(raw=SMALL)
    await house.node.reception.receive(house.mail(raw=SMALL, unreadable="broken"))
    assert len(await as_stored(house)) == 1  # what could not be read is kept until it is decided
    row = await house.contact(contact)
    assert row["raw_blob"] is None
    await house.rows(
        "INSERT INTO blocked_sender (organisation_id, address, user_id)"
        " VALUES ($1, 'ville@example.org', 1)",
        row["organisation_id"],
    )
    again = await house.contact(await house.arrives(raw=SMALL))
    assert (again["state"], again["aside"]) == ("closed", "blocked")  # it counts as a mail still
