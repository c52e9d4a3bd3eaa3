"""What was sent, what was acknowledged, and what went wrong."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contactcenter.kernel.clock import stamp

NOT_OFFERED = "callbacks are not offered by this server"


@dataclass
class Chat:
    """A chat as its citizen knows it: own messages that were echoed, the agent's by number."""

    said: dict[str, str] = field(default_factory=dict)
    heard: dict[int, str] = field(default_factory=dict)
    whole: bool = False  # the citizen stayed to the end


@dataclass
class Tally:
    """Counted as it goes; what was acknowledged is kept, to be looked for in the end. `since`: what
    arrived before is not of this play, though its agents may answer it."""

    sent: Counter[str] = field(default_factory=Counter)
    mails: Counter[str] = field(default_factory=Counter)
    chats: dict[str, Chat] = field(default_factory=dict)
    callbacks: set[str] = field(default_factory=set)
    joined: int = 0  # requests for a call that was open, maybe since long before this play
    left_messages: set[str] = field(default_factory=set)
    by_hand: dict[str, str] = field(default_factory=dict)
    replies: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    since: str = field(default_factory=lambda: stamp(datetime.now(UTC)))
    gone: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    not_offered: int = 0
    broke: int = 0  # played people who ended by an error of their own

    def failed(self, task: asyncio.Task[None]) -> None:
        """Count what traffic itself did not foresee."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.errors[f"traffic: {error!r}"[:80]] += 1
            self.broke += 1

    def acknowledged(self) -> dict[str, int]:
        """How many contacts each door has acknowledged."""
        return {
            "chat": len(self.chats),
            "mail": sum(self.mails.values()),
            "callback": len(self.callbacks),
            "message left": len(self.left_messages),
            "by hand": len(self.by_hand),
        }

    def line(self, seconds: float) -> str:
        """How it stands."""
        known = sum(self.acknowledged().values())
        waiting = max(0, known - len(self.answered) - self.gone)
        return (
            f"{int(seconds) // 60:3}:{int(seconds) % 60:02}  sent {sum(self.sent.values())}"
            f"  acknowledged {known}  waiting {waiting}  answered {len(self.answered)}"
            f"  errors {sum(self.errors.values())}"
        )

    def summary(self) -> list[str]:
        """In the end, door by door."""
        known = self.acknowledged()
        lines = ["", f"  {'door':<14}{'sent':>8}{'acknowledged':>14}"]
        lines += [
            f"  {door:<14}{self.sent[door]:>8}{known[door]:>14}"
            for door in known
            if self.sent[door] or known[door]
        ]
        lines.append(f"  answered by agents: {len(self.answered)}; answers: {len(self.replies)}")
        if self.gone:
            lines.append(f"  left before an agent came: {self.gone}")
        if self.not_offered:
            lines.append(f"  {NOT_OFFERED} ({self.not_offered} asked)")
        for title, counted in (("refused", self.refused), ("errors", self.errors)):
            if counted:
                lines.append(f"  {title}: " + ", ".join(f"{c} {n}" for c, n in counted.items()))
        return lines
