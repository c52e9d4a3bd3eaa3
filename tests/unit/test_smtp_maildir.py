"""The Maildir that stands in for a relay."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from channels.email import EmailChannel, open_channel, read_maildir
from channels.email.out.maildir import deliver
from contactcenter.channel import ChannelSettings, Outbound

OUTBOUND = Outbound(
    send_id="1",
    message_id="<1.secret@kaupunki.example>",
    sender="palaute@kaupunki.example",
    sender_name="Päivystys",
    to="paivi@citizen.example",
    subject="Vs: Kesän työt",
    text="Hyvää päivää",
    in_reply_to="<c@citizen.example>",
    references=("<b@citizen.example>", "<c@citizen.example>"),
)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return tmp_path / "a" / "maildir"


def channel(maildir: Path) -> EmailChannel:
    return EmailChannel(ChannelSettings(maildir=maildir))


async def test_what_was_sent_is_on_the_page(maildir: Path) -> None:
    assert read_maildir(maildir, 10) == []
    receipt = await channel(maildir).send(OUTBOUND)
    assert receipt.outcome == "sent"
    (page,) = read_maildir(maildir, 10)
    assert page["date"].endswith("+0000")
    assert page == {
        "date": page["date"],
        "from": "Päivystys <palaute@kaupunki.example>",
        "to": "paivi@citizen.example",
        "subject": "Vs: Kesän työt",
        "text": "Hyvää päivää",
        "message_id": "<1.secret@kaupunki.example>",
        "in_reply_to": "<c@citizen.example>",
        "references": ["<b@citizen.example>", "<c@citizen.example>"],
    }
    assert list((maildir / "tmp").iterdir()) == []
    assert (maildir / "new").stat().st_mode & 0o077 == 0


async def test_a_second_attempt_leaves_one_copy(maildir: Path) -> None:
    await channel(maildir).send(OUTBOUND)
    await channel(maildir).send(OUTBOUND)
    assert len(read_maildir(maildir, 10)) == 1
    (seen,) = (maildir / "new").iterdir()
    seen.rename(maildir / "cur" / f"{seen.name}:2,S")
    await channel(maildir).send(OUTBOUND)
    assert len(read_maildir(maildir, 10)) == 1
    await channel(maildir).send(msgspec.structs.replace(OUTBOUND, send_id="../../2"))
    assert len(read_maildir(maildir, 10)) == 2


def test_newest_first_and_no_more_than_asked(maildir: Path) -> None:
    for number in range(5):
        deliver(maildir, str(number), f"Subject: {number}\n\nx".encode())
    for path in (maildir / "new").iterdir():
        second = int(path.read_text()[len("Subject: ")])
        os.utime(path, (second, second))
    assert [page["subject"] for page in read_maildir(maildir, 3)] == ["4", "3", "2"]
    assert read_maildir(maildir, 0) == []


async def test_a_folder_that_can_not_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    receipt = await channel(tmp_path / "file").send(OUTBOUND)
    assert receipt.outcome == "retry"
    assert receipt.code.startswith("Maildir: ")


async def test_a_left_over_of_a_crash_is_no_mail(maildir: Path) -> None:
    deliver(maildir, "1", b"Subject: x\n\n")
    (maildir / "tmp" / "half").write_bytes(b"Subj")
    assert len(read_maildir(maildir, 10)) == 1


async def test_ready(maildir: Path) -> None:
    assert await open_channel(ChannelSettings(maildir=maildir)).ready() == (True, "Maildir")
