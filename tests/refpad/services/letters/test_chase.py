"""Chasing: what is due is made, what may go goes, and what needs a person waits for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import cast

import pikepdf
import pytest
import sqlalchemy as sa

from followup.letter_pdf import Press
from refpad.services.letters.chase import NO_ADDRESS, NO_SERVER, Chaser, Fate, open_chaser
from refpad.services.letters.letters import press_of
from refpad.services.letters.printing import merged
from refpad.services.letters.smtp import CutOffError, Mailer, RefusedError, SmtpMailer, TryLaterError
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from schemas.followup import LETTER_OF, FollowUpKind, FollowUpState, LetterKind
from schemas.letter import Letter, LetterState, Prefers
from schemas.letter_delivery import RETRY_AFTER_S, Delivery
from schemas.office import Office
from store.clock import SetClock
from store.courses.entries import finish
from store.database import Store, open_store
from store.directory.offices import add, edit, reserve_serials
from store.followups.actions import settle
from store.followups.listing import FollowUp, FollowUpQuery, find_follow_up, list_follow_ups
from store.followups.planning import replan_offices
from store.kept_files.in_bucket import KeptBucket
from store.kept_files.in_folder import FileInFolder, KeptFolder, file_path
from store.kept_files.kept_file import Kind
from store.letters import actions
from store.letters.sending import LOST_PAGE
from store.verify import verify
from store.workers.workers import register_worker
from tests.databases import free_port
from tests.letter_life import accepted
from tests.schemas.entries import assessment
from tests.smtp_sink import sinking

WHO = "kim"
NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)


@dataclass
class ToldMailer:
    """Does what it is told with each mail, then sends."""

    endings: list[Exception] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)

    def send(self, mail: EmailMessage) -> None:
        if self.endings:
            raise self.endings.pop(0)
        self.mails.append(mail)


class QuickPress:
    """Makes bytes that are the letter's own; WeasyPrint is tested where letters are."""

    def pdf(self, letter: Letter) -> bytes:
        return f"%PDF {letter.kind.value} {letter.reference}".encode()


@dataclass
class Room:
    """A studio with a mail server, and an office that wants letters by mail."""

    store: Store
    settings: Settings
    clock: SetClock
    mailer: ToldMailer
    press: Press

    def chase(self) -> list[Fate]:
        with self.chaser() as chaser:
            return [each.fate for each in chaser.chase()]

    @contextmanager
    def chaser(self, mailer: Mailer | None = None) -> Iterator[Chaser]:
        with register_worker(self.store) as worker:
            yield Chaser(self.store, self.settings, rules_of(self.settings), self.press, mailer or self.mailer, worker)

    def task(self, kind: FollowUpKind = FollowUpKind.THANK_PROVIDER) -> FollowUp:
        asked = FollowUpQuery(kind=kind)
        found = (
            list_follow_ups(self.store, asked).follow_ups
            or list_follow_ups(self.store, asked.model_copy(update={"ended": True})).follow_ups
        )
        return found[0]

    def letters(self, *states: LetterState) -> list[actions.KeptLetter]:
        return actions.letters(self.store, states or list(LetterState))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    settings = Settings(folder=tmp_path / "data", delivery=Delivery(smtp_host="mail.example"))
    clock = SetClock(NOW, "America/New_York")
    store = open_store(settings.url, settings.store_folder, clock)
    office = Office(id="northside", name="Northside", email="desk@northside.example", prefers=Prefers.EMAIL)
    add(store, office, WHO)
    reserve_serials(store, "northside", "met", 1, 50)
    accepted(store, settings, serial=7)
    yield Room(store, settings, clock, ToldMailer(), cast("Press", QuickPress()))
    store.close()


def test_thanks_go_out_by_themselves_and_their_task_is_done(room: Room) -> None:
    """Same day, by mail, with the page that was made; a second chase finds nothing to do."""
    assert room.chase() == ["ready", "sent"]
    assert room.task().state is FollowUpState.DONE
    [mail] = room.mailer.mails
    assert mail["To"] == "desk@northside.example"
    [letter] = room.letters()
    assert (letter.state, letter.attempts, letter.message_id) == (LetterState.SENT, 1, mail["Message-ID"])
    assert room.chase() == []
    assert verify(room.store) == []


