"""Where backups go, and how many are kept."""

from pydantic import Field

from schemas.base import Value
from schemas.setting_types import SettingPath


class BackupSettings(Value):
    """`folder`: on another disk, best an encrypted one; with it, `refpad up` writes a backup each day."""

    folder: SettingPath | None = None
    keep: int = Field(default=30, ge=1, le=10_000, description="how many backups are kept; older ones are removed")
