"""The whole configuration as one document.

Each thing is one struct; what is left out has its default. Passwords and sessions are no part of
it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from contactcenter.configuration.theme import Theme, ThemeFile
from contactcenter.queue.hours import Hours
from contactcenter.queue.relax import Step

Kind = Literal[
    "organisation",
    "queue",
    "disposition",
    "decline_reason",
    "template",
    "topic",
    "contact_reason",
    "area",
    "widget_origin",
    "theme",
    "user",
    "agreement",
]
Names = dict[str, str]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds: its fields and no others."""


class Privacy(Part, frozen=True, kw_only=True):
    """What an organisation says on its privacy page. Addresses are of mail; `controller` without
    one is the organisation's name, `kept` says for how long, `notice` is its own page."""

    controller: Names = {}
    contact: str = ""
    officer: str = ""
    kept: Names = {}
    notice: Names = {}


class Organisation(Part, frozen=True, kw_only=True):
    """The city or a partner authority."""

    key: str
    name: Names
    time_zone: str = "Europe/Helsinki"
    decline_without_reason: bool = True
    agents_pull: bool = False
    estimate_least: int = 60
    privacy: Privacy = Privacy()
    accessibility_queue: str = ""
    agent_names: str = "first"
    chat_asks: tuple[str, ...] = ("name",)
    phone: str = ""
    feedback_queue: str = ""


ANSWERING_QUEUES = ("accessibility_queue", "feedback_queue")  # of an organisation


class ServiceLevel(Part, frozen=True, kw_only=True):
    """Accepted within so many seconds; how abandons count."""

    seconds: int = 3600
    way: str = "negative"
    short_abandon_s: int = 10


class Queue(Part, frozen=True, kw_only=True):
    """A named line of an organisation. `phone`: by which citizens call it within its hours; without
    one, by the organisation's."""

    organisation: str
    key: str
    name: Names
    task: str
    level: int = 1
    languages: tuple[str, ...]
    channels: tuple[str, ...] = ("mail", "chat", "callback")
    addresses: tuple[str, ...] = ()
    phone: str = ""
    hours: Hours = Hours()
    always_open: bool = True
    target_s: int = 3600
    service_level: ServiceLevel = ServiceLevel()
    offer_s: int | None = None
    callbacks_per_half_hour: int = 4
    receipts: bool = True
    feedback: bool = True
    feedback_after_s: int = 3600
    feedback_every_days: int = 30
    relax: tuple[Step, ...] = ()
    prefer_s: int = 0
    auto_accept: bool = False
    decision: bool = False
    sensitive: bool = False
    idle_warning_s: int = 600
    idle_close_s: int = 180
    from_name: Names = {}
    greeting: Names = {}
    signature: Names = {}
    disabled: bool = False


class Disposition(Part, frozen=True, kw_only=True):
    """A coded outcome."""

    organisation: str
    key: str
    name: Names
    position: int = 0
    disabled: bool = False


class DeclineReason(Part, frozen=True, kw_only=True):
    """A coded reason for which agents decline."""

    organisation: str
    key: str
    name: Names
    position: int = 0
    disabled: bool = False


class Template(Part, frozen=True, kw_only=True):
    """An answer to write from, by language."""

    organisation: str
    key: str
    name: Names
    text: Names
    position: int = 0
    disabled: bool = False


class Topic(Part, frozen=True, kw_only=True):
    """A citizen's word for a matter, and the queue of the same organisation that it leads to.
    `chat_asks`: None is what the organisation asks."""

    organisation: str
    key: str
    name: Names
    hint: Names = {}
    queue: str
    position: int = 0
    chat_asks: tuple[str, ...] | None = None
    disabled: bool = False


class ContactReason(Part, frozen=True, kw_only=True):
    """Why people turn to the organisation. `merged_into`: the key of the one that is said instead;
    without one it is said itself."""

    organisation: str
    key: str
    name: Names
    position: int = 0
    merged_into: str = ""
    disabled: bool = False


class Area(Part, frozen=True, kw_only=True):
    """A part of the city that figures tell apart; `postal_codes`: by which citizens state it."""

    organisation: str
    key: str
    name: Names
    postal_codes: tuple[str, ...] = ()
    position: int = 0
    disabled: bool = False


class WidgetOrigin(Part, frozen=True, kw_only=True):
    """A site that may show our chat and send callback requests."""

    organisation: str
    origin: str


class Skill(Part, frozen=True, kw_only=True):
    """What a user can, in these languages, up to a level; in another organisation than the own
    since the day of training."""

    organisation: str
    task: str
    languages: tuple[str, ...]
    level: int = 1
    trained: date | None = None


class User(Part, frozen=True, kw_only=True):
    """Who signs in. `organisations`: whose citizens' data the user may see; the own one without."""

    email: str
    name: str
    public_name: str = ""
    role: str = "agent"
    organisation: str
    language: str = "fi"
    capacity: int = 3
    pauses_mail: bool = True
    organisations: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    disabled: bool = False


class Agreement(Part, frozen=True, kw_only=True):
    """By which agents of another organisation serve in these tasks of one, the days included."""

    organisation: str
    key: str
    agents_of: str
    tasks: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    disabled: bool = False


Thing = (
    Organisation
    | Queue
    | Disposition
    | DeclineReason
    | Template
    | Topic
    | ContactReason
    | Area
    | WidgetOrigin
    | Theme
    | User
    | Agreement
)


class Document(Part, frozen=True, kw_only=True):
    """Everything."""

    organisation: tuple[Organisation, ...] = ()
    user: tuple[User, ...] = ()
    queue: tuple[Queue, ...] = ()
    disposition: tuple[Disposition, ...] = ()
    decline_reason: tuple[DeclineReason, ...] = ()
    template: tuple[Template, ...] = ()
    topic: tuple[Topic, ...] = ()
    contact_reason: tuple[ContactReason, ...] = ()
    area: tuple[Area, ...] = ()
    widget_origin: tuple[WidgetOrigin, ...] = ()
    theme: tuple[Theme, ...] = ()
    agreement: tuple[Agreement, ...] = ()
    theme_file: tuple[ThemeFile, ...] = ()

    def things(self) -> list[tuple[Kind, Thing]]:
        """Everything with its kind, in the order of application."""
        return [(kind, thing) for kind in KINDS for thing in getattr(self, kind)]


# In the order in which they are applied.
KINDS: dict[Kind, Any] = {
    "organisation": Organisation,
    "user": User,
    "queue": Queue,
    "disposition": Disposition,
    "decline_reason": DeclineReason,
    "template": Template,
    "topic": Topic,
    "contact_reason": ContactReason,
    "area": Area,
    "widget_origin": WidgetOrigin,
    "theme": Theme,
    "agreement": Agreement,
}


def key_of(kind: Kind, thing: Thing) -> str:
    """What a thing is found by within its kind: "general", "mikkeli/answered", an address."""
    match thing:
        case Organisation() | Queue():
            return thing.key
        case WidgetOrigin():
            return thing.origin
        case Theme():
            return thing.organisation
        case User():
            return thing.email
        case _:
            return f"{thing.organisation}/{thing.key}"