def test_a_real_letter_reaches_a_real_server(room: Room, tmp_path: Path) -> None:
    """The whole way, with nothing in place of anything."""
    with sinking(tmp_path) as sink:
        settings = room.settings.model_copy(update={"delivery": sink.delivery})
        with open_chaser(settings, room.store) as chaser:
            assert isinstance(chaser.mailer, SmtpMailer)
            assert [each.fate for each in chaser.chase()] == ["ready", "sent"]
        [mail] = sink.mails
        [page] = list(mail.iter_attachments())
        with pikepdf.open(BytesIO(page.get_content())) as document:
            assert len(document.pages) == 1


def test_a_report_waits_for_somebody_to_read_and_release_it(room: Room) -> None:
    """Nothing medical leaves the studio that no person has looked at."""
    room.chase()
    finish(room.store, rules_of(room.settings), 1, assessment(on="2026-03-03"), WHO)
    assert room.chase() == ["held"]
    task = room.task(FollowUpKind.ASSESSMENT_SUMMARY)
    assert (task.state, "release" in task.note) == (FollowUpState.WAITING, True)
    assert actions.release_all(room.store, WHO) == 1
    assert room.chase() == ["sent"]
    assert room.task(FollowUpKind.ASSESSMENT_SUMMARY).state is FollowUpState.DONE


def test_which_letters_go_by_themselves_is_a_setting(room: Room) -> None:
    """Some want to read the thanks as well."""
    room.settings = room.settings.model_copy(update={"delivery": Delivery(smtp_host="mail.example", unreleased=())})
    assert room.chase() == ["held"]


def test_a_letter_for_nobody_knows_where_is_held_until_the_address_is_entered(room: Room) -> None:
    """Printed without an address it would lie on the desk for ever; with one it is made again by itself."""
    edit(room.store, "northside", {"email": None, "prefers": Prefers.POST}, WHO)
    assert room.chase() == ["held"]
    [letter] = room.letters(LetterState.HELD)
    assert letter.message == NO_ADDRESS
    edit(room.store, "northside", {"address": "100 Sample Avenue"}, WHO)
    assert room.chase() == ["ready"]
    assert room.chase() == []


def test_a_letter_not_on_its_way_follows_its_address_and_one_that_is_does_not(room: Room) -> None:
    """Ready or held, it is made for the address of now; in the printer's batch, or sent, it stays as it was."""
    edit(room.store, "northside", {"address": "100 Sample Avenue", "prefers": Prefers.POST}, WHO)
    accepted(room.store, room.settings, serial=8, patient_name="Ben Moss")
    assert room.chase() == ["ready", "ready"]
    assert actions.print_ready(room.store, WHO) is not None
    accepted(room.store, room.settings, serial=9, patient_name="Cleo Hart")
    finish(room.store, rules_of(room.settings), 1, assessment(on="2026-03-03"), WHO)
    assert sorted(room.chase()) == ["held", "ready"]
    edit(room.store, "northside", {"address": "200 Sample Avenue"}, WHO)
    assert actions.print_ready(room.store, WHO) is None  # what was ready is made again before it is printed
    assert sorted(room.chase()) == ["held", "ready"]
    places = [letter.recipient and letter.recipient.address for letter in room.letters()]
    assert places == ["100 Sample Avenue"] * 2 + ["200 Sample Avenue"] * 2
    assert room.chase() == []
    assert verify(room.store) == []


def test_a_refused_address_is_mended_by_entering_the_right_one(room: Room) -> None:
    """Whoever corrects the address has said all there is to say: the letter goes, once."""
    room.mailer.endings = [RefusedError("The mail server refused the letter (code 550).")]
    assert room.chase() == ["ready", "refused"]
    edit(room.store, "northside", {"email": "front@northside.example"}, WHO)
    assert room.chase() == ["ready", "sent"]
    assert [mail["To"] for mail in room.mailer.mails] == ["front@northside.example"]


def test_an_office_with_an_email_alone_gets_its_letters_by_mail(room: Room) -> None:
    """Whatever it prefers, there is one way only; without a mail server the letter waits and says why."""
    edit(room.store, "northside", {"prefers": Prefers.POST}, WHO)
    with register_worker(room.store) as worker:
        alone = Chaser(room.store, room.settings, rules_of(room.settings), room.press, None, worker)
        assert [each.fate for each in alone.chase()] == ["held"]
        assert room.letters()[0].message == NO_SERVER
        assert list(alone.chase()) == []
    assert room.chase() == ["ready", "sent"]


