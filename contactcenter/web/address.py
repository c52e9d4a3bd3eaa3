"""Where a request comes from, when proxies stand before us and anybody may write headers."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from aiohttp import web

from contactcenter.web.asked import CLIENT
from contactcenter.web.services import services_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def parse(text: str | None) -> Address | None:
    """An address as proxies write it: bare, with a port, or in brackets; None for anything else.
    An IPv4 address in IPv6 dress counts as IPv4."""
    text = (text or "").strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    """Whether the address lies in one of the networks."""
    return any(address.version == net.version and address in net for net in networks)


def client(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The rightmost entry that is no trusted proxy, and only if the peer is one: everything to its
    left is what the client itself may have written. "" for a peer without an address (a socket
    file)."""
    nearest = parse(peer)
    if nearest is None:
        return ""
    entries = [entry for line in forwarded for entry in line.split(",")]
    while entries and is_in(nearest, trusted):
        next_ = parse(entries.pop())
        if next_ is None:
            break
        nearest = next_
    return str(nearest)


def client_of(request: web.Request) -> str:
    """The client's address; worked out once a request."""
    known: str | None = request.get(CLIENT)
    if known is None:
        trusted = services_of(request).settings.trusted_proxies
        known = client(request.remote, request.headers.getall("X-Forwarded-For", []), trusted)
        request[CLIENT] = known
    return known


def limit_key(address: str) -> str:
    """What a limit counts by: an IPv6 customer has a whole /64."""
    parsed = parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return address


def is_inside(request: web.Request) -> bool:
    """Whether the request comes from this machine or a trusted network. One that was forwarded by
    a proxy we don't know counts as outside, however near that proxy is."""
    trusted = services_of(request).settings.trusted_proxies
    peer, address = parse(request.remote), parse(client_of(request))
    if peer is None or address is None:
        return False
    forwarded = any(name in request.headers for name in _FORWARDING)
    if forwarded and not is_in(peer, trusted):
        return False
    return address.is_loopback or is_in(address, trusted)
