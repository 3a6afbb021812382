"""The whole life of letters in one process, to be killed at any step and started again: entered, made, sent, posted.

Lived again on a finished record it changes nothing. The mail server is a file that says which mails have arrived.
"""

import errno
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from followup.letter_pdf import Press
from refpad.services.letters.chase import Chaser
from refpad.services.letters.smtp import Mailer, TryLaterError
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.course import EntryKind
from schemas.errors import UsageError
from schemas.followup import FollowUpKind, FollowUpState
from schemas.letter import Letter, LetterState, Prefers
from schemas.letter_delivery import Delivery
from schemas.office import Office
from store.clock import SetClock
from store.courses.courses import course
from store.courses.entries import finish, save_draft, tell_visit
from store.database import Store
from store.directory.offices import add, edit, reserve_serials
from store.directory.providers import edit_provider
from store.followups import actions as follow_up_actions
from store.followups import listing, missing_information
from store.followups.listing import FollowUpQuery
from store.kept_files.in_folder import FileInFolder, KeptFolder
from store.kept_files.kept_file import Kind
from store.letters import actions as letter_actions
from store.workers import workers
from tests.crash.crash_life import WHO, opened
from tests.letter_life import accepted, in_doubt
from tests.schemas.entries import assessment

MAILS = "mails.json"
TROUBLES = "troubles"
EMAIL = "fenn@northside.example"


def settings_of(folder: Path) -> Settings:
    return Settings(folder=folder, delivery=Delivery(smtp_host="nowhere.example"))


def prepare(folder: Path) -> None:
    """A studio with an office whose address is not known, a provider by mail, one referral and one slip in doubt."""
    store, settings = opened(folder), settings_of(folder)
    add(store, Office(id="northside", name="Northside Family Practice"), WHO)
    reserve_serials(store, "northside", "met", 1, 50)
    accepted(store, settings, serial=7)
    edit_provider(store, 1, {"email": EMAIL, "prefers": Prefers.EMAIL}, WHO)
    in_doubt(store, settings, serial=8)
    store.close()


def arrived(folder: Path) -> list[str]:
    """The Message-IDs of all mails that the other side has, in their order."""
    path = folder / MAILS
    return list(json.loads(path.read_text())) if path.exists() else []


@dataclass(frozen=True)
class FileMailer:
    """A mail server that is one file; the first time it asks to repeat it later."""

    folder: Path

    def send(self, mail: EmailMessage) -> None:
        if _happens_once(self.folder, "mailer"):
            raise TryLaterError("The mail server asked to try later (code 451).")
        had = [*arrived(self.folder), str(mail["Message-ID"])]
        temporary = self.folder / f"{MAILS}.new"
        temporary.write_text(json.dumps(had))
        temporary.replace(self.folder / MAILS)


@dataclass(frozen=True)
class QuickPress:
    """Makes no PDF but bytes that are the letter's own; one letter it finds too long the first time."""

    folder: Path

    def pdf(self, letter: Letter) -> bytes:
        if _happens_once(self.folder, "press"):
            raise UsageError("The letter is 2 lines too long.")
        return f"%PDF {letter.kind.value} {letter.reference}".encode()


@dataclass(frozen=True)
class PageInFolder(FileInFolder):
    """The page of a letter; the first time that one is read the disk gives nothing."""

    life: Path

    def read_bytes(self) -> bytes:
        if _happens_once(self.life, "page"):
            raise OSError(errno.EIO, "Input/output error")
        return super().read_bytes()


@dataclass(frozen=True)
class LettersInFolder(KeptFolder):
    """The record's files, with such pages."""

    life: Path

    def file(self, kind: Kind, sha256: str) -> FileInFolder:
        found = super().file(kind, sha256)
        return PageInFolder(kind, sha256, found.path, self.life) if kind == "letters" else found


def _happens_once(folder: Path, trouble: str) -> bool:
    """Noted on disk, so that it outlives a crash."""
    path = folder / f"{TROUBLES}-{trouble}"
    if path.exists():
        return False
    path.touch()
    return True


Chase = Callable[[Chaser], None]


def ordinary(chaser: Chaser) -> None:
    for _ in chaser.chase():
        pass


def letters(folder: Path, store: Store, chase: Chase = ordinary) -> None:
    """Enter what there is to enter; make, release, send and post until no letter waits."""
    settings, clock = settings_of(folder), store.clock
    assert isinstance(clock, SetClock)
    _enter(store, settings)
    with workers.register_worker(store) as worker:
        mailer: Mailer = FileMailer(folder)
        kept = LettersInFolder(store.folder, folder) if chase is ordinary else None  # planted bugs send by themselves
        sending = replace(store, kept=kept)
        chaser = Chaser(sending, settings, rules_of(settings), cast("Press", QuickPress(folder)), mailer, worker)
        for _ in range(12):
            chase(chaser)
            clock.move(timedelta(minutes=10))
            _decide(folder, store, settings)
            if not letter_actions.letters(store):
                break
    for task in listing.list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT)).follow_ups:
        follow_up_actions.settle(store, rules_of(settings), task.id, FollowUpState.DONE, WHO)


def _enter(store: Store, settings: Settings) -> None:
    rules, record = rules_of(settings), course(store, 1)
    if record.next_visit_on != date(2026, 3, 24) and not record.entries:
        tell_visit(store, rules, 1, date(2026, 3, 24), WHO)
    if not record.entries:
        save_draft(store, 1, EntryKind.ASSESSMENT, {}, WHO)
    draft = course(store, 1).entries[0]
    if draft.state == "draft":
        finish(store, rules, 1, assessment(on="2026-03-03"), WHO, (draft.id, draft.version))
    if not listing.list_follow_ups(
        store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)
    ).total and not _was_asked(store):
        missing_information.ask_office(store, rules, 2, ["signature"], WHO)


def _was_asked(store: Store) -> bool:
    return bool(listing.list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION, ended=True)).total)


def _decide(folder: Path, store: Store, settings: Settings) -> None:
    """What the person at the desk does with letters that need one; of an uncertain one they ask the office.

    The letter that waits for the office's address goes by itself once that is entered.
    """
    rules = rules_of(settings)
    if any(not letter.can_go for letter in letter_actions.letters(store, [LetterState.HELD])):
        edit(store, "northside", {"address": "100 Sample Avenue"}, WHO)
    for letter in letter_actions.letters(store, [LetterState.FAILED, LetterState.UNCERTAIN]):
        has_it = letter.state is LetterState.UNCERTAIN and letter.message_id in arrived(folder)
        letter_actions.settle_letter(store, rules, letter.id, "sent" if has_it else "again", WHO)
    if letter_actions.letters(store, [LetterState.HELD]):
        letter_actions.release_all(store, WHO)
    batch = letter_actions.print_ready(store, WHO)
    batches = {letter.batch_id for letter in letter_actions.letters(store, [LetterState.PRINTING])} | {batch}
    for number in sorted(each for each in batches if each is not None):
        letter_actions.batch_pdfs(store, number)
        letter_actions.mark_posted(store, rules, number, WHO)