def test_letters_on_paper_are_printed_together_and_done_when_posted(room: Room) -> None:
    """Printed is not posted: the task is done when somebody says so; a jammed batch is written again as it was."""
    edit(room.store, "northside", {"address": "100 Sample Avenue", "prefers": Prefers.POST}, WHO)
    room.press = press_of(room.settings)
    accepted(room.store, room.settings, serial=8, patient_name="Ben Moss")
    assert room.chase() == ["ready", "ready"]
    batch = actions.print_ready(room.store, WHO)
    assert batch is not None
    assert actions.print_ready(room.store, WHO) is None
    with pikepdf.open(BytesIO(merged(actions.batch_pdfs(room.store, batch)))) as document:
        assert len(document.pages) == 2
    assert actions.batch_pdfs(room.store, batch) == actions.batch_pdfs(room.store, batch)
    assert room.task().state is FollowUpState.WAITING
    rules = rules_of(room.settings)
    assert actions.mark_posted(room.store, rules, batch, WHO) == 2
    assert room.task().state is FollowUpState.DONE
    with pytest.raises(UsageError, match="waits to be posted"):
        actions.mark_posted(room.store, rules, batch, WHO)


def test_a_busy_server_is_tried_again_with_growing_pauses_and_then_given_to_a_person(room: Room) -> None:
    """Each try is one mail at most; between them nothing is tried, however often somebody chases."""
    room.mailer.endings = [TryLaterError("The mail server asked to try later (code 451).")] * 99
    assert room.chase() == ["ready", "later"]
    for pause_s in RETRY_AFTER_S:
        room.clock.move(timedelta(seconds=pause_s - 1))
        assert room.chase() == []
        room.clock.move(timedelta(seconds=2))
        last = room.chase()
    assert last == ["refused"]
    assert room.task().state is FollowUpState.FAILED
    assert f"tried {len(RETRY_AFTER_S) + 1} times" in room.task().note


def test_a_refusal_is_shown_to_a_person_at_once(room: Room) -> None:
    """An address that is wrong does not become right by waiting."""
    room.mailer.endings = [RefusedError("The mail server refused the letter (code 550).")]
    assert room.chase() == ["ready", "refused"]
    assert (room.task().state, "550" in room.task().note) == (FollowUpState.FAILED, True)
    room.clock.move(timedelta(days=30))
    assert room.chase() == []


@pytest.mark.parametrize(("verdict", "mails"), [("sent", 0), ("again", 1), ("drop", 0)])
def test_a_letter_that_may_have_arrived_is_never_sent_again_by_itself(
    verdict: actions.Verdict, mails: int, room: Room
) -> None:
    """A person asks the office, and says what to do."""
    room.mailer.endings = [CutOffError("The connection ended.")]
    assert room.chase() == ["ready", "uncertain"]
    room.clock.move(timedelta(days=30))
    assert room.chase() == []
    [letter] = room.letters(LetterState.UNCERTAIN)
    actions.settle_letter(room.store, rules_of(room.settings), letter.id, verdict, WHO)
    room.chase()
    assert len(room.mailer.mails) == mails
    ended = room.task().state
    assert ended is (FollowUpState.FAILED if verdict == "drop" else FollowUpState.DONE)


def test_a_broken_mail_server_stops_the_chase_and_loses_nothing(room: Room) -> None:
    """A wrong password is told in a sentence; mended, the letter goes out."""
    room.mailer.endings = [MachineError("The mail server refuses user and password: check the delivery settings.")]
    with pytest.raises(MachineError):
        room.chase()
    room.clock.move(timedelta(minutes=6))
    assert room.chase() == ["sent"]


def test_one_letter_that_cannot_be_made_does_not_stop_the_others(room: Room) -> None:
    """Whatever is wrong with it, known or not; the reason stands with the task and names no patient."""

    class Breaking(QuickPress):
        def pdf(self, letter: Letter) -> bytes:
            if letter.reference == "R-1":
                raise KeyError("Ada Quill")
            return super().pdf(letter)

    accepted(room.store, room.settings, serial=8, patient_name="Ben Moss")
    room.press = cast("Press", Breaking())
    assert room.chase() == ["failed", "ready", "sent"]
    failed = next(task for task in list_follow_ups(room.store, FollowUpQuery(state=FollowUpState.FAILED)).follow_ups)
    assert failed.note.startswith("Unexpected KeyError at")
    assert "Quill" not in failed.note


