"""Exports: the files that other programs read."""

from pathlib import Path

from exports.followup_columns import FOLLOW_UP_COLUMNS, OFFICE_COLUMNS, SESSION_COLUMNS
from exports.to_csv import csv_bytes, referral_columns, write_csv, write_referrals
from exports.to_ics import CalendarHead, ics_bytes, write_ics
from refpad.services.connecting.referrals_csv import renew_referrals
from refpad.settings import Settings
from schemas.export import CalendarNames, Exported
from store.courses.appointments import exported_appointments
from store.database import Store
from store.directory.activity import activity
from store.files import make_folder
from store.followups.exported import exported_follow_ups
from store.referrals.referrals import answers_on_record, exported_referrals

REFERRALS_CSV = "referrals.csv"
FOLLOW_UPS_ICS = "follow-ups.ics"
CALENDAR_MOST = 1000  # events; phones fetch the file every hour, and more than these nobody reads through


def export_referrals(store: Store, exports_folder: Path) -> int:
    """Bring referrals.csv up to date with every accepted referral; returns how many there are.

    Raises MachineError when the file cannot be written; the earlier file is then still whole.
    """
    make_folder(exports_folder)
    return renew_referrals(store, exports_folder / REFERRALS_CSV)


def csv_content(store: Store, settings: Settings, what: Exported) -> tuple[bytes, int]:
    """One of the exports as it is downloaded, and how many rows it has."""
    if what is Exported.FOLLOWUPS:
        return csv_bytes(exported_follow_ups(store), FOLLOW_UP_COLUMNS)
    if what is Exported.OFFICES:
        return csv_bytes(activity(store, settings.follow_ups), OFFICE_COLUMNS)
    if what is Exported.SESSIONS:
        return csv_bytes(exported_appointments(store), SESSION_COLUMNS)
    return csv_bytes(exported_referrals(store), referral_columns(answers_on_record(store)))


def export_csv(store: Store, settings: Settings, what: Exported, path: Path) -> int:
    """Write one of the exports to `path`; returns how many rows it has."""
    make_own_folder(settings, path)
    if what is Exported.FOLLOWUPS:
        return write_csv(exported_follow_ups(store), path, FOLLOW_UP_COLUMNS)
    if what is Exported.OFFICES:
        return write_csv(activity(store, settings.follow_ups), path, OFFICE_COLUMNS)
    if what is Exported.SESSIONS:
        return write_csv(exported_appointments(store), path, SESSION_COLUMNS)
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
