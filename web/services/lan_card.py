"""What a page shows of the way to the front desk from another computer or a telephone."""

from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup

from refpad.services.lan.certificate import certificate_of
from refpad.settings import Settings

MODULE_PX = 4  # a telephone reads 4 pixels a module from an arm's length


@dataclass(frozen=True)
class LanCard:
    """`fingerprint` in rows, as it is compared; `names` are what the address may be written with instead."""

    url: str
    names: tuple[str, ...]
    fingerprint: tuple[str, ...]
    until: datetime
    code: Markup


def lan_card(settings: Settings) -> LanCard | None:
    """The card, or None while the front desk is served to this computer only."""
    desk = settings.front_desk
    if not desk.is_on_lan:
        return None
    certificate = certificate_of(settings)
    return LanCard(desk.url, desk.lan_hosts[1:], certificate.rows, certificate.until, code_of(desk.url))


def code_of(address: str) -> Markup:
    """An address as a QR code to photograph: SVG, dark on light in the dark scheme too, which some readers need."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=MODULE_PX, dark="#000", light="#fff"))  # noqa: S704 - drawn here, of squares only
