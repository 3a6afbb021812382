"""Where settings come from besides the environment: `refpad.toml`, and what was saved on the front desk's pages."""

import json
import os
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, TomlConfigSettingsSource

from schemas.errors import UsageError, toml_place
from schemas.setting_types import setting_path

PREFIX = "REFPAD_"
SETTINGS_FILE = "refpad.toml"
STUDIOS_FILE = "studios.json"  # in the first studio's data folder: which there are (`refpad.services.studios`)
NO_SETTINGS = frozenset({"REFPAD_STUDIO_KEY", "REFPAD_CRASH_AT", "REFPAD_STARTED_IN"})  # and yet of use to refpad
SAVED_FILE = "settings.json"  # in the data folder: what was set on the front desk's pages, or with `refpad settings`


class _SettingsFile(TomlConfigSettingsSource):
    """What `refpad.toml` says, but for some groups."""

    left_out: Collection[str] = ()

    def __call__(self) -> dict[str, Any]:
        values = super().__call__()
        _refuse_empty_secrets(self.settings_cls, values, lambda path: f"{'.'.join(path)} in {SETTINGS_FILE}")
        return _without(self.left_out, values)


class _Environment(EnvSettingsSource):
    """What the environment says, but for some groups, and for where files of secrets are."""

    left_out: Collection[str] = ()

    def __call__(self) -> dict[str, Any]:
        values = super().__call__()
        for *groups, name in _secrets_of(self.settings_cls):
            for group in groups:
                if isinstance(inner := values.get(group), dict):
                    inner.pop(f"{name}_file", None)
        _refuse_empty_secrets(self.settings_cls, values, lambda path: f"{PREFIX}{'__'.join(path).upper()}")
        return _without(self.left_out, values)


def _refuse_empty_secrets(of: type[BaseModel], values: Mapping[str, Any], name: Callable[[Sequence[str]], str]) -> None:
    """Raises UsageError: without the address that was meant the record would lie elsewhere, and nobody would know."""
    for path in _secrets_of(of):
        value: Any = values
        for part in path:
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str) and not value.strip():
            raise UsageError(f"{name(path)} is empty: write its value, or leave it out.")


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


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from files: REFPAD_..._FILE of a secret setting names the file that holds it, as containers mount them.

    In the environment whoever may inspect a container reads a password; in a file only its account does.
    """

    left_out: Collection[str] = ()

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for path in _secrets_of(self.settings_cls):
            name = f"{PREFIX}{'__'.join(path).upper()}"
            variable = next((one for one in os.environ if one.upper() == f"{name}_FILE"), None)
            if variable is None:
                continue
            if any(one.upper() == name for one in os.environ):
                raise UsageError(f"Both {name} and {variable} are set: leave one of them out.")
            within = found
            for group in path[:-1]:
                within = within.setdefault(group, {})
            within[path[-1]] = _secret_in(variable, os.environ[variable])
        return _without(self.left_out, found)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False  # all fields come together


def _secrets_of(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """The names of all settings that are secrets, each with its group's."""
    for name, field in model.model_fields.items():
        kinds = get_args(field.annotation) or (field.annotation,)
        if SecretStr in kinds:
            yield (name,)
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from ((name, *inner) for inner in _secrets_of(kind))


def _secret_in(variable: str, named: str) -> str:
    if not named.strip():
        raise UsageError(f"{variable} names no file: name the one that holds the secret, or leave it out.")
    try:
        secret = Path(named).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise UsageError(
            f"The file {named} that {variable} names cannot be read ({why}): mend that, or name another."
        ) from None
    if not secret:
        raise UsageError(f"The file {named} that {variable} names is empty: write the secret into it.")
    return secret


def secret_files(of: type[BaseSettings], left_out: Collection[str] = ()) -> SecretFiles:
    """What files of secrets say, without the groups that are left out; raises UsageError when one cannot be read."""
    source = SecretFiles(of)
    source.left_out = left_out
    return source


def refuse_old_names(renamed: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Raises UsageError for a group by its old name, which in the environment would be passed over without a word."""
    for old, new in renamed.items():
        if old in values:
            raise UsageError(f"The settings [{old}] are called [{new}] now: rename them in {SETTINGS_FILE}.")
        prefix = f"{PREFIX}{old.upper()}__"
        if variable := next((name for name in os.environ if name.upper().startswith(prefix)), None):
            now = f"{PREFIX}{new.upper()}__{variable[len(prefix) :].upper()}"
            raise UsageError(f"The setting {variable} is called {now} now: rename it in the environment.")


def unknown_variables(of: type[BaseSettings]) -> list[str]:
    """Variables of the environment with refpad's prefix that set nothing: they are passed over by Pydantic."""
    files = {f"{PREFIX}{'__'.join(path)}_file".upper() for path in _secrets_of(of)}
    groups = {name.upper() for name in of.model_fields}
    ours = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
    return [
        name
        for name in ours
        if name.upper() not in files | NO_SETTINGS
        and name.upper().removeprefix(PREFIX).partition("__")[0] not in groups
    ]


class SavedSettings(PydanticBaseSettingsSource):
    """What `SAVED_FILE` says, in the folder that environment or settings file name."""

    def __call__(self) -> dict[str, Any]:
        try:
            folder = setting_path(self.current_state.get("folder", self.settings_cls.model_fields["folder"].default))
        except PydanticCustomError:
            folder = None
        if not isinstance(folder, Path):
            return {}  # the folder itself is refused
        saved = read_saved(folder / SAVED_FILE)
        studio = saved.get("studio")
        if isinstance(studio, dict) and studio.get("logo") and isinstance(studio["logo"], str):
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
