"""What the parts of a mail are: what was written, the files, and what must be told of them.

Wrappings that a mailbox program would open are opened here: winmail.dat and the mail within an
opaque S/MIME signature. What is encrypted stays a file, and is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from channels.email.files import rtf
from channels.email.files.attachments import read_attachments
from channels.email.files.calendar import read_invitation
from channels.email.files.cms import is_enveloped, signed_content
from channels.email.files.pgp import take_out
from channels.email.files.tnef import Tnef, read_tnef
from channels.email.syntax.charsets import decode
from channels.email.syntax.head import PART_BYTES, PART_FIELDS, Field, Head, read_head
from channels.email.syntax.parts import MAX_PARTS, Leaf, read_parts
from channels.email.text.body import is_body
from channels.email.text.html_images import SHOWABLE, content_ids
from contactcenter.channel import Attachment, Invitation, Mark

MAX_WRAPPINGS = 2
_SMIME = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_MARKS: dict[str, Mark] = {
    "application/pkcs7-signature": "signed_smime",
    "application/x-pkcs7-signature": "signed_smime",
    "application/pgp-signature": "signed_pgp",
    "application/pgp-encrypted": "encrypted_pgp",
}
_CALENDAR = frozenset(("text/calendar", "application/ics"))
_ARMOUR = b"-----BEGIN PGP "
# Beside what they belong to these tell nothing more, unless somebody gave them a name.
_CONTROL = frozenset(("application/pgp-signature", "application/pgp-encrypted", "text/x-amp-html"))


class Contents(NamedTuple):
    """The written parts, the files, the marks and the meeting; and a bound passed inside."""

    written: list[Leaf]
    files: list[Leaf]
    marks: frozenset[Mark]
    invitation: Invitation | None
    bound: str | None

    def attachments(self, html: str | None) -> tuple[Attachment, ...]:
        """The files; those that the mail's HTML shows are `inline`."""
        shown = set(content_ids(html)) if html else set()
        made = list(read_attachments(self.files))
        for n, file in enumerate(made):
            if file.content_id in shown and file.media_type in SHOWABLE:
                shown.discard(file.content_id)  # a second one of that id is just a file
                made[n] = msgspec.structs.replace(file, inline=True)
        return tuple(made)


def read_contents(leaves: list[Leaf]) -> Contents:
    """The parts, sorted."""
    opening = _Opening()
    opened = opening.all(leaves, MAX_WRAPPINGS)
    written: list[Leaf] = []
    files: list[Leaf] = []
    calendars: list[Leaf] = []
    for number, leaf in enumerate(opened):
        if is_body(leaf, number):
            words, blocks = _without_armour(leaf, opening.marks)
            written.append(words)
            files += blocks
        elif leaf.media_type in _CONTROL and not leaf.file_name:
            continue
        elif leaf.file_name or leaf.content:
            files.append(leaf)
            if leaf.media_type in _CALENDAR:
                calendars.append(leaf)
    if not any(leaf.content.strip() for leaf in written):
        written += opening.spare
    if len(files) > MAX_PARTS:
        files, opening.bound = files[:MAX_PARTS], f"more than {MAX_PARTS} files"
    # The first one: often the same comes a second time, as a file.
    invitation = _invitation(calendars[0]) if calendars else None
    return Contents(written, files, frozenset(opening.marks), invitation, opening.bound)


def _invitation(leaf: Leaf) -> Invitation | None:
    return read_invitation(leaf.content, leaf.parameters.get("charset"))


class _Opening:
    """Opens wrappings. `spare` is what a winmail.dat says where the mail itself says nothing."""

    def __init__(self) -> None:
        self.marks: set[Mark] = set()
        self.spare: list[Leaf] = []
        self.bound: str | None = None
        self._unpacked_files = 0

    def all(self, leaves: Iterable[Leaf], wrappings: int) -> list[Leaf]:
        out: list[Leaf] = []
        for leaf in leaves:
            inner: list[Leaf] | None = None
            if mark := _MARKS.get(leaf.media_type):
                self.marks.add(mark)
            elif leaf.media_type in _SMIME or leaf.file_name.lower().endswith(".p7m"):
                inner = self._smime(leaf, wrappings)
            elif self._unpacked_files <= MAX_PARTS and (found := read_tnef(leaf.content)):
                inner = self._unpacked(found)
            out += [leaf] if inner is None else inner
        return out

    def _smime(self, leaf: Leaf, wrappings: int) -> list[Leaf] | None:
        mail = signed_content(leaf.content) if wrappings else None
        if mail is None:
            label = leaf.parameters.get("smime-type", "").lower()
            signed = label == "signed-data" and not is_enveloped(leaf.content)
            self.marks.add("signed_smime" if signed else "encrypted_smime")
            return None
        self.marks.add("signed_smime")
        leaves, bound = read_parts(mail, read_head(mail, 0, len(mail), PART_BYTES, PART_FIELDS))
        self.bound = self.bound or bound
        return self.all(leaves, wrappings - 1)

    def _unpacked(self, found: Tnef) -> list[Leaf] | None:
        """The files of a winmail.dat; None where it holds nothing: it stays a file itself."""
        self._unpacked_files += len(found.files)
        if not self.spare:  # one body is enough, and RTF takes time
            self.spare += _body(found)
        if not (found.files or found.text or found.html or found.rtf):
            return None
        return [
            _made(file.media_type, file.content, name=file.name, content_id=file.content_id)
            for file in found.files
        ]


def _body(found: Tnef) -> list[Leaf]:
    if found.html.strip():
        return [_made("text/html", found.html, charset=found.html_charset)]
    text = found.text.strip() or rtf.to_text(rtf.decompress(found.rtf))
    return [_made("text/plain", text.encode("utf-8", "replace"))] if text else []


def _made(
    media_type: str,
    content: bytes,
    *,
    charset: str = "utf-8",
    name: str = "",
    content_id: str = "",
) -> Leaf:
    fields = (
        [Field("content-id", content_id.encode("utf-8", "replace"), 0, 0)] if content_id else []
    )
    return Leaf(
        head=Head(fields, 0, None),
        media_type=media_type,
        parameters={"charset": charset},
        disposition="",
        file_name=name,
        content=content,
        choice=None,
        body=False,
    )


def _without_armour(leaf: Leaf, marks: set[Mark]) -> tuple[Leaf, list[Leaf]]:
    if _ARMOUR not in leaf.content:
        return leaf, []
    source = decode(leaf.content, leaf.parameters.get("charset")).replace("\r\n", "\n")
    found = take_out(source, html=leaf.media_type == "text/html")
    marks.update(found.marks)
    words = leaf._replace(
        content=found.text.encode("utf-8", "replace"),
        parameters=leaf.parameters | {"charset": "utf-8"},
    )
    blocks = [
        _made("application/octet-stream", block.encode("utf-8", "replace"), name="message.asc")
        for block in found.blocks
    ]
    return words, blocks
