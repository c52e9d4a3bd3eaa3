"""A room of callbacks that a test plays: numbers and windows are judged as in the house, what was
promised stands in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from contactcenter.callback.asking import Asked
from contactcenter.callback.numbers import read_number
from contactcenter.callback.status import Status
from contactcenter.callback.windows import Window, check_window, free
from contactcenter.channel import CallRequest
from contactcenter.errors import Refused
from contactcenter.queue.hours import Calendar, Hours

HELSINKI = "Europe/Helsinki"
NAMES = {"fi": "Yleinen neuvonta", "sv": "Allmän rådgivning", "en": "General advice"}


WAITS = Status(
    state="queued",
    promise=None,
    cancellable=True,
    queue=NAMES,
    language="fi",
    joined=False,
    result=None,
    organisation="city",
    organisation_names={"fi": "Kaupunki", "sv": "Staden", "en": "The city"},
    organisation_zone=HELSINKI,
    sequence=0,
    attempts=0,
    next_at=None,
)


@dataclass
class FakeCallbacks:
    """Implements `web.callbacks.Callbacks`. `hours` and `places` are the queue's; `refuse` is what
    the next request is answered with."""

    hours: Hours = field(default_factory=Hours)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    places: int = 4
    refuse: Refused | None = None
    requests: dict[str, tuple[CallRequest, Asked]] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    taken: dict[datetime, int] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.hours, HELSINKI)

    async def ask(self, request: CallRequest, address: str) -> Asked:
        self.addresses.append(address)
        if self.refuse is not None:
            raise self.refuse
        if request.request_id in self.requests:
            before, asked = self.requests[request.request_id]
            if before != request:
                raise Refused("request_id_used", field="request_id")
            return asked
        return self._take(request)

    def _take(self, request: CallRequest) -> Asked:
        if request.queue != "general":
            raise Refused("unknown_queue", field="queue")
        number = read_number(request.number, {"FI", "SE", "EE"})
        promise = None
        if request.window is not None:
            promise = check_window(self.calendar, self.now, *request.window)
            if self.taken.get(promise.opens, 0) >= self.places:
                raise Refused("window_full", field="window")
        joined = any(read_number(r.number, {"FI"}) == number for r, _ in self.requests.values())
        token = f"token-{len(self.requests)}"
        asked = Asked(17, token, promise, joined)
        self.requests[request.request_id] = (request, asked)
        self.statuses[token] = WAITS._replace(
            state="queued" if promise is None else "scheduled",
            promise=promise,
            language=request.language,
            joined=joined,
        )
        return asked

    async def open_windows(self, queue: str) -> list[Window]:
        if queue != "general":
            raise Refused("unknown_queue", field="queue")
        return free(self.calendar, self.now, self.taken, self.places)

    async def status(self, token: str) -> Status:
        if token not in self.statuses:
            raise Refused("not_found")
        return self.statuses[token]

    async def cancel(self, token: str) -> Status:
        status = await self.status(token)
        if status.state == "active":
            raise Refused("wrong_state", "callback_begun")
        if status.result is None:
            status = status._replace(
                state="closed",
                cancellable=False,
                result="cancelled",
                sequence=status.sequence + 1,
            )
            self.statuses[token] = status
        return status


def half_hour(at: datetime) -> Window:
    """The window that begins then."""
    return Window(at, at + timedelta(minutes=30))
