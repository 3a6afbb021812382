"""Letters of this studio: what a follow-up asks for as one page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from followup.letter_pdf import Press
from pads.catalog import find, load_all, printable
from pads.typeface import FOLDER as FONTS
from refpad.services.letters import facts, session_facts
from refpad.settings import Settings
from schemas.course import entry_of
from schemas.errors import UsageError
from schemas.followup import FollowUpKind, LetterKind
from schemas.letter import Letter, PadRange
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from store.courses.courses import CourseRecord, course
from store.courses.entries import At, with_sessions
from store.database import Store
from store.directory.activity import last_referral_of
from store.directory.offices import SerialRange, latest_delivery
from store.followups.attempts import calls_of_referral
from store.followups.calls import REASON, why_calls_ended
from store.followups.listing import FollowUp, FollowUpQuery, find_follow_up, list_follow_ups
from store.followups.missing_information import question_of
from store.letters.recipients import recipient_of_office, recipient_of_referral, recipient_of_slip
from store.studio_rules import StudioRules

SHOWING_PADS = (LetterKind.HOW_TO_REFER, LetterKind.PAD_COVER)
OFFICE_LETTERS = (LetterKind.KEEP_IN_TOUCH, *SHOWING_PADS)


def press_of(settings: Settings) -> Press:
    """The studio's press: its letterhead, the pad's typeface, and templates of its own if it has any."""
    return Press(settings.studio, FONTS, settings.letters, settings.policy.phone_region)


def letter_of_follow_up(store: Store, settings: Settings, rules: StudioRules, follow_up_id: int) -> Letter:
    """The letter that a follow-up asks for, as the record stands now."""
    follow_up, events = find_follow_up(store, follow_up_id)
    today = store.clock.today()
    if follow_up.slip_id is not None:
        return _missing_information(store, settings, rules, follow_up.slip_id, follow_up_id)
    if follow_up.referral_id is None:
        return office_letter(store, settings, LetterKind.KEEP_IN_TOUCH, str(follow_up.office_id))
    record, to = course(store, follow_up.referral_id), recipient_of_referral(store, follow_up.referral_id)
    if follow_up.kind is FollowUpKind.THANK_PROVIDER:
        calls, ended = calls_of_referral(store, record.referral_id), why_calls_ended(store, record.referral_id)
        return facts.thank_you(settings, rules, record, to, today, calls, has_ended=bool(ended))
    if follow_up.kind is FollowUpKind.TELL_NOT_REACHED:
        return facts.not_reached(record, calls_of_referral(store, record.referral_id), to, today, settings.time_zone)
    if follow_up.kind is FollowUpKind.TELL_DECLINED:
        return facts.declined(record, calls_of_referral(store, record.referral_id), to, today, settings.time_zone)
    if follow_up.kind is FollowUpKind.TELL_ENDED:
        reason = next((event.note for event in events if event.what == REASON), "")
        calls = calls_of_referral(store, record.referral_id)
        return facts.calls_ended(record, calls, to, today, settings.time_zone, reason)
    if follow_up.kind is FollowUpKind.INTRODUCE:
        return session_facts.introduction(record, to, today, settings.follow_ups.summary_within_days)
    for entry in record.entries:
        if entry.follow_up_id == follow_up_id and entry.state == "final":
            by = _report_by(store, follow_up)
            return facts.report(record, entry.entry(), to, today, entry_id=entry.id, report_by=by)
    raise UsageError(f"Follow-up {follow_up_id} has no letter yet: enter what it is to say with `refpad course enter`.")


def office_letter(
    store: Store, settings: Settings, kind: LetterKind, office_id: str, design: str | None = None
) -> Letter:
    """A letter to an office that tells of no patient."""
    to = recipient_of_office(store, office_id)
    given = [each for each in latest_delivery(store, office_id) if design in (None, each.design, str(each.pad_id))]
    pads = _pads(settings) if kind in SHOWING_PADS else ()
    title = {pad.pad_id: pad.title for pad in pads}
    return facts.office_letter(
        kind,
        settings,
        office_id,
        to,
        store.clock.today(),
        pad=_pad_to_show(pads, design, given) if pads else None,
        given=[PadRange(title=title.get(one.pad_id, str(one.pad_id)), first=one.first, last=one.last) for one in given],
        last_referral_on=last_referral_of(store, office_id),
    )


def _pads(settings: Settings) -> tuple[PadDesign, ...]:
    """What refpad prints: no office is sent a form that others have printed."""
    return printable(load_all(settings.designs))


def _pad_to_show(pads: Sequence[PadDesign], design: str | None, given: Sequence[SerialRange]) -> PadDesign:
    """The one asked for, else that of the latest delivery; of one that is no longer installed, any."""
    if design is not None:
        return find(pads, design)
    known = {pad.pad_id: pad for pad in pads}
    return next((known[one.pad_id] for one in reversed(given) if one.pad_id in known), find(pads, pads[0].design))


def entry_letter(
    store: Store, referral_id: int, content: Mapping[str, Any], at: At | None = None
) -> tuple[CourseRecord, Letter]:
    """The report that an entry would become, kept or not; raises UsageError when it is not complete."""
    record = course(store, referral_id)
    to = recipient_of_referral(store, referral_id)
    today, number = store.clock.today(), at[0] if at else None
    return record, facts.report(record, entry_of(with_sessions(record, content, number)), to, today, entry_id=number)


def session_log(store: Store, referral_id: int) -> Letter:
    """The sessions of a course on one page; raises UsageError while none is logged."""
    return session_facts.session_log(
        course(store, referral_id), recipient_of_referral(store, referral_id), store.clock.today()
    )


def _missing_information(
    store: Store, settings: Settings, rules: StudioRules, slip_id: int, follow_up_id: int
) -> Letter:
    asked = question_of(store, slip_id, follow_up_id)
    pad = rules.design_of(asked.design, asked.edition)
    if not isinstance(pad, PadDesign):
        raise UsageError(f"The pad {PadId(asked.design, asked.edition)} of slip {slip_id} is not known.")
    to = recipient_of_slip(store, slip_id)
    png = asked.picture.read_bytes()
    on, studio = store.clock.today(), settings.studio
    return facts.missing_information(pad, asked, png, to, on, slip_id, studio)


def _report_by(store: Store, follow_up: FollowUp) -> date | None:
    """When the first progress report is due, for the assessment's summary to say."""
    if follow_up.kind is not FollowUpKind.ASSESSMENT_SUMMARY:
        return None
    asked = FollowUpQuery(referral_id=follow_up.referral_id, kind=FollowUpKind.PROGRESS_REPORT)
    return next((report.due for report in list_follow_ups(store, asked).follow_ups), None)
