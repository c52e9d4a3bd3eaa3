"""The demo's mails: what lies in the folder that stands for the relay, and a citizen's answers."""

from __future__ import annotations

import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid
from pathlib import Path

KEPT = 50
_MAX_BYTES = 200_000
_KEY = re.compile(r"[A-Za-z0-9._,:=+-]{1,200}", re.ASCII)
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


@dataclass(frozen=True)
class Letter:
    """A mail as the demo page shows it."""

    key: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    message_id: str
    references: tuple[str, ...]


def letters(maildir: Path) -> list[Letter]:
    """The newest mails, newest first. Reads files: call it in a thread."""
    paths = [path for name in ("new", "cur") for path in _files(maildir / name)]
    found = sorted(((path.stat().st_mtime, path) for path in paths), reverse=True)[:KEPT]
    return [_read(path, datetime.fromtimestamp(at, UTC)) for at, path in found]


def letter(maildir: Path, key: str) -> Letter | None:
    """One mail by its file's name."""
    if not _KEY.fullmatch(key) or key.startswith("."):
        return None
    for name in ("new", "cur"):
        path = maildir / name / key
        if path.is_file():
            return _read(path, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    return None


def compose(
    sender: str, name: str, to: str, subject: str, text: str, answers: Letter | None = None
) -> bytes:
    """A citizen's mail, an answer with its In-Reply-To and References (RFC 5322, 3.6.4). Raises
    ValueError for an unusable address."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = Address(name, addr_spec=_plain(sender))
    mail["To"] = _plain(to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    if answers is not None and answers.message_id:
        mail["In-Reply-To"] = answers.message_id
        mail["References"] = " ".join([*answers.references, answers.message_id])
    mail.set_content(text or " ")
    return mail.as_bytes()


def _plain(address: str) -> str:
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise ValueError("no address")
    return address


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _read(path: Path, at: datetime) -> Letter:
    with path.open("rb") as file:
        mail = BytesParser(policy=email.policy.default).parsebytes(file.read(_MAX_BYTES))
    body = mail.get_body(("plain", "html"))
    return Letter(
        key=path.name,
        at=at,
        sender=_address(mail, "From"),
        to=_address(mail, "To"),
        subject=_header(mail, "Subject"),
        text=body.get_content().strip() if body is not None else "",
        message_id=_header(mail, "Message-ID").strip(),
        references=tuple(_header(mail, "References").split()),
    )


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, ""))


def _address(mail: EmailMessage, name: str) -> str:
    header = mail.get(name)
    addresses = getattr(header, "addresses", ())
    return addresses[0].addr_spec if addresses else str(header or "")
