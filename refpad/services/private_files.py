"""Files for people, that nobody else may read."""

import os
from pathlib import Path

from schemas.errors import UsageError

OWNER_ONLY = 0o600


def write_private(path: Path, data: bytes) -> None:
    """Write `data` to `path`, readable by its owner only; what stood there before is replaced in one step.

    Raises UsageError when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written ({error.strerror}): choose another place.") from None
