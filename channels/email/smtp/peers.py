"""How much one peer may do, so that none can take the whole door."""

from __future__ import annotations

import ipaddress
from collections import Counter

_WINDOW_S = 60.0
_FORGET_AT = 10_000


class Peers:
    """Counts of what each peer does. IPv6 peers count by /64: one host owns all of it."""

    def __init__(self, connections: int, mails_per_minute: int) -> None:
        self._most_connections = connections
        self._most_mails = mails_per_minute
        self._connections: Counter[str] = Counter()
        self._mails: dict[str, tuple[float, int]] = {}

    def connects(self, peer: str) -> bool:
        """Whether one more connection may stay; if so it counts until `leaves`."""
        if self._connections[peer] >= self._most_connections:
            return False
        self._connections[peer] += 1
        return True

    def leaves(self, peer: str) -> None:
        """A connection that was let in has ended."""
        self._connections[peer] -= 1
        if not self._connections[peer]:
            del self._connections[peer]

    def mails(self, peer: str, now: float) -> bool:
        """Whether one more mail may come at `now` (seconds of a clock that never goes back)."""
        start, count = self._mails.get(peer, (now, 0))
        if now - start >= _WINDOW_S:
            start, count = now, 0
        if len(self._mails) >= _FORGET_AT:
            self._mails = {p: m for p, m in self._mails.items() if now - m[0] < _WINDOW_S}
        self._mails[peer] = (start, count + 1)
        return count < self._most_mails


def peer_name(peername: object) -> str:
    """What a socket's peer counts as."""
    host = str(peername[0]) if isinstance(peername, tuple) and peername else ""
    if ":" not in host:
        return host
    try:
        return str(ipaddress.ip_network((host.partition("%")[0], 64), strict=False))
    except ValueError:
        return host
