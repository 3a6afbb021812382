"""Files for people, that nobody else may read."""

from pathlib import Path

from schemas.atomic_write import replace_file
from schemas.errors import UsageError


def write_private(path: Path, data: bytes) -> None:
    """Write `data` to `path`, readable by its owner only; what stood there before is replaced in one step.

    Raises UsageError when it cannot be written.
    """
    try:
        with replace_file(path) as file:
            file.write(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): choose another place.") from None
