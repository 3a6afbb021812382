"""Walk one referral from its slip to its discharge on a fast clock; its letters, mails and follow-ups go to docs/loop.

Everything is real but the people and the clock: the slips are a sample and drawn ones that are read, letters are made
and sent by refpad's own chase to a mail server on loopback, under TLS. For developers: it needs what the tests need.
"""

import logging
import shutil
import sys
import tomllib
from datetime import date, time

from walk_studio import ROOT, WHO, Walk, studio

from pads.simulate.truth import TruthFile
from refpad.services.letters.letters import OFFICE_LETTERS, office_letter, press_of, session_log
from schemas.appointment import AppointmentState
from schemas.course import EntryKind
from schemas.followup import CallOutcome, CallsEnded, FollowUpKind
from schemas.letter import Prefers
from schemas.measures import Measure, MeasureKind
from schemas.office import Office
from schemas.outreach.conversion import NO_RANKING
from schemas.outreach.entries import OutreachSaid
from store.courses.courses import course
from store.courses.entries import tell_visit
from store.courses.session_log import book, log_session
from store.directory.offices import add, reserve_serials
from store.directory.patients import merge_patients
from store.directory.providers import edit_provider
from store.followups.calls import note_call, skip
from store.followups.missing_information import ask_office
from store.outreach.conversion import conversions
from store.outreach.entries import log_outreach, plan_outreach
from store.referrals.patients import find_patient
from store.review.settle import waiting_items

OUT = ROOT / "docs" / "loop"
SERIALS = (1201, 50)  # the samples' slips lie in it
DECLINES, AGAIN = 1226, 1227  # the serials of the two slips that are drawn
OFFICE = Office(
    id="northside",
    name="Northside Family Practice",
    contact="Pat Moss",
    phone="(212) 555-0101",
    fax="(212) 555-0102",
    address="100 Sample Avenue, Anytown, NY",
    prefers=Prefers.FAX,
)
EMAIL = "provider@northside.example"
CAME, MISSED = AppointmentState.ATTENDED, AppointmentState.MISSED
HALF_PAST_NINE = time(9, 30)
WEEKS = 10

# What the specialist finds, fitting the sample's patient: first all of it, later what has changed.
STORY = tomllib.loads((ROOT / "scripts" / "walk_a_referral.toml").read_text("utf-8"))
FOUND, NOW = STORY["found"], STORY["now"]


def _measured(plank_s: float, up_and_go_s: float, walk_m: float) -> list[dict[str, object]]:
    return [
        {"kind": "plank", "value": plank_s, "unit": "s"},
        {"kind": "timed_up_and_go", "value": up_and_go_s, "unit": "s"},
        {"kind": "six_minute_walk", "value": walk_m, "unit": "m"},
    ]


def slips_arrive(walk: Walk) -> None:
    """Two slips are read and accepted; another has no signature, and its office is asked."""
    walk.step("three slips arrive")
    first, count = SERIALS
    add(walk.store, OFFICE, WHO)
    reserve_serials(walk.store, OFFICE.id, "met", 1, count, first)
    reserve_serials(walk.store, None, "post", 1, count, first)
    walk.take_in([ROOT / "samples" / name for name in ("typed-slip.pdf", "not-signed.tif")])
    scans = TruthFile.load(ROOT / "samples").scans
    walk.settle_if_doubted(next(slip.slip for scan in scans for slip in scan.slips if slip.slip.serial == first))
    walk.slip(DECLINES, patient_name="Rosa Yamada", patient_phone="+12125550163", signed_on="2026-11-18")
    edit_provider(walk.store, 1, {"email": EMAIL, "prefers": Prefers.EMAIL}, WHO)
    walk.say("The first and the third are referrals and bring their follow-ups:")
    walk.show_follow_ups()
    unsigned = next(item for item in waiting_items(walk.store) if item.id.startswith("s"))
    ask_office(walk.store, walk.rules, unsigned.number, ["signature"], WHO)
    walk.say("Nobody has signed the second: a person has its office asked. Thanks go out at once.")
    walk.chase()
    walk.show_follow_ups()


