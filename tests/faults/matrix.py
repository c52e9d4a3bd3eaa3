"""Every fault by its number: what is done, who does it, and why some are not played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple

from tests.faults import (
    break_backup,
    break_builds,
    break_calls,
    break_clients,
    break_clocks,
    break_disk,
    break_failover,
    break_failpoints,
    break_files,
    break_frames,
    break_imap,
    break_locks,
    break_long_line,
    break_mail,
    break_mailbox,
    break_nodes,
    break_poison,
    break_postgres,
    break_redis,
    break_redis_writes,
    break_routing,
    break_slots,
    break_tabs,
    break_upgrade,
)
from tests.faults.house import House, open_house
from tests.faults.stage import Stage

Play = Callable[[Stage], Awaitable[None]]


class Fault(NamedTuple):
    """`play` is None where it is not played; then `why` says why. `house`: it wants one of its own,
    and spoils it for others. `most_s`: seconds, where it may take longer than others."""

    what: str
    play: Play | None = None
    why: str = ""
    house: Callable[[], AbstractAsyncContextManager[House]] | None = None
    most_s: float | None = None


CONTROL = Fault("nothing is broken", break_clients.control)
BUILDS = {
    "acknowledge_before_commit": break_builds.acknowledge_before_commit,
    "pop_before_work": break_builds.pop_before_work,
    "resend_blindly": break_builds.resend_blindly,
}
DEBIANS = Path("/usr/lib/postgresql")
MATRIX = {
    "F01": Fault("a node is killed five times with 200 in flight", break_nodes.killed),
    "F02": Fault(
        "killed three times at each failpoint", break_failpoints.killed_at_each, most_s=420.0
    ),
    "F03": Fault("two nodes are replaced in order", break_nodes.replaced),
    "F04": Fault("Redis is killed and starts empty", break_redis.killed),
    "F05": Fault("Redis is emptied twice", break_redis.emptied),
    "F05L": Fault(
        "Redis is emptied while ten thousand wait",
        break_long_line.emptied,
        house=break_long_line.with_a_long_line,
    ),
    "F06": Fault("Redis is away for a minute", break_redis.away),
    "F07": Fault("Redis stalls for 20 s and answers late", break_redis.stalled),
    "F08": Fault("Redis refuses to write", break_redis_writes.refused),
    "F09": Fault("Redis throws keys away", break_redis_writes.evicted),
    "F10": Fault("Postgres restarts at once, three times", break_postgres.restarted),
    "F11": Fault("Postgres stands still for 30 s", break_postgres.stood_still),
    "F12": Fault("a database connection is cut every 200 ms", break_postgres.terminated),
    "F13": Fault(
        "Postgres fails over",
        break_failover.failed_over if DEBIANS.is_dir() else None,
        why="needs Debian's postgresql, for a standby",
        house=break_failover.with_standby,
    ),
    "F14": Fault("rows are held for 3 s", break_locks.held),
    "F15": Fault("no database connection is left", break_slots.taken),
    "F16": Fault("IMAP breaks off at any byte, refuses, falls silent", break_imap.broken_off),
    "F17": Fault("killed between store and \\Seen, and at \\Seen", break_imap.killed_around_seen),
    "F18": Fault("UIDVALIDITY changes; a mailbox is restored", break_mailbox.numbered_anew),
    "F19": Fault("the same mail twice, and to two queues", break_mailbox.twice),
    "F20": Fault("three days of mail at once", break_mailbox.three_days, house=open_house),
    "F21": Fault("mails that kill, hang or fail their reader", break_poison.poison),
    "F22": Fault("a relay says everything a relay can", break_mail.moody_relay),
    "F23": Fault("a relay says a byte a second", break_mail.slow_relay),
    "F24": Fault("a sender wakes after its lease", break_mail.woken),
    "F25": Fault("the disk is full", break_disk.full, house=break_disk.with_a_small_disk),
    "F26": Fault("everything is sent three times at once", break_clients.clicked_thrice),
    "F27": Fault(
        "one of two nodes is killed with a third of the agents", break_nodes.killed_beside_another
    ),
    "F28": Fault("one of two nodes stands still for 35 s and wakes", break_nodes.stood_still),
    "F29": Fault("a node hears nothing of what is published", break_redis.unheard),
    "F30": Fault("a third of the agents vanish without a word", break_clients.out_of_reach),
    "F31": Fault("each agent works in two tabs, at two nodes", break_tabs.two_tabs),
    "F32": Fault("every connection breaks at once", break_clients.all_at_once),
    "F33": Fault("twenty boards never read", break_clients.slow_readers),
    "F34": Fault("malformed frames", break_frames.malformed),
    "F35": Fault("thousands break off while the servers are slow", break_clients.broken_off),
    "F36": Fault("ten times as many for ten seconds", break_clients.burst),
    "F37": Fault("a soak of 300 s", why="the bench's part: it asks for slopes, not for losses"),
    "F38": Fault(
        "nodes' clocks jump",
        break_clocks.jumped if break_clocks.LIBRARY else None,
        why="needs Debian's libfaketime; tests: rooms/test_clock_jumps",
    ),
    "F39": Fault("an upgrade under load, and back", break_upgrade.upgraded, house=open_house),
    "F40": Fault("all is lost, and restored", break_backup.restored, house=open_house),
    "F41": Fault("the board during faults", why="part of every fault: a supervisor watches"),
    "F42": Fault("nobody can take it", break_routing.nobody),
    "F43": Fault("a third of the agents are lost during a call", break_calls.lost_while_talking),
    "F44": Fault("the scanner is away, then says nothing", break_files.scanner_away),
    "F45": Fault("erasure is killed half-way", why="the product does not erase yet"),
}
SMOKE = (
    *("F01", "F04", "F05", "F10", "F11", "F16", "F22", "F26", "F27", "F28", "F30", "F33", "F35"),
)
