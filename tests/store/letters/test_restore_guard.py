"""However an older record comes into the place of a newer one: no letter that has left leaves once more."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from followup.letter_pdf import Press
from refpad.services.letters.chase import Chaser, Fate
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.letter import LetterState, Prefers
from schemas.letter_delivery import Delivery
from schemas.office import Office
from store.clock import SetClock
from store.database import Store, open_store
from store.directory.offices import add, edit, reserve_serials
from store.letters import actions
from store.letters.restore_guard import RESTORED, PutBack, acknowledge, begin_again, check_restored, find_put_back
from store.verify import verify
from store.workers.workers import register_worker
from tests.letter_life import accepted
from tests.refpad.services.letters.test_chase import QuickPress, ToldMailer

WHO = "kim"
Restore = Callable[[Path, Path], Path]


class Studio:
    """A record that is closed and opened as the program ends and starts, with the mails that have left it."""

    def __init__(self, tmp_path: Path, clock: SetClock) -> None:
        self.folder, self.state, self.clock, self.mailer = tmp_path / "data", tmp_path / "state", clock, ToldMailer()
        self.folder.mkdir()

    @property
    def settings(self) -> Settings:
        delivery = Delivery(smtp_host="mail.example")
        return Settings(folder=self.folder, state_folder=self.state, delivery=delivery)

    def open(self) -> Store:
        settings = self.settings
        return open_store(settings.url, settings.store_folder, self.clock, settings.state)

    def chase(self) -> list[Fate]:
        store = self.open()
        with register_worker(store) as worker:
            press = cast("Press", QuickPress())
            chaser = Chaser(store, self.settings, rules_of(self.settings), press, self.mailer, worker)
            fates = [letter.fate for letter in chaser.chase()]
        store.close()
        return fates

    def subjects(self) -> list[str]:
        return sorted(str(mail["Subject"]) for mail in self.mailer.mails)


@pytest.fixture
def studio(tmp_path: Path, clock: SetClock) -> Studio:
    """With an office that wants letters by mail, and a referral whose thanks are not written yet."""
    made = Studio(tmp_path, clock)
    store = made.open()
    add(store, Office(id="northside", name="Northside", email="desk@northside.example", prefers=Prefers.EMAIL), WHO)
    reserve_serials(store, "northside", "met", 1, 50)
    accepted(store, made.settings, serial=7)
    store.close()
    return made


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)


def copied_over(backup: Path, folder: Path) -> Path:
    """In place: each file keeps its inode."""
    run("cp", "-a", f"{backup}/.", folder)
    return folder


def copied_over_without_times(backup: Path, folder: Path) -> Path:
    run("cp", "-r", f"{backup}/.", folder)
    return folder


def unpacked_over(backup: Path, folder: Path) -> Path:
    run("tar", "-cf", backup.with_suffix(".tar"), "-C", backup, ".")
    run("tar", "-xf", backup.with_suffix(".tar"), "-C", folder)
    return folder


def unpacked_into_the_same_files(backup: Path, folder: Path) -> Path:
    run("tar", "-cf", backup.with_suffix(".tar"), "-C", backup, ".")
    run("tar", "--overwrite", "-xf", backup.with_suffix(".tar"), "-C", folder)
    return folder


def copied_in_place_of_it(backup: Path, folder: Path) -> Path:
    shutil.rmtree(folder)
    run("cp", "-a", backup, folder)
    return folder


def moved_in_place_of_it(backup: Path, folder: Path) -> Path:
    """As when an image of the disk is put back: the very files of that day."""
    folder.rename(folder.with_name("newer"))
    backup.rename(folder)
    return folder


def copied_to_another_place(backup: Path, folder: Path) -> Path:
    run("cp", "-a", backup, folder.with_name("elsewhere"))
    return folder.with_name("elsewhere")


def database_alone_without_its_log(backup: Path, folder: Path) -> Path:
    for log in folder.glob("store/refpad.sqlite-*"):
        log.unlink()
    run("cp", "-a", backup / "store" / "refpad.sqlite", folder / "store")
    return folder


def database_with_its_log(backup: Path, folder: Path) -> Path:
    for log in folder.glob("store/refpad.sqlite-*"):
        log.unlink()
    for file in backup.glob("store/refpad.sqlite*"):
        run("cp", "-a", file, folder / "store")
    return folder


RESTORES: tuple[Restore, ...] = (
    copied_over,
    copied_over_without_times,
    unpacked_over,
    unpacked_into_the_same_files,
    copied_in_place_of_it,
    moved_in_place_of_it,
    copied_to_another_place,
    database_alone_without_its_log,
    database_with_its_log,
)


@pytest.mark.parametrize("with_log", [False, True], ids=["stopped", "running"])
@pytest.mark.parametrize("restore", RESTORES)
def test_what_was_sent_since_the_backup_is_not_sent_again(
    studio: Studio, tmp_path: Path, restore: Restore, with_log: bool
) -> None:
    """The backup was taken while refpad was stopped, or while it ran, when the last changes lie in SQLite's log."""
    running = studio.open() if with_log else None
    if running is not None:
        accepted(running, studio.settings, serial=8)
    backup = tmp_path / "backup"
    run("cp", "-a", studio.folder, backup)
    if running is not None:
        running.close()
    first = studio.chase()
    assert first.count("sent") == 1 + with_log
    sent = studio.subjects()
    studio.folder = restore(backup, studio.folder)
    assert set(studio.chase()) == {"held"}
    assert studio.subjects() == sent
    store = studio.open()
    assert {letter.message for letter in actions.letters(store, [LetterState.HELD])} == {RESTORED}
    store.close()


