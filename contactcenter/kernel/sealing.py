"""Bytes sealed before they are stored: AES-256-GCM with a nonce of its own each (NIST SP 800-38D).

A chunk is bound to its blob and its place there, so none can stand in for another. Who has the
database, a backup or a disk without the key's file reads nothing of them.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contactcenter import setting_values as values
from contactcenter.errors import ContactCenterError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = 32  # bytes
NONCE = 12


class Unsealable(ContactCenterError):
    """Stored bytes can't be opened: their key is not in this node's file, or they were changed."""


class Chunk(NamedTuple):
    """A row of `blob`. `sealed_by`: the fingerprint of the key; None: the bytes as they are."""

    blob_id: int
    n: int
    data: bytes
    sealed_by: str | None


class Seals:
    """A node's keys: the last one seals, all of them open. Without any, bytes stay as they are."""

    def __init__(self, keys: Sequence[bytes] = ()) -> None:
        self._ciphers = {fingerprint(key): _cipher(key) for key in keys}
        self.newest = next(reversed(self._ciphers), None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ciphers)

    def seal(self, blob_id: int, n: int, data: bytes) -> Chunk:
        """The row to store."""
        if self.newest is None:
            return Chunk(blob_id, n, bytes(data), None)
        nonce = os.urandom(NONCE)
        sealed = self._ciphers[self.newest].encrypt(nonce, data, _place(blob_id, n))
        return Chunk(blob_id, n, nonce + sealed, self.newest)

    def open(self, chunk: Chunk) -> bytes:
        """What was sealed. Raises Unsealable."""
        if chunk.sealed_by is None:
            return chunk.data
        cipher = self._ciphers.get(chunk.sealed_by)
        if cipher is None:
            raise Unsealable(f"sealed with the key {chunk.sealed_by}, which is not here")
        from cryptography.exceptions import InvalidTag

        nonce, sealed = chunk.data[:NONCE], chunk.data[NONCE:]
        try:
            return cipher.decrypt(nonce, sealed, _place(chunk.blob_id, chunk.n))
        except (InvalidTag, ValueError):
            raise Unsealable(f"blob {chunk.blob_id}: chunk {chunk.n} was changed") from None


def fingerprint(key: bytes) -> str:
    """By which a key is known where it is not to be seen."""
    return sha256(b"contactcenter seal " + key).hexdigest()[:16]


def new_key() -> str:
    """A line of a key file."""
    return b64encode(os.urandom(KEY)).decode("ascii")


def read_keys(path: Path) -> list[bytes]:
    """The keys of a file, one a line in base64; the last line seals. Raises ValueError, with
    nothing of a key in it."""
    keys: list[bytes] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip() or line.startswith(b"#"):
            continue
        try:
            key = b64decode(line.strip(), validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY:
            raise ValueError(
                f"line {number} is no key of {KEY} bytes in base64: openssl rand -base64 {KEY}"
            )
        if key in keys:
            raise ValueError(f"line {number} holds a key for the second time")
        keys.append(key)
    if not keys:
        raise ValueError(f"holds no key: openssl rand -base64 {KEY} makes one")
    return keys


def key_file(value: object) -> Path:
    """The setting: a file with keys."""
    path = values.readable_file(value)
    read_keys(path)
    return path


def _cipher(key: bytes) -> AESGCM:
    # Here, since it takes 7 MB of memory, and many a house seals nothing.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _place(blob_id: int, n: int) -> bytes:
    return blob_id.to_bytes(8, "big") + n.to_bytes(4, "big")
