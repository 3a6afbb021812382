"""How the front desk is set up."""

from pydantic import Field

from schemas.base import Value

LOOPBACK = "127.0.0.1"


class FrontDeskSettings(Value):
    """`origin` is the address in the browser when a TLS proxy stands in front; without one, loopback only.

    `address` is what the server listens on: another than loopback only within a container. `with_up` says whether
    `refpad up` serves it.
    """

    with_up: bool = True
    address: str = Field(default=LOOPBACK, pattern=r"^[0-9.]+$")
    port: int = Field(default=4180, ge=1, le=65535)
    origin: str | None = Field(default=None, pattern=r"^https://[a-z0-9.-]+(:\d{1,5})?$")
    idle_minutes: float = Field(default=15.0, gt=0, le=720)
    sample_share: float = Field(default=0.02, ge=0, le=1)

    @property
    def url(self) -> str:
        """Where people find the page."""
        return self.origin or f"http://{LOOPBACK}:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """What a browser may name as the page it comes from."""
        local = {f"http://{host}:{self.port}" for host in (LOOPBACK, "localhost")}
        return frozenset({self.origin} if self.origin else local)
