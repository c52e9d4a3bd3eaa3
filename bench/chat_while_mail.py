"""chat_p99_while_mail, chat_p99_while_5_mb: the p99 of a chat's messages, 50 chats at 50 messages/s
as in `chat`, while the process that serves the citizens takes in 2,000 mails of 5 kB, or mails of
5 MB one after the other. Floor: the same in the quiet moment before."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL

from bench.chat import Line, product
from bench.measure import ROUNDS, Sample, quantile, report
from bench.stage import Stage, free_port

RATE, QUIET_S, PIECE_S = 50, 5.0, 1.0
KINDS = {"chat_p99_while_mail": ("2000",), "chat_p99_while_5_mb": ("20", "large")}


async def run(stage: Stage) -> None:
    """Measure and print both."""
    port = free_port()
    async with product(stage, port) as line:
        await line.at_most(0.5)
        for name, words in KINDS.items():
            samples = []
            for _ in range(ROUNDS):
                quiet = await line.at_rate(RATE, QUIET_S)
                beside = await _beside(line, str(port), *words)
                samples.append(Sample(quantile(beside, 0.99), quantile(quiet, 0.99)))
            report(name, "ms", samples)


async def _beside(line: Line, *words: str) -> list[float]:
    """The messages' ways in ms while the mails are sent."""
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.mail_sender", *words, stdout=DEVNULL
    )
    took: list[float] = []
    while sender.returncode is None:
        took += await line.at_rate(RATE, PIECE_S)
    assert sender.returncode == 0
    return took
