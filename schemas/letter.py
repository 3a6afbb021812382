"""What each letter says: all that its template may use, and nothing that looks anything up."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import EmailStr, Field

from schemas.answers import ToldAnswer
from schemas.appointment import Appointment
from schemas.base import Value
from schemas.course import Assessment, Discharge, ExercisePlan, Goal, Progress, StatusChange
from schemas.followup import LetterKind, Stage
from schemas.geometry import BoxMm
from schemas.referral import Line, Referral


class Prefers(StrEnum):
    """How a recipient wants letters. Post and fax are printed: a person puts them into the envelope or the machine."""

    POST = "post"
    FAX = "fax"
    EMAIL = "email"


Channel = Literal["email", "print"]


class LetterState(StrEnum):
    """Where a letter is on its way; `store/followups/outbox.py` draws it."""

    WAITING = "waiting"
    HELD = "held"
    READY = "ready"
    PRINTING = "printing"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SENT = "sent"
    DROPPED = "dropped"


class Recipient(Value):
    """To whom a letter goes. `person` may be empty: then it goes to the office."""

    person: Line = Field(default="", max_length=120)
    office: Line = Field(default="", max_length=120)
    address: Line = Field(default="", max_length=200)
    fax: Line = Field(default="", max_length=40)
    email: EmailStr | None = None
    prefers: Prefers = Prefers.POST

    @property
    def by_fax(self) -> bool:
        """Whether they want faxes, and their number is known."""
        return self.prefers is Prefers.FAX and bool(self.fax)

    def channel(self, *, has_mail: bool, has_gateway: bool = False) -> Channel | None:
        """How a letter can reach them; None when there is no way.

        `has_mail` says that a mail server is set up, `has_gateway` that it passes faxes on to this number: a fax is a
        mail then.
        """
        on_paper = bool(self.address or self.fax)
        if self.by_fax and has_gateway:
            return "email"
        if has_mail and self.email is not None and (self.prefers is Prefers.EMAIL or not on_paper):
            return "email"
        return "print" if on_paper else None


class _Letter(Value):
    """`reference` is the record's own number, by which both sides can speak without a name."""

    on: date
    to: Recipient
    reference: Line


class _AboutPatient(_Letter):
    referral: Referral
    accepted_on: date
    next_visit_on: date | None = None


class ThankYou(_AboutPatient):
    """The thanks: what was asked for, and what happens next by when. Boxes are named as printed on the pad.

    `stage_on` is the day of the last call, of the appointment, or of the assessment, as far as it has come.
    """

    kind: Literal[LetterKind.THANK_YOU] = LetterKind.THANK_YOU
    conditions: tuple[Line, ...] = ()
    services: tuple[Line, ...] = ()
    answers: tuple[ToldAnswer, ...] = ()
    stage: Stage = Stage.TO_CALL
    stage_on: date | None = None
    call_by: date
    book_by: date
    summary_within_days: int
    report_every_days: int


class AssessmentSummary(_AboutPatient):
    kind: Literal[LetterKind.ASSESSMENT_SUMMARY] = LetterKind.ASSESSMENT_SUMMARY
    assessment: Assessment
    report_by: date | None = None


class Point(Value):
    """A value on a day."""

    on: date
    value: float


class Trend(Value):
    """One measure over the course, oldest first."""

    label: Line
    unit: Line
    points: tuple[Point, ...] = Field(min_length=1)

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


class ProgressReport(_AboutPatient):
    kind: Literal[LetterKind.PROGRESS_REPORT] = LetterKind.PROGRESS_REPORT
    number: int = Field(ge=1)
    assessment: Assessment
    progress: Progress
    missed: int = Field(default=0, ge=0)
    plan: ExercisePlan
    goals: tuple[Goal, ...]
    trends: tuple[Trend, ...] = ()
    report_by: date | None = None


class DischargeSummary(_AboutPatient):
    kind: Literal[LetterKind.DISCHARGE_SUMMARY] = LetterKind.DISCHARGE_SUMMARY
    assessment: Assessment | None = None
    discharge: Discharge
    goals: tuple[Goal, ...] = ()
    trends: tuple[Trend, ...] = ()


