"""Walk one referral from its slip to its discharge on a fast clock; its letters, mails and follow-ups go to docs/loop.

Everything is real but the people and the clock: the slip is a sample that is read, letters are made and sent by
refpad's own chase to a mail server on loopback, under TLS. For developers: it needs what the tests need.
"""

import logging
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from followup.letter_pdf import preview_png  # noqa: E402 - the checkout comes onto the path first
from pads.simulate.truth import TruthFile  # noqa: E402
from refpad.services.course_entries import enter_for_good  # noqa: E402
from refpad.services.course_file import form  # noqa: E402
from refpad.services.intake.run_once import drain, take_in_files  # noqa: E402
from refpad.services.letters.chase import chase_all  # noqa: E402
from refpad.services.letters.letters import OFFICE_LETTERS, office_letter, press_of  # noqa: E402
from refpad.services.wiring import rules_of  # noqa: E402
from refpad.settings import Settings  # noqa: E402
from schemas.course import EntryKind  # noqa: E402
from schemas.followup import FollowUpKind, FollowUpState  # noqa: E402
from schemas.letter import LetterState, Prefers  # noqa: E402
from schemas.office import Office  # noqa: E402
from schemas.studio import Studio  # noqa: E402
from store.clock import SetClock  # noqa: E402
from store.courses.courses import course  # noqa: E402
from store.courses.entries import tell_visit  # noqa: E402
from store.database import Store, open_store  # noqa: E402
from store.directory.offices import add, reserve_serials  # noqa: E402
from store.directory.providers import edit_provider  # noqa: E402
from store.followups.actions import settle  # noqa: E402
from store.followups.listing import FollowUpQuery, list_follow_ups  # noqa: E402
from store.followups.missing_information import ask_office  # noqa: E402
from store.letters import actions  # noqa: E402
from store.review.corrections import Corrections  # noqa: E402
from store.review.settle import WaitingSlip, accept, waiting_items  # noqa: E402
from tests.smtp_sink import Sink, sinking  # noqa: E402

OUT = ROOT / "docs" / "loop"
BEGINS = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # the day of the samples, 15:00 in New York
NEW_YORK = "America/New_York"
WHO = "kim"
PICTURE_DPI = 72
PICTURE_COLORS = 24
SERIALS = (1201, 50)  # the samples' slips lie in it
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

# What the specialist finds, fitting the sample's patient: first all of it, later what has changed.
STORY = tomllib.loads((ROOT / "scripts" / "walk_a_referral.toml").read_text("utf-8"))
FOUND, NOW = STORY["found"], STORY["now"]


def _measured(plank_s: float, up_and_go_s: float, walk_m: float) -> list[dict[str, object]]:
    return [
        {"kind": "plank", "value": plank_s, "unit": "s"},
        {"kind": "timed_up_and_go", "value": up_and_go_s, "unit": "s"},
        {"kind": "six_minute_walk", "value": walk_m, "unit": "m"},
    ]


