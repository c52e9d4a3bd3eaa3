"""The demo's citizen: write a mail to a queue, read what comes back, answer it.

Only where the demo city runs without a relay, and only for this machine or who is signed in.
"""

from __future__ import annotations

import asyncio

import aiosmtplib
from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.address import is_inside
from contactcenter.web.bodies import Body, Form, Line, Text, form
from contactcenter.web.demo import letters as demo_letters
from contactcenter.web.demo.letters import Letter
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.services import DemoMail, services_of

routes = web.RouteTableDef()
_SMTP_S = 20.0


class NewLetter(Body):
    """The form of a new mail."""

    sender: Line
    to: Line
    text: Text
    name: Line = ""
    subject: Line = ""


class Answer(Body):
    """The form under a mail that came: an answer to it."""

    letter: Line
    text: Text


@routes.get("/demo/mail")
async def letters(request: web.Request) -> web.Response:
    """The mails, and the form."""
    return await _page(request, await _demo(request))


@routes.post("/demo/mail")
async def write(request: web.Request) -> web.Response:
    """Send a citizen's mail to our own port, as any mail server would."""
    demo, sent = await _demo(request), await form(request)
    try:
        new = sent.read(NewLetter)
        await _send(demo, new.sender, new.to, new.name, new.subject, new.text, None)
    except Refused as no:
        return await _page(request, demo, no, sent)
    return see_other(with_language(request, "/demo/mail", done="sent"))


@routes.post("/demo/mail/answer")
async def answer(request: web.Request) -> web.Response:
    """Answer a mail as the citizen who got it."""
    demo, sent = await _demo(request), await form(request)
    try:
        given = sent.read(Answer)
        got = await asyncio.to_thread(demo_letters.letter, demo.maildir, given.letter)
        if got is None:
            raise Refused("not_found")
        subject = got.subject if got.subject.lower().startswith("re:") else f"Re: {got.subject}"
        await _send(demo, got.to, got.sender, "", subject, given.text, got)
    except Refused as no:
        return await _page(request, demo, no, sent)
    return see_other(with_language(request, "/demo/mail", done="sent"))


async def _demo(request: web.Request) -> DemoMail:
    demo = services_of(request).demo_mail
    if demo is None:
        raise Refused("not_found")
    if not is_inside(request):
        await auth.signed_in(request)
    return demo


async def _send(
    demo: DemoMail, sender: str, to: str, name: str, subject: str, text: str, got: Letter | None
) -> None:
    try:
        mail = demo_letters.compose(sender.strip(), name, to.strip(), subject, text, got)
    except ValueError:
        raise Refused("bad_request", "invalid_email", field="sender") from None
    try:
        await aiosmtplib.send(
            mail,
            sender=sender.strip(),
            recipients=[to.strip()],
            hostname=demo.smtp_host,
            port=demo.smtp_port,
            timeout=_SMTP_S,
            start_tls=False,
        )
    except aiosmtplib.SMTPResponseException as error:
        raise Refused("bad_request", "mail_refused", field="to", answer=error.code) from None
    except aiosmtplib.SMTPRecipientsRefused as error:
        code = error.recipients[0].code if error.recipients else 550
        raise Refused("bad_request", "mail_refused", field="to", answer=code) from None
    except aiosmtplib.SMTPException:
        raise Refused("unavailable", retry_after_s=5) from None


async def _page(
    request: web.Request, demo: DemoMail, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    return await page(
        request,
        "demo_mail.html",
        no=no,
        form=sent,
        letters=await asyncio.to_thread(demo_letters.letters, demo.maildir),
        addresses=await demo.addresses(),
        done=request.query.get("done"),
    )
