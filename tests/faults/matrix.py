"""Every fault by its number: what is done, who does it, and why some are not played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tests.faults import (
    break_builds,
    break_clients,
    break_mail,
    break_nodes,
    break_postgres,
    break_redis,
)
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
LATER = "not built yet; tests: "
MATRIX = {
    "F01": Fault("a node is killed five times with 200 in flight", break_nodes.killed),
    "F02": Fault(
        "killed at each failpoint", why=LATER + "flows/test_killed_midshift, test_chat_talking"
    ),
    "F03": Fault("two nodes are replaced in order", break_nodes.replaced),
    "F04": Fault("Redis is killed and starts empty", break_redis.killed),
    "F05": Fault("Redis is emptied twice", break_redis.emptied),
    "F06": Fault("Redis is away for a minute", break_redis.away),
    "F07": Fault("Redis stalls for 20 s and answers late", break_redis.stalled),
    "F08": Fault("Redis refuses to write", why=LATER + "none"),
    "F09": Fault("Redis evicts keys", why=LATER + "rooms/test_projection"),
    "F10": Fault("Postgres restarts at once, three times", break_postgres.restarted),
    "F11": Fault("Postgres stands still for 30 s", break_postgres.stood_still),
    "F12": Fault("a database connection is cut every 200 ms", break_postgres.terminated),
    "F13": Fault("Postgres fails over", why=LATER + "flows/test_postgres_failover"),
    "F14": Fault("locks are held for 3 s", why=LATER + "rooms/test_lock_order"),
    "F15": Fault("no database connection is left", why=LATER + "none"),
    "F16": Fault("IMAP breaks off at any byte", why=LATER + "imap/test_fetching"),
    "F17": Fault("killed between store and \\Seen", why=LATER + "imap"),
    "F18": Fault("UIDVALIDITY changes", why=LATER + "imap"),
    "F19": Fault("the same mail twice", why=LATER + "imap, rooms/test_intake"),
    "F20": Fault("three days of mail at once", why=LATER + "none"),
    "F21": Fault("poison among good mail", why=LATER + "flows/test_bad_mail"),
    "F22": Fault("a relay says everything a relay can", break_mail.moody_relay),
    "F23": Fault("a relay takes a byte a second", why=LATER + "flows/test_smtp_flaky_relay"),
    "F24": Fault("a sender wakes after its lease", why=LATER + "rooms/test_delivery"),
    "F25": Fault("the disk is full", why="needs a mount of its own, and so root"),
    "F26": Fault("everything is sent three times at once", break_clients.clicked_thrice),
    "F27": Fault(
        "one of two nodes is killed with a third of the agents", break_nodes.killed_beside_another
    ),
    "F28": Fault("one of two nodes stands still for 35 s and wakes", break_nodes.stood_still),
    "F29": Fault("a node hears nothing from Redis", why=LATER + "flows/test_redis_failover"),
    "F30": Fault("a third of the agents vanish without a word", break_clients.out_of_reach),
    "F31": Fault("an agent at two nodes", why=LATER + "flows/test_two_nodes_one_agent_one_call"),
    "F32": Fault("every connection breaks at once", break_clients.all_at_once),
    "F33": Fault("twenty boards never read", break_clients.slow_readers),
    "F34": Fault("malformed frames", why=LATER + "attack/test_frames"),
    "F35": Fault("thousands break off while the servers are slow", break_clients.broken_off),
    "F36": Fault("ten times as many for ten seconds", break_clients.burst),
    "F37": Fault("a soak of 300 s", why="the bench's part: it asks for slopes, not for losses"),
    "F38": Fault("clocks jump", why=LATER + "rooms/test_clock_jumps"),
    "F39": Fault("an upgrade under load, and back", why=LATER + "rooms/test_schema"),
    "F40": Fault("a backup is restored", why=LATER + "those of backup and restore"),
    "F41": Fault("the board during faults", why="part of every fault: a supervisor watches"),
    "F42": Fault("nobody can take it", why=LATER + "flows/test_nobody_has_the_skill"),
    "F43": Fault("an agent is lost during a call", why=LATER + "flows/test_callbacks"),
    "F44": Fault("the scanner is away", why=LATER + "rooms/test_scanning"),
    "F45": Fault("erasure is killed half-way", why="the product does not erase yet"),
}
SMOKE = ("F01", "F04", "F05", "F10", "F11", "F16", "F22", "F26", "F27", "F28", "F30", "F33")
