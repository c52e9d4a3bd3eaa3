"""What would change: the configuration as it is against the one that is wanted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contactcenter.configuration.document import (
    ANSWERING_QUEUES,
    KINDS,
    Agreement,
    Area,
    ContactReason,
    DeclineReason,
    Disposition,
    Document,
    Kind,
    Organisation,
    Queue,
    Template,
    Thing,
    Topic,
    User,
    WidgetOrigin,
    key_of,
)
from contactcenter.configuration.theme import Theme

What = Literal["add", "change", "disable", "enable", "remove"]
Facts = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing that changes: as it is (None: not there) and as it shall be (None: gone)."""

    kind: Kind
    before: Thing | None
    after: Thing | None

    @property
    def thing(self) -> Thing:
        """The thing as it shall be, or was."""
        found = self.before if self.after is None else self.after
        if found is None:
            raise ValueError("a step leads from something, or to something")
        return found

    @property
    def key(self) -> str:
        """The thing's key within its kind."""
        return key_of(self.kind, self.thing)

    @property
    def what(self) -> What:
        """The change in a word."""
        if self.before is None:
            return "add"
        if self.after is None:
            return "remove"
        was, becomes = is_disabled(self.before), is_disabled(self.after)
        return "change" if was == becomes else "disable" if becomes else "enable"

    def differences(self) -> tuple[Facts, Facts]:
        """The fields that differ, before and after; all of them where one side is not there."""
        before, after = facts(self.before), facts(self.after)
        names = [name for name in before | after if before.get(name) != after.get(name)]
        return (
            {name: before[name] for name in names if name in before},
            {name: after[name] for name in names if name in after},
        )


def astray(current: Document, plan: Sequence[Step]) -> list[Step]:
    """The queues whose contacts would go on to a queue that is not there, or not of their
    organisation: a case belongs to one, and agents of another may not see it."""
    there = {queue.key: queue for queue in current.queue}
    there |= {step.key: step.after for step in plan if isinstance(step.after, Queue)}
    return [
        step for step in plan if isinstance(step.after, Queue) and _goes_astray(step.after, there)
    ]


def unanswered(current: Document, plan: Sequence[Step]) -> list[tuple[Step, str]]:
    """The organisations that would have feedback go to a queue they don't have, and by which
    field."""
    there = {queue.key: queue.organisation for queue in current.queue}
    there |= {step.key: step.after.organisation for step in plan if isinstance(step.after, Queue)}
    return [
        (step, field)
        for step in plan
        if isinstance(step.after, Organisation)
        for field in ANSWERING_QUEUES
        if (queue := getattr(step.after, field)) and there.get(queue) != step.key
    ]


def unsaid(current: Document, plan: Sequence[Step]) -> list[Step]:
    """The reasons that are merged into one that is not there, or, over others, into themselves."""
    there = {key_of("contact_reason", one): one for one in current.contact_reason}
    there |= {step.key: step.after for step in plan if isinstance(step.after, ContactReason)}
    return [step for step in plan if _leads_nowhere(step.after, there)]


def shared(current: Document, plan: Sequence[Step]) -> list[tuple[Step, str]]:
    """The areas that would share a postal code with another of their organisation, which then
    would state neither, and which code. One out of use has none."""
    there = {key_of("area", one): one for one in current.area}
    there |= {step.key: step.after for step in plan if isinstance(step.after, Area)}
    of: dict[tuple[str, str], str] = {}
    found = []
    mine = {step.key: step for step in plan if isinstance(step.after, Area)}
    for key, area in sorted(there.items(), key=lambda one: one[0] in mine):
        for code in () if area.disabled else area.postal_codes:
            if of.setdefault((area.organisation, code), key) != key and key in mine:
                found.append((mine[key], code))
    return found


def _leads_nowhere(reason: Thing | None, there: Mapping[str, ContactReason]) -> bool:
    seen: set[str] = set()
    while isinstance(reason, ContactReason) and reason.merged_into:
        seen.add(reason.key)
        reason = there.get(f"{reason.organisation}/{reason.merged_into}")
        if reason is None or reason.key in seen:
            return True
    return False


def _goes_astray(queue: Queue, there: Mapping[str, Queue]) -> bool:
    named = [there.get(one.queue) for one in queue.relax if one.to == "queue"]
    return any(one is None or one.organisation != queue.organisation for one in named)


def is_disabled(thing: Thing) -> bool:
    """Whether it is out of use; sites and themes are there or not."""
    return bool(getattr(thing, "disabled", False))


def facts(thing: Thing | None) -> Facts:
    """A thing's fields as JSON has them, as the audit gives them back; {} for none."""
    value: Facts = {} if thing is None else msgspec.json.decode(msgspec.json.encode(thing))
    return value


def steps(current: Document, wanted: Document, *, prune: bool = False) -> list[Step]:
    """What leads from one to the other, in the order of application: organisations and users
    before queues. What the wanted one does not name stays, or is disabled with `prune`; sites
    and themes, which are there or not, are then removed. Organisations always stay."""
    return [step for kind in KINDS for step in _of_kind(kind, current, wanted, prune)]


def missing(current: Document, wanted: Document) -> Document:
    """What of the wanted is not there at all."""
    return Document(
        **{
            kind: tuple(
                thing
                for thing in getattr(wanted, kind)
                if key_of(kind, thing) not in {key_of(kind, one) for one in getattr(current, kind)}
            )
            for kind in KINDS
        },
        theme_file=wanted.theme_file,
    )


def _of_kind(kind: Kind, current: Document, wanted: Document, prune: bool) -> Iterator[Step]:
    there = {key_of(kind, thing): thing for thing in getattr(current, kind)}
    asked = {key_of(kind, thing): thing for thing in getattr(wanted, kind)}
    if prune:
        for key, thing in there.items():
            if key not in asked and (gone := Step(kind, thing, without(thing))).after != thing:
                yield gone
    for key, thing in asked.items():
        if there.get(key) != thing:
            yield Step(kind, there.get(key), thing)


def without(thing: Thing) -> Thing | None:
    """The thing out of use: disabled, a site or theme gone. An organisation stays as it is."""
    match thing:
        case WidgetOrigin() | Theme():
            return None
        case (
            Queue()
            | Disposition()
            | DeclineReason()
            | Template()
            | Topic()
            | ContactReason()
            | Area()
            | User()
            | Agreement()
        ):
            return msgspec.structs.replace(thing, disabled=True)
        case _:
            return thing
