"""What an export says of one accepted referral."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.appointment import AppointmentState
from schemas.base import Value
from schemas.followup import FollowUpKind, FollowUpState
from schemas.referral import Line, Referral

MACHINE = "machine"  # who accepted a slip that no person had to settle


def by_whom(accepted_by: str) -> str:
    """How it was accepted, for people: `automatically`, or `by kim`."""
    return "automatically" if accepted_by == MACHINE else f"by {accepted_by}"


class Exported(StrEnum):
    """What there is to export as CSV; the file's name without its suffix."""

    REFERRALS = "referrals"
    FOLLOWUPS = "followups"
    OFFICES = "offices"
    SESSIONS = "sessions"
    OUTREACH = "outreach"
    CONVERSION = "conversion"


class CalendarNames(StrEnum):
    """Whom the entries of a calendar name: phones keep calendars on other people's machines."""

    NOBODY = "nobody"
    INITIALS = "initials"
    NAMES = "names"


def named_in_calendar(patient_name: str, names: CalendarNames) -> str:
    """The patient as a calendar may say it: not at all, "A. Q.", or "Ada Quill"."""
    if names is CalendarNames.INITIALS:
        return " ".join(f"{word[0].upper()}." for word in patient_name.replace("-", " ").split())
    return patient_name if names is CalendarNames.NAMES else ""


class ExportedReferral(Value):
    """An accepted referral with where it came from and who let it pass.

    `referral_id`, `file_id` and `office_id` are the store's own ids as text. `page` and `slip` are 1-based.
    `accepted_on` is a calendar date in the studio's time zone; `accepted_by` is `MACHINE` or a person's name.
    `confirmed_codes` are the codes of ICD-10-CM that a person confirmed for the diagnosis. `patient_id` is the same on
    all referrals of which people have said that they are one patient's.
    """

    referral_id: str = Field(min_length=1)
    file_id: str = Field(min_length=1)
    page: int = Field(ge=1)
    slip: int = Field(ge=1)
    office_id: str | None = None
    office_name: Line | None = None
    accepted_on: date
    accepted_by: Line = Field(min_length=1)
    confirmed_codes: tuple[str, ...] = ()
    patient_id: str | None = None
    referral: Referral


class ExportedFollowUp(Value):
    """A follow-up as exports tell it; `moves` counts how often its day was changed, `about` is whom calendars may name.

    Exactly one of `referral_id`, `slip_id` and `office_id` says whom it belongs to.
    """

    follow_up_id: str = Field(min_length=1)
    referral_id: str | None = None
    slip_id: str | None = None
    office_id: str | None = None
    kind: FollowUpKind
    cycle: int
    due: date
    state: FollowUpState
    owner: Line
    made_on: date
    ended_on: date | None
    settled_by: Line | None
    note: Line
    moves: int = Field(ge=0)
    about: Line = ""


class ExportedAppointment(Value):
    """An appointment of a referral's course, by the record's own numbers as text; `at` is HH:MM, or empty."""

    appointment_id: str = Field(min_length=1)
    referral_id: str = Field(min_length=1)
    on: date
    at: str = ""
    state: AppointmentState
    minutes: int | None = None
    note: Line = ""
    changed_by: str = ""
