"""The contract between the house and its doors.

A channel speaks one protocol to the outside and knows nothing of lines, agents or the database.
What comes in it hands to the desk as an `Inbound`, and it acknowledges to the outside only after
`Desk.receive` has returned: by then the contact is committed. What goes out it gets as an
`Outbound` and answers with a `Receipt`. Retries, threads, identity, queueing and limits on
contacts are the house's business.

A channel module exports `open_channel(settings: ChannelSettings) -> Channel`, or a `LiveChannel`
where the citizen is there while an agent answers: then the edge brings each connection to
`LiveChannel.serve`, and the house gives a `Talk` for it. A `DeskChannel` reads what agents begin by
hand, a `CallChannel` the requests of citizens who want to be called.
"""

from __future__ import annotations

from contactcenter.channel.by_hand import Begun, DeskChannel, Introduced
from contactcenter.channel.calls import CallChannel, CallRequest
from contactcenter.channel.door import Channel, ChannelSettings, Desk, DkimKey
from contactcenter.channel.inbound import (
    Accepted,
    Address,
    Attachment,
    Cursor,
    Inbound,
    Invitation,
    MailFacts,
    Mark,
    OpenFeedback,
    Report,
    Sender,
    Strength,
)
from contactcenter.channel.live import Connection, Hello, LiveChannel, LiveDesk, Talk
from contactcenter.channel.outbound import Outbound, Outcome, Receipt, Refusal

__all__ = [
    "Accepted",
    "Address",
    "Attachment",
    "Begun",
    "CallChannel",
    "CallRequest",
    "Channel",
    "ChannelSettings",
    "Connection",
    "Cursor",
    "Desk",
    "DeskChannel",
    "DkimKey",
    "Hello",
    "Inbound",
    "Introduced",
    "Invitation",
    "LiveChannel",
    "LiveDesk",
    "MailFacts",
    "Mark",
    "OpenFeedback",
    "Outbound",
    "Outcome",
    "Receipt",
    "Refusal",
    "Report",
    "Sender",
    "Strength",
    "Talk",
]