@dataclass
class Walk:
    """The studio, its clock, and the page that tells what happened."""

    store: Store
    settings: Settings
    clock: SetClock
    sink: Sink
    out: Path
    told: list[str] = field(default_factory=list)
    mails: int = 0

    def say(self, sentence: str) -> None:
        self.told += [sentence, ""]

    def step(self, title: str, until: date | None = None) -> None:
        """Let days pass, and begin the next chapter."""
        if until is not None:
            self.clock.move(timedelta(days=(until - self.clock.today()).days))
        self.told += [
            f"## {self.clock.today():%A, %B} {self.clock.today().day}, {self.clock.today().year}: {title}",
            "",
        ]

    def chase(self) -> None:
        """Make and send; read and release what is held; print, fax and call it posted."""
        fates = [letter.fate for letter in chase_all(self.store, self.settings)]
        if actions.letters(self.store, [LetterState.HELD]):
            actions.release_all(self.store, WHO)
            fates += ["released by a person", *(letter.fate for letter in chase_all(self.store, self.settings))]
        batch = actions.print_ready(self.store, WHO)
        if batch is not None:
            actions.mark_posted(self.store, rules_of(self.settings), batch, WHO)
            fates += ["printed", "faxed by a person"]
        self.say(f"`refpad chase`: {', '.join(fates)}.")
        self._show_mails()
        self._show_letters()

    def show_follow_ups(self) -> None:
        """The open follow-ups, as a table."""
        self.told += ["| follow-up | due | what | who | state |", "|---|---|---|---|---|"]
        for follow_up in list_follow_ups(self.store, FollowUpQuery()).follow_ups:
            late = f" ({follow_up.days_overdue} days late)" if follow_up.days_overdue > 0 else ""
            due = f"**{follow_up.due}**{late}" if follow_up.days_overdue >= 0 else str(follow_up.due)
            who = follow_up.patient_name or follow_up.office_name or f"slip s{follow_up.slip_id}"
            state = f"{follow_up.state.value}: {follow_up.note}" if follow_up.note else follow_up.state.value
            self.told.append(f"| {follow_up.id} | {due} | {follow_up.kind.value.replace('_', ' ')} | {who} | {state} |")
        self.told.append("")

    def done(self, kind: FollowUpKind, note: str) -> None:
        [follow_up] = list_follow_ups(self.store, FollowUpQuery(kind=kind)).follow_ups
        settle(self.store, rules_of(self.settings), follow_up.id, FollowUpState.DONE, WHO, note)

    def enter(self, kind: EntryKind, **changes: object) -> None:
        """What the specialist enters, from the form of that kind."""
        entry: dict[str, Any] = {**tomllib.loads(form(kind)), "on": self.clock.today(), **changes}
        if "next_visit_on" not in changes:
            entry.pop("next_visit_on", None)
        enter_for_good(self.store, self.settings, 1, entry, WHO)

    def _show_mails(self) -> None:
        for mail in self.sink.mails[self.mails :]:
            [page] = list(mail.iter_attachments())
            size = len(page.get_content())
            self.say(f"> Mail to {mail['To']}: *{mail['Subject']}*, with `{page.get_filename()}` ({size // 1000} kB)")
        self.mails = len(self.sink.mails)

    def _show_letters(self) -> None:
        for letter in actions.letters(self.store, [LetterState.SENT]):
            name = f"{letter.id:02d}-{letter.kind.value}"
            if not (self.out / f"{name}.pdf").exists():
                self.show_letter(name, actions.letter_pdf(self.store, letter.id))

    def show_letter(self, name: str, pdf: bytes) -> None:
        """The letter as PDF, and as a small picture on the page."""
        (self.out / f"{name}.pdf").write_bytes(pdf)
        (self.out / f"{name}.png").write_bytes(_small(preview_png(pdf, PICTURE_DPI)))
        self.say(f"[![{name}]({name}.png)]({name}.pdf)")


def _small(png: bytes) -> bytes:
    """The same picture with few colors, a third of the bytes."""
    out = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(PICTURE_COLORS).save(out, "PNG", optimize=True)
    return out.getvalue()


STUDIO = Studio(
    name="Lakeside Medical Exercise", specialist="Robin Castell, MES", phone="(212) 555-0150", fax="(212) 555-0151",
    email="desk@lakeside.example", address="7 Lake Road, Anytown, NY",
)  # fmt: skip


@contextmanager
def _studio() -> Iterator[Walk]:
    """A studio of its own in a folder that goes when the walk ends, with a mail server on loopback."""
    with tempfile.TemporaryDirectory(prefix="refpad-walk-") as made, sinking(Path(made), seconds=30) as sink:
        settings = Settings(folder=Path(made) / "data", time_zone=NEW_YORK, delivery=sink.delivery, studio=STUDIO)
        clock = SetClock(BEGINS, NEW_YORK)
        store = open_store(settings.url, settings.store_folder, clock)
        yield Walk(store, settings, clock, sink, Path(made) / OUT.name)
        store.close()


