"""Every fault by its number: what is done, who does it, and why some are not played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tests.faults import break_builds, break_clients, break_nodes, break_redis
from tests.faults.stage import Stage

Play = Callable[[Stage], Awaitable[None]]


class Fault(NamedTuple):
    """`play` is None where it is not played; then `why` says why."""

    what: str
    play: Play | None = None
    why: str = ""


CONTROL = Fault("nothing is broken", break_clients.control)
BUILDS = {
    "acknowledge_before_commit": break_builds.acknowledge_before_commit,
    "pop_before_work": break_builds.pop_before_work,
    "resend_blindly": break_builds.resend_blindly,
}
MATRIX = {
    "F01": Fault("a node is killed five times with 200 in flight", break_nodes.killed),
    "F04": Fault("Redis is killed and starts empty", break_redis.killed),
    "F26": Fault("everything is sent three times at once", break_clients.clicked_thrice),
}
SMOKE = ("F01", "F04", "F05", "F10", "F11", "F16", "F22", "F26", "F27", "F28", "F30", "F33", "F35")
