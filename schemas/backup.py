"""Where backups go, and how many are kept."""

from pathlib import Path

from pydantic import Field

from schemas.base import Value


class BackupSettings(Value):
    """`folder`: on another disk, best an encrypted one; with it, `refpad up` writes a backup each day."""

    folder: Path | None = None
    keep: int = Field(default=30, ge=1, description="how many backups are kept; older ones are removed")
