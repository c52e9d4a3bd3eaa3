"""A mail that an agent has answered, for tests of what becomes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Inbound, Report, Sender
from contactcenter.desk import handling, writing
from contactcenter.kernel.sql import Row
from tests.house import GENERAL, House

DAEMON = Sender(kind="email", address="mailer-daemon@relay.example", name="Mail Delivery System")


@dataclass(frozen=True)
class Answered:
    """The agent, the contact in hand, its case, and the answer as it left."""

    agent: Actor
    contact: int
    case: int
    send_id: int
    message_id: str


async def answered(house: House, *, sent: bool = True) -> Answered:
    """Take a mail in and answer it."""
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    await writing.reply(house.node.desk, aino, contact, f"r{contact}", "Kirjasto on auki.")
    row = await house.row("SELECT * FROM outbound WHERE contact_id = $1", contact)
    if sent:
        await house.rows(
            "UPDATE outbound SET state = 'sent' WHERE send_id = $1 RETURNING 1", row["send_id"]
        )
    case = (await house.contact(contact))["case_id"]
    return Answered(aino, contact, case, row["send_id"], row["external_id"])


async def delivery(house: House, of: Answered) -> Row:
    """What is known of the answer now."""
    return await house.row("SELECT * FROM outbound WHERE send_id = $1", of.send_id)


async def case(house: House, of: Answered) -> Row:
    """The case's row."""
    return await house.row("SELECT * FROM cases WHERE id = $1", of.case)


def report(house: House, action: str, *ids: str, **given: Any) -> Inbound:
    """A report as the mail door hands it over."""
    values: dict[str, Any] = {
        "recipients": ("ville@example.org",),
        "status": "5.1.1",
        "reason": "unknown user",
    }
    return house.mail(
        given.pop("to", GENERAL),
        sender=DAEMON,
        automatic=True,
        answerable=False,
        tokens=given.pop("tokens", ()),
        references=given.pop("references", ()),
        report=Report(action=action, message_ids=ids, **values | given),  # type: ignore[arg-type]
    )
