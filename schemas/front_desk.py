"""How the front desk is set up."""

from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from schemas.base import Value
from schemas.errors import UsageError

LOOPBACK = "127.0.0.1"
_BYTE = r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
HTTPS_PORT = 443  # browsers leave it out of an address, and of the headers that name it


class FrontDeskSettings(Value):
    """`origin` is the address in the browser when a TLS proxy stands in front, `trusted_proxy` where that asks from.

    `address` is what the server listens on without encryption: another than loopback only within a container. With
    `lan` and a `lan_address` it listens there too, with TLS of its own, and answers to `lan_names` as well. `with_up`
    says whether `refpad up` serves it. With `subdomain` it is a further studio's, and has that before its names.
    """

    with_up: bool = True
    address: str = Field(default=LOOPBACK, pattern=rf"^{_BYTE}(\.{_BYTE}){{3}}$")
    port: int = Field(default=4180, ge=1, le=65535)
    origin: str | None = Field(default=None, pattern=r"^https://[a-z0-9.-]+(:\d{1,5})?$")
    trusted_proxy: str | None = None
    lan: bool = False
    lan_address: str | None = None
    lan_port: int = Field(default=4443, ge=1, le=65535)
    lan_names: tuple[str, ...] | None = None
    idle_minutes: float = Field(default=15.0, gt=0, le=720)
    sample_share: float = Field(default=0.02, ge=0, le=1)
    subdomain: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]*$")

    @field_validator("lan_address")
    @classmethod
    def address_is_of_a_local_network(cls, value: str | None) -> str | None:
        """The address; raises UsageError for one that others than the local network could reach."""
        if value is not None and not _is_local(value):
            raise UsageError(
                f"{value} is no address of a local network, such as 192.168.1.20: set REFPAD_FRONT_DESK__LAN_ADDRESS "
                "to one, or put a TLS proxy in front and set REFPAD_FRONT_DESK__ORIGIN."
            )
        return value

    @field_validator("trusted_proxy")
    @classmethod
    def proxy_is_one_machine(cls, value: str | None) -> str | None:
        """The address; raises UsageError for what is none: whoever is trusted says where all others ask from."""
        try:
            return str(ip_address(value)) if value is not None else None
        except ValueError:
            raise UsageError(
                f'REFPAD_FRONT_DESK__TRUSTED_PROXY is "{value}": write the one address, such as 127.0.0.1, from which '
                "the proxy asks."
            ) from None

    @property
    def public_origin(self) -> str | None:
        """Its address behind a TLS proxy, if there is one."""
        if self.origin is None or self.subdomain is None:
            return self.origin
        return self.origin.replace("https://", f"https://{self.subdomain}.")

    @property
    def is_on_lan(self) -> bool:
        """Whether it is served to the local network."""
        return self.lan and self.lan_address is not None

    @property
    def url(self) -> str:
        """Where people find the page, from wherever they can."""
        if self.public_origin is not None:
            return self.public_origin
        return self._on_lan(self.lan_address) if self.lan and self.lan_address else self.local_url

    @property
    def local_url(self) -> str:
        """Where those at this computer find it."""
        return f"http://{f'{self.subdomain}.localhost' if self.subdomain else LOOPBACK}:{self.port}"

    @property
    def lan_hosts(self) -> tuple[str, ...]:
        """What the local network may call this computer: its address first, then its names."""
        return (self.lan_address, *(self.lan_names or ())) if self.lan and self.lan_address else ()

    @property
    def origins(self) -> frozenset[str]:
        """What a browser may name as the page it comes from."""
        local = {self.local_url, *(() if self.subdomain else (f"http://localhost:{self.port}",))}
        named = {self.public_origin} if self.public_origin else local
        return frozenset(named) | {self._on_lan(host) for host in self.lan_hosts}

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts, with their ports, by which a browser asks for it."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)

    def _on_lan(self, host: str) -> str:
        return f"https://{host}" if self.lan_port == HTTPS_PORT else f"https://{host}:{self.lan_port}"


def _is_local(value: str) -> bool:
    try:
        address = IPv4Address(value)
    except ValueError:
        return False
    return not (address.is_global or address.is_unspecified or address.is_multicast or address.is_reserved)
