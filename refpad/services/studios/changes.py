"""Adding, renaming and closing studios."""

import re
from contextlib import closing

from refpad.services.studios.registry import (
    FIRST,
    KEY,
    Registry,
    StudioEntry,
    changing,
    keep_registry,
    read_registry,
    settings_of,
)
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.code import SERIAL_MAX
from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.serial_block import SerialBlock
from schemas.text import clean
from store import audit, serials
from store.database import Store
from store.directory.offices import ranges

# So many serials of each edition a studio may print: at 50 slips a pad and 100 pads a year they last for 20 years, and
# the first two of seven digits name the studio.
BLOCK = 100_000
RESERVED = frozenset({FIRST, "www", "localhost"})
NAME_MOST = 60  # characters; it stands in a menu


def add_studio(store: Store, settings: Settings, key: str, name: str, who: str) -> StudioEntry:
    """Add a studio; `store` and `settings` are the first one's. Raises UsageError for a key that cannot be taken.

    Its record, which knows its serials, is there before it is listed.
    """
    called = _checked(name)
    with changing(settings) as registry:
        if not registry.studios:
            registry = Registry(studios=(_first(store, settings),))
        _must_be_new(registry, key)
        studio = StudioEntry(key=key, name=called, number=len(registry.studios), serials=_next_block(registry))
        serials.keep_serials(store, registry.studios[0].serials)
        with closing(open_record(settings_of(settings, studio))) as its_own:
            serials.keep_serials(its_own, studio.serials)
            audit.write(its_own, who, "add", f"studio {key}")
        audit.write(store, who, "add", f"studio {key}")
        keep_registry(settings, registry.model_copy(update={"studios": (*registry.studios, studio)}))
    return studio


def rename_studio(store: Store, settings: Settings, key: str, name: str, who: str) -> str:
    """Call a studio something else, and return how it is called; its key stays."""
    called = _checked(name)
    _change(store, settings, key, {"name": called}, who, "rename")
    return called


def close_studio(store: Store, settings: Settings, key: str, who: str) -> None:
    """Serve a studio no more; its record stays where it is. The first cannot be closed, nor one that is."""
    if key == FIRST:
        raise UsageError(f"The studio {FIRST} is the installation's own: stop `refpad up` instead.")
    if (closed_at := read_registry(settings).find(key).closed_at) is not None:
        raise UsageError(f"The studio {key} is closed since {show_day(closed_at)}.")
    _change(store, settings, key, {"closed_at": store.clock.now()}, who, "close")


def reopen_studio(store: Store, settings: Settings, key: str, who: str) -> None:
    """Serve a studio again that was closed; raises UsageError for one that is not."""
    if read_registry(settings).find(key).closed_at is None:
        raise UsageError(f"The studio {key} is not closed: `refpad up` serves it.")
    _change(store, settings, key, {"closed_at": None}, who, "reopen")


def _change(store: Store, settings: Settings, key: str, values: dict[str, object], who: str, what: str) -> None:
    with changing(settings) as registry:
        registry.find(key)
        changed = tuple(
            studio.model_copy(update=values) if studio.key == key else studio for studio in registry.studios
        )
        audit.write(store, who, what, f"studio {key}")
        keep_registry(settings, registry.model_copy(update={"studios": changed}))


def _checked(name: str) -> str:
    """What people call a studio, on one line; raises UsageError."""
    called = str(clean(name))
    if not called or len(called) > NAME_MOST:
        raise UsageError(f"A studio's name has 1 to {NAME_MOST} characters, and this one {len(called)}: give another.")
    return called


def _must_be_new(registry: Registry, key: str) -> None:
    if key in RESERVED:
        raise UsageError(f'"{key}" cannot be a studio\'s key, since it means something else: choose another.')
    if not re.fullmatch(KEY, key):
        raise UsageError(
            f'"{clean(key[:20])}" cannot be a studio\'s key: choose up to 20 letters a-z, digits and -, a letter first.'
        )
    if any(studio.key == key for studio in registry.studios):
        raise UsageError(f'There is a studio "{key}" already: choose another key, or `refpad studio reopen {key}`.')


def _first(store: Store, settings: Settings) -> StudioEntry:
    """The studio that was there before others: what it has printed is its own, and room for as much as others have."""
    highest = max((given.last for given in ranges(store)), default=0)
    last = (highest // BLOCK + 1) * BLOCK - 1
    return StudioEntry(key=FIRST, name=settings.studio.name, number=0, serials=SerialBlock(first=1, last=last))


def _next_block(registry: Registry) -> SerialBlock:
    first = registry.studios[-1].serials.last + 1
    if first + BLOCK > SERIAL_MAX:
        raise UsageError(
            f"All {len(registry.studios)} blocks of serial numbers are given to studios: set up another installation."
        )
    return SerialBlock(first=first, last=first + BLOCK - 1)
