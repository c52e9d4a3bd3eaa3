"""mail_parse_5k, _50k, _5m: mails/s read from their bytes to an `Inbound`, one after the other:
plain text; 50 kB of HTML beside its text; text and an attachment of 5 MB, which goes through the
reader's process. Floor: the standard library reading the same fields and parts by compat32, its
fastest policy, and nh3 making the HTML harmless, without which no mail can be shown.
mail_parse_50k_bare: the same mail, where the floor leaves its HTML as it came."""

from __future__ import annotations

import email
import os
import time
from base64 import encodebytes
from collections.abc import Awaitable, Callable
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr

import nh3

from bench.measure import ROUNDS, Known, Sample, report
from bench.stage import Stage
from channels.email.mime import read_mail
from channels.email.reader import Reader

SECONDS = 0.4
TO = ("neuvonta@mikkeli.example",)
LINE = "Hyvää päivää, kysyisin päivähoitopaikasta ja sen hinnasta.\r\n"
CELL = (
    '<tr style="height:20px"><td class="x" width="300"><p style="margin:0"><span lang="FI">Hyvää '
    'päivää, <a href="https://www.example.org/asia?id=7&amp;kieli=fi">kysyisin tästä</a></span></p>'
    "</td></tr>\r\n"
)
KNOWN = {"5k": 4000.0, "50k": 350.0, "5m": 5.7}


def mails() -> dict[str, bytes]:
    """One of each size."""
    head = (
        "Received: from mx.example.org (mx.example.org [192.0.2.1]) by mail.city.example;"
        " Thu, 26 Nov 2026 10:00:00 +0200\r\n"
        "From: =?utf-8?Q?Ville_V=C3=A4=C3=A4n=C3=A4nen?= <v@example.org>\r\n"
        "To: Neuvonta <neuvonta@mikkeli.example>\r\nCc: Aino <aino@example.org>\r\n"
        "Subject: =?utf-8?B?S3lzeW15cyBww6RpdsOkaG9pZG9zdGE=?=\r\nDate: Thu, 26 Nov 2026 10:00:00"
        " +0200\r\nMessage-ID: <1@example.org>\r\nIn-Reply-To: <0@example.org>\r\n"
        "References: <a@example.org> <0@example.org>\r\nMIME-Version: 1.0\r\n"
    )
    text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    short, long = text + LINE * 20, text + LINE * 85
    html = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    html += f"<html><body><table>{CELL * 210}</table></body></html>\r\n"
    file = (
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="=?utf-8?Q?p=C3=A4=C3=A4t=C3=B6s.pdf?="\r\n\r\n'
    )
    content = encodebytes(os.urandom(5_000_000)).replace(b"\n", b"\r\n").decode()
    return {
        "5k": (head + long).encode(),
        "50k": _parts(head, "alternative", short, html),
        "5m": _parts(head, "mixed", short, file + content),
    }


def _parts(head: str, kind: str, *parts: str) -> bytes:
    body = "".join(f"--=_b\r\n{part}\r\n" for part in parts)
    kind = f'Content-Type: multipart/{kind}; boundary="=_b"\r\n'
    return f"{head}{kind}\r\n{body}--=_b--\r\n".encode()


async def run(stage: Stage) -> None:
    """Measure and print."""
    async with Reader() as reader:

        async def by_us(raw: bytes) -> None:
            read_mail(raw, to=TO, mail_from="v@example.org")

        async def by_process(raw: bytes) -> None:
            await reader.read(raw, to=TO, mail_from="v@example.org")

        async def by_library(raw: bytes) -> None:
            _floor(raw, nh3.clean)

        async def by_library_alone(raw: bytes) -> None:
            _floor(raw, str)

        given = mails()
        for name, size, read, floor in (
            ("5k", "5k", by_us, by_library),
            ("50k", "50k", by_us, by_library),
            ("50k_bare", "50k", by_us, by_library_alone),
            ("5m", "5m", by_process, by_library),
        ):
            raw = given[size]
            await _rate(read, raw)
            samples = [
                Sample(await _rate(read, raw), await _rate(floor, raw)) for _ in range(ROUNDS)
            ]
            report(f"mail_parse_{name}", "mails/s", samples, Known(KNOWN[size], rate=True))


async def _rate(read: Callable[[bytes], Awaitable[None]], raw: bytes) -> float:
    began, count = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < SECONDS:
        await read(raw)
        count += 1
    return count / took


def _floor(raw: bytes, harmless: Callable[[str], str]) -> list[object]:
    mail = email.message_from_bytes(raw)
    read: list[object] = [_words(mail, "Subject"), parseaddr(_words(mail, "From"))]
    read += [getaddresses([_words(mail, name)]) for name in ("To", "Cc", "Reply-To")]
    read += [mail.get(name) for name in ("Message-ID", "In-Reply-To", "References", "Date")]
    read += [mail.get(name) for name in ("Auto-Submitted", "Precedence", "List-Id")]
    for part in mail.walk():
        if part.is_multipart():
            continue
        name, content = part.get_filename(), part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_content_maintype() == "text" and not name:
            text = content.decode(part.get_content_charset("utf-8"), "replace")
            read.append(harmless(text) if part.get_content_subtype() == "html" else text)
        else:
            read.append((str(make_header(decode_header(name or ""))), content))
    return read


def _words(mail: Message, name: str) -> str:
    return str(make_header(decode_header(mail.get(name, ""))))
