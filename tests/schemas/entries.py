"""An assessment, progress and a discharge without a fault, as a file or a page would send them."""

import tomllib
from typing import Any

from refpad.services.course_file import form
from schemas.course import EntryKind


def _entry(kind: EntryKind, changes: dict[str, Any]) -> dict[str, Any]:
    return tomllib.loads(form(kind)) | changes


def assessment(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an entry
    """The form's assessment of 9 March, without a visit, with `changes`."""
    return _without_visit(_entry(EntryKind.ASSESSMENT, changes), changes)


def progress(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an entry
    """The form's progress of 2 April, without a visit, with `changes`."""
    return _without_visit(_entry(EntryKind.PROGRESS, changes), changes)


def discharge(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an entry
    """The form's discharge of 1 June, with `changes`."""
    return _entry(EntryKind.DISCHARGE, changes)


def _without_visit(entry: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "next_visit_on" or name in changes}


def status_change(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of an entry
    """The form's change in status of 9 April, with `changes`."""
    return _entry(EntryKind.STATUS_CHANGE, changes)
