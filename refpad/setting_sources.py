"""Where settings come from besides the environment: `refpad.toml`, and what was saved on the front desk's pages."""

import json
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, TomlConfigSettingsSource

from schemas.errors import UsageError, toml_place

SETTINGS_FILE = "refpad.toml"
SAVED_FILE = "settings.json"  # in the data folder: what was set on the front desk's pages, or with `refpad settings`


class _SettingsFile(TomlConfigSettingsSource):
    """What `refpad.toml` says, but for some groups."""

    left_out: Collection[str] = ()

    def __call__(self) -> dict[str, Any]:
        return _without(self.left_out, super().__call__())


class _Environment(EnvSettingsSource):
    """What the environment says, but for some groups."""

    left_out: Collection[str] = ()

    def __call__(self) -> dict[str, Any]:
        return _without(self.left_out, super().__call__())


def _without(left_out: Collection[str], values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in left_out}


def environment(of: type[BaseSettings], left_out: Collection[str] = ()) -> EnvSettingsSource:
    """What the environment says, without the groups that are left out."""
    source = _Environment(of)
    source.left_out = left_out
    return source


def settings_file(of: type[BaseSettings], left_out: Collection[str] = ()) -> TomlConfigSettingsSource:
    """What `refpad.toml` says, without some groups; raises UsageError with the line that is no TOML."""
    try:
        source = _SettingsFile(of)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{SETTINGS_FILE} cannot be understood at {toml_place(error)}: mend that line.") from None
    except OSError as error:
        raise UsageError(f"{SETTINGS_FILE} cannot be read ({error.strerror}): give refpad the right to.") from None
    source.left_out = left_out
    return source


class SavedSettings(PydanticBaseSettingsSource):
    """What `SAVED_FILE` says, in the folder that environment or settings file name."""

    def __call__(self) -> dict[str, Any]:
        folder = Path(self.current_state.get("folder", self.settings_cls.model_fields["folder"].default))
        saved = read_saved(folder / SAVED_FILE)
        if (studio := saved.get("studio")) and studio.get("logo"):
            studio["logo"] = folder / studio["logo"]  # it lies beside, wherever the folder is moved
        return saved

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False  # all fields come together


def read_saved(path: Path) -> dict[str, Any]:
    """The settings saved on the front desk's pages, by group; raises UsageError when the file is no such."""
    try:
        saved = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # what the folder lacks is said by whoever opens it
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): give refpad the right to.") from None
    except ValueError:
        saved = None
    if not isinstance(saved, dict):
        raise UsageError(f"{path} is no file of saved settings: take it away, and set them anew on the page Settings.")
    return saved


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Changes whenever the file is replaced or written."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
