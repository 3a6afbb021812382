"""A follow-up: something to be done by a date, what it is called, and what its dates hang on."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, get_args

from pydantic import Field

from schemas.base import Value


class FollowUpKind(StrEnum):
    """What is to be done. The first thirteen follow a referral, the next a slip, the last three an office.

    `CONTACT_OFFICE` is a visit or talk that people planned.
    """

    THANK_PROVIDER = "thank_provider"
    CONTACT_PATIENT = "contact_patient"
    BOOK_ASSESSMENT = "book_assessment"
    ASSESS_PATIENT = "assess_patient"
    ASSESSMENT_SUMMARY = "assessment_summary"
    PROGRESS_REPORT = "progress_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    TELL_NOT_REACHED = "tell_provider_not_reached"
    TELL_DECLINED = "tell_provider_declined"
    TELL_ENDED = "tell_provider_calls_ended"
    INTRODUCE = "introductory_letter"
    ASK_AFTER_MISSED = "ask_after_missed_sessions"
    STATUS_CHANGE = "status_change"
    MISSING_INFORMATION = "missing_information"
    RESTOCK_PADS = "restock_pads"
    KEEP_IN_TOUCH = "keep_in_touch"
    CONTACT_OFFICE = "contact_office"


class FollowUpState(StrEnum):
    """`WAITING`: its letter is made and on its way. `FAILED`: a person must look, the note says why."""

    OPEN = "open"
    WAITING = "waiting"
    FAILED = "failed"
    DONE = "done"
    SKIPPED = "skipped"


ENDED = (FollowUpState.DONE, FollowUpState.SKIPPED)
CALLS = frozenset({FollowUpKind.CONTACT_PATIENT, FollowUpKind.BOOK_ASSESSMENT})  # done by telephone


class CallOutcome(StrEnum):
    """What came of a call to the patient."""

    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    REACHED = "reached"
    DECLINED = "declined"
    WRONG_NUMBER = "wrong_number"


class CallsEnded(StrEnum):
    """Why nobody calls the patient any more. Of each but the last a letter tells the provider.

    `TOLD`: they know it already, or have nothing to know of a slip that came twice.
    """

    UNREACHABLE = "unreachable"
    DECLINED = "declined"
    OTHER = "other"
    TOLD = "told"


CALLS_ENDED = "The calls have ended: "  # begins why a follow-up is skipped; by it such a course is found again
PATIENT_DECLINED = "The patient declined."  # why a follow-up is skipped; by it a declined course is found again
NOT_ASSESSED = "There is no assessment yet that a report could tell of."  # why one planned before that is skipped
UNREACHED = (CallOutcome.NO_ANSWER, CallOutcome.LEFT_MESSAGE)


class LetterKind(StrEnum):
    """The letters a studio sends, each one page."""

    THANK_YOU = "thank_you"
    ASSESSMENT_SUMMARY = "assessment_summary"
    PROGRESS_REPORT = "progress_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    MISSING_INFORMATION = "missing_information"
    NOT_REACHED = "not_reached"
    DECLINED = "declined"
    CALLS_ENDED = "calls_ended"
    INTRODUCTION = "introduction"
    STATUS_CHANGE = "status_change"
    SESSION_LOG = "session_log"
    KEEP_IN_TOUCH = "keep_in_touch"
    HOW_TO_REFER = "how_to_refer"
    PAD_COVER = "pad_cover"


class Stage(StrEnum):
    """How far a referral has come when its thanks are written."""

    TO_CALL = "to_call"
    TRIED = "tried"
    REACHED = "reached"
    BOOKED = "booked"
    ASSESSED = "assessed"
    ENDED = "ended"


LETTER_OF: Mapping[FollowUpKind, LetterKind] = {
    FollowUpKind.THANK_PROVIDER: LetterKind.THANK_YOU,
    FollowUpKind.ASSESSMENT_SUMMARY: LetterKind.ASSESSMENT_SUMMARY,
    FollowUpKind.PROGRESS_REPORT: LetterKind.PROGRESS_REPORT,
    FollowUpKind.DISCHARGE_SUMMARY: LetterKind.DISCHARGE_SUMMARY,
    FollowUpKind.MISSING_INFORMATION: LetterKind.MISSING_INFORMATION,
    FollowUpKind.TELL_NOT_REACHED: LetterKind.NOT_REACHED,
    FollowUpKind.TELL_DECLINED: LetterKind.DECLINED,
    FollowUpKind.TELL_ENDED: LetterKind.CALLS_ENDED,
    FollowUpKind.STATUS_CHANGE: LetterKind.STATUS_CHANGE,
    FollowUpKind.INTRODUCE: LetterKind.INTRODUCTION,
}


Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)  # in the order of datetime.date.weekday


class FollowUpPolicy(Value):
    """Within how many days each follow-up is due; the defaults are the practice standard of the field.

    Business days are the `working_days` that are no public holidays of the country `holidays` (ISO 3166-1 alpha-2).
    """

    working_days: tuple[Weekday, ...] = Field(default=WEEKDAYS[:5], min_length=1)
    holidays: str = Field(default="US", pattern=r"^[A-Z]{2}$")
    contact_business_days: int = Field(default=1, ge=1, le=10)
    tell_after_calls: int = Field(default=3, ge=1, le=10)
    book_within_days: int = Field(default=7, ge=1, le=60)
    ask_after_missed: int = Field(default=3, ge=1, le=10)
    assess_within_days: int = Field(default=7, ge=0, le=60)
    summary_within_days: int = Field(default=7, ge=0, le=60)
    report_every_days: int = Field(default=30, ge=7, le=180)
    report_business_days_before_visit: int = Field(default=3, ge=1, le=15)
    office_quiet_days: int = Field(default=60, ge=14, le=365)
    pads_low_share: float = Field(default=0.2, ge=0, le=0.9)


class PlannedFollowUp(Value):
    """What a rule asks for: due is a calendar date in the studio's time zone; `cycle` counts repeats from 1."""

    kind: FollowUpKind
    due: date
    cycle: int = Field(default=1, ge=1)