@pytest.mark.parametrize("damage", [Path.unlink, lambda page: page.write_bytes(b"%PDF other")])
def test_a_letter_whose_page_is_lost_is_a_persons_and_was_never_sent(
    damage: Callable[[Path], object], room: Room
) -> None:
    """Called uncertain, it would have somebody ask the office for a mail that never left; the others go."""
    accepted(room.store, room.settings, serial=8, patient_name="Ben Moss")
    damage(page_of_first_letter(room))
    assert room.chase() == ["failed", "sent"]
    assert [(letter.id, letter.message, letter.attempts) for letter in room.letters(LetterState.FAILED)] == [
        (1, LOST_PAGE, 0)
    ]
    actions.settle_letter(room.store, rules_of(room.settings), 1, "again", WHO)
    assert room.chase() == ["ready", "sent"]
    assert len(room.mailer.mails) == 2
    assert verify(room.store) == []


def test_a_letter_whose_page_cannot_be_read_now_waits_and_the_others_go(room: Room) -> None:
    """A bad sector, or a disk that is not there: what is mended by somebody else needs no word from the office."""
    accepted(room.store, room.settings, serial=8, patient_name="Ben Moss")
    page = page_of_first_letter(room)
    elsewhere = page.rename(page.with_name("elsewhere"))
    page.symlink_to(elsewhere)
    assert room.chase() == ["later", "sent"]
    assert "cannot be read" in room.letters(LetterState.READY)[0].message
    elsewhere.replace(page)
    assert room.chase() == []
    room.clock.move(timedelta(seconds=RETRY_AFTER_S[0] + 1))
    assert room.chase() == ["sent"]


def test_while_the_store_of_files_is_away_no_letter_is_spent(room: Room) -> None:
    """One a round became uncertain, as if the program had ended while it was sent."""
    page_of_first_letter(room)
    at_hand = room.store
    away = KeptBucket("s3://letters/studio", at_hand.incoming, f"http://127.0.0.1:{free_port()}")
    room.store = replace(at_hand, kept=away)
    assert room.chase() == ["later"]
    assert room.chase() == []
    [letter] = room.letters()
    assert (letter.state, letter.attempts) == (LetterState.READY, 0)
    assert "does not answer or refuses" in letter.message
    room.store = at_hand
    room.clock.move(timedelta(seconds=RETRY_AFTER_S[0] + 1))
    assert room.chase() == ["sent"]


def test_a_letter_whose_task_was_settled_while_its_page_was_read_is_not_sent(room: Room) -> None:
    """From a bucket a page takes its time; in the meantime somebody has telephoned."""
    page_of_first_letter(room)

    class Settling(KeptFolder):
        def file(self, kind: Kind, sha256: str) -> FileInFolder:
            settle(store, rules_of(room.settings), room.task().id, FollowUpState.DONE, WHO)
            return super().file(kind, sha256)

    store = room.store
    room.store = replace(store, kept=Settling(store.folder))
    assert room.chase() == []
    assert [letter.state for letter in room.letters()] == [LetterState.DROPPED]
    assert room.mailer.mails == []


def page_of_first_letter(room: Room) -> Path:
    """Where it is kept, once all letters are made and none is sent."""
    with room.chaser() as chaser:
        list(chaser.make())
    sha256 = room.letters()[0].pdf_sha256
    assert sha256 is not None
    return file_path(room.store.folder, "letters", sha256)


def test_a_task_that_somebody_settles_has_its_letter_dropped(room: Room) -> None:
    """Thanked by telephone; a second thanks by mail would be odd."""
    room.mailer.endings = [TryLaterError("later")]
    room.chase()
    settle(room.store, rules_of(room.settings), room.task().id, FollowUpState.DONE, WHO, "by telephone")
    room.clock.move(timedelta(days=1))
    assert room.chase() == []
    assert room.letters()[0].state is LetterState.DROPPED


def test_a_letter_whose_task_was_settled_while_it_was_sent_is_not_tried_again(room: Room) -> None:
    """The server asked to repeat it; in the meantime somebody has telephoned."""

    class Settling(ToldMailer):
        def send(self, mail: EmailMessage) -> None:
            settle(room.store, rules_of(room.settings), room.task().id, FollowUpState.DONE, WHO)
            raise TryLaterError("later")

    room.mailer = Settling()
    assert room.chase() == ["ready", "later"]
    assert room.letters()[0].state is LetterState.DROPPED