def patients_are_called(walk: Walk) -> None:
    """One declines and the provider is told; the other is reached at the third call, and booked."""
    walk.step("one patient declines, the other does not answer", date(2026, 11, 23))
    note_call(walk.store, walk.rules, walk.open(FollowUpKind.CONTACT_PATIENT, 2), CallOutcome.DECLINED, WHO, "no time")
    call = walk.open(FollowUpKind.CONTACT_PATIENT)
    note_call(walk.store, walk.rules, call, CallOutcome.NO_ANSWER, WHO)
    walk.say("That the patient declined, a letter tells the provider.")
    walk.chase()
    walk.step("the second call", date(2026, 11, 24))
    note_call(walk.store, walk.rules, call, CallOutcome.LEFT_MESSAGE, WHO)
    walk.step("the third call, and the booking", date(2026, 11, 25))
    note_call(walk.store, walk.rules, call, CallOutcome.REACHED, WHO, "comes on Tuesdays")
    book(walk.store, walk.rules, 1, date(2026, 12, 1), WHO, HALF_PAST_NINE, WEEKS)
    walk.say(f"{WEEKS} Tuesdays at 9:30 are booked, which ends the booking and says when the assessment is due.")
    walk.show_follow_ups()


def course_begins(walk: Walk) -> None:
    """The first visit with its letter, the assessment, and a visit to the provider that is brought forward."""
    walk.step("the first visit and the assessment", date(2026, 12, 1))
    log_session(walk.store, walk.rules, 1, walk.clock.today(), CAME, WHO, 60)
    walk.say("The session is logged in one click, and the introductory letter is made.")
    walk.chase()
    pain = {"where": "low back, sitting", "worst": 5}
    walk.enter(EntryKind.ASSESSMENT, **FOUND, pain=pain, measures=_measured(14, 13.2, 345))
    walk.say("Entering the assessment writes the summary, which waits for somebody to read and release it.")
    walk.chase()
    walk.show_follow_ups()
    walk.step("the next visit to the provider is on December 22", date(2026, 12, 4))
    tell_visit(walk.store, walk.rules, 1, date(2026, 12, 22), WHO)
    said = OutreachSaid(on=date(2027, 1, 12), with_whom=OFFICE.contact, about="pads, and how reports reach them")
    plan_outreach(walk.store, OFFICE.id, said, WHO)
    walk.say("The report moves: three business days before the visit. A visit to the office is planned, too.")
    walk.show_follow_ups()
    walk.step("a fall at home", date(2026, 12, 8))
    log_session(walk.store, walk.rules, 1, walk.clock.today(), CAME, WHO, 45, "told of a fall at home")
    fall = "Fell on the stairs at home on Sunday, without injury; balance is trained seated until you have seen it."
    asked = "Is anything to be examined before standing balance is trained again?"
    walk.enter(EntryKind.STATUS_CHANGE, what="fall", training="adapted", summary=fall, question=asked, measures=[])
    walk.say("A change in status does not wait for the report:")
    walk.chase()


def course_goes_on(walk: Walk) -> None:
    """A value beyond its limit, a report, the patient's second slip, the office's visit, and another report."""
    walk.step("blood pressure is beyond its limit", date(2026, 12, 15))
    log_session(walk.store, walk.rules, 1, walk.clock.today(), AppointmentState.CANCELED, WHO, note="sent home")
    walk.enter(EntryKind.STATUS_CHANGE)  # its form has these measures
    measured = (Measure(kind=MeasureKind.SYSTOLIC, value=188), Measure(kind=MeasureKind.DIASTOLIC, value=104))
    beyond = "; ".join(measure.beyond for measure in measured if measure.beyond)
    walk.say(f"{beyond}: nobody trains that day, and the provider is asked.")
    walk.chase()
    walk.step("the first report is due", date(2026, 12, 17))
    goals = [{**goal, "state": "open"} for goal in FOUND["goals"]]
    better = "Sits twice as long as at the assessment; lifts from the floor."
    now = {name: NOW[name] for name in ("function", "balance")}
    first = {"observed": now, "goals": goals, "improvements": better, "question": ""}
    walk.enter(EntryKind.PROGRESS, **first, measures=_measured(26, 11.4, 390))
    walk.say("The log says how many sessions there were.")
    walk.chase()
    walk.show_follow_ups()
    _referred_again(walk)
    _office_is_visited(walk)
    walk.step("the second report is due", date(2027, 1, 16))
    for day, state in ((date(2027, 1, 5), CAME), (date(2027, 1, 12), CAME)):
        log_session(walk.store, walk.rules, 1, day, state, WHO, 45)
    goals[0] = {**goals[0], "state": "met"}
    second = {**first, "observed": NOW, "goals": goals, "improvements": "Works a full day at the desk."}
    walk.enter(EntryKind.PROGRESS, **second, measures=_measured(41, 10.1, 428))
    walk.chase()
    walk.show_follow_ups()


