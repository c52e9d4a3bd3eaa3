"""DKIM signatures (RFC 6376) on outgoing mail, by dkimpy.

Everything that a reader is shown is signed, and From, To, Cc, Subject and Reply-To once more than
they are there, so that nobody can add a second one (RFC 6376 section 8.15).
"""

from __future__ import annotations

import dkim

from contactcenter.channel import DkimKey

_SIGNED = (
    b"date", b"from", b"to", b"cc", b"reply-to", b"subject", b"message-id", b"in-reply-to",
    b"references", b"auto-submitted", b"mime-version", b"content-type",
    b"content-transfer-encoding", b"content-language",
)  # fmt: skip
_ONCE_MORE = (b"from", b"to", b"cc", b"reply-to", b"subject")


def signed(mail: bytes, by: DkimKey) -> bytes:
    """The mail with its signature above it. Raises ValueError where the key is none.

    The body is signed as it is: what a relay might change in it, spaces at the end of lines, is
    encoded. dkimpy is given the head alone to take apart; of the body it needs the hash, and
    splitting 5 MB into lines would hold up all others for a second.
    """
    fields, _, body = mail.partition(b"\r\n\r\n")
    head = fields.lower()
    there = [
        name for name in _SIGNED if head.startswith(name + b":") or b"\r\n" + name + b":" in head
    ]
    try:
        signer = dkim.DKIM(fields + b"\r\n\r\n")
        signer.body = body
        signature: bytes = signer.sign(
            by.selector.encode("ascii"),
            by.domain.encode("ascii"),
            by.key,
            canonicalize=(b"relaxed", b"simple"),
            include_headers=[*there, *_ONCE_MORE],
        )
    except (dkim.DKIMException, UnicodeError) as error:
        raise ValueError(f"DKIM: {type(error).__name__}") from None
    return signature + mail
