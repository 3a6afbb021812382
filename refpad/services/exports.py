"""Exports: the files that other programs read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from exports.followup_columns import (
    CONVERSION_COLUMNS,
    FOLLOW_UP_COLUMNS,
    OFFICE_COLUMNS,
    OUTREACH_COLUMNS,
    SESSION_COLUMNS,
)
from exports.to_csv import csv_bytes, referral_columns, write_csv, write_referrals
from exports.to_ics import CalendarHead, ics_bytes, write_ics
from refpad.services.connecting.referrals_csv import renew_referrals
from refpad.services.connecting.rows import rows_of
from refpad.settings import Settings
from schemas.export import CalendarNames, Exported
from store.database import Store
from store.files import make_folder
from store.followups.exported import exported_follow_ups
from store.referrals.referrals import answers_on_record, exported_referrals

REFERRALS_CSV = "referrals.csv"
FOLLOW_UPS_ICS = "follow-ups.ics"
# The columns of each export but the referrals', which a pad's own questions add to.
OTHER_COLUMNS: Mapping[Exported, Mapping[str, Callable[[Any], object]]] = {
    Exported.FOLLOWUPS: FOLLOW_UP_COLUMNS,
    Exported.OFFICES: OFFICE_COLUMNS,
    Exported.SESSIONS: SESSION_COLUMNS,
    Exported.OUTREACH: OUTREACH_COLUMNS,
    Exported.CONVERSION: CONVERSION_COLUMNS,
}
CALENDAR_MOST = 1000  # events; phones fetch the file every hour, and more than these nobody reads through


def export_referrals(store: Store, exports_folder: Path) -> int:
    """Bring referrals.csv up to date with every accepted referral; returns how many there are.

    Raises MachineError when the file cannot be written; the earlier file is then still whole.
    """
    make_folder(exports_folder)
    return renew_referrals(store, exports_folder / REFERRALS_CSV)


def csv_content(store: Store, settings: Settings, what: Exported) -> tuple[bytes, int]:
    """One of the exports as it is downloaded, and how many rows it has."""
    if what in OTHER_COLUMNS:
        return csv_bytes(rows_of(store, settings, what), OTHER_COLUMNS[what])
    return csv_bytes(exported_referrals(store), referral_columns(answers_on_record(store)))


def export_csv(store: Store, settings: Settings, what: Exported, path: Path) -> int:
    """Write one of the exports to `path`; returns how many rows it has."""
    make_own_folder(settings, path)
    if what in OTHER_COLUMNS:
        return write_csv(rows_of(store, settings, what), path, OTHER_COLUMNS[what])
    return write_referrals(exported_referrals(store), path, answers_on_record(store))


def export_calendar(store: Store, settings: Settings, path: Path) -> int:
    """Rewrite the calendar of the follow-ups that are due first; returns how many it holds."""
    make_own_folder(settings, path)
    return write_ics(exported_follow_ups(store, standing=CALENDAR_MOST), path, _head(store, settings))


def calendar_content(store: Store, settings: Settings, names: CalendarNames) -> bytes:
    """The same calendar for whoever subscribes to it, with as much of the patients' names as is said."""
    return ics_bytes(exported_follow_ups(store, standing=CALENDAR_MOST, names=names), _head(store, settings))


def _head(store: Store, settings: Settings) -> CalendarHead:
    return CalendarHead(settings.studio.name, settings.front_desk.url, store.clock.now())


def make_own_folder(settings: Settings, path: Path) -> None:
    """refpad makes the folder of its exports; a folder that somebody else named and that is not there is a mistake."""
    if path.parent == settings.exports:
        make_folder(path.parent)
