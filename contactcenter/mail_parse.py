"""`contactcenter mail-parse`: how the mail channel understands the mails of a folder, to judge it
by. Nothing is stored, and no server is asked.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from contactcenter.channel import (
    Attachment,
    CallChannel,
    Channel,
    DeskChannel,
    Inbound,
    LiveChannel,
    MailFacts,
)
from contactcenter.config import Settings, SettingsError
from contactcenter.doors import open_channel


async def mail_parse(settings: Settings, folder: Path) -> int:
    """A JSON object for each `*.eml` of the folder, on a line each, in the order of their names.
    Exit code 0 even where a mail could not be read: its line has an `error` instead."""
    async for line in lines(settings, folder):
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()
    return 0


async def lines(settings: Settings, folder: Path) -> AsyncIterator[dict[str, Any]]:
    """What `mail_parse` prints, and how many seconds each mail took."""
    channel = _mail_channel(settings)
    for path in await asyncio.to_thread(_mails, folder):
        began = time.monotonic()
        try:
            raw = await asyncio.to_thread(path.read_bytes)
            understood = prediction(await channel.reread(raw))
        except Exception as error:  # one mail must not hide how the others are read
            understood = {"error": f"{type(error).__name__}: {error}"}
        yield {"name": path.stem, **understood, "seconds": round(time.monotonic() - began, 4)}


def _mails(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))


def _mail_channel(settings: Settings) -> Channel:
    for name in settings.channels:
        channel = open_channel(name, settings)
        if isinstance(channel, LiveChannel | DeskChannel | CallChannel):
            continue
        if channel.name == "mail":
            return channel
    raise SettingsError(["channels: none of them reads mail"])


def _may_be_inline(file: Attachment) -> bool:
    """An image with a content id belongs to the HTML, even where no tag that we show names it."""
    return file.content_id is not None and file.media_type.startswith("image/")


def prediction(inbound: Inbound) -> dict[str, Any]:
    """One mail as the channel understood it, in the words of who judges it."""
    if inbound.unreadable and inbound.unreadable.startswith("the reader failed"):
        return {"error": inbound.unreadable}
    facts = inbound.facts or MailFacts()
    report, sent_by = inbound.report, facts.sent_by or inbound.sender
    return {
        "text_reply": inbound.text,
        "rest": inbound.rest,
        "text_body": f"{inbound.text}\n\n{inbound.rest}".strip(),
        "subject": inbound.subject,
        "from_addr": sent_by.address,
        "from_name": sent_by.name,
        "to": [one.address for one in facts.to],
        "to_first": facts.to[0].address if facts.to else "",
        "reply_to_addr": facts.reply_to.address if facts.reply_to else "",
        "message_id": inbound.external_id or "",
        "in_reply_to": inbound.references[0] if inbound.references else "",
        "references": list(reversed(inbound.references)),
        "attachments": [
            {
                "filename": file.name,
                "content_type": file.declared or file.media_type,
                "proven_type": file.media_type,
                "size": len(file.content),
                "inline": file.inline or _may_be_inline(file),
            }
            for file in inbound.attachments
        ],
        "is_bounce": report is not None and report.action == "failed",
        "bounce_recipient": list(report.recipients) if report else [],
        "bounce_status": report.status if report else "",
        "is_auto_reply": "auto_reply" in facts.marks,
        "is_complaint": "complaint" in facts.marks,
        "is_forward": "forwarded" in facts.marks,
        "marks": list(facts.marks),
        "automatic": inbound.automatic,
        "unreadable": inbound.unreadable,
    }
