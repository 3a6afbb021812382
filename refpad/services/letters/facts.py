"""What a letter says, gathered from the record. Each gives a letter; none makes or sends one."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from refpad.services.letters.slip_pictures import answer_sheet_png, empty_slip_png, without_marks
from refpad.settings import Settings
from schemas.answers import told_answers
from schemas.appointment import AppointmentState
from schemas.course import (
    AnyEntry,
    Assessment,
    Discharge,
    EntryKind,
    ExercisePlan,
    Goal,
    Progress,
    Report,
    StatusChange,
)
from schemas.errors import UsageError
from schemas.followup import UNREACHED, CallOutcome, Course, FollowUpKind, LetterKind, PlannedFollowUp, Stage
from schemas.letter import (
    AssessmentSummary,
    CallsEndedNotice,
    Declined,
    DischargeSummary,
    HowToRefer,
    KeepInTouch,
    Letter,
    MissingField,
    MissingInformation,
    NotReached,
    PadCover,
    PadRange,
    Point,
    ProgressReport,
    Recipient,
    StatusNotice,
    ThankYou,
    Trend,
    TriedCall,
)
from schemas.pad import FieldKind, PadDesign
from schemas.sheets.form import asked_fields, sheet_of
from schemas.studio import Studio
from store.courses.courses import CourseRecord
from store.followups.attempts import CallAttempt
from store.followups.missing_information import OfficeQuestion
from store.studio_rules import StudioRules

CALLS_MOST = 10  # of a letter's one page
TRENDS_MOST = 6  # two rows of three: more would push the words off the page


def thank_you(
    settings: Settings,
    rules: StudioRules,
    record: CourseRecord,
    to: Recipient,
    on: date,
    calls: Sequence[CallAttempt] = (),
    *,
    has_ended: bool = False,
) -> ThankYou:
    """The thanks for a referral, with the boxes as the pad names them and the days that the rules give.

    What has happened by now is told as that: no call is announced that was made. `has_ended` says that the calls have.
    """
    stage, stage_on = _stage(record, calls, ZoneInfo(settings.time_zone))
    planned = rules.plan(Course(accepted_on=record.accepted_on, next_visit_on=record.next_visit_on))
    due = {follow_up.kind: follow_up.due for follow_up in planned if isinstance(follow_up, PlannedFollowUp)}
    pad = rules.design_of(record.referral.design, record.referral.edition)
    said = record.referral
    return ThankYou(
        **about_patient(record, to, on),
        conditions=_labels(pad, said.conditions, said.other_condition),
        services=_labels(pad, said.services, said.other_service),
        answers=told_answers(pad, said.answers, settings.policy.phone_region),
        stage=Stage.ENDED if has_ended else stage,
        stage_on=stage_on,
        call_by=max(on, due[FollowUpKind.CONTACT_PATIENT]),
        book_by=max(on, due[FollowUpKind.BOOK_ASSESSMENT]),
        summary_within_days=settings.follow_ups.summary_within_days,
        report_every_days=settings.follow_ups.report_every_days,
    )


def _stage(record: CourseRecord, calls: Sequence[CallAttempt], zone: ZoneInfo) -> tuple[Stage, date | None]:
    """How far a referral has come, and the day of that."""
    if record.assessed_on is not None:
        return Stage.ASSESSED, record.assessed_on
    days = [one.on for one in record.appointments if one.state is AppointmentState.BOOKED]
    if days:
        return Stage.BOOKED, min(days)
    if not calls:
        return Stage.TO_CALL, None
    reached = calls[-1].outcome is CallOutcome.REACHED
    return Stage.REACHED if reached else Stage.TRIED, calls[-1].at.astimezone(zone).date()


def report(
    record: CourseRecord,
    entry: AnyEntry,
    to: Recipient,
    on: date,
    *,
    entry_id: int | None = None,
    report_by: date | None = None,
) -> Letter:
    """The report of `entry`, with all that was entered for good before it.

    `entry_id` is where it is kept, if it is; `report_by` the day of the next report.
    """
    if isinstance(entry, StatusChange):
        return StatusNotice(**about_patient(record, to, on, entry.next_visit_on), change=entry)
    others = record.final(without=entry_id)
    course = [*(other for other in others if other.on <= entry.on and not isinstance(other, Discharge)), entry]
    assessment = next((past_entry for past_entry in course if isinstance(past_entry, Assessment)), None)
    patient = about_patient(record, to, on, entry.next_visit_on)
    if isinstance(entry, Assessment):
        return AssessmentSummary(**patient, assessment=entry, report_by=report_by)
    if isinstance(entry, Discharge):
        goals = entry.goals or _goals(course)
        return DischargeSummary(**patient, assessment=assessment, discharge=entry, goals=goals, trends=trends(course))
    if assessment is None:
        raise UsageError("There is no assessment yet that progress could be compared with: enter it first.")
    sessions = record.sessions(EntryKind.PROGRESS, entry.on, without=entry_id)
    return ProgressReport(
        **patient,
        missed=sessions.missed if sessions else 0,
        number=sum(isinstance(past_entry, Progress) for past_entry in course),
        assessment=assessment,
        progress=entry,
        plan=_plan(course, assessment),
        goals=_goals(course),
        trends=trends(course),
        report_by=report_by,
    )


def trends(course: Sequence[Report]) -> tuple[Trend, ...]:
    """Each measure over the course, those of the latest entry first, TRENDS_MOST of them."""
    points: dict[str, dict[date, float]] = {}
    kinds = {}
    for entry in reversed(course):
        for measure in entry.measures:
            points.setdefault(measure.series, {}).setdefault(measure.on or entry.on, measure.value)
            kinds[measure.series] = measure.scale
    return tuple(
        Trend(
            label=series,
            unit=kinds[series].unit,
            points=tuple(Point(on=on, value=value) for on, value in sorted(values.items())),
        )
        for series, values in list(points.items())[:TRENDS_MOST]
    )


def not_reached(
    record: CourseRecord, calls: Sequence[CallAttempt], to: Recipient, on: date, time_zone: str
) -> NotReached:
    """That the patient could not be reached, with the newest CALLS_MOST tries."""
    return NotReached(**about_patient(record, to, on), tries=_tries(calls, time_zone))


def calls_ended(
    record: CourseRecord, calls: Sequence[CallAttempt], to: Recipient, on: date, time_zone: str, reason: str
) -> CallsEndedNotice:
    """That nobody calls the patient any more, for `reason`, or with the tries that reached nobody."""
    tries = () if reason else _tries(calls, time_zone)
    return CallsEndedNotice(**about_patient(record, to, on), tries=tries, reason=reason)


def _tries(calls: Sequence[CallAttempt], time_zone: str) -> tuple[TriedCall, ...]:
    """The newest CALLS_MOST calls that reached nobody."""
    zone = ZoneInfo(time_zone)
    tries = tuple(
        TriedCall(at=call.at.astimezone(zone), left_message=call.outcome is CallOutcome.LEFT_MESSAGE)
        for call in calls
        if call.outcome in UNREACHED
    )
    return tries[-CALLS_MOST:]


def declined(record: CourseRecord, calls: Sequence[CallAttempt], to: Recipient, on: date, time_zone: str) -> Declined:
    """That the patient does not want to begin, said at the last such call; their words of it stay with the studio."""
    said_no = [call.at for call in calls if call.outcome is CallOutcome.DECLINED]
    return Declined(**about_patient(record, to, on), declined_on=said_no[-1].astimezone(ZoneInfo(time_zone)).date())


def missing_information(
    pad: PadDesign,
    question: OfficeQuestion,
    picture_png: bytes,
    to: Recipient,
    on: date,
    slip_id: int,
    studio: Studio,
) -> MissingInformation:
    """The page that shows an office its slip, with what is missing ringed, and the sheet that answers it."""
    asked = asked_fields(pad, question.fields)
    sheet = sheet_of(pad, question.fields)
    return MissingInformation(
        on=on,
        to=to,
        reference=f"S-{slip_id}",
        received_on=question.received_on,
        width_mm=pad.width_mm,
        height_mm=pad.height_mm,
        picture_png=without_marks(picture_png, pad),
        sheet_png=answer_sheet_png(sheet, question.code, studio),
        sheet_mm=(sheet.width_mm, sheet.height_mm),
        is_wrong_number=question.is_accepted,
        fields=tuple(
            MissingField(
                label=pad.labels[field.name],
                box_mm=field.box_mm,
                is_signature=field.kind is FieldKind.SIGNATURE,
            )
            for field in asked
        ),
    )


def office_letter(
    kind: LetterKind,
    settings: Settings,
    office_id: str,
    to: Recipient,
    on: date,
    *,
    pad: PadDesign | None,
    given: Sequence[PadRange],
    last_referral_on: date | None,
) -> Letter:
    """A letter to an office that tells of no patient: `pad` is the one to show, `given` are those that it gets now."""
    common = {"to": to, "on": on, "reference": office_id}
    if kind is LetterKind.KEEP_IN_TOUCH:
        return KeepInTouch(**common, last_referral_on=last_referral_on)
    if kind is LetterKind.HOW_TO_REFER and pad is not None:
        picture = empty_slip_png(pad, settings.studio)
        return HowToRefer(**common, slip_png=picture, slip_aspect=pad.width_mm / pad.height_mm)
    if kind is not LetterKind.PAD_COVER:
        raise UsageError(f"{kind.value} is about a patient: it is written from the referral.")
    if not given:
        raise UsageError(f'No numbered pads were printed for "{office_id}": `refpad pad print --office {office_id}`.')
    return PadCover(**common, pads=tuple(given))


def about_patient(record: CourseRecord, to: Recipient, on: date, visit_on: date | None = None) -> dict[str, object]:
    """What all letters about a patient begin with; a visit that is over is no next one."""
    visit = visit_on or record.next_visit_on
    return {
        "to": to,
        "on": on,
        "reference": f"R-{record.referral_id}",
        "referral": record.referral,
        "accepted_on": record.accepted_on,
        "next_visit_on": visit if visit and visit >= on else None,
    }


def _labels(pad: PadDesign | None, names: Sequence[str], other: str) -> tuple[str, ...]:
    """Ticked boxes as they are printed, an "Other" with what is written beside it."""
    boxes = {box.name: box for box in pad.checkboxes} if pad else {}
    labels = []
    for name in names:
        box = boxes.get(name)
        label = box.label if box else name.replace("_", " ")
        labels.append(f"{label}: {other}" if box and box.write_in and other else label)
    return tuple(labels)


def _plan(course: Sequence[Report], assessment: Assessment) -> ExercisePlan:
    plans = [entry.plan for entry in course if isinstance(entry, Progress) and entry.plan is not None]
    return plans[-1] if plans else assessment.plan


def _goals(course: Sequence[Report]) -> tuple[Goal, ...]:
    """The goals as they were last told."""
    told = [entry.goals for entry in course if entry.goals]
    return told[-1] if told else ()
