"""Decisions about users, their rights and their passwords; values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from itertools import pairwise

from contactcenter.accounts.authorise import Actor
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.identity_codes import mask_identity_codes

ROLES = ("agent", "supervisor", "admin")  # each may do what those before it may, and more
LEVELS = (1, 2, 3)
SESSION_LIFE = timedelta(hours=12)
TOKEN_LIFE = {"invite": timedelta(hours=72), "reset": timedelta(hours=1)}
SHORTEST_PASSWORD = 10

# Problems of a change that are a matter of rights, not of form.
BEYOND = frozenset({"beyond_own_role", "beyond_own_scope", "own_rights"})

_EMAIL = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*"
    r"@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+",
    re.ASCII,
)
ORGANISATION_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_TASK = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
# Of the lists of leaked passwords those of ten characters and more, and their Finnish likes; all
# in the form that `_plain` gives.
_COMMON = frozenset(
    """
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc adminadmin administrator changeme123 contactcenter
    football123 helsinki123 hyvaasalasana iloveyou123 jaakiekko1 kesakuu2026 kissakissa
    kultaseni1 letmein123 lokakuu2026 marraskuu2026 password10 password12 password123
    password1234 passwordpassword perkele123 qazwsxedcrfv qwerty12345 qwerty123456 qwertyuiop
    qwertyuiop123 salainensana salasana10 salasana12 salasana123 salasana1234 salasanasalasana
    suomi12345 superman123 syyskuu2026 talvi20252026 tervetuloa tervetuloa1 tervetuloa123
    trustno1trustno1 valkommen1 valkommen123 welcome123 welcome1234 zaq12wsxcde3 losenord123
    losenord1234 hemligt123 summer2026 summer20262026 winter2026
    """.split()
)


@dataclass(frozen=True)
class Skill:
    """Organisation x task x language, up to a level; of an organisation that is not the user's own
    it counts since the day of training, while there is an agreement."""

    organisation_id: int
    task: str
    language: str
    level: int
    trained: date | None = None


def in_order(skills: Iterable[Skill]) -> tuple[Skill, ...]:
    """Always in the same order."""
    return tuple(sorted(skills, key=lambda one: (*astuple(one)[:4], str(one.trained or ""))))


@dataclass(frozen=True)
class Profile:
    """What an admin sets of a user. `scope`: the organisations whose data the user may see;
    `pauses_mail`: live contacts may come while mail takes all room; `public_name`: by which
    citizens know the user, "" for as the organisation wants."""

    email: str
    name: str
    role: str
    language: str
    capacity: int
    scope: tuple[int, ...]
    skills: tuple[Skill, ...] = ()
    pauses_mail: bool = True
    public_name: str = ""


@dataclass(frozen=True)
class Managed:
    """A user as the rules on managing see them."""

    user_id: int
    organisation_id: int
    role: str
    scope: tuple[int, ...]


def email_key(text: str) -> str:
    """The form in which an address is stored and found; "" for what is none, or is a personal
    identity code: masked nothing could be sent there."""
    email = text.strip().lower()
    return email if _EMAIL.fullmatch(email) and mask_identity_codes(email) == email else ""


def name_key(text: str) -> str:
    """A user's name on one line; "" for what can't be shown or stored."""
    name = " ".join(text.split())
    return name if name.isprintable() and len(name) <= 100 else ""


def public_name_key(text: str) -> str:
    """A name for citizens, as it is stored: no address; "" for what is none."""
    name = name_key(text)
    return "" if "@" in name else name


def password_problem(password: str, email: str, name: str) -> str | None:
    """Why a password is refused, as a key below `error.`; None for a good one (NIST SP 800-63B,
    5.1.1.2: length, no well-known ones, nothing of the user; no rules on kinds of characters)."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_short"
    plain = _plain(password)
    if plain in _COMMON or len(set(plain)) < 5 or _is_run(plain):
        return "password_common"
    own = [email.partition("@")[0], *re.split(r"[\W_]+", email), *name.split()]
    if any(len(word) >= 4 and _plain(word) in plain for word in own):
        return "password_personal"
    return None


_LIKE = str.maketrans("åäö@$", "aaoas")


def _plain(text: str) -> str:
    """Without what is put on a common word to make it look less common."""
    return text.lower().translate(_LIKE)


def _is_run(text: str) -> bool:
    """Whether each character is the next one of the one before: 1234567890, abcdefghij."""
    steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(text)}
    return steps in ({1}, {9})


def may_manage(actor: Actor, user: Managed) -> bool:
    """An admin manages users whose sight and role don't exceed their own: else a new link for a
    colleague who sees more would be a way to see more."""
    return (
        user.organisation_id in actor.scope
        and set(user.scope) <= set(actor.scope)
        and ROLES.index(user.role) <= ROLES.index(actor.role)
    )


def profile_problem(actor: Actor, user: Managed, new: Profile) -> tuple[str, str] | None:
    """(error, field) of a change that may not be; None where it may. `user` is who it is about,
    as before the change, or as invited. Address and name are tidied by the caller."""
    if not 1 <= new.capacity <= 100:
        return "invalid_field", "capacity"
    if new.role not in ROLES:
        return "invalid_field", "role"
    if new.language not in LANGUAGES:
        return "invalid_field", "language"
    if ROLES.index(new.role) > ROLES.index(actor.role):
        return "beyond_own_role", "role"
    if not set(new.scope) <= set(actor.scope):
        return "beyond_own_scope", "scope"
    if user.organisation_id not in new.scope:
        return "own_organisation_needed", "scope"
    if user.user_id == actor.user_id and (new.role, set(new.scope)) != (user.role, set(user.scope)):
        return "own_rights", "role"
    return _skill_problem(new)


def _skill_problem(new: Profile) -> tuple[str, str] | None:
    seen = {(skill.organisation_id, skill.task, skill.language) for skill in new.skills}
    if len(seen) != len(new.skills):
        return "invalid_field", "skills"
    for skill in new.skills:
        if skill.organisation_id not in new.scope:
            return "skill_outside_scope", "skills"
        if skill.level not in LEVELS or not _TASK.fullmatch(skill.task):
            return "invalid_field", "skills"
        if not _LANGUAGE.fullmatch(skill.language):
            return "invalid_field", "skills"
    return None
