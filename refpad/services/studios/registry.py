"""Which studios one installation serves: a file beside the first one's record.

It is in the first one's backups, and a restore puts it back only where there is none: an older list would lack a
studio, and give its serials twice.

A further studio is what the first is: a data folder with inbox, exports and settings, and a record of its own (on
PostgreSQL, a schema). Nothing but this file knows of several.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from refpad.settings import STUDIOS_FILE, Settings
from schemas.atomic_write import replace_file
from schemas.base import Value
from schemas.errors import MachineError, UsageError
from schemas.serial_block import SerialBlock
from store import files
from store.anchor.places import noted_record

FOLDER = "studios"
FIRST = "main"  # the key of the studio whose data folder is that of `refpad up`
KEY = r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$"  # a label of a host name, and with `studio_` before it a schema's name


class StudioEntry(Value):
    """One studio: `number` is 0 for the first and never given twice, `serials` are those that its pads are given.

    One that is closed is not served; its record stays.
    """

    key: str = Field(pattern=KEY)
    name: str
    number: int = Field(ge=0)
    serials: SerialBlock
    closed_at: datetime | None = None


class Member(Value):
    """Who signs in at the studio `home` as `home_user` is at `studio` too, as its user `user`."""

    studio: str
    user: str
    home: str
    home_user: str


class Registry(Value):
    """All studios, the first one first; none while there is only one and nobody has added another."""

    studios: tuple[StudioEntry, ...] = ()
    members: tuple[Member, ...] = ()

    def member(self, key: str, user: str) -> Member | None:
        """Who that user of a studio is at home, if they are listed as coming from elsewhere."""
        return next((one for one in self.members if (one.studio, one.user) == (key, user)), None)

    def elsewhere(self, key: str, user: str, *, is_guest: bool) -> dict[str, str]:
        """The other studios that are served and that this person enters, each with their user there.

        A user who is listed, but no guest any more, is somebody of that studio by themselves.
        """
        own = self.member(key, user) if is_guest else None
        home = (own.home, own.home_user) if own else (key, user)
        places = {home[0]: home[1]} | {
            one.studio: one.user for one in self.members if (one.home, one.home_user) == home
        }
        return {studio.key: places[studio.key] for studio in self.served if studio.key in places and studio.key != key}

    def find(self, key: str) -> StudioEntry:
        """The studio with that key; raises UsageError."""
        for studio in self.studios:
            if studio.key == key:
                return studio
        raise UsageError(f'There is no studio "{key}": `refpad studio list` shows those that there are.')

    def of(self, serial: int) -> StudioEntry | None:
        """The studio that was given this serial."""
        return next((studio for studio in self.studios if studio.serials.holds(serial)), None)

    @property
    def served(self) -> tuple[StudioEntry, ...]:
        """Those that are not closed."""
        return tuple(studio for studio in self.studios if studio.closed_at is None)


def registry_file(settings: Settings) -> Path:
    """Where the registry is, whichever studio the settings are of."""
    return settings.studios_file


def read_registry(settings: Settings) -> Registry:
    """The registry; an empty one where there is only one studio. Raises MachineError when it cannot be read."""
    return read_list(registry_file(settings))


def read_list(path: Path) -> Registry:
    """The registry in that file, which may lie in a backup; as `read_registry`."""
    try:
        return Registry.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return Registry()
    except OSError as error:
        raise MachineError(f"{path} cannot be read ({error.strerror}): give refpad the right to.") from None
    except ValidationError:
        raise MachineError(f"{path} is no list of studios: put it back from a backup.") from None


@contextmanager
def changing(settings: Settings) -> Iterator[Registry]:
    """The registry as it is, while nobody else changes it."""
    files.make_folder(settings.shared)
    with files.hold_lock(settings.shared / f"{STUDIOS_FILE}.lock"):
        yield read_registry(settings)


def keep_registry(settings: Settings, registry: Registry) -> None:
    """Keep another registry, whole or not at all; the caller is `changing` it."""
    with replace_file(registry_file(settings)) as file:
        file.write(registry.model_dump_json(indent=1).encode() + b"\n")


def overrides(settings: Settings, studio: StudioEntry) -> dict[str, Any]:
    """What is another for this studio than in the first one's settings."""
    if studio.number == 0:
        return {}
    return {
        "folder": settings.folder / FOLDER / studio.key,
        "shared_folder": settings.folder,
        "database_schema": f"studio_{studio.key.replace('-', '_')}",
        "front_desk": {"subdomain": studio.key, "lan_port": settings.front_desk.lan_port + studio.number},
    }


def settings_of(settings: Settings, studio: StudioEntry, read: Callable[..., Settings] = Settings) -> Settings:
    """The settings of a studio, where `settings` are those of the first; `read` makes them."""
    return read(**overrides(settings, studio)) if studio.number else settings


def further_studios(settings: Settings) -> list[StudioEntry]:
    """The studios that are served beside the first, whose settings these are."""
    return [studio for studio in read_registry(settings).served if studio.number]


def all_settings(settings: Settings) -> list[Settings]:
    """The settings of every studio that is served, the first one's first."""
    return [settings, *(settings_of(settings, studio) for studio in further_studios(settings))]


def studio_of_record(settings: Settings, record: str) -> str | None:
    """The key of the studio of this installation that has the record of that name, whichever the settings are of."""
    further = [studio.key for studio in read_registry(settings).studios if studio.number]
    folders = {FIRST: settings.shared} | {key: settings.shared / FOLDER / key for key in further}
    for key, folder in folders.items():
        if noted_record(settings.state, folder / settings.store_folder.name) == record:
            return key
    return None


def environment_of_studio(settings: Settings, key: str) -> dict[str, str]:
    """With what in its environment a command works on that studio; raises UsageError when there is none."""
    registry = read_registry(settings)
    if key == FIRST and not registry.studios:
        return {}
    return _flat("REFPAD", overrides(settings, registry.find(key)))


def is_closed(settings: Settings, key: str) -> bool:
    """Whether that studio is listed and served no more."""
    return any(studio.key == key and studio.closed_at is not None for studio in read_registry(settings).studios)


def _flat(prefix: str, values: Mapping[str, Any], between: str = "_") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        full = f"{prefix}{between}{name.upper()}"
        found |= _flat(full, value, "__") if isinstance(value, Mapping) else {full: str(value)}
    return found
