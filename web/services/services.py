"""What the pages work with beside the record; each is made once and may be used by any thread."""

import threading
from dataclasses import dataclass, field

from schemas.limits import Limits
from web.services.page_pictures import PageShelf
from web.services.passwords import Passwords
from web.services.presence import Presence


@dataclass(frozen=True)
class Tools:
    """`passwords` hashes and checks, `presence` knows who has which slip open, `pages` opens originals;
    `turn` is held by who changes the studio's words.
    """

    passwords: Passwords = field(default_factory=Passwords)
    presence: Presence = field(default_factory=Presence)
    turn: threading.Lock = field(default_factory=threading.Lock)
    pages: PageShelf = field(default_factory=lambda: PageShelf(Limits()))
