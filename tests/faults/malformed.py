"""Frames that no browser sends."""

from __future__ import annotations

import json
from random import Random
from typing import NamedTuple

from tests.faults.raw import CLOSE, PART, PING, TEXT, frame, piece

FINAL, COMPRESSED, BINARY = 0x80, 0xC1, 0x82
MB = b" " * 1_000_000


class Malformed(NamedTuple):
    """`ends`: the connection must; else an error is as good an answer. `times`: how often the data
    is sent, after the head."""

    name: str
    data: bytes
    ends: bool = True
    head: bytes = b""
    times: int = 1


def _text(words: str) -> bytes:
    return piece(TEXT, words.encode())


MALFORMED = (
    Malformed("no UTF-8", piece(TEXT, b'{"type": "\xff\xfe"}')),
    Malformed("64 MB in a frame", MB, head=piece(TEXT, b"", claimed=64 * len(MB)), times=64),
    Malformed("2^63 bytes in a frame", piece(TEXT, b"{", claimed=2**63)),
    Malformed("fragments without an end", piece(0x01, b" ") + piece(PART, b" ") * 300_000),
    Malformed("a frame that never ends", piece(TEXT, b'{"type', claimed=1000)),
    Malformed("compressed unasked", piece(COMPRESSED, bytes(1000))),
    Malformed("an opcode that is none", piece(0x83, b"{}")),
    Malformed("a control opcode that is none", piece(0x8B, b"{}")),
    Malformed("a part of nothing", piece(FINAL, b"{}")),
    Malformed("a new message within one", piece(0x01, b"{") + piece(TEXT, b"{}")),
    Malformed("a ping in parts", piece(0x09, b"a")),
    Malformed("a ping of 1000 bytes", piece(PING, bytes(1000))),
    Malformed("a goodbye of one byte", piece(CLOSE, b"\x03")),
    Malformed("a goodbye for no reason that exists", piece(CLOSE, b"\x00\x05")),
    Malformed("pings without an end", piece(PING, b"x" * 100) * 20_000, ends=False),
    Malformed("no JSON", _text("{"), ends=False),
    Malformed("nothing", _text(""), ends=False),
    Malformed("100,000 levels deep", _text("[" * 100_000 + "]" * 100_000), ends=False),
    Malformed("deep in a field", _text('{"type":"ping","ref":' + "[" * 50_000), ends=False),
    Malformed("no number", _text('{"type": "resume", "after": NaN}'), ends=False),
    Malformed("too large a number", _text('{"type": "resume", "after": 1e999}'), ends=False),
    Malformed(
        "a huge integer", _text('{"type": "resume", "after": ' + "9" * 5000 + "}"), ends=False
    ),
    Malformed("another type", frame(type=["hello"], queue={"a": 1}), ends=False),
    Malformed("unknown", frame(type="no_such_verb"), ends=False),
    Malformed("no object", _text(json.dumps(["hello"])), ends=False),
    Malformed("binary", piece(BINARY, bytes(range(256))), ends=False),
    Malformed("half a pair", _text('{"type": "hello", "name": "\\ud800"}'), ends=False),
    Malformed("NUL", _text('{"type": "hello", "queue": "\\u0000"}'), ends=False),
)


def by_chance(chance: Random) -> bytes:
    """A frame of any opcode, flags and size, right or not."""
    data = chance.randbytes(chance.choice((0, 1, 7, 125, 126, 2000)))
    claimed = None if chance.random() < 0.7 else chance.choice((0, 5, 126, 70_000, 2**40))
    return piece(chance.randrange(256), data, claimed, masked=chance.random() < 0.8)