def slips_arrive(walk: Walk) -> None:
    """A slip is read and accepted; another has no signature, and its office is asked."""
    walk.step("two slips arrive")
    first, count = SERIALS
    add(walk.store, OFFICE, WHO)
    reserve_serials(walk.store, OFFICE.id, "met", 1, count, first)
    reserve_serials(walk.store, None, "post", 1, count, first)
    take_in_files(walk.store, walk.settings, [ROOT / "samples" / name for name in ("typed-slip.pdf", "not-signed.tif")])
    outcomes = [f"{file.accepted} accepted, {file.review} in review" for file in drain(walk.store, walk.settings)]
    walk.say(f"Read: {'; '.join(outcomes)}.")
    settle_if_doubted(walk)
    edit_provider(walk.store, 1, {"email": EMAIL, "prefers": Prefers.EMAIL}, WHO)
    walk.say("The first is a referral and brings its follow-ups:")
    walk.show_follow_ups()
    [unsigned] = waiting_items(walk.store)
    ask_office(walk.store, rules_of(walk.settings), unsigned.number, ["signature"], WHO)
    walk.say("Nobody has signed the second: a person has its office asked. Thanks go out at once, by mail.")
    walk.chase()
    walk.show_follow_ups()


def settle_if_doubted(walk: Walk) -> None:
    """A person looks at the first slip if the machine was not sure of all of it, and says what stands there."""
    scans = TruthFile.load(ROOT / "samples").scans
    truth = next(slip.slip for scan in scans for slip in scan.slips if slip.slip.serial == SERIALS[0])
    for item in waiting_items(walk.store):
        if isinstance(item, WaitingSlip) and item.reading.serial == truth.serial:
            doubts = "; ".join(finding.detail for finding in item.findings)
            walk.say(f"The machine was not sure of all of it: {doubts} A person looks, and settles it.")
            accept(walk.store, rules_of(walk.settings), item.id, WHO, Corrections(values=dict(truth.text)))


def course_begins(walk: Walk) -> None:
    """The call, the assessment, and a visit that is brought forward."""
    walk.step("the patient is called", date(2026, 11, 23))
    walk.done(FollowUpKind.CONTACT_PATIENT, "reached, comes on Tuesday week")
    walk.show_follow_ups()
    walk.step("the assessment", date(2026, 12, 1))
    walk.enter(EntryKind.ASSESSMENT, **FOUND, measures=_measured(14, 13.2, 345))
    walk.say("Entering it ends the booking and writes the summary, which waits for somebody to read and release it.")
    walk.chase()
    walk.show_follow_ups()
    walk.step("the next visit to the provider is on December 22", date(2026, 12, 4))
    tell_visit(walk.store, rules_of(walk.settings), 1, date(2026, 12, 22), WHO)
    walk.say("The report moves: three business days before the visit.")
    walk.show_follow_ups()


def course_goes_on_and_ends(walk: Walk) -> None:
    """Two reports and the discharge."""
    walk.step("the first report is due", date(2026, 12, 17))
    goals = [{**goal, "state": "open"} for goal in FOUND["goals"]]
    better, question = "Sits twice as long as at the assessment; lifts from the floor.", "May the patient try running?"
    first = {"observed": NOW, "goals": goals, "improvements": better, "question": question}
    walk.enter(EntryKind.PROGRESS, **first, measures=_measured(26, 11.4, 390))
    walk.chase()
    walk.show_follow_ups()
    walk.step("the second report is due", date(2027, 1, 16))
    goals[0] = {**goals[0], "state": "met"}
    second = {**first, "goals": goals, "improvements": "Works a full day at the desk.", "question": ""}
    walk.enter(EntryKind.PROGRESS, **second, measures=_measured(41, 10.1, 428))
    walk.chase()
    walk.show_follow_ups()
    walk.step("the course ends", date(2027, 2, 12))
    met = [{**goal, "state": "met"} for goal in goals]
    summary = "Both goals are reached. Trunk endurance and walking are where they should be for daily life."
    home = "Three times a week: side plank, bird-dog, hip hinge; a brisk walk of 30 minutes each day."
    ended = {"goals": met, "summary": summary, "home_program": home, "sessions_attended": 19}
    walk.enter(EntryKind.DISCHARGE, **ended, measures=_measured(55, 9.4, 455))
    walk.chase()
    walk.say("The chain of reports has ended. What stands is the office, quiet since November: call it, or write:")
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


def main() -> None:
    """Walk, and write what happened."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the sink's own talk
    with _studio() as walk:
        walk.out.mkdir()
        for chapter in (slips_arrive, course_begins, course_goes_on_and_ends, office_is_looked_after):
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
