"""One of each letter, about invented people: to look at, and to try templates of one's own with."""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache

from pads.catalog import find, load_all
from refpad.services.course_file import form
from refpad.services.letters.slip_pictures import answer_sheet_png, empty_slip_png, without_marks
from schemas.appointment import Appointment, AppointmentState
from schemas.course import AnyEntry, Assessment, Discharge, EntryKind, Goal, GoalState, Progress, StatusChange, entry_of
from schemas.followup import LetterKind
from schemas.letter import (
    AssessmentSummary,
    CallsEndedNotice,
    Declined,
    DischargeSummary,
    HowToRefer,
    Introduction,
    KeepInTouch,
    Letter,
    MissingField,
    MissingInformation,
    NotReached,
    PadCover,
    PadRange,
    Point,
    Prefers,
    ProgressReport,
    Recipient,
    SessionLog,
    StatusNotice,
    ThankYou,
    Trend,
    TriedCall,
)
from schemas.pad import FieldKind, PadDesign
from schemas.referral import Referral
from schemas.sheet_code import NO_STUDIO, SheetCode
from schemas.sheets.form import sheet_of
from schemas.studio import Studio

TODAY = date(2026, 3, 3)
OFFICE = Recipient(
    person="Dr. B. Fenn",
    office="Northside Family Practice",
    address="100 Sample Avenue, Anytown, NY",
    fax="(212) 555-0101",
    prefers=Prefers.FAX,
)
REFERRAL = Referral(
    design="met",
    edition=1,
    serial=123,
    patient_name="Ada Quill",
    patient_phone="+12125550142",
    provider_name="Dr. B. Fenn",
    diagnosis="s/p left total knee arthroplasty, 9/14; quadriceps weakness",
    goals="climb stairs, walk to the shop",
    precautions="no kneeling, no impact",
    conditions=("joint_replacement",),
    services=("post_rehab", "strength"),
    signed_on=date(2026, 3, 2),
    next_visit_on=date(2026, 4, 20),
)
VISIT_ON = date(2026, 4, 20)
MEASURED_ON = (date(2026, 3, 9), date(2026, 4, 2), date(2026, 5, 2), date(2026, 6, 1))


def sample(kind: LetterKind, studio: Studio) -> Letter:
    """The letter of that kind."""
    return {letter.kind: letter for letter in (*_of_a_course(), *_to_an_office(studio))}[kind]


def sample_missing(names: tuple[str, ...], picture_png: bytes, pad: PadDesign, studio: Studio) -> MissingInformation:
    """The page that asks for these fields of a slip of `pad`."""
    sheet = sheet_of(pad, names)
    return MissingInformation(
        on=TODAY,
        to=OFFICE,
        reference="S-31",
        received_on=TODAY,
        width_mm=pad.width_mm,
        height_mm=pad.height_mm,
        picture_png=without_marks(picture_png, pad),
        sheet_png=answer_sheet_png(sheet, SheetCode(question=31, studio=NO_STUDIO), studio),
        sheet_mm=(sheet.width_mm, sheet.height_mm),
        fields=tuple(
            MissingField(label=field.label, box_mm=field.box_mm, is_signature=field.kind is FieldKind.SIGNATURE)
            for field in pad.fields
            if field.name in names
        ),
    )


