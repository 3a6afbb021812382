"""All settings, read once at the top; nothing below this module reads configuration."""

import os
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
)

from followup.calendar import known_countries
from refpad.setting_sources import SAVED_FILE as SAVED_FILE
from refpad.setting_sources import SETTINGS_FILE as SETTINGS_FILE
from refpad.setting_sources import STUDIOS_FILE as STUDIOS_FILE
from refpad.setting_sources import SavedSettings, environment, refuse_old_names, secret_files, settings_file
from refpad.setting_sources import read_saved as read_saved
from refpad.setting_sources import stamp_of as stamp_of
from schemas.acceptance import Policy
from schemas.backup import BackupSettings
from schemas.errors import UsageError
from schemas.followup import FollowUpPolicy
from schemas.front_desk import FrontDeskSettings
from schemas.inference_engine import InferenceEngine
from schemas.letter_delivery import Delivery
from schemas.limits import DAY_S, Limits
from schemas.mailbox import Mailbox
from schemas.retention import RetentionSettings
from schemas.setting_types import SERVER, PostgresUrl, ServerUrl, SettingPath
from schemas.studio import Studio
from schemas.text_model import TextModel

PRACTICE_LACKS = ("studio", "delivery", "mailbox", "database_url", "files", "pool", "backup")
# What the environment and `refpad.toml` say of these is the first studio's; further ones have what they saved.
FIRST_STUDIO_ONLY = ("studio", "delivery", "mailbox", "backup")
TIME_ZONES = "https://en.wikipedia.org/wiki/List_of_tz_database_time_zones"
RENAMED = {"promises": "follow_ups", "desk": "front_desk"}  # groups of settings, by their names before 0.1.0


