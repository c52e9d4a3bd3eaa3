"""The process in which the rest of a day is played (`kernel/reckoner.py` speaks with it)."""

from __future__ import annotations

import msgspec

from contactcenter.kernel import reckoner
from contactcenter.planning.today import Question, outlooks


def run() -> None:
    """Be that process."""
    read = msgspec.msgpack.Decoder(Question).decode
    write = msgspec.msgpack.Encoder().encode
    reckoner.answer(lambda question: write(outlooks(read(question))))
