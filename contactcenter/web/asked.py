"""What is known of a request beside what it says; each is worked out once and kept with it."""

from __future__ import annotations

from aiohttp import web

from contactcenter.accounts.authorise import Actor

ID = web.RequestKey("id", str)  # names the request in the log and on error pages
CLIENT = web.RequestKey("client", str)  # the client's address
ACTOR = web.RequestKey[Actor | None]("actor")  # who is signed in; None: nobody
LANGUAGE = web.RequestKey("language", str)  # the language that a handler read in a body