def test_two_workers_send_each_letter_once(room: Room) -> None:
    """They share the queue, one follow-up at a time."""
    for serial in range(8, 14):
        accepted(room.store, room.settings, serial=serial, patient_name=f"Patient {serial}")
    with room.chaser() as one, room.chaser() as other:
        first, second = one.chase(), other.chase()
        while (next(first, None), next(second, None)) != (None, None):
            continue
    assert len(room.mailer.mails) == len({str(mail["Message-ID"]) for mail in room.mailer.mails}) == 7


def test_an_ordinary_restart_holds_nothing(room: Room) -> None:
    """Held letters after each start would teach people to release without looking."""
    for serial in (8, 9):
        room.chase()
        room.store.close()
        room.store = open_store(room.settings.url, room.settings.store_folder, room.clock)
        accepted(room.store, room.settings, serial=serial, patient_name=f"Patient {serial}")
    assert room.chase() == ["ready", "sent"]


def test_offices_are_remembered_when_they_fall_quiet(room: Room) -> None:
    """Sixty days after the last referral; a new referral moves the day."""
    room.chase()
    assert room.task(FollowUpKind.KEEP_IN_TOUCH).due == room.clock.today() + timedelta(days=60)
    room.clock.move(timedelta(days=10))
    accepted(room.store, room.settings, serial=8, patient_name="Ben Moss")
    replan_offices(room.store, rules_of(room.settings))
    assert room.task(FollowUpKind.KEEP_IN_TOUCH).due == room.clock.today() + timedelta(days=60)
    _, [moved] = find_follow_up(room.store, room.task(FollowUpKind.KEEP_IN_TOUCH).id)
    assert moved.what == "moved"


def test_an_hour_in_which_no_office_changed_writes_nothing(room: Room) -> None:
    """A write for each office is a wait for the disk: with hundreds of offices, a minute of each hour."""
    replan_offices(room.store, rules_of(room.settings))
    begun: list[str] = []
    sa.event.listen(room.store.engine, "before_cursor_execute", lambda *said: begun.append(said[2]))
    replan_offices(room.store, rules_of(room.settings))
    assert [said for said in begun if not said.lstrip().upper().startswith(("BEGIN", "SELECT", "WITH"))] == []
    assert begun.count("BEGIN") == 1


def test_pads_that_run_low_are_noticed_by_the_serials_seen(room: Room) -> None:
    """Slip 41 of 50 came in: nine are left, and new ones are due."""
    accepted(room.store, room.settings, serial=41, patient_name="Ben Moss")
    room.chase()
    low = room.task(FollowUpKind.RESTOCK_PADS)
    assert (low.state, low.due, low.office_name) == (FollowUpState.OPEN, room.clock.today(), "Northside")
    reserve_serials(room.store, "northside", "met", 1, 50)
    room.chase()
    assert room.task(FollowUpKind.RESTOCK_PADS).state is FollowUpState.DONE


def test_every_letter_about_a_patient_is_the_letter_of_a_follow_up() -> None:
    """The others are written when somebody asks for them."""
    asked_for = {LetterKind.KEEP_IN_TOUCH, LetterKind.HOW_TO_REFER, LetterKind.PAD_COVER, LetterKind.SESSION_LOG}
    assert set(LETTER_OF.values()) == set(LetterKind) - asked_for


def test_a_fax_goes_by_itself_where_a_gateway_is_set_and_is_printed_elsewhere(room: Room) -> None:
    """Once, by the steps of every mail; nobody walks to the machine."""
    edit(room.store, "northside", {"fax": "(212) 555-0101", "prefers": Prefers.FAX}, WHO)
    assert room.chase() == ["ready"]
    assert actions.letters(room.store)[0].channel == "print"
    delivery = room.settings.delivery.model_copy(update={"smtp_host": "localhost", "fax_address": "{fax}@fax.example"})
    room.settings = room.settings.model_copy(update={"delivery": delivery})
    accepted(room.store, room.settings, 8)
    assert (room.chase(), room.chase()) == (["ready", "sent"], [])
    assert [str(mail["To"]) for mail in room.mailer.mails] == ["12125550101@fax.example"]
    assert verify(room.store) == []
