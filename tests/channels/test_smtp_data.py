"""The bytes of one mail off the wire, whatever pieces they are handled in."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.smtp import data

LINES = st.lists(st.sampled_from([b"", b".", b"..", b"a", b".a", b"a\r", b"\na", b"b" * 9]))


async def taken(wire: bytes) -> tuple[bytes, bytes]:
    reader = asyncio.StreamReader()
    reader.feed_data(wire)
    mail = await data.read_data(reader, 1_000_000)
    reader.feed_eof()
    return mail, await reader.read()


@given(LINES, st.integers(1, 12))
def test_lines_come_as_they_were_sent(lines: list[bytes], piece: int) -> None:
    wire = b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "_PIECE", piece)
        got, rest = asyncio.run(taken(wire + b".\r\nQUIT\r\n"))
    assert got == b"".join(line + b"\r\n" for line in lines)
    assert rest == b"QUIT\r\n"