def test_what_was_printed_may_be_in_the_mail(studio: Studio, tmp_path: Path) -> None:
    """The backup knows that it was printed, not that it was mailed since: a person says so."""
    store = studio.open()
    edit(store, "northside", {"prefers": Prefers.POST, "address": "100 Sample Avenue"}, WHO)
    store.close()
    assert studio.chase() == ["ready"]
    store = studio.open()
    assert actions.print_ready(store, WHO) is not None
    store.close()
    run("cp", "-a", studio.folder, tmp_path / "backup")
    store = studio.open()
    actions.mark_posted(store, rules_of(studio.settings), 1, WHO)
    store.close()
    copied_over(tmp_path / "backup", studio.folder)
    studio.chase()
    store = studio.open()
    [letter] = actions.letters(store)
    assert (letter.state, letter.message) == (LetterState.UNCERTAIN, RESTORED)
    store.close()


def test_letters_of_later_referrals_go_as_ever(studio: Studio, tmp_path: Path) -> None:
    """Only what the newer record may have sent is in doubt."""
    run("cp", "-a", studio.folder, tmp_path / "backup")
    studio.chase()
    copied_over(tmp_path / "backup", studio.folder)
    studio.chase()
    store = studio.open()
    studio.clock.move(timedelta(minutes=1))
    accepted(store, studio.settings, serial=9)
    store.close()
    assert studio.chase() == ["ready", "sent"]


def test_work_that_goes_on_over_an_older_record_does_not_hide_it(studio: Studio, tmp_path: Path) -> None:
    """The audit of the older record may have grown longer than the one that was lost."""
    run("cp", "-a", studio.folder, tmp_path / "backup")
    studio.chase()
    copied_over(tmp_path / "backup", studio.folder)
    store = studio.open()
    for serial in range(20, 30):
        accepted(store, studio.settings, serial=serial)
    store.close()
    assert set(studio.chase()) == {"held"}


def test_a_lost_anchor_counts_as_a_record_that_was_moved(studio: Studio) -> None:
    """On a new computer nothing tells what the old one has sent."""
    shutil.rmtree(studio.state)
    assert studio.chase() == ["held"]


def test_a_start_holds_nothing_and_a_move_without_loss_neither(studio: Studio, tmp_path: Path) -> None:
    """Letters held for nothing teach people to release without looking."""
    studio.open().close()
    studio.folder = studio.folder.rename(tmp_path / "moved")
    assert studio.chase() == ["ready", "sent"]


def test_verify_says_so_until_a_person_has_said_that_it_was_them(studio: Studio, tmp_path: Path) -> None:
    """Whoever cuts off the audit's end must not get away by starting refpad once."""
    run("cp", "-a", studio.folder, tmp_path / "backup")
    studio.chase()
    copied_over(tmp_path / "backup", studio.folder)
    store = studio.open()
    assert "which is anchored, is not in it" in problems(store)
    assert check_restored(store)
    assert "refpad restore --acknowledge" in problems(store)
    assert not check_restored(store)
    assert acknowledge(store, WHO)
    assert problems(store) == ""
    assert not acknowledge(store, WHO)
    store.close()


def test_people_are_told_until_it_is_acknowledged_and_no_letter_is_held_for_it(studio: Studio, tmp_path: Path) -> None:
    """When, how, and how many letters: whoever finds letters held wants to know why."""
    run("cp", "-a", studio.folder, tmp_path / "backup")
    studio.chase()
    copied_over(tmp_path / "backup", studio.folder)
    store = studio.open()
    assert find_put_back(store) is None
    assert check_restored(store)
    back = find_put_back(store)
    assert back == PutBack(at=studio.clock.now(), backup="", held=0, is_acknowledged=False)
    store.close()
    studio.chase()
    store = studio.open()
    acknowledge(store, WHO)
    assert find_put_back(store) == replace(back, held=1, is_acknowledged=True)
    [letter] = actions.letters(store, [LetterState.HELD])
    actions.settle_letter(store, rules_of(studio.settings), letter.id, "drop", WHO)
    assert find_put_back(store) is None
    store.close()


def test_a_restore_is_told_for_a_week_though_no_letter_is_held(studio: Studio) -> None:
    """What was entered since the backup is not there any more, and most who work here did not restore it."""
    store = studio.open()
    assert store.anchor is not None
    with store.write() as connection:
        begin_again(store, connection, store.anchor.read(), "2026-03-03-150000")
    acknowledge(store, WHO)
    back = PutBack(at=studio.clock.now(), backup="2026-03-03-150000", held=0, is_acknowledged=True)
    studio.clock.move(timedelta(days=6))
    assert find_put_back(store) == back
    studio.clock.move(timedelta(days=1))
    assert find_put_back(store) is None
    store.close()


def problems(store: Store) -> str:
    return " ".join(problem.message for problem in verify(store))
