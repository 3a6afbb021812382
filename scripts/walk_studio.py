"""The studio of walk_a_referral.py: its record, clock, mail server and slips, and the page that tells what happened."""

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

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from followup.letter_pdf import preview_png  # noqa: E402 - the checkout comes onto the path first
from pads.catalog import find, load_all  # noqa: E402
from pads.simulate.invent import SlipSpec, invent_slip  # noqa: E402
from pads.simulate.pen.fill import fill  # noqa: E402
from pads.simulate.picture import gray  # noqa: E402
from pads.simulate.printed_slips import numbered_slip  # noqa: E402
from pads.simulate.truth import Legibility, SlipTruth  # noqa: E402
from refpad.services.course_entries import enter_for_good  # noqa: E402
from refpad.services.course_file import form  # noqa: E402
from refpad.services.intake.run_once import drain, take_in_files  # noqa: E402
from refpad.services.letters.chase import chase_all  # noqa: E402
from refpad.services.wiring import rules_of  # noqa: E402
from refpad.settings import Settings  # noqa: E402
from schemas.course import EntryKind  # noqa: E402
from schemas.followup import FollowUpKind, FollowUpState  # noqa: E402
from schemas.front_desk import FrontDeskSettings  # noqa: E402
from schemas.letter import LetterState  # noqa: E402
from schemas.studio import Studio  # noqa: E402
from store.clock import SetClock  # noqa: E402
from store.database import Store, open_store  # noqa: E402
from store.followups.actions import settle  # noqa: E402
from store.followups.listing import FollowUpQuery, list_follow_ups  # noqa: E402
from store.letters import actions  # noqa: E402
from store.review.corrections import Corrections  # noqa: E402
from store.review.settle import WaitingSlip, accept, waiting_items  # noqa: E402
from store.studio_rules import StudioRules  # noqa: E402
from tests.smtp_sink import Sink, sinking  # noqa: E402

BEGINS = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # the day of the samples, 15:00 in New York
NEW_YORK = "America/New_York"
WHO = "kim"
PICTURE_DPI, SLIP_DPI = 72, 300
PICTURE_COLORS = 24
STUDIO = Studio(
    name="Lakeside Medical Exercise", specialist="Robin Castell, MES", phone="(212) 555-0150", fax="(212) 555-0151",
    email="desk@lakeside.example", address="7 Lake Road, Anytown, NY",
)  # fmt: skip


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

    @property
    def rules(self) -> StudioRules:
        return rules_of(self.settings)

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

    def take_in(self, paths: list[Path]) -> None:
        """Take files in and read them; what is in doubt waits."""
        take_in_files(self.store, self.settings, paths)
        outcomes = [f"{file.accepted} accepted, {file.review} in review" for file in drain(self.store, self.settings)]
        self.say(f"Read: {'; '.join(outcomes)}.")

    def slip(self, serial: int, **said: str) -> None:
        """A typed slip of that number, which says this besides what is invented, drawn, scanned and taken in."""
        design, rng = find(load_all(), "met-1"), np.random.default_rng(serial)
        wish = SlipSpec(legibility=Legibility.TYPED, name=said["patient_name"], brief=True)
        truth = invent_slip(design, serial, self.clock.today(), rng, wish)
        truth = truth.model_copy(update={"text": {**truth.text, **said}})
        picture = gray(fill(numbered_slip(design, serial, STUDIO), design, truth, rng))
        path = self.out.parent / f"{serial}.png"
        Image.fromarray(picture).save(path, dpi=(SLIP_DPI, SLIP_DPI))
        self.take_in([path])
        self.settle_if_doubted(truth)

    def settle_if_doubted(self, truth: SlipTruth) -> None:
        """A person looks at a slip if the machine was not sure of all of it, and says what stands there."""
        for item in waiting_items(self.store):
            if isinstance(item, WaitingSlip) and item.reading.serial == truth.serial:
                doubts = "; ".join(finding.detail for finding in item.findings)
                self.say(f"The machine was not sure of all of it: {doubts} A person looks, and settles it.")
                accept(self.store, self.rules, item.id, WHO, Corrections(values=dict(truth.text)))

    def chase(self) -> None:
        """Make and send; read and release what is held; print, fax and call it posted."""
        fates = [letter.fate for letter in chase_all(self.store, self.settings)]
        if actions.letters(self.store, [LetterState.HELD]):
            actions.release_all(self.store, WHO)
            fates += ["released by a person", *(letter.fate for letter in chase_all(self.store, self.settings))]
        batch = actions.print_ready(self.store, WHO)
        if batch is not None:
            actions.mark_posted(self.store, self.rules, batch, WHO)
            fates += ["printed", "faxed by a person"]
        self.say(f"`refpad chase`: {', '.join(fates)}.")
        self._show_mails()
        self._show_letters()

    def show_follow_ups(self) -> None:
        """The open follow-ups, as a table."""
        self.table("follow-up", "due", "what", "who", "state")
        for follow_up in list_follow_ups(self.store, FollowUpQuery()).follow_ups:
            late = f" ({follow_up.days_overdue} days late)" if follow_up.days_overdue > 0 else ""
            due = f"**{follow_up.due}**{late}" if follow_up.days_overdue >= 0 else str(follow_up.due)
            who = follow_up.patient_name or follow_up.office_name or f"slip s{follow_up.slip_id}"
            state = f"{follow_up.state.value}: {follow_up.note}" if follow_up.note else follow_up.state.value
            self.row(follow_up.id, due, follow_up.kind.value.replace("_", " "), who, state)
        self.told.append("")

    def table(self, *columns: str) -> None:
        """The head of a table; `row` adds to it."""
        self.told += [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]

    def row(self, *cells: object) -> None:
        self.told.append(f"| {' | '.join(map(str, cells))} |")

    def open(self, kind: FollowUpKind, referral: int | None = 1) -> int:
        """The number of the open follow-up of that kind, of a referral or, with None, of the office."""
        found = list_follow_ups(self.store, FollowUpQuery(kind=kind, referral_id=referral)).follow_ups
        return found[0].id

    def done(self, kind: FollowUpKind, note: str, referral: int | None = 1) -> None:
        settle(self.store, self.rules, self.open(kind, referral), FollowUpState.DONE, WHO, note)

    def enter(self, kind: EntryKind, **changes: object) -> None:
        """What the specialist enters, from the form of that kind; the session log counts the sessions of a report."""
        entry: dict[str, Any] = {**tomllib.loads(form(kind)), "on": self.clock.today(), **changes}
        for name in {"next_visit_on", "sessions_attended"} - changes.keys():
            entry.pop(name, None)
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


@contextmanager
def studio(out: str) -> Iterator[Walk]:
    """A studio of its own in a folder that goes when the walk ends, with a mail server on loopback."""
    with tempfile.TemporaryDirectory(prefix="refpad-walk-") as made, sinking(Path(made), seconds=30) as sink:
        settings = Settings(
            folder=Path(made) / "data",
            time_zone=NEW_YORK,
            delivery=sink.delivery,
            studio=STUDIO,
            front_desk=FrontDeskSettings(sample_share=0),  # a slip drawn by chance would tell another story each time
        )
        clock = SetClock(BEGINS, NEW_YORK)
        store = open_store(settings.url, settings.store_folder, clock)
        yield Walk(store, settings, clock, sink, Path(made) / out)
        store.close()
