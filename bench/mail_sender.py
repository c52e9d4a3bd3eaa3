"""Sends mails of 5 kB over 8 connections as fast as they are taken, or with a third word mails with
an attachment of 5 MB over one; prints mails/s."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
import time
from collections.abc import Callable

import uvloop

CONNECTIONS = 8
BODY = "Hyvää päivää, kysyisin päivähoitopaikasta.\r\n" * 95


def mail(number: int) -> bytes:
    """A plain mail; every one is another."""
    unique = f"{os.getpid()}.{number}"
    return (
        f"From: Ville Veikkonen <v{unique}@example.org>\r\nTo: neuvonta@mikkeli.example\r\n"
        f"Subject: Kysymys {number}\r\nMessage-ID: <{unique}@example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{BODY}\r\n.\r\n"
    ).encode()


def large(number: int) -> bytes:
    """A mail with 5 MB in it."""
    content = base64.encodebytes(bytes(5_000_000)).replace(b"\n", b"\r\n")
    head, _, body = mail(number).partition(b"\r\n\r\n")
    head = head.replace(b"text/plain; charset=utf-8", b'multipart/mixed; boundary="=_b"')
    parts = b"--=_b\r\n\r\n" + body[:-5] + b"\r\n--=_b\r\nContent-Type: application/pdf\r\n"
    parts += b"Content-Transfer-Encoding: base64\r\n\r\n" + content + b"--=_b--\r\n.\r\n"
    return head + b"\r\n\r\n" + parts


async def _send(port: int, numbers: range, made: Callable[[int], bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(line: bytes, expect: bytes) -> None:
        writer.write(line)
        while True:
            answer = await reader.readline()
            assert answer.startswith(expect), answer
            if answer[3:4] == b" ":
                return

    await say(b"", b"220")
    await say(b"EHLO bench\r\n", b"250")
    for number in numbers:
        await say(b"MAIL FROM:<v@example.org> BODY=8BITMIME\r\n", b"250")
        await say(b"RCPT TO:<neuvonta@mikkeli.example>\r\n", b"250")
        await say(b"DATA\r\n", b"354")
        await say(made(number), b"250")
    writer.close()


async def main(port: int, mails: int, of_5_mb: bool = False) -> None:
    """Send them all."""
    made, connections = (large, 1) if of_5_mb else (mail, CONNECTIONS)
    start = time.perf_counter()
    await asyncio.gather(
        *(_send(port, range(n, mails, connections), made) for n in range(connections))
    )
    sys.stdout.write(f"{mails / (time.perf_counter() - start)}\n")


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), len(sys.argv) > 3))