def _referred_again(walk: Walk) -> None:
    walk.step("another provider refers the same patient", date(2026, 12, 29))
    log_session(walk.store, walk.rules, 1, date(2026, 12, 22), MISSED, WHO, note="rang too late")
    log_session(walk.store, walk.rules, 1, walk.clock.today(), CAME, WHO, 45)
    known = course(walk.store, 1).referral
    walk.slip(AGAIN, patient_name=known.patient_name, patient_phone=known.patient_phone, signed_on="2026-12-28")
    before = len(find_patient(walk.store, 1, WHO).referrals)
    merge_patients(walk.store, 3, 1, WHO)
    after = len(find_patient(walk.store, 1, WHO).referrals)
    says = "Name and telephone are those of a patient on record; a person compares the two and says that they are one."
    walk.say(f"{says} The patient's page told of {before} referral, and tells of {after}.")
    reason = "The provider knows by telephone that the patient trains with us already."
    skip(walk.store, walk.rules, walk.open(FollowUpKind.CONTACT_PATIENT, 3), WHO, reason, CallsEnded.TOLD)
    skip(walk.store, walk.rules, walk.open(FollowUpKind.BOOK_ASSESSMENT, 3), WHO, reason, CallsEnded.TOLD)
    skip(walk.store, walk.rules, walk.open(FollowUpKind.ASSESS_PATIENT, 3), WHO, reason)
    walk.say(
        "Nobody calls again: the second provider knows by telephone that the patient trains already, and is thanked."
    )
    walk.chase()


def _office_is_visited(walk: Walk) -> None:
    walk.step("the office is visited, as planned", date(2027, 1, 12))
    walk.show_follow_ups()
    said = OutreachSaid(
        on=walk.clock.today(), with_whom=OFFICE.contact, about="new slips; reports come by e-mail", pads_left=2
    )
    log_outreach(walk.store, walk.rules, OFFICE.id, said, WHO, date(2027, 4, 13))
    walk.say("It is logged with the pads that were left, and the next is planned. From slip to program:")
    walk.table("who", "slips", "accepted", "called", "first visit", "program", "declined", "other")
    for line in conversions(walk.store, walk.settings.follow_ups):
        figures = (line.accepted, line.called, line.first_visit, line.program, line.declined, line.other)
        slips = "" if line.slips is None else line.slips
        walk.row(line.provider_name or line.office_name or "office not known", slips, *figures)
    walk.told.append("")
    walk.say(NO_RANKING)


def course_ends(walk: Walk) -> None:
    """The discharge, and the log of all sessions."""
    walk.step("the course ends", date(2027, 2, 12))
    for day in (date(2027, 1, 19), date(2027, 1, 26), date(2027, 2, 2)):
        log_session(walk.store, walk.rules, 1, day, CAME, WHO, 45)
    met = [{**goal, "state": "met"} for goal in FOUND["goals"]]
    summary = "Both goals are reached. Trunk endurance and walking are where they should be for daily life."
    home = "Three times a week: side plank, bird-dog, hip hinge; a brisk walk of 30 minutes each day."
    ended = {"goals": met, "summary": summary, "home_program": home}
    walk.enter(EntryKind.DISCHARGE, **ended, measures=_measured(55, 9.4, 455))
    walk.chase()
    walk.say("The chain of reports has ended. The log of the sessions, for whoever asks (`refpad letters sessions 1`):")
    walk.show_letter("session-log", press_of(walk.settings).pdf(session_log(walk.store, 1)))
    walk.show_follow_ups()


def office_is_looked_after(walk: Walk) -> None:
    """What goes to the office with new pads, or when it falls quiet."""
    walk.told += [
        "## Letters to the office",
        "",
        "Written by hand: `refpad letters office KIND northside --out FILE`.",
        "",
    ]
    for kind in OFFICE_LETTERS:
        letter = office_letter(walk.store, walk.settings, kind, OFFICE.id, "met")
        walk.show_letter(f"office-{kind.value}", press_of(walk.settings).pdf(letter))


CHAPTERS = (slips_arrive, patients_are_called, course_begins, course_goes_on, course_ends, office_is_looked_after)


def main() -> None:
    """Walk, and write what happened."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the sink's own talk
    with studio(OUT.name) as walk:
        walk.out.mkdir()
        for chapter in CHAPTERS:
            chapter(walk)
        head = [
            f"# One referral, from slip to discharge: {course(walk.store, 1).referral.patient_name}",
            "",
            "Made by `make walk` on a fast clock, with invented people and a real mail server on loopback.",
            "Days in bold are due or overdue.",
            "",
        ]
        (walk.out / "README.md").write_text("\n".join([*head, *walk.told]).rstrip() + "\n", "utf-8")
        shutil.rmtree(OUT, ignore_errors=True)
        shutil.copytree(walk.out, OUT)
    size = sum(path.stat().st_size for path in OUT.iterdir())
    sys.stdout.write(f"{OUT.relative_to(ROOT)}: {len(list(OUT.iterdir()))} files, {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
