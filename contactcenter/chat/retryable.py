"""What a citizen's page may simply send again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from contactcenter.errors import Refused
from contactcenter.kernel.db import TRANSIENT
from contactcenter.kernel.live import LiveUnavailable

P = ParamSpec("P")
T = TypeVar("T")


def retryable(verb: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Answer a lost or stopping server with Refused("unavailable"): sent again with the same id,
    nothing happens twice."""

    @wraps(verb)
    async def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await verb(*args, **kwargs)
        except (LiveUnavailable, *TRANSIENT) as error:
            raise Refused("unavailable", retry_after_s=1) from error

    return asked
