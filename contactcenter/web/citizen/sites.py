"""Which sites may show the chat and send callback requests: those of the settings, and those that
admins named."""

from __future__ import annotations

from contactcenter.web.services import Services


async def widget_origins(services: Services) -> tuple[str, ...]:
    """Scheme, host and port of each, as browsers write an Origin. Where the database does not
    answer now, those known last."""
    return tuple(dict.fromkeys((*services.settings.widget_origins, *await services.origins())))
