"""What the pages work with beside the record; each is made once and may be used by any thread."""

from dataclasses import dataclass, field

from schemas.limits import Limits
from web.services.login_throttle import LoginThrottle
from web.services.page_pictures import PagePictures
from web.services.passwords import Passwords
from web.services.presence import Presence
from web.services.request_rates import RequestRates
from web.services.searches import Searches
from web.services.switchboard import Switchboard


@dataclass(frozen=True)
class Tools:
    """`passwords` hashes and checks, `logins` gives each try its turn, `presence` knows who has which slip open,
    `searches` what users searched for, `rates` how often programs asked; `pages` opens originals; `switchboard`, one
    for all studios, leads to others.
    """

    passwords: Passwords = field(default_factory=Passwords)
    logins: LoginThrottle = field(default_factory=LoginThrottle)
    presence: Presence = field(default_factory=Presence)
    searches: Searches = field(default_factory=Searches)
    rates: RequestRates = field(default_factory=RequestRates)
    switchboard: Switchboard = field(default_factory=Switchboard)
    pages: PagePictures = field(default_factory=lambda: PagePictures(Limits()))
