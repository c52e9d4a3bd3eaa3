"""When a file is given to the scanner again, and when nobody tries any more. Pure."""

from __future__ import annotations

MOST_TRIES = 8  # over an hour and a half, of a scanner that answers others
GIVEN_UP = MOST_TRIES + 7  # the last ones a day apart: the scanner may have been mended
AGAIN_S = 86_400.0
_FIRST_S, _MOST_S = 5.0, 1800.0
_AWAY_FIRST_S, _AWAY_MOST_S = 1.0, 60.0
_MOST_POWER = 30  # far above both


def pause_s(tries: int) -> float:
    """Seconds until a file is tried again that was tried so many times without an answer."""
    return min(_FIRST_S * 4.0 ** min(max(0, tries - 1), _MOST_POWER), _MOST_S)


def away_s(times: int) -> float:
    """Seconds until a scanner is looked for again that was not there so many times running."""
    return min(_AWAY_FIRST_S * 2.0 ** min(max(0, times - 1), _MOST_POWER), _AWAY_MOST_S)
