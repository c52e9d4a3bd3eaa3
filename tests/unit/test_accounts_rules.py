"""Who may do what to whom, and which passwords are refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from hypothesis import given

from contactcenter.accounts import rules
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.passwords import Passwords
from contactcenter.accounts.rules import Managed, Profile, Skill
from contactcenter.accounts.secret import hash_of, new_secret
from contactcenter.errors import Refused
from tests.texts import texts

ADMIN = Actor(1, "Anna", "admin", 10, (10, 11))
USER = Managed(2, 10, "agent", (10,))
GOOD = Profile("aino@city.example", "Aino", "agent", "fi", 3, (10,))


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "password_short"),
        ("ninechars", "password_short"),
        ("kuusi kissaa", None),
        ("aaaaaaaaaaaa", "password_common"),
        ("1234567890", "password_common"),
        ("abcdefghijkl", "password_common"),
        ("9876543210", "password_common"),
        ("Salasana123", "password_common"),
        ("Tervetuloa1", "password_common"),
        ("P@ssword123", "password_common"),
        ("virtanen on kova", "password_personal"),
        ("xx-AINO.VIR-xx", "password_personal"),
        ("mikkeli rules ok", "password_personal"),
        ("ääkköset käyvät hyvin", None),
        ("x" * 5 + "abcd" + "é" * 900, None),
    ],
)
def test_passwords(password: str, problem: str | None) -> None:
    assert rules.password_problem(password, "aino.vi@mikkeli.example", "Aino Virtanen") == problem


@given(texts(max_size=100))
def test_any_text_is_judged(text: str) -> None:
    rules.password_problem(text, text, text)
    assert rules.email_key(text) in ("", text.strip().lower())
    assert rules.name_key(text).isprintable()


@pytest.mark.parametrize("email", ["aino@city.example", "a.b+c@x-y.city.example", "o'x@a.fi"])
def test_addresses(email: str) -> None:
    assert rules.email_key(f" {email.upper()} ") == email


UNUSABLE = """
aino|aino@|@x.fi|a@localhost|a b@x.fi|a@x..fi|a@-x.fi|a@@x.fi|<a@x.fi>|"a"@x.fi|ä@x.fi|a@x.fi;b@x.fi
"""


@pytest.mark.parametrize(
    "email",
    ["", "a@x.fi\nBcc: b@x.fi", "a@x.fi\x00", f"a@{'x' * 260}.fi", *UNUSABLE.strip().split("|")],
)
def test_unusable_addresses(email: str) -> None:
    assert rules.email_key(email) == ""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"role": "admin", "scope": (10, 11)}, None),
        ({"role": "root"}, ("invalid_field", "role")),
        ({"language": "xx"}, ("invalid_field", "language")),
        ({"capacity": 0}, ("invalid_field", "capacity")),
        ({"scope": (10, 12)}, ("beyond_own_scope", "scope")),
        ({"scope": (11,)}, ("own_organisation_needed", "scope")),
        ({"scope": ()}, ("own_organisation_needed", "scope")),
        ({"skills": (Skill(11, "a", "fi", 1),)}, ("skill_outside_scope", "skills")),
        ({"skills": (Skill(10, "A!", "fi", 1),)}, ("invalid_field", "skills")),
        ({"skills": (Skill(10, "a", "fi", 4),)}, ("invalid_field", "skills")),
        (
            {"skills": (Skill(10, "a", "fi", 1), Skill(10, "a", "fi", 2))},
            ("invalid_field", "skills"),
        ),
    ],
)
def test_profiles(change: dict[str, object], problem: object) -> None:
    assert rules.profile_problem(ADMIN, USER, replace(GOOD, **change)) == problem  # type: ignore[arg-type]


def test_nobody_gives_more_than_they_have() -> None:
    supervisor = replace(ADMIN, role="supervisor")
    assert rules.profile_problem(supervisor, USER, replace(GOOD, role="admin")) == (
        "beyond_own_role",
        "role",
    )
    assert not rules.may_manage(supervisor, replace(USER, role="admin"))
    assert rules.may_manage(ADMIN, USER)
    assert not rules.may_manage(ADMIN, replace(USER, scope=(10, 12)))
    assert not rules.may_manage(ADMIN, replace(USER, organisation_id=12))


def test_nobody_changes_the_own_rights() -> None:
    me = Managed(1, 10, "admin", (10, 11))
    same = replace(GOOD, role="admin", scope=(11, 10), capacity=9)
    assert rules.profile_problem(ADMIN, me, same) is None
    assert rules.profile_problem(ADMIN, me, replace(same, role="agent")) == ("own_rights", "role")
    assert rules.profile_problem(ADMIN, me, replace(same, scope=(10,))) == ("own_rights", "role")


def test_secrets() -> None:
    secret = new_secret()
    assert hash_of(secret.text) == secret.hash
    assert len(secret.hash) == 32
    assert secret.text not in repr(secret)
    for text in ("", " ", secret.text + " ", secret.text[:-1], secret.text + "\n", "ä" * 43):
        assert hash_of(text) is None


async def test_hashes() -> None:
    passwords = Passwords(PasswordHasher(1, 8, 1))
    stored = await passwords.hash("kuusi kissaa \u00e9")
    assert stored.startswith("$argon2id$")
    assert await passwords.verify(stored, "kuusi kissaa e\u0301") is True
    assert await passwords.verify(stored, "kuusi kissaa") is False
    assert await passwords.verify(stored, stored) is False
    assert await passwords.verify(None, "a password that nobody has") is False
    assert await passwords.verify("no hash", "x") is False
    assert await passwords.verify(stored, "\ud800") is False
    passwords.close()


async def test_a_flood_of_hashes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contactcenter.accounts.passwords._MOST_WAITING", 3)
    passwords = Passwords(PasswordHasher(1, 8, 1))
    results = await asyncio.gather(
        *(passwords.hash("x") for _ in range(10)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert [no.code for no in refused] == ["unavailable"] * 7
    assert await passwords.verify(None, "x") is False
    passwords.close()