class OverFollowUp(Value):
    """What a rule says of follow-ups that still stand but have nothing left to wait for, and why.

    `cycle` None means each of that kind.
    """

    kind: FollowUpKind
    cycle: int | None = None
    state: Literal[FollowUpState.DONE, FollowUpState.SKIPPED]
    why: str = Field(min_length=1)


Plan = tuple[PlannedFollowUp | OverFollowUp, ...]


class PastFollowUp(Value):
    """A follow-up that has ended, on `ended_on`; `note` says why, `settled_by` whether a person or a rule ended it."""

    kind: FollowUpKind
    cycle: int
    due: date
    state: FollowUpState
    ended_on: date
    note: str | None = None
    settled_by: str | None = None


class _History(Value):
    past: tuple[PastFollowUp, ...] = ()

    def last(self, kind: FollowUpKind) -> PastFollowUp | None:
        """The latest cycle of that kind that has ended."""
        return max(
            (follow_up for follow_up in self.past if follow_up.kind is kind),
            key=lambda follow_up: follow_up.cycle,
            default=None,
        )


class Course(_History):
    """What the follow-ups of a referral hang on. `visit_told_on` is the day the next visit became known.

    `declined_on` is the day the patient said no, `calls_ended_on` that on which people gave the calls up, unless that
    was taken back since. `booked_on` is the first day for which they are booked or on which they came; `was_booked`
    says whether there ever was one, canceled or missed though it be. `first_visit_on` is the first day on which they
    came, `missed` the appointments missed since they came last.
    """

    accepted_on: date
    next_visit_on: date | None = None
    visit_told_on: date | None = None
    assessed_on: date | None = None
    booked_on: date | None = None
    was_booked: bool = False
    first_visit_on: date | None = None
    missed: tuple[date, ...] = ()
    declined_on: date | None = None
    calls_ended_on: date | None = None
    discharged_on: date | None = None


class SlipsLeft(Value):
    """How many slips of a hand-out lay unused on a day, by the highest serial seen: pads are used from the top."""

    on: date
    slips: int = Field(ge=0)


class HandOut(Value):
    """Pads given to an office. `number` is the record's own; once newer ones of their design came, not `is_latest`.

    What was `seen` of them is then told no more.
    """

    number: int
    given_on: date
    slips: int = Field(ge=1)
    is_latest: bool = True
    seen: tuple[SlipsLeft, ...] = ()


class OfficeCourse(_History):
    """What the follow-ups of an office hang on."""

    hand_outs: tuple[HandOut, ...] = ()
    last_referral_on: date | None = None
    last_outreach_on: date | None = None
