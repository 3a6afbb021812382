"""Where a webhook's address leads: resolved and judged at each try, so that no name leads into the studio's network.

The judged address is the one that is connected to: a name that answers otherwise a moment later changes nothing.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from schemas.errors import RefpadError, UsageError
from schemas.webhook import is_loopback

Address = IPv4Address | IPv6Address
PORTS = {"http": 80, "https": 443}


class NotReachedError(RefpadError):
    """Nothing was sent, or nobody took it; the text names no address, whose path may be a secret."""


class NotAllowedError(NotReachedError):
    """The address leads where nothing may be sent."""


def check_allowed(url: str, *, in_local_network: bool) -> None:
    """Raise UsageError for an address to which no message would be sent; `url` is one that a webhook may have.

    One whose name nobody knows now is let pass: it is looked up, and judged, at each try.
    """
    try:
        with ThreadPoolExecutor(1) as thread:  # whoever calls may have an event loop in theirs
            thread.submit(asyncio.run, resolved(url, in_local_network=in_local_network)).result()
    except NotAllowedError:
        what = "The address leads to this computer or into a local network, and nothing would be sent there"
        if in_local_network:
            what += ": not to this computer by https or another of its names, nor where clouds keep their keys"
            raise UsageError(f"{what}.") from None
        own = "say that it may lead into the studio's own network, if it is meant to"
        raise UsageError(what, "add --local-network, if it is meant to", own) from None
    except NotReachedError:
        return


async def resolved(url: str, *, in_local_network: bool) -> Address:
    """The address to connect to; raises NotReachedError without one, NotAllowedError when one must not be."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReachedError("Its name was not found.") from None
    addresses = [_plain(ip_address(str(entry[4][0]).partition("%")[0])) for entry in found]
    if not addresses:
        raise NotReachedError("Its name was not found.")
    own = is_loopback(parts)
    if not all(may_be_reached(address, on_loopback=own, in_local_network=in_local_network) for address in addresses):
        raise NotAllowedError(
            "It leads to this computer or into a local network, which was not allowed when it was entered."
        )
    return addresses[0]


def may_be_reached(address: Address, *, on_loopback: bool, in_local_network: bool) -> bool:
    """Whether messages may go there: the internet; a local network, or this computer, only when that was entered.

    Never to addresses that are nobody's own: link-local (where clouds keep their credentials), multicast, reserved.
    """
    if address.is_loopback:
        return on_loopback
    if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    return address.is_global or in_local_network


def _plain(address: Address) -> Address:
    """IPv4 written as IPv6 is judged as IPv4."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
