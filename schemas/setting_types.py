"""What several settings are: a path of this machine, the address of a server, a PostgreSQL database."""

from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError


def setting_path(value: object) -> object:
    """The path with the home folder in the place of `~`; an empty one would be the folder that refpad is started in."""
    if not isinstance(value, str | Path):
        return value
    try:
        if str(value).strip():
            return Path(value).expanduser()
    except RuntimeError:  # there is no such user
        pass
    raise PydanticCustomError("path_unusable", "no path of this machine")


def _as_given(value: object) -> object:
    """The same as text where it was text: of JSON pydantic takes no path that is one already."""
    path = setting_path(value)
    return str(path) if isinstance(value, str) else path


def _postgresql(value: SecretStr | None) -> SecretStr | None:
    scheme, _, place = value.get_secret_value().partition("://") if value is not None else ("postgresql", "", "none")
    if scheme.partition("+")[0] != "postgresql" or not place:
        raise PydanticCustomError("database_unusable", "no PostgreSQL database")
    return value


SettingPath: TypeAlias = Annotated[Path, BeforeValidator(_as_given)]
PostgresUrl: TypeAlias = Annotated[SecretStr | None, AfterValidator(_postgresql)]
SERVER = r"^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?"  # a name or address, and perhaps a port
ServerUrl: TypeAlias = Annotated[str, Field(pattern=rf"{SERVER}$")]