class TriedCall(Value):
    """A call that reached nobody, at the studio's own time."""

    at: datetime
    left_message: bool = False


class NotReached(_AboutPatient):
    """The patient could not be reached: when it was tried, so that the provider can help."""

    kind: Literal[LetterKind.NOT_REACHED] = LetterKind.NOT_REACHED
    tries: tuple[TriedCall, ...] = Field(min_length=1)


class Declined(_AboutPatient):
    """The patient does not want to begin."""

    kind: Literal[LetterKind.DECLINED] = LetterKind.DECLINED
    declined_on: date


class CallsEndedNotice(_AboutPatient):
    """Nobody calls the patient any more, who has no appointment; without `reason` because they were not reached."""

    kind: Literal[LetterKind.CALLS_ENDED] = LetterKind.CALLS_ENDED
    tries: tuple[TriedCall, ...] = ()
    reason: Line = ""


class Introduction(_AboutPatient):
    """That the patient has come for the first time, to whom, and what the provider can expect."""

    kind: Literal[LetterKind.INTRODUCTION] = LetterKind.INTRODUCTION
    first_visit_on: date
    summary_within_days: int


class StatusNotice(_AboutPatient):
    """That something changed which the provider wants to know before the next report."""

    kind: Literal[LetterKind.STATUS_CHANGE] = LetterKind.STATUS_CHANGE
    change: StatusChange


class SessionLog(_AboutPatient):
    """Which appointments of a course were kept and which missed; `earlier` is how many came before those listed."""

    kind: Literal[LetterKind.SESSION_LOG] = LetterKind.SESSION_LOG
    assessed_on: date | None = None
    discharged_on: date | None = None
    attended: int = Field(ge=0)
    missed: int = Field(ge=0)
    first_on: date
    earlier: int = Field(default=0, ge=0)
    sessions: tuple[Appointment, ...] = Field(min_length=1)

    @property
    def last_on(self) -> date:
        """The day of the latest."""
        return self.sessions[-1].on


class MissingField(Value):
    """A field of the slip that the office is asked for, and where it lies on the slip."""

    label: Line
    box_mm: BoxMm
    is_signature: bool = False


class MissingInformation(_Letter):
    """The slip's picture, `width_mm` by `height_mm` of paper, with the missing fields ringed, and a sheet to answer on.

    `sheet_png` is that sheet, `sheet_mm` its width and height. With `is_wrong_number` the telephone number on the slip
    is not the patient's.
    """

    kind: Literal[LetterKind.MISSING_INFORMATION] = LetterKind.MISSING_INFORMATION
    received_on: date
    width_mm: float
    height_mm: float
    picture_png: bytes = Field(repr=False)
    sheet_png: bytes = Field(repr=False)
    sheet_mm: tuple[float, float]
    is_wrong_number: bool = False
    fields: tuple[MissingField, ...] = Field(min_length=1, max_length=8)


class KeepInTouch(_Letter):
    kind: Literal[LetterKind.KEEP_IN_TOUCH] = LetterKind.KEEP_IN_TOUCH
    last_referral_on: date | None = None


class HowToRefer(_Letter):
    """`slip_png` is the empty slip, to be pointed at."""

    kind: Literal[LetterKind.HOW_TO_REFER] = LetterKind.HOW_TO_REFER
    slip_png: bytes = Field(repr=False)
    slip_aspect: float = Field(gt=0, description="the slip's width by its height")


class PadRange(Value):
    """Numbered slips of one pad, first to last inclusive."""

    title: Line
    first: int
    last: int


class PadCover(_Letter):
    """What comes with new pads: how many slips, with which numbers."""

    kind: Literal[LetterKind.PAD_COVER] = LetterKind.PAD_COVER
    pads: tuple[PadRange, ...] = Field(min_length=1)

    @property
    def slips(self) -> int:
        """How many come in all."""
        return sum(pad.last - pad.first + 1 for pad in self.pads)


Letter = (
    ThankYou
    | AssessmentSummary
    | ProgressReport
    | DischargeSummary
    | NotReached
    | Declined
    | CallsEndedNotice
    | Introduction
    | StatusNotice
    | SessionLog
    | MissingInformation
    | KeepInTouch
    | HowToRefer
    | PadCover
)
