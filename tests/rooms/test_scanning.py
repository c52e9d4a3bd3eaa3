"""Files and the scanner: what waits, is infected or could not be scanned, nobody opens."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contactcenter.cases import files, uploads
from contactcenter.desk import forwarding, handling, uploading, writing
from contactcenter.desk.recipients import Extras
from contactcenter.errors import Refused
from contactcenter.queue import store as queue
from contactcenter.scanning import clamd as wire
from contactcenter.scanning import rules
from contactcenter.scanning.clamd import Away, Broken, Verdict
from contactcenter.scanning.loop import Scanning
from contactcenter.setting_hosts import Scanner
from tests.clamd import EICAR, NAME, FakeClamd
from tests.house import House, file
from tests.rooms.test_chat_files import open_doors


def scanning(house: House) -> Scanning:
    assert house.node.scanning is not None
    return house.node.scanning


async def scan(house: House) -> int:
    begun = await scanning(house).run_once()
    await scanning(house).finish(20)
    return begun


async def due(house: House) -> None:
    """Time has passed: whatever waits is due."""
    await house.rows("UPDATE attachment SET scan_next = now()")
    await house.rows("UPDATE upload SET scan_next = now()")
    scanning(house)._away_until = 0


async def scans(house: House) -> list[tuple[str, str | None]]:
    rows = await house.rows("SELECT scan, scan_name FROM attachment ORDER BY id")
    return [(row["scan"], row["scan_name"]) for row in rows]


async def in_hand(house: House, **mail: Any) -> tuple[Any, int]:
    contact = await house.arrives(**mail)
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(actor)
    await handling.accept(house.node.desk, actor, offer)
    return actor, contact


async def test_every_file_of_a_mail_is_scanned_and_the_screen_is_told(
    scanned: House, clamd: FakeClamd
) -> None:
    actor, contact = await in_hand(scanned, attachments=(file("a.txt"), file("b.txt", EICAR)))
    assert await scans(scanned) == [("waiting", None)] * 2
    assert await scan(scanned) == 2
    assert await scans(scanned) == [("clean", None), ("infected", NAME)]
    assert sorted(clamd.seen) == sorted([file().content, EICAR])
    told = {one["file"]["name"]: one for one in await scanned.told(actor, "file")}
    assert told["a.txt"]["file"]["scan"] == "clean"
    assert told["b.txt"]["file"] | {"id": ""} == {
        "id": "",
        "name": "b.txt",
        "media_type": "application/octet-stream",
        "size": len(EICAR),
        "scan": "infected",
        "scan_name": NAME,
    } | {"media_type": told["b.txt"]["file"]["media_type"]}
    assert told["b.txt"]["contact"] == str(contact)
    assert told["b.txt"]["message"] == 1
    assert not await scanned.rows("SELECT FROM outbox WHERE contact_id = $1 AND version > since", 1)
    assert await scan(scanned) == 0


async def test_a_further_mail_of_the_case_is_scanned_too(scanned: House) -> None:
    first = await scanned.arrives()
    row = await scanned.contact(first)
    sent = await scanned.row("SELECT external_id FROM message WHERE case_id = $1", row["case_id"])
    await scanned.arrives(references=(sent["external_id"],), attachments=(file("c.txt", EICAR),))
    assert await scan(scanned) == 1
    assert await scans(scanned) == [("infected", NAME)]


async def test_a_connection_that_marks_no_files_is_no_health(
    house: House, clamd: FakeClamd
) -> None:
    node = house.node
    deaf = Scanning(node.db, node.publisher, node.file_links, clamd.scanner)
    ok, why = await deaf.ready()
    assert not ok
    assert "contactcenter.scan" in why


async def test_without_a_scanner_files_are_open(house: House) -> None:
    await house.arrives(attachments=(file(),))
    assert house.node.scanning is None
    assert await scans(house) == [("none", None)]


@pytest.mark.parametrize(
    ("scan_state", "code"),
    [("waiting", "unavailable"), ("infected", "forbidden"), ("failed", "forbidden")],
)
def test_one_function_closes_a_file_for_everybody(scan_state: str, code: str) -> None:
    row = {"name": "a.txt", "scan": scan_state, "scan_name": None}
    with pytest.raises(Refused) as refused:
        files.require_open(row)
    assert refused.value.code == code
    for state in ("none", "clean"):
        files.require_open(row | {"scan": state})


async def test_an_infected_mail_is_not_passed_on(scanned: House) -> None:
    actor, contact = await in_hand(scanned, attachments=(file("b.txt", EICAR),))
    extras = Extras(to=("virasto@example.org",))

    async def forward(client_id: str, **given: Any) -> None:
        await forwarding.forward(
            scanned.node.desk, actor, contact, client_id, "Katso", extras, **given
        )

    with pytest.raises(Refused, match="file_waiting"):
        await forward("f1")
    await scan(scanned)
    with pytest.raises(Refused, match="file_infected"):
        await forward("f1")
    await forward("f1", files=False)
    assert len(await scanned.rows("SELECT FROM attachment")) == 1


async def test_an_agents_file_leaves_when_it_is_clean(scanned: House) -> None:
    desk = scanned.node.desk
    actor, contact = await in_hand(scanned)
    good = await uploading.add(desk, actor, contact, "a.pdf", "application/pdf", b"%PDF-1.7")
    bad = await uploading.add(desk, actor, contact, "b.txt", "text/plain", EICAR)
    assert (good["scan"], bad["scan"]) == ("waiting", "waiting")

    async def reply(client_id: str, *files: dict[str, object]) -> None:
        extras = Extras(attachments=tuple(int(str(one["id"])) for one in files))
        await writing.reply(desk, actor, contact, client_id, "Hei", extras)

    with pytest.raises(Refused) as waits:
        await reply("r1", good)
    assert (waits.value.code, waits.value.detail) == ("unavailable", "file_waiting")
    assert await scan(scanned) == 2
    told = {one["file"]["name"]: one["file"]["scan"] for one in await scanned.told(actor, "file")}
    assert told == {"a.pdf": "clean", "b.txt": "infected"}
    with pytest.raises(Refused, match="file_infected"):
        await reply("r1", good, bad)
    assert not await scanned.rows("SELECT FROM message WHERE direction = 'outbound'")
    await reply("r1", good)
    assert await scans(scanned) == [("clean", None)]
    async with scanned.node.db.connection() as conn:
        (left,) = await uploads.these(conn, contact, [int(str(bad["id"]))])
    assert left["scan_name"] == NAME


async def test_a_scanner_that_is_away_settles_nothing(scanned: House, clamd: FakeClamd) -> None:
    await scanned.arrives(attachments=(file(),))
    await clamd.stop()
    assert await scanning(scanned).ready() == (
        False,
        "no answer; files are taken in, and nobody can open new ones",
    )
    for _ in range(2 * rules.MOST_TRIES):
        await due(scanned)
        await scan(scanned)
    row = await scanned.row("SELECT scan, scan_tries FROM attachment")
    assert tuple(row) == ("waiting", 0)
    assert await scan(scanned) == 0  # it is looked for after a pause
    await clamd.start()
    await due(scanned)
    await scan(scanned)
    assert await scans(scanned) == [("clean", None)]
    assert (await scanning(scanned).ready())[0]


@pytest.mark.parametrize("said", [b"", b"stream: ", b"nonsense\0", b"\0", b"x" * 9_000])
async def test_what_is_no_answer_is_asked_again(
    scanned: House, clamd: FakeClamd, said: bytes
) -> None:
    await scanned.arrives(attachments=(file("b.txt", EICAR),))
    clamd.answers = [said]
    await scan(scanned)
    assert await scans(scanned) == [("waiting", None)]
    assert await scan(scanned) == 0  # not at once
    await due(scanned)
    await scan(scanned)
    assert await scans(scanned) == [("infected", NAME)]


async def test_a_file_that_the_scanner_dies_of_is_given_up(
    scanned: House, clamd: FakeClamd
) -> None:
    await scanned.arrives(attachments=(file(),))
    clamd.answers = [b""] * rules.MOST_TRIES
    for _ in range(rules.MOST_TRIES):
        assert await scans(scanned) == [("waiting", None)]
        await due(scanned)
        await scan(scanned)
    assert await scans(scanned) == [("failed", "ended in the middle")]


async def test_what_was_given_up_is_tried_once_a_day_for_a_while(
    scanned: House, clamd: FakeClamd
) -> None:
    await scanned.arrives(attachments=(file(),))
    clamd.answers = [b""] * (rules.GIVEN_UP + 5)
    for _ in range(rules.MOST_TRIES):
        await due(scanned)
        await scan(scanned)
    assert await scan(scanned) == 0  # not before tomorrow
    row = await scanned.row("SELECT extract(epoch FROM scan_next - now()) AS s FROM attachment")
    assert row["s"] > rules.AGAIN_S / 2
    tries = 0
    for _ in range(rules.GIVEN_UP):
        await due(scanned)
        tries += await scan(scanned)
        assert await scans(scanned) == [("failed", "ended in the middle")]
    assert tries == rules.GIVEN_UP - rules.MOST_TRIES


@pytest.mark.parametrize("mended", [True, False])
async def test_a_mended_scanner_opens_what_was_given_up(
    scanned: House, clamd: FakeClamd, mended: bool
) -> None:
    await scanned.arrives(attachments=(file("b.txt", file().content if mended else EICAR),))
    await scanned.rows(
        "UPDATE attachment SET scan = 'failed', scan_tries = $1 RETURNING 1", rules.MOST_TRIES
    )
    await due(scanned)
    assert await scan(scanned) == 1
    assert await scans(scanned) == [("clean", None) if mended else ("infected", NAME)]


async def test_an_agent_has_it_looked_at_again(scanned: House) -> None:
    await scanned.arrives(attachments=(file(),))
    await scanned.rows("UPDATE attachment SET scan = 'failed', scan_tries = 99 RETURNING 1")
    one = await scanned.row("SELECT id FROM attachment")
    async with open_doors(scanned) as doors:
        place = f"/api/attachments/{one['id']}/scan"
        doors.actors.append(await scanned.actor("kirsi@kela.example"))
        assert (await doors.put(place, b""))[0] == 404  # another organisation's
        doors.actors.append(await scanned.actor("aino@mikkeli.example"))
        status, shown = await doors.put(place, b"")
        assert (status, shown["scan"]) == (200, "waiting")
        assert (await doors.put(place, b""))[0] == 409  # it waits already
    assert len(await scanned.rows("SELECT FROM audit WHERE verb = 'rescan'")) == 1
    assert await scan(scanned) == 1
    assert await scans(scanned) == [("clean", None)]


async def test_a_file_that_is_too_large_for_the_scanner_stays_closed(
    scanned: House, clamd: FakeClamd
) -> None:
    clamd.most = 300_000
    await scanned.arrives(attachments=(file(content=b"x" * 2_000_000),))
    for _ in range(rules.MOST_TRIES):  # the answer may be lost with the connection
        await due(scanned)
        await scan(scanned)
    ((state, why),) = await scans(scanned)
    assert state == "failed"
    assert why


async def test_a_slow_scan_holds_no_other_up_and_is_begun_once(
    scanned: House, clamd: FakeClamd
) -> None:
    await scanned.arrives(attachments=(file("a.txt"),))
    clamd.answers = [None]
    assert await scanning(scanned).run_once() == 1
    await clamd.begun.wait()
    await scanned.arrives(attachments=(file("b.txt", EICAR),))
    other = Scanning(
        scanned.node.db, scanned.node.publisher, scanned.node.file_links, clamd.scanner
    )
    assert await other.run_once() == 1
    await other.finish(20)
    assert await scans(scanned) == [("waiting", None), ("infected", NAME)]
    clamd.go_on.set()
    await scanning(scanned).finish(20)
    assert await scans(scanned) == [("clean", None), ("infected", NAME)]
    assert clamd.asked == 2


async def test_a_node_that_dies_while_scanning_leaves_the_file_to_others(
    scanned: House, clamd: FakeClamd
) -> None:
    await scanned.arrives(attachments=(file(),))
    clamd.answers = [None]
    await scanning(scanned).run_once()
    await clamd.begun.wait()
    await scanning(scanned).finish(0)
    assert await scans(scanned) == [("waiting", None)]
    await due(scanned)
    await scan(scanned)
    assert await scans(scanned) == [("clean", None)]


async def test_a_file_sent_while_it_is_scanned_is_settled(scanned: House) -> None:
    """Between two looks the row moves from upload to attachment."""
    actor, contact = await in_hand(scanned)
    made = await uploading.add(scanned.node.desk, actor, contact, "a.txt", "text/plain", b"abc")
    await scanned.rows(
        "WITH u AS (DELETE FROM upload RETURNING *) INSERT INTO attachment (id, message_id,"
        " organisation_id, blob_id, name, media_type, size, scan) SELECT u.id, m.id,"
        " u.organisation_id, u.blob_id, u.name, u.media_type, u.size, u.scan FROM u, message m"
    )
    await scanning(scanned)._settle(int(str(made["id"])), Verdict("clean"))
    assert await scans(scanned) == [("clean", None)]


async def test_who_accepts_while_a_file_is_settled_is_told(scanned: House) -> None:
    contact = await scanned.arrives(attachments=(file(),))
    actor = await scanned.on_duty("aino@mikkeli.example")
    await scanned.route()
    (offer,) = await scanned.offers(actor)
    (row,) = await scanned.rows("SELECT id FROM attachment")
    async with scanned.node.db.transaction() as conn:
        assert await queue.SQL.accept.one(conn, offer=offer, agent=actor.user_id)
        settling = asyncio.create_task(scanning(scanned)._settle(row["id"], Verdict("clean")))
        await asyncio.wait({settling}, timeout=0.5)  # it must wait for what is not committed
    await settling
    (told,) = await scanned.told(actor, "file")
    assert (told["contact"], told["file"]["scan"]) == (str(contact), "clean")


def test_pauses_grow_and_end() -> None:
    pauses = [rules.pause_s(n) for n in range(1, rules.MOST_TRIES)]
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1] <= rules.pause_s(10_000)
    assert [rules.away_s(n) for n in (1, 2, 3, 10_000)] == [1, 2, 4, 60]


def test_an_answer_is_read_strictly() -> None:
    assert wire.verdict("stream: OK") == Verdict("clean")
    assert wire.verdict("stream: Win.Test\u202eX FOUND") == Verdict("infected", "Win.TestX")
    for nonsense in ("", "OK", "stream: OK FOUND ", "stream: ok", "stream: OK\nstream: OK"):
        with pytest.raises(Broken):
            wire.verdict(nonsense)


async def answers(scanner: Scanner) -> bool:
    try:
        return await wire.ping(scanner)
    except Away:
        return False


async def test_clamd_itself(tmp_path: Path) -> None:
    """The real one, where the machine has it, with a signature of our own."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed: only the small server speaks its protocol")
    (tmp_path / "ours.ndb").write_text(f"Eicar-Ours:0:*:{EICAR.hex()}\n")
    socket = tmp_path / "c"
    (tmp_path / "clamd.conf").write_text(
        f"DatabaseDirectory {tmp_path}\nLocalSocket {socket}\nForeground yes\nUser root\n"
        "StreamMaxLength 1M\n"
    )
    with subprocess.Popen([program, "-c", str(tmp_path / "clamd.conf")]) as process:  # noqa: ASYNC220
        try:
            ours = Scanner(path=str(socket))
            async with asyncio.timeout(60):
                while not await answers(ours):  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.05)

            async def pieces(content: bytes) -> Any:
                yield content

            assert (await wire.scan(ours, pieces(b"abc"))).scan == "clean"
            assert (await wire.scan(ours, pieces(EICAR))).scan == "infected"
        finally:
            process.terminate()