class Settings(BaseSettings):
    """Settings from the environment (REFPAD_*, nested with __) over `refpad.toml` over those saved on the front desk's
    pages over the defaults.

    `folder` holds all that refpad writes; `database_url` defaults to SQLite inside it. In `practice` the studio is the
    invented one and nothing is sent, whatever else is set.
    """

    model_config = SettingsConfigDict(
        env_prefix="REFPAD_",
        env_nested_delimiter="__",
        toml_file=SETTINGS_FILE,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
    )

    folder: SettingPath = Path("refpad-data")
    state_folder: SettingPath | None = Field(
        default=None, description="where the audit's key and anchor are kept, which must not be restored with `folder`"
    )
    database_url: SecretStr | None = None
    files: str | None = Field(
        default=None,
        pattern=r"^s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9._-]+)*/?$",
        description="s3://BUCKET/PREFIX, where originals, pictures and letters are kept instead of in `folder`",
    )
    files_endpoint: str | None = Field(
        default=None, pattern=rf"{SERVER}/?$", description="the store of `files`, where it is not Amazon's"
    )
    practice: bool = Field(default=False, description="whether the record holds samples only, to try refpad with")
    shared_folder: SettingPath | None = Field(
        default=None, description="for a further studio: the data folder of the `refpad up` that serves it among others"
    )
    database_schema: str | None = Field(
        default=None, pattern=r"^studio_[a-z0-9_]+$", description="where on PostgreSQL a further studio's record is"
    )
    time_zone: str = "America/New_York"
    today: date | None = Field(default=None, description="a fixed day instead of the clock's, for demonstrations")
    quiet_seconds: float = Field(
        default=1.0, ge=0, le=DAY_S, description="how long a file must not change before it is taken"
    )
    patience_seconds: float = Field(
        default=30.0, gt=0, le=DAY_S, description="how long a file may rest unfinished before it is set aside as it is"
    )
    keep_seconds: float = Field(
        default=180.0,
        ge=0,
        le=DAY_S,
        description="how long a file stays in the inbox after it was taken, in case it grows",
    )
    inbox_depth: int = Field(default=2, ge=0, le=8, description="how many folders deep scans of the inbox may lie")
    sweep_seconds: float = Field(
        default=30.0, gt=0, le=DAY_S, description="how often the inbox is looked at without news"
    )
    readers: int = Field(default=1, ge=1, le=64, description="how many files `refpad up` reads at once")
    pool: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9-]*$", description="the work pool of Prefect whose workers read along"
    )
    pool_readers: int = Field(default=4, ge=1, le=64, description="how many readings of that pool may go on at once")
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    prefect_url: ServerUrl | None = Field(
        default=None, description="a Prefect server that runs elsewhere; refpad then starts none of its own"
    )
    prefect_auth: SecretStr | None = Field(default=None, description="user:password of that server")
    prefect_database_url: PostgresUrl = Field(
        default=None, description="a PostgreSQL database for the bundled Prefect server, instead of a file of SQLite"
    )
    prefect_page: ServerUrl | None = Field(
        default=None, description="where a browser reaches that server, if elsewhere"
    )
    front_desk: FrontDeskSettings = FrontDeskSettings()
    studio: Studio = Studio()
    policy: Policy = Policy()
    limits: Limits = Limits()
    text_model: TextModel = Field(default=TextModel.BOTH, description="which weights read lines")
    inference_engine: InferenceEngine = Field(default=InferenceEngine.ONNXRUNTIME, description="what computes these")
    follow_ups: FollowUpPolicy = FollowUpPolicy()
    delivery: Delivery = Delivery()
    mailbox: Mailbox = Mailbox()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()

    @model_validator(mode="before")
    @classmethod
    def _names_are_new(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        refuse_old_names(RENAMED, values)
        return values

    @model_validator(mode="before")
    @classmethod
    def _practice_reaches_nobody(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Letters about invented people must not go to real offices, be in a real studio's name or in its record."""
        if str(values.get("practice", "")).lower() not in ("true", "1", "yes", "on", "t", "y"):
            return values
        return {name: value for name, value in values.items() if name not in PRACTICE_LACKS}

    @field_validator("time_zone")
    @classmethod
    def zone_exists(cls, value: str) -> str:
        """The zone; raises UsageError when there is none of that name."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(
                f'There is no time zone "{value}": write REFPAD_TIME_ZONE (time_zone in {SETTINGS_FILE}) as it stands '
                f"in {TIME_ZONES}, such as America/New_York."
            ) from None
        return value

    @field_validator("follow_ups")
    @classmethod
    def holidays_are_known(cls, value: FollowUpPolicy) -> FollowUpPolicy:
        """The policy; raises UsageError when no holidays of its country are known: nothing could be counted by them."""
        if value.holidays not in known_countries():
            raise UsageError(
                f"No public holidays of {value.holidays} are known: write a country's two letters (ISO 3166-1), such "
                f"as US, in REFPAD_FOLLOW_UPS__HOLIDAYS (follow_ups.holidays in {SETTINGS_FILE} or {SAVED_FILE})."
            )
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
        left_out = FIRST_STUDIO_ONLY if "shared_folder" in {*init_settings(), *env_settings()} else ()
        outer = (source(settings_cls, left_out) for source in (secret_files, environment, settings_file))
        return init_settings, *outer, SavedSettings(settings_cls)

    @property
    def studio_problem(self) -> str | None:
        """Why nothing may leave the studio yet, in a sentence, or None."""
        if self.practice:
            return "This is practice, with an invented studio: its pads and letters are for nobody."
        if not self.studio.invented:
            return None
        invented = ", ".join(self.studio.invented)
        return (
            f"Pads and letters wait until the studio is set up: still invented is its {invented}. "
            "An admin enters it on the page Settings (typed: `refpad settings set`)."
        )

    @property
    def writes_letters(self) -> bool:
        """Whether letters are made: by a studio that is set up, and in practice, where they go to nobody."""
        return self.practice or self.studio_problem is None

    def require_letters(self) -> None:
        """Raise UsageError, with the page that helps, while letters would carry an invented studio."""
        if not self.writes_letters:
            raise UsageError(str(self.studio_problem))

    def require_pads(self) -> None:
        """Raise UsageError, with the page that helps, while numbered pads would carry an invented studio."""
        if self.studio_problem is not None:
            raise UsageError(self.studio_problem)

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
    def shared(self) -> Path:
        """The data folder of `refpad up`: what is one for all studios lies there."""
        return self.shared_folder or self.folder

    @property
    def studios_file(self) -> Path:
        """Which studios there are on this installation, and who belongs to several."""
        return self.shared / STUDIOS_FILE

    @property
    def prefect_home(self) -> Path:
        return self.shared / "prefect"

    @property
    def prefect_auth_file(self) -> Path:
        """The user and password of the bundled Prefect server, made once."""
        return self.prefect_home / "auth-string"

    @property
    def saved_file(self) -> Path:
        """What was set on the front desk's pages."""
        return self.folder / SAVED_FILE

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the record."""
        given = self.database_url.get_secret_value() if self.database_url is not None else ""
        if given and self.shared_folder is None:
            return given
        if given.startswith("postgres"):
            return f"{given}{'&' if '?' in given else '?'}options=-csearch_path%3D{self.database_schema}"
        path = (self.store_folder / "refpad.sqlite").absolute()
        if "?" in str(path):  # the record would lie elsewhere
            raise UsageError(f'{self.folder.absolute()} has a "?" in its path: set REFPAD_FOLDER to a folder without.')
        return f"sqlite:///{path}"


def fixed_settings(settings: Settings) -> dict[str, str]:
    """What the environment and `refpad.toml` set, as "studio.name", and which of them does: no page can change it.

    Of what they say of the first studio alone, nothing holds for a further one.
    """
    left_out = FIRST_STUDIO_ONLY if settings.shared_folder else ()
    fixed = dict.fromkeys(_names(settings_file(Settings, left_out)()), SETTINGS_FILE)
    outer = (*_names(environment(Settings, left_out)()), *_names(secret_files(Settings, left_out)()))
    return fixed | dict.fromkeys(outer, "the environment")


def _names(values: Mapping[str, Any]) -> list[str]:
    """The names of all values, a group's with the group."""
    return [
        name
        for group, value in values.items()
        for name in ([f"{group}.{field}" for field in value] if isinstance(value, Mapping) else [group])
    ]
