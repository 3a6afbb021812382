"""All settings, read once at the top; nothing below this module reads configuration."""

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.acceptance import Policy
from schemas.backup import BackupSettings
from schemas.errors import UsageError, toml_place
from schemas.followup import FollowUpPolicy
from schemas.front_desk import FrontDeskSettings
from schemas.letter_delivery import Delivery
from schemas.limits import Limits
from schemas.studio import Studio

SETTINGS_FILE = "refpad.toml"
TIME_ZONES = "https://en.wikipedia.org/wiki/List_of_tz_database_time_zones"
RENAMED = {"promises": "follow_ups", "desk": "front_desk"}  # groups of settings, by their names before 0.1.0


class Settings(BaseSettings):
    """Settings from the environment (REFPAD_*, nested with __) over `refpad.toml` over the defaults.

    `folder` holds all that refpad writes; `database_url` defaults to SQLite inside it.
    """

    model_config = SettingsConfigDict(
        env_prefix="REFPAD_", env_nested_delimiter="__", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    folder: Path = Path("refpad-data")
    state_folder: Path | None = Field(
        default=None, description="where the audit's key and anchor are kept, which must not be restored with `folder`"
    )
    database_url: SecretStr | None = None
    time_zone: str = "America/New_York"
    today: date | None = Field(default=None, description="a fixed day instead of the clock's, for demonstrations")
    quiet_seconds: float = Field(default=1.0, ge=0, description="how long a file must not change before it is taken")
    patience_seconds: float = Field(
        default=30.0, gt=0, description="how long a file may rest unfinished before it is set aside as it is"
    )
    keep_seconds: float = Field(
        default=180.0, ge=0, description="how long a file stays in the inbox after it was taken, in case it grows"
    )
    inbox_depth: int = Field(default=2, ge=0, le=8, description="how many folders deep scans of the inbox may lie")
    sweep_seconds: float = Field(default=30.0, gt=0, description="how often the inbox is looked at without news")
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    prefect_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]+$",
        description="a Prefect server that runs elsewhere; refpad then starts none of its own",
    )
    prefect_auth: SecretStr | None = Field(default=None, description="user:password of that server")
    front_desk: FrontDeskSettings = FrontDeskSettings()
    studio: Studio = Studio()
    policy: Policy = Policy()
    limits: Limits = Limits()
    follow_ups: FollowUpPolicy = FollowUpPolicy()
    delivery: Delivery = Delivery()
    backup: BackupSettings = BackupSettings()

    @model_validator(mode="before")
    @classmethod
    def _names_are_new(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """An old name in the environment would be passed over without a word."""
        for old, new in RENAMED.items():
            if old in values:
                raise UsageError(f"The settings [{old}] are called [{new}] now: rename them in {SETTINGS_FILE}.")
            prefix = f"REFPAD_{old.upper()}__"
            if variable := next((name for name in os.environ if name.upper().startswith(prefix)), None):
                now = f"REFPAD_{new.upper()}__{variable[len(prefix) :].upper()}"
                raise UsageError(f"The setting {variable} is called {now} now: rename it in the environment.")
        return values

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(
                f'There is no time zone "{value}": write REFPAD_TIME_ZONE (time_zone in {SETTINGS_FILE}) as it stands '
                f"in {TIME_ZONES}, such as America/New_York."
            ) from None
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _settings_file(settings_cls)

    @property
    def inbox(self) -> Path:
        """Where scans are dropped."""
        return self.folder / "inbox"

    @property
    def store_folder(self) -> Path:
        """Originals, slip pictures and the SQLite database."""
        return self.folder / "store"

    @property
    def state(self) -> Path:
        """The audit's key and anchor: by default in the user's state folder (XDG Base Directory Specification)."""
        if self.state_folder is not None:
            return self.state_folder
        of_user = os.environ.get("XDG_STATE_HOME", "")
        return (Path(of_user) if of_user.startswith("/") else Path.home() / ".local" / "state") / "refpad"

    @property
    def designs(self) -> Path:
        """Where pad designs of one's own are looked for."""
        return self.folder / "designs"

    @property
    def words(self) -> Path:
        """The studio's own words, which the reader expects besides its own."""
        return self.folder / "words"

    @property
    def letters(self) -> Path:
        """Where letter templates of one's own are looked for."""
        return self.folder / "letters"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def prefect_home(self) -> Path:
        return self.folder / "prefect"

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the record."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.store_folder / 'refpad.sqlite').absolute()}"


def _settings_file(of: type[BaseSettings]) -> TomlConfigSettingsSource:
    """What `refpad.toml` says; raises UsageError with the line that is no TOML."""
    try:
        return TomlConfigSettingsSource(of)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{SETTINGS_FILE} cannot be understood at {toml_place(error)}: mend that line.") from None
    except OSError as error:
        raise UsageError(f"{SETTINGS_FILE} cannot be read ({error.strerror}): give refpad the right to.") from None
