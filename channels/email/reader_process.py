"""The process in which large mails are read: asked by its standard input, answering by its
standard output (`Reader` speaks with it). It ends when its input does, and by itself when a mail
takes longer than its seconds or more than its memory, so no mail can hold up more than itself.
"""

from __future__ import annotations

import os
import resource
import signal
import struct
import sys
from typing import BinaryIO

import msgspec

from channels.email.mime import read_mail
from contactcenter.channel import Inbound

MEMORY_BYTES = 1_000_000_000  # of addresses, not of memory in use; past them Python says no
NICE = 10  # who chats meanwhile goes first
QUESTION = struct.Struct(">QQ")  # the sizes of an `Asked` and of the mail, which follow
ANSWER = struct.Struct(">Q")  # the size of an `Inbound` without its source, which follows


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one mail: what `read_mail` is told, and the seconds that it may take."""

    to: tuple[str, ...]
    mail_from: str | None
    rcpt: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    seconds: float


def read_asked(raw: bytes, how: Asked) -> Inbound:
    """The mail, read as asked."""
    return read_mail(
        raw,
        to=how.to,
        mail_from=how.mail_from,
        rcpt=how.rcpt,
        authserv_ids=how.authserv_ids,
    )


def main(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the questions end."""
    asked = msgspec.msgpack.Decoder(Asked)
    while head := questions.read(QUESTION.size):
        size, mail_size = QUESTION.unpack(head)
        how, raw = asked.decode(questions.read(size)), questions.read(mail_size)
        signal.setitimer(signal.ITIMER_REAL, how.seconds)  # no handler: the signal ends it
        inbound = read_asked(raw, how)
        answer = msgspec.msgpack.encode(msgspec.structs.replace(inbound, raw=None))
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(ANSWER.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def run() -> None:
    """Be that process."""
    for one in (signal.SIGINT, signal.SIGTERM):  # sent to all processes of a service: the listener
        signal.signal(one, signal.SIG_IGN)  # ends first, and this one with its input
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    main(sys.stdin.buffer, sys.stdout.buffer)
