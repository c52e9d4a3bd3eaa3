"""How far a folder was read: the UID of the last mail taken in, valid with its UIDVALIDITY."""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """All mails up to `uid` are taken in. Of those below `upto`, who lay there when the folder was
    connected (or numbered anew), only some count: see `Intake.counts`."""

    validity: int
    uid: int
    upto: int

    def at(self, uid: int) -> Position:
        """The same folder, read up to another mail."""
        return self._replace(uid=uid)

    def text(self) -> str:
        """As it is stored."""
        return f"{self.validity}:{self.uid}:{self.upto}"


def read_position(text: str | None) -> Position | None:
    """What was stored; None where nothing was."""
    if text is None:
        return None
    validity, uid, upto = text.split(":")
    return Position(int(validity), int(uid), int(upto))
