"""Every key in Redis. All of them can be thrown away at any moment.

More are kept and read by the line's own script alone (queue/stands.lua): `mail:CLASS`, like
`ready:CLASS`, of agents who could take nothing but live contacts, beside their mail; to tell why
nobody else, the sets `able:CLASS` of all on duty who have the skill, `out:CLASS` of those on a
break or away, and `duty:ORGANISATION` of all who serve it; `undecided:agents` and
`undecided:contacts`, who is being offered what in this moment, by since when (ms); and `head:LINE`,
the first of each line.
"""

from __future__ import annotations


def line(requirement: str) -> str:
    """Sorted set: waiting contacts of one requirement class by rank; those that need the whole
    agent stand in `whole`."""
    return f"line:{requirement}"


def whole(requirement: str) -> str:
    """Sorted set: waiting calls, callbacks and visits of one requirement class by rank."""
    return f"whole:{requirement}"


def live(requirement: str) -> str:
    """Sorted set: of `line` the chats, for agents whose units are taken by mail."""
    return f"live:{requirement}"


def ready(requirement: str) -> str:
    """Sorted set: agents who could take one more contact of the class, the highest level first and
    of these who has been idle longest."""
    return f"ready:{requirement}"


def waiting(contact: int | str) -> str:
    """Hash: a contact's version, and where it stands in line while it waits."""
    return f"waiting:{contact}"


def agent(user: int | str) -> str:
    """Hash: an agent's version, free units and classes."""
    return f"agent:{user}"


def feed(user: int | str) -> str:
    """List: the frames last told to a user."""
    return f"feed:{user}"


def feed_seq(user: int | str) -> str:
    """Counter: the number of the newest frame told to a user."""
    return f"feed_seq:{user}"


def told(user: int | str) -> str:
    """Channel: frames for a user, to whichever node holds the sockets."""
    return f"told:{user}"


def limit(name: str, subject: str) -> str:
    """Counter of a rate limit."""
    return f"limit:{name}:{subject}"


CHATS = "chats"  # Channel: what citizens' pages should hear, to whichever node holds them.
# In each of the next two the member 0, nobody's id, has the time since when it is kept: who was not
# heard since then is not silent until that is long enough ago.
PRESENT = "present"  # Sorted set: chats by the time (ms) at which the citizen was last heard.
ALIVE = "alive"  # Sorted set: users by the time (ms) of their last frame or pong.
# Set when the line stands as in Postgres: in which server, from which history of Postgres. Without
# it nothing is decided.
REBUILT = "rebuilt"
REBUILDING = "rebuilding"  # The line is being written anew; gone where what was written is.
ANEW = "anew"  # Channel: everything here was thrown away. Look in Postgres.
BANDS = "bands"  # Hash: how long who waits will wait, by line; made anew every few seconds.
OUTLOOK = "outlook"  # What is expected of each open queue until it closes, as JSON.
