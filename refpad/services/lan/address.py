"""Under which address and names the local network reaches this computer while the front desk is served to it."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from refpad.settings import Settings
from schemas.atomic_write import replace_file
from schemas.errors import UsageError
from schemas.front_desk import FrontDeskSettings

# TEST-NET-1 (RFC 5737) is on no network: asking for the way there sends nothing, and names the address of the way out.
NOWHERE = ("192.0.2.1", 9)
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")  # RFC 1123
NOTE = "address.json"


def with_lan(settings: Settings, host_name: Callable[[], str] = socket.gethostname) -> Settings:
    """The settings with this computer's address and names in them, when the front desk is to be on the local network.

    Raises UsageError when the computer has no address there.
    """
    desk = settings.front_desk
    if not desk.lan:
        return settings
    address = desk.lan_address or _way_out()
    _must_be_ours(address)
    names = desk.lan_names if desk.lan_names is not None else names_of(host_name())
    lan = FrontDeskSettings.model_validate({**desk.model_dump(), "lan_address": address, "lan_names": names})
    return settings.model_copy(update={"front_desk": lan})


def names_of(host_name: str) -> tuple[str, ...]:
    """What others may call a computer of that name: as it is, and as telephones and Macs do (mDNS, RFC 6762)."""
    name = host_name.casefold()
    if not HOST_NAME.fullmatch(name) or name == "localhost":
        return ()
    return (name,) if "." in name else (name, f"{name}.local")


def environment_of(settings: Settings) -> dict[str, str]:
    """What the parts of `refpad up` are started with, so that all name the same address."""
    desk = settings.front_desk
    if not desk.is_on_lan:
        return {}
    return {
        "REFPAD_FRONT_DESK__LAN": "true",
        "REFPAD_FRONT_DESK__LAN_ADDRESS": str(desk.lan_address),
        "REFPAD_FRONT_DESK__LAN_NAMES": json.dumps(desk.lan_names or ()),
    }


def lan_folder(settings: Settings) -> Path:
    """Where certificate and key are, which nobody else may read."""
    return settings.folder / "tls"


@contextmanager
def noted(settings: Settings) -> Iterator[None]:
    """Leave word of the address for other commands, which print links too, while the block runs."""
    note = lan_folder(settings) / NOTE
    note.unlink(missing_ok=True)  # of a `refpad up` that was killed
    if not settings.front_desk.is_on_lan:
        yield
        return
    note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replace_file(note) as file:
        file.write(json.dumps(settings.front_desk.url).encode())
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def front_desk_url(settings: Settings) -> str:
    """Where people find the page: as the settings say, or the `refpad up --lan` that is running."""
    with suppress(OSError, ValueError):
        return str(json.loads((lan_folder(settings) / NOTE).read_text("utf-8")))
    return settings.front_desk.url


def _way_out() -> str:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(NOWHERE)
            return str(probe.getsockname()[0])
    except OSError:
        raise UsageError(
            "This computer is in no network: connect it, or set REFPAD_FRONT_DESK__LAN_ADDRESS to its address there."
        ) from None


def _must_be_ours(address: str) -> None:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            raise UsageError(
                f"This computer does not have the address {address}: correct REFPAD_FRONT_DESK__LAN_ADDRESS, or take "
                "it out to have the address found."
            ) from None
