"""What the contact centre knows of its persons, for the console: just enough of docs/persons.md."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.console.fake_centre import Frame, ago

_NAME = {"fi": "Pysäköinti ja asukaspysäköintitunnukset", "sv": "Parkering", "en": "Parking"}


def _case(case: str, subject: str, state: str, *contacts: tuple[str, str]) -> Frame:
    return {
        "case": case,
        "subject": subject,
        "state": state,
        "opened_at": ago(90_000),
        "service": {"id": "31", "name": {"fi": "Pysäköintitunnus"}} if subject else None,
        "contacts": [
            {
                "contact": contact,
                "channel": channel,
                "direction": "citizen",
                "queue": {"key": "parking", "name": _NAME},
                "state": "closed",
                "at": ago(86_400),
                "disposition": "answered",
            }
            for contact, channel in contacts
        ],
    }


class Persons:
    """One person, and another who might be the same."""

    def __init__(self) -> None:
        self.known: Frame = {
            "person": "90",
            "name": "Maija-Liisa Korhonen-Wikström",
            "names": ["Maija-Liisa Korhonen-Wikström", "Maisa"],
            "protected": False,
            "may_reveal": False,
            "since": ago(9_000_000),
            "language": "sv",
            "channel": "mail",
            "identities": [
                {
                    "kind": "email",
                    "strength": "verified",
                    "seen_at": ago(60),
                    "address": "maija-liisa.korhonen-wikstrom@toimisto.example.org",
                    "shown": "maija-liisa.korhonen-wikstrom@toimisto.example.org",
                }
            ],
            "cases": [
                _case("71", "Asukaspysäköintitunnuksen siirtäminen", "open", ("81", "mail")),
                _case("72", "", "resolved", ("82", "chat"), ("83", "callback")),
            ],
            "feedback": [
                {"contact": "82", "handling": 4, "service": 2, "text": "Kiitos!", "at": ago(900)}
            ],
            "merges": [],
            "more": True,
        }
        self.found = {
            "person": "91",
            "name": "Maija Korhonen",
            "addresses": [{"kind": "phone", "address": "+358401234567"}],
            "grounds": ["written", "name"],
            "enough": False,
        }
        self.heard: list[tuple[str, Any]] = []

    def routes(self) -> list[web.RouteDef]:
        """Where they answer."""
        return [
            web.get("/api/persons/{person}", self._view),
            web.get("/api/persons/{person}/proposals", self._proposals),
            web.post("/api/persons/find", self._find),
            web.post("/api/persons/{person}/merge", self._merge),
            web.post("/api/merges/{merge}/undo", self._undo),
            web.post("/api/persons/{person}/protection", self._protect),
            web.post("/api/persons/{person}/addresses", self._reveal),
        ]

    async def _view(self, request: web.Request) -> web.Response:
        self.heard.append(("view", request.query["contact"]))
        return web.json_response(self.known)

    async def _proposals(self, request: web.Request) -> web.Response:
        return web.json_response({"proposals": [self.found]})

    async def _find(self, request: web.Request) -> web.Response:
        self.heard.append(("find", (await request.json())["address"]))
        return web.json_response({"persons": []})

    async def _merge(self, request: web.Request) -> web.Response:
        self.heard.append(("merge", await request.json()))
        self.known["merges"] = [
            {
                "merge": "5",
                "name": self.found["name"],
                "grounds": self.found["grounds"],
                "checked": "answers",
                "by": "Aino Virtanen",
                "at": ago(0),
            }
        ]
        return web.json_response({"merge": "5", "person": "90"})

    async def _undo(self, request: web.Request) -> web.Response:
        self.heard.append(("undo", request.match_info["merge"]))
        self.known["merges"] = []
        return web.json_response({"persons": ["90", "91"]})

    async def _protect(self, request: web.Request) -> web.Response:
        self.known["protected"] = self.known["may_reveal"] = (await request.json())["protected"]
        for one in self.known["identities"]:
            one.pop("address", None)
            one.pop("shown", None)
        return web.Response(status=204)

    async def _reveal(self, request: web.Request) -> web.Response:
        self.heard.append(("reveal", (await request.json())["reason"]))
        shown = {"kind": "email", "strength": "verified", "seen_at": ago(60), "address": "a@b.fi"}
        return web.json_response({"identities": [shown | {"shown": "a@b.fi"}]})
