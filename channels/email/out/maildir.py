"""A Maildir in the relay's place, so that a newcomer sees what would have left the house.

https://cr.yp.to/proto/maildir.html: written whole into tmp, synced, then renamed into new. The
file's name comes from the send id, so a second attempt finds the first one's mail.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from channels.email.mime import read_mail
from channels.email.syntax.head import MAIL_BYTES, MAIL_FIELDS, read_head

_FOLDERS = ("tmp", "new", "cur")

MailboxPage = TypedDict(
    "MailboxPage",
    {
        "from": str,
        "to": str,
        "subject": str,
        "date": str,
        "text": str,
        "message_id": str | None,
        "in_reply_to": str | None,
        "references": list[str],
    },
)
"""One mail of a Maildir as the demo page shows it; `date` is the header's, as it stands."""


def deliver(maildir: Path, send_id: str, mail: bytes) -> None:
    """Put the mail there, durably, unless a mail with that send id is there. Blocks; raises
    OSError."""
    name = sha256(send_id.encode("utf-8", "replace")).hexdigest()[:40]
    for folder in _FOLDERS:
        (maildir / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    if (maildir / "new" / name).exists() or any((maildir / "cur").glob(f"{name}*")):
        return
    passing = maildir / "tmp" / f"{name}.{os.getpid()}"
    with passing.open("wb") as file:
        file.write(mail.replace(b"\r\n", b"\n"))
        file.flush()
        os.fsync(file.fileno())
    passing.rename(maildir / "new" / name)
    _sync(maildir / "new")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_maildir(maildir: Path, limit: int) -> list[MailboxPage]:
    """The newest `limit` mails, the newest first. Blocks; an absent Maildir is empty."""
    files = sorted(_files(maildir), reverse=True)
    return [_page(path.read_bytes()) for _, path in files[: max(0, limit)]]


def _files(maildir: Path) -> Iterator[tuple[int, Path]]:
    for folder in ("new", "cur"):
        if (maildir / folder).is_dir():
            for path in (maildir / folder).iterdir():
                yield path.stat().st_mtime_ns, path


def _page(raw: bytes) -> MailboxPage:
    mail = read_mail(raw, to=())
    head = read_head(raw, 0, len(raw), MAIL_BYTES, MAIL_FIELDS)
    return {
        "from": head.shown("from", 300),
        "to": head.shown("to", 300),
        "subject": mail.subject,
        "date": head.shown("date", 100),
        "text": mail.text,
        "message_id": mail.external_id,
        "in_reply_to": head.first("in-reply-to") or None,
        "references": head.first("references").split(),
    }
