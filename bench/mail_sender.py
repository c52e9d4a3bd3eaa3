"""Sends mails of 5 kB over 8 connections as fast as they are taken; prints mails/s."""

from __future__ import annotations

import asyncio
import os
import sys
import time

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


async def _send(port: int, numbers: range) -> None:
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
        await say(mail(number), b"250")
    writer.close()


async def main(port: int, mails: int) -> None:
    """Send them all."""
    start = time.perf_counter()
    await asyncio.gather(*(_send(port, range(n, mails, CONNECTIONS)) for n in range(CONNECTIONS)))
    sys.stdout.write(f"{mails / (time.perf_counter() - start)}\n")


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
