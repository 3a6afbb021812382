"""The exception tree: broken files and broken machines. Doubt about a slip is a finding, never an exception."""

import re
import sys
import tomllib
import traceback
from pathlib import Path

from schemas.exit_codes import ExitCode
from schemas.reasons import SetAsideReason


class RefpadError(Exception):
    """Base of all errors whose text is one sentence fit to show a person; it never holds a patient's data."""

    exit_code = ExitCode.PERSON_NEEDED

    @property
    def on_page(self) -> str:
        """The sentence that a page shows."""
        return str(self)


class UsageError(RefpadError):
    """What was asked for cannot be done as asked (unknown design, overlapping serials, bad field).

    `what` is a sentence, or, before a next step, a clause: `command` is that step for who types commands, `page` for
    who looks at a page, where a command would be a dead end.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, what: str, command: str = "", page: str = "") -> None:
        super().__init__(f"{what}: {command}." if command else what)
        self._on_page = f"{what}: {page}." if page else f"{what}." if command else what

    @property
    def on_page(self) -> str:
        """The same with what can be done on a page."""
        return self._on_page


class MissingPackageError(UsageError):
    """A package is not installed that few need; `otherwise` is what can be done without it.

    The command names this installation's own Python: refpad lies on no index, and another `pip` would help nobody.
    """

    def __init__(self, what: str, package: str, otherwise: str) -> None:
        super().__init__(f"{what} needs {package}", f"type {sys.executable} -m pip install {package}, or {otherwise}")


class NotOnRecordError(UsageError):
    """What was asked for is not on record; `what` is a clause, `command` tells at the command line where to look."""

    def __init__(self, what: str, command: str = "") -> None:
        super().__init__(what if command else f"{what}.", command)


class DesignError(UsageError):
    """A pad design file breaks its schema; the text names file, field and figure."""


class MachineError(RefpadError):
    """The machine lacks a part (program, font, rights, disk); the text names the remedy."""

    exit_code = ExitCode.BROKEN


class SetAsideError(RefpadError):
    """A file, or one page of it, cannot be used: kept, with a reason from the closed list and one sentence.

    `page` is 1-based; None means the whole file.
    """

    def __init__(self, reason: SetAsideReason, message: str, page: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.page = page


def toml_place(error: tomllib.TOMLDecodeError | UnicodeDecodeError) -> str:
    """Where a file stops being TOML: `line 3`, or `its last line`."""
    if isinstance(error, UnicodeDecodeError):
        return f"line {error.object[: error.start].count(10) + 1}"  # 10 ends a line
    found = re.search(r"at line (\d+)", str(error))
    return f"line {found[1]}" if found else "its last line"


def kind_and_place(error: BaseException) -> str:
    """Of an unforeseen error what may be told: `KeyError at spam.py line 7`; its text may quote what was read."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(where.filename).name} line {where.lineno}"
