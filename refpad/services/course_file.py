"""Assessments, progress and discharges as TOML files: forms to fill out, and reading them back."""

import json
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from schemas.course import EntryKind
from schemas.errors import UsageError

FORMS = Path(__file__).parent / "entry_forms"
FILE_BYTES_MOST = 100_000
NEXT_VISIT_AFTER = timedelta(days=42)
_DAY = re.compile(r"^(on|next_visit_on) = \d{4}-\d\d-\d\d", re.MULTILINE)


def form(kind: EntryKind, on: date | None = None) -> str:
    """An example of such an entry, with comments, to be changed; of the day `on`, when one is given."""
    text = (FORMS / f"{kind.value}.toml").read_text("utf-8")
    if on is None:
        return text
    days = {"on": on, "next_visit_on": on + NEXT_VISIT_AFTER}
    return _DAY.sub(lambda line: f"{line[1]} = {days[line[1]]}", text)


def read_entry(path: Path) -> dict[str, Any]:
    """What the file says, as JSON would say it; raises UsageError when it is no TOML file."""
    try:
        if path.stat().st_size > FILE_BYTES_MOST:
            raise UsageError(f"{path} is larger than {FILE_BYTES_MOST} bytes: an entry is a page of text.")
        said = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        where = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8 text"
        raise UsageError(f"{path} is no TOML file: {where}. `refpad course form progress` shows one.") from None
    plain: dict[str, Any] = json.loads(json.dumps(said, default=str))
    return plain
