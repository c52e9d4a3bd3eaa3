"""Named points where a test can have this process killed, to prove that nothing is lost there.

CONTACTCENTER_FAIL="name:n" kills it with SIGKILL at the n-th passing of `name`.
"""

from __future__ import annotations

import os
import signal

_name, _, _count = os.environ.get("CONTACTCENTER_FAIL", "").partition(":")
_left = int(_count or 1)


def failpoint(name: str) -> None:
    """Die here if the environment asks for it; else nothing."""
    global _left
    if name != _name:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
