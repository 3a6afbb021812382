"""JSON Lines (jsonlines.org): one value a line, UTF-8, without a byte order mark; `refpad schema` describes each."""

from collections.abc import Iterable
from pathlib import Path

from schemas.atomic_write import replace_file
from schemas.base import Value
from schemas.errors import MachineError


def write_jsonl(rows: Iterable[Value], path: Path) -> int:
    """Write all rows to `path`, replacing it in one step; returns how many there were.

    Raises MachineError when the file cannot be written; `path` is then as it was.
    """
    count = 0
    try:
        with replace_file(path) as file:
            for row in rows:
                file.write(row.model_dump_json().encode() + b"\n")
                count += 1
    except OSError as error:
        raise MachineError(
            f"The export {path} could not be written ({error.strerror}); mend that and run `refpad export jsonl` again."
        ) from None
    return count
