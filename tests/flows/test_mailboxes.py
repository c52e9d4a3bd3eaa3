"""The product beside a real Dovecot: three days of mail after an outage in which it also crashes,
and what an admin sees of it."""

from __future__ import annotations

import asyncio
import json
import smtplib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.certificate import trusting
from tests.flows.client import WAIT_S
from tests.flows.conftest import running
from tests.flows.product import Product, letter
from tests.imap.conftest import mail
from tests.imap.dovecot import Dovecot, running_dovecot
from tests.ports import free_port

pytestmark = pytest.mark.needs_package("dovecot-imapd", "openssl")
MAILS = 150
ADMIN = "admin@mikkeli.example"


@pytest.fixture(scope="module")
async def dovecot() -> AsyncIterator[Dovecot]:
    """The city's mail server."""
    async with running_dovecot() as server:
        yield server


def settings(path: Path, dovecot: Dovecot, user: str, lmtp: int, password: str) -> str:
    """A file with one mailbox, LMTP and a certificate."""
    path.write_text(
        f"""
        lmtp_port = {lmtp}
        smtp_tls_cert = "{dovecot.folder}/cert.pem"
        smtp_tls_key = "{dovecot.folder}/key.pem"
        [[mailbox]]
        name = "general"
        host = "localhost"
        port = {dovecot.port}
        tls = "starttls"
        ca_file = "{dovecot.folder}/cert.pem"
        user = "{user}"
        password = "{password}"
        to = "neuvonta@mikkeli.example"
        """
    )
    return str(path)


async def seen(product: Product, as_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until the mailbox is so, as the admin sees it."""
    async with product.agent(ADMIN) as admin, asyncio.timeout(2 * WAIT_S):
        while True:
            status, text = await admin.get("/api/mailboxes")
            assert status == 200
            (mailbox,) = json.loads(text)["mailboxes"]
            assert isinstance(mailbox, dict)
            if as_wanted(mailbox):
                return mailbox
            await asyncio.sleep(0.1)  # another process changes it


async def time_passes(product: Product) -> None:
    """The lease that a killed node left behind ends: nobody waits 12 s for it in a test."""
    conn = await asyncpg.connect(product.servers()["database_url"])
    done = await conn.execute("UPDATE lease SET until = now() WHERE name = 'mailbox:general'")
    assert done == "UPDATE 1"
    await conn.close()


@pytest.mark.timeout(300)  # three starts
async def test_imap_three_days_away_and_killed_on_the_way_back(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    user, lmtp = dovecot.new_user(), free_port()
    config = settings(tmp_path / "s.toml", dovecot, user, lmtp, dovecot.password)
    long_ago = datetime.now(UTC) - timedelta(days=30)
    dovecot.put(user, mail(9999), long_ago, flags="S")  # read by people, before we came
    async with running(CONTACTCENTER_CONFIG=config) as product:
        await seen(product, lambda mailbox: mailbox["stage"] == "watching")
        await product.stop()
        start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
        arrivals = [start + timedelta(minutes=28 * n) for n in range(MAILS)]
        for number, arrived in enumerate(arrivals):
            dovecot.put(user, mail(number), arrived)
        await product.start(CONTACTCENTER_FAIL="intake.after_commit:40")
        await product.ended()
        await product.start(CONTACTCENTER_FAIL="")
        await time_passes(product)
        shown = await seen(product, lambda mailbox: mailbox["last_uid"] == MAILS + 1)
        assert (shown["queue"], shown["organisation"]) == ("general", "mikkeli")
        assert (shown["error"], shown["failures"], shown["renewed"]) == (None, 0, None)
        await _health(product)
        await _lmtp(lmtp, dovecot)
        *found, _ = await product.export("contacts")
        assert [datetime.fromisoformat(c["first_arrival"]) for c in found] == arrivals
        assert sorted(found, key=lambda contact: contact["rank"]) == found
        assert len({contact["external_id"] for contact in found}) == MAILS
        assert (await product.verify())["violations"] == []


async def _health(product: Product) -> None:
    async with product.agent("aino@mikkeli.example") as aino:
        report = json.loads((await aino.get("/health/ready"))[1])
        assert report["checks"]["mailbox general"]["ok"]
        metrics = (await aino.get("/metrics"))[1]
        assert 'contactcenter_mailbox_lag_seconds{mailbox="general"} 0.0' in metrics
        assert 'contactcenter_mailbox_failures{mailbox="general"} 0.0' in metrics
        assert (await aino.get("/api/mailboxes"))[0] == 403


async def _lmtp(port: int, dovecot: Dovecot) -> None:
    """A mail that a mail server of the city hands over, by TLS."""

    def deliver() -> dict[str, tuple[int, bytes]]:
        with smtplib.LMTP("localhost", port) as client:
            client.starttls(context=trusting(dovecot.folder))
            to = ["neuvonta@mikkeli.example", "nobody@mikkeli.example"]
            return client.sendmail("v@example.org", to, letter().as_bytes())

    refused = await asyncio.to_thread(deliver)
    assert set(refused) == {"nobody@mikkeli.example"}


async def test_a_refused_login_is_seen_and_breaks_nothing_else(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    config = settings(tmp_path / "s.toml", dovecot, "somebody", free_port(), "not-the-password")
    async with running(CONTACTCENTER_CONFIG=config) as product:
        shown = await seen(product, lambda mailbox: mailbox["error"] is not None)
        assert shown["error"] == "login_refused"
        assert (shown["stage"], shown["last_uid"]) == ("connecting", None)
        await product.mail(letter())
        async with product.agent("aino@mikkeli.example") as aino:
            async with asyncio.timeout(WAIT_S):
                while (report := json.loads((await aino.get("/health/ready"))[1]))[
                    "status"
                ] != "degraded":
                    pass
        assert report["checks"]["mailbox general"]["detail"] == "login_refused, 1 times"
        assert "not-the-password" not in product.log() + json.dumps(shown)