def _of_a_course() -> tuple[Letter, ...]:
    assessment, progress, discharge = _assessment(), _progress(), _discharge()
    patient = {"to": OFFICE, "reference": "R-12", "referral": REFERRAL, "accepted_on": TODAY}
    visit = {**patient, "next_visit_on": VISIT_ON}
    return (
        ThankYou(
            **visit,
            on=TODAY,
            conditions=("Joint replacement",),
            services=("Post-rehab conditioning", "Strength training"),
            call_by=date(2026, 3, 4),
            book_by=date(2026, 3, 10),
            summary_within_days=7,
            report_every_days=30,
        ),
        AssessmentSummary(**visit, on=date(2026, 3, 10), assessment=assessment, report_by=date(2026, 4, 2)),
        ProgressReport(
            **visit,
            on=date(2026, 4, 2),
            number=1,
            assessment=assessment,
            progress=progress,
            plan=assessment.plan,
            goals=progress.goals,
            trends=_trends(2),
        ),
        DischargeSummary(
            **patient,
            on=date(2026, 6, 1),
            assessment=assessment,
            discharge=discharge,
            goals=tuple(Goal(text=goal.text, state=GoalState.MET) for goal in assessment.goals),
            trends=_trends(4),
        ),
        NotReached(**patient, on=date(2026, 3, 6), tries=_tries()),
        Declined(**patient, on=date(2026, 3, 4), declined_on=date(2026, 3, 4)),
        CallsEndedNotice(**patient, on=date(2026, 3, 20), tries=_tries()),
        Introduction(**visit, on=date(2026, 3, 10), first_visit_on=date(2026, 3, 9), summary_within_days=7),
        StatusNotice(**visit, on=date(2026, 4, 9), change=_status_change()),
        _session_log(patient),
    )


def _session_log(patient: dict[str, object]) -> SessionLog:
    """Twice a week for nine weeks, of which the patient missed one day."""
    first, remarks = (
        date(2026, 3, 12),
        {0: "first session, plan explained", 5: "down with a cold", 11: "step-ups now 15 cm"},
    )
    days = [first + timedelta(days=7 * (number // 2) + 4 * (number % 2)) for number in range(18)]
    sessions = tuple(
        Appointment(
            id=number + 1,
            on=on,
            at=time(9, 30),
            state=AppointmentState.MISSED if number == 5 else AppointmentState.ATTENDED,
            minutes=None if number == 5 else 50,
            note=remarks.get(number, ""),
        )
        for number, on in enumerate(days)
    )
    return SessionLog(
        **patient,
        on=days[-1],
        assessed_on=date(2026, 3, 9),
        attended=17,
        missed=1,
        first_on=first,
        sessions=sessions,
    )


def _tries() -> tuple[TriedCall, ...]:
    moments = (datetime(2026, 3, 4, 9, 10), datetime(2026, 3, 5, 17, 40), datetime(2026, 3, 6, 12, 5))
    return tuple(TriedCall(at=at, left_message=number == 1) for number, at in enumerate(moments))


def _to_an_office(studio: Studio) -> tuple[Letter, ...]:
    pad = find(load_all(), "met")
    picture = empty_slip_png(pad, studio)
    office = {"on": TODAY, "to": OFFICE.model_copy(update={"person": "Pat Moss"}), "reference": "northside"}
    return (
        sample_missing(("patient_phone", "signature"), picture, pad, studio),
        KeepInTouch(**office, last_referral_on=date(2025, 12, 30)),
        HowToRefer(**office, slip_png=picture, slip_aspect=pad.width_mm / pad.height_mm),
        PadCover(**office, pads=(PadRange(title=pad.title, first=201, last=400),)),
    )


def _trends(points: int) -> tuple[Trend, ...]:
    told: tuple[tuple[str, str, tuple[float, ...]], ...] = (
        ("Range of motion, left knee flexion", "degrees", (94, 108, 115, 118)),
        ("Timed up and go", "s", (14.8, 11.9, 10.4, 9.8)),
        ("Six-minute walk", "m", (310, 372, 405, 433)),
    )
    return tuple(Trend(label=label, unit=unit, points=_points(values[:points])) for label, unit, values in told)


def _points(values: tuple[float, ...]) -> tuple[Point, ...]:
    return tuple(Point(on=on, value=value) for on, value in zip(MEASURED_ON, values, strict=False))


@cache
def _entry(kind: EntryKind) -> AnyEntry:
    return entry_of(tomllib.loads(form(kind)))


def _assessment() -> Assessment:
    return Assessment.model_validate(_entry(EntryKind.ASSESSMENT).model_dump())


def _progress() -> Progress:
    return Progress.model_validate(_entry(EntryKind.PROGRESS).model_dump())


def _discharge() -> Discharge:
    return Discharge.model_validate(_entry(EntryKind.DISCHARGE).model_dump())


def _status_change() -> StatusChange:
    return StatusChange.model_validate(_entry(EntryKind.STATUS_CHANGE).model_dump())
