"""The doors, built by the names of their modules, and what they may know of the settings."""

from __future__ import annotations

import importlib

from contactcenter.channel import (
    CallChannel,
    Channel,
    ChannelSettings,
    DeskChannel,
    DkimKey,
    LiveChannel,
)
from contactcenter.config import Settings

Door = Channel | LiveChannel | DeskChannel | CallChannel


def open_channel(name: str, settings: Settings) -> Door:
    """A door by the name of its module, as the settings give it."""
    opened: Door = importlib.import_module(name).open_channel(channel_settings(settings))
    return opened


def channel_settings(settings: Settings) -> ChannelSettings:
    """The part of the settings that concerns the doors."""
    relay = settings.relay
    return ChannelSettings(
        smtp_host=settings.smtp_host,
        smtp_port=settings.smtp_port,
        lmtp_port=settings.lmtp_port,
        smtp_tls_cert=settings.smtp_tls_cert,
        smtp_tls_key=settings.smtp_tls_key,
        mailboxes=settings.mailbox,
        max_mail_bytes=settings.max_mail_bytes,
        smtp_connections_per_address=settings.smtp_connections_per_address,
        mails_per_minute_per_address=settings.mails_per_minute_per_address,
        authserv_ids=settings.authserv_ids,
        hostname=settings.mail_domain,
        relay_host=relay.host if relay else None,
        relay_port=relay.port if relay else 25,
        relay_user=relay.user if relay else None,
        relay_password=relay.password if relay else None,
        relay_tls=relay.tls if relay else "opportunistic",
        maildir=settings.home / "maildir",
        dkim=_dkim_key(settings),
    )


def _dkim_key(settings: Settings) -> DkimKey | None:
    """The key is read when the doors are built. Raises OSError where it has gone meanwhile."""
    path, selector, domain = (
        settings.dkim_key_file,
        settings.dkim_selector,
        settings.dkim_domain,
    )
    if path is None or selector is None or domain is None:
        return None
    return DkimKey(key=path.read_bytes(), selector=selector, domain=domain)
