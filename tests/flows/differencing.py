"""A program that looks for somebody: asks for all that can be chosen, and subtracts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from itertools import product
from typing import Any

Asked = tuple[tuple[str, str], ...]  # (what, which), in order
Get = Callable[[Asked], Awaitable[dict[str, Any]]]
SMALL = range(1, 5)
SAME = {"reaction": "answer", "request": "cause", "reason": "cause"}  # told of the same contacts
ALIKE = {"cause": "answer"}  # the same, but told by no side of both: in all
WHOLES = {"hour": "channel", "area": "service"}  # whose contacts a view's parts add up to


def figures(answer: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """All numbers of an answer, by what they are of."""
    found: dict[tuple[str, ...], int] = {("total",): answer["total"]}
    for side, words in answer["contacts"].items():
        found |= {("contacts", side, word): n for word, n in words.items()}
    for view, shown in answer["views"].items():
        found |= {(view, part): n for part, n in shown["parts"].items()}
        for word, parts in shown["by_side"].items():
            found |= {(view, word, part): n for part, n in parts.items()}
    return found


def choices(answer: dict[str, Any], fixed: Asked) -> Iterator[Asked]:
    """Every combination of a service, a channel and a language, or none of each; and of a service
    and an area."""
    sides = ("service", "channel", "language")
    words = [[None, *answer["contacts"].get(side, {})] for side in sides]
    for chosen in product(*words):
        more = [(side, word) for side, word in zip(sides, chosen, strict=True) if word is not None]
        yield (*fixed, *more)
    for service in words[0]:
        of = () if service is None else (("service", service),)
        for area in answer["views"].get("area", {}).get("parts", {}):
            yield (*fixed, *of, ("area", area))


def _whole(numbers: dict[tuple[str, ...], int], view: str, word: str) -> int:
    """All parts of a view, of one service or channel."""
    return sum(n for what, n in numbers.items() if what[:2] == (view, word) and len(what) == 3)


async def small_ones(get: Get, fixed: Asked) -> tuple[int, list[str]]:
    """How many numbers were looked at, and those of one to four, shown or left by subtracting: the
    same figure with and without one more condition; a whole less its parts."""
    shown = {asked: figures(await get(asked)) for asked in choices(await get(fixed), fixed)}
    found, looked = [], 0
    for asked, numbers in shown.items():
        looked += len(numbers)
        found += [f"{asked} {what}: {n}" for what, n in numbers.items() if n in SMALL]
        for i in range(len(fixed), len(asked)):
            wider = shown[asked[:i] + asked[i + 1 :]]
            for what, n in numbers.items():
                if what in wider and wider[what] - n in SMALL:
                    found.append(f"{asked} {what}: {wider[what]} less {n}, {asked[i]} left out")
        for view, other in SAME.items():
            for word in {what[1] for what in numbers if what[0] == view and len(what) == 3}:
                less = _whole(numbers, view, word) - _whole(numbers, other, word)
                if abs(less) in SMALL:
                    found.append(f"{asked} {view} less {other} of {word}: {less}")
        for view, other in ALIKE.items():
            sums = [
                sum(n for what, n in numbers.items() if what[0] == one and len(what) == 2)
                for one in (view, other)
            ]
            if all(sums) and abs(sums[0] - sums[1]) in SMALL:
                found.append(f"{asked} {view} less {other}: {sums[0]} less {sums[1]}")
        for what, n in numbers.items():
            if what[0] in WHOLES and len(what) == 3:
                whole = numbers.get(("contacts", WHOLES[what[0]], what[1]), 0)
                if whole - n in SMALL:
                    found.append(f"{asked} {what}: {whole} less {n}")
    return looked, found
