"""What is past its term goes everywhere and for good; everything else stays as it was."""

import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from followup.letter_pdf import Press
from refpad.services.backups import write_backup
from refpad.services.connecting.after_purge import FHIR_FOLDER
from refpad.services.connecting.fhir import export_fhir
from refpad.services.connecting.lines import export_jsonl, export_parquet
from refpad.services.exports import export_calendar, export_csv
from refpad.services.letters.chase import Chaser
from refpad.services.purging import end_unfinished, preview, run_purge
from refpad.services.reading.vocabulary import WordBook
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.backup import BackupSettings
from schemas.course import EntryKind
from schemas.errors import UsageError
from schemas.export import Exported
from schemas.followup import FollowUpState
from schemas.letter import Letter
from schemas.office import Office
from schemas.retention import RetentionSettings
from store.backup import Destination, find_backup, restore
from store.clock import SetClock
from store.courses.entries import finish
from store.courses.unsaved import keep_unsaved
from store.database import Store, open_store
from store.directory.offices import add, reserve_serials
from store.followups import actions as follow_up_actions
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.history import referral_history
from store.letters import actions
from store.purge.again import purge_again
from store.purge.holds import lift_hold, set_hold
from store.referrals.amend import amend
from store.referrals.referrals import exported_referrals
from store.review.diagnosis_codes import confirm
from store.search.search import Searcher
from store.tables import file, outbox, slip
from store.verify import verify
from store.workers.workers import register_worker
from tests.databases import in_memory
from tests.letter_life import accepted
from tests.schemas.entries import assessment, discharge

WHO = "kim"
BEGAN = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
YEARS = timedelta(days=366)
NAME, PHONE, DIAGNOSIS = "Zyphora Quellwig", "2125550177", "xanthic kneequake"
SAID = {"patient_name": NAME, "patient_phone": "(212) 555-0177", "diagnosis": DIAGNOSIS}
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory: syncing to a disk would only cost time."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as made:
        yield Path(made)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(BEGAN, "America/New_York")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        folder=tmp_path / "data",
        state_folder=tmp_path / "state",
        practice=False,
        backup=BackupSettings(folder=tmp_path / "disk", keep=3),
        retention=RetentionSettings(referrals_years=7, rejected_years=1),
    )


@pytest.fixture
def store(settings: Settings, clock: SetClock) -> Iterator[Store]:
    """Zyphora's referral with all that a referral can have, which ended in 2026; and Ada's, of three years later."""
    opened = open_store(settings.url, settings.store_folder, clock, settings.state)
    settings.folder.joinpath("inbox").mkdir(exist_ok=True)
    add(opened, Office(id="northside", name="Northside", address="100 Sample Avenue"), WHO)
    reserve_serials(opened, "northside", "met", 1, 50)
    live(opened, settings, 7, SAID)
    clock.move(3 * YEARS)
    live(opened, settings, 8, {"patient_name": "Ada Quill", "signed_on": clock.today().isoformat()})
    for what in Exported:
        export_csv(opened, settings, what, settings.exports / f"{what.value}.csv")
        export_jsonl(opened, settings, what, settings.exports / f"{what.value}.jsonl")
        export_parquet(opened, settings, what, settings.exports / f"{what.value}.parquet")
    assert len(list(export_fhir(opened, settings, settings.exports / FHIR_FOLDER))) == 2
    export_calendar(opened, settings, settings.exports / "follow-ups.ics")
    yield opened
    opened.close()


def live(store: Store, settings: Settings, serial: int, said: dict[str, str]) -> None:
    """A referral from its slip to its end: typed, corrected, assessed, written about, discharged."""
    rules, day = rules_of(settings), store.clock.today().isoformat()
    accepted(store, settings, serial, **said)
    newest = Searcher(store).search("")[0]
    number, name = newest.id, newest.patient_name
    confirm(store, serial - 6, "M17.11", "Unilateral primary osteoarthritis, right knee", WHO)
    typed = {"observed": {"function": f"typed of {name}"}}
    keep_unsaved(store, number, EntryKind.PROGRESS, None, typed, WHO)
    finish(store, rules, number, assessment(on=day), WHO)
    chased(store, settings)
    amend(store, rules, number, {"goals": f"walk of {name}"}, f"{name} rang", WHO)
    finish(store, rules, number, discharge(on=day), WHO)
    chased(store, settings)
    actions.release_all(store, WHO)
    batch = actions.print_ready(store, WHO)
    assert batch is not None
    actions.mark_posted(store, rules, batch, WHO)
    for task in list_follow_ups(store, FollowUpQuery()).follow_ups:
        if task.patient_name:
            follow_up_actions.settle(store, rules, task.id, FollowUpState.SKIPPED, WHO, f"{name} moved away")
    [record] = [row.referral for row in exported_referrals(store) if row.referral_id == str(number)]
    WordBook(settings.words).learn(record)


def chased(store: Store, settings: Settings) -> None:
    with register_worker(store) as worker:
        press = cast("Press", FlatePress())
        for _ in Chaser(store, settings, rules_of(settings), press, None, worker).chase():
            pass


class FlatePress:
    """What a letter says, compressed as PDFs are, and not set in type."""

    def pdf(self, letter: Letter) -> bytes:
        return b"%PDF-1.7\nstream\n" + zlib.compress(repr(letter).encode()) + b"\nendstream\n%%EOF"


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file in the folder, and what is compressed in it, as far as it can be opened."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path, content
            for stream in STREAM.findall(content):
                try:
                    yield path, zlib.decompressobj().decompress(stream)
                except zlib.error:
                    continue


def words_of(hashes: set[str]) -> set[str]:
    return {*NAME.lower().split(), *DIAGNOSIS.split(), PHONE, "555-0177", *hashes}


def traces(folder: Path, hashes: set[str]) -> set[tuple[str, str]]:
    """Where in the folder a name, phone, diagnosis, hash or note of Zyphora's can be read, in any case or spacing."""
    found = set()
    for path, content in bytes_of(folder):
        plain = content.decode("latin-1").lower()
        found |= {(path.name, word) for word in words_of(hashes) if word in plain or word in str(path).lower()}
    return found


def hashes_of(store: Store, slip_id: int) -> set[str]:
    """Of the original, the picture and the letters of a slip."""
    letters = sa.select(outbox.c.pdf_sha256).where(outbox.c.pdf_sha256.is_not(None))
    with store.read() as connection:
        row = connection.execute(
            sa.select(file.c.sha256, slip.c.picture_sha256).join(slip).where(slip.c.id == slip_id)
        ).one()
        its = connection.execute(letters.where(outbox.c.id <= 3)).scalars().all()
    return {*row, *its}


def rows_of(store: Store, number: int) -> list[object]:
    """A referral's whole history but for who has looked at it, and the bytes of its letters."""
    told = referral_history(store, number, WHO)
    pdfs = [
        hashlib.sha256(actions.letter_pdf(store, letter.id)).hexdigest()
        for letter in told.letters
        if letter.state == "sent"
    ]
    return [told.model_copy(update={"acts": ()}), pdfs]


def test_no_byte_of_what_was_purged_is_left_and_all_else_is_as_it_was(
    store: Store, settings: Settings, clock: SetClock
) -> None:
    """Record, original, picture, letters, drafts, notes, search, exports, learned words, log and free pages."""
    hashes = hashes_of(store, 1)
    for path in (settings.store_folder / "letters").rglob("*.pdf"):
        os.utime(path, (0, 0))  # also the one that was made again: a new one may be waiting for its row
    assert {word for _, word in traces(settings.folder, hashes)} == words_of(hashes)
    kept = rows_of(store, 2)
    clock.move(7 * YEARS - 3 * YEARS)
    planned = preview(settings, store)
    assert (planned.files, planned.referrals, planned.due[0].referrals) == (1, 1, (1,))
    done = run_purge(settings, store, WHO)
    assert done.purge.counts == {
        "files": 1,
        "pages": 1,
        "slips": 1,
        "referrals": 1,
        "letters": 3,
        "left in the inbox": 0,
    }
    assert traces(settings.folder, hashes) == set()
    assert traces(settings.state, hashes) == set()
    assert rows_of(store, 2) == kept
    assert [found.id for found in Searcher(store).search("quill")] == [2]
    assert verify(store) == []
    with pytest.raises(
        UsageError, match=r"Referral 1 was purged on 2033-.* by kim \(referrals 7 years after their end"
    ):
        referral_history(store, 1, WHO)
    with pytest.raises(UsageError, match="Nothing is past its term"):
        run_purge(settings, store, WHO)


def test_what_is_held_or_goes_on_or_shares_its_scan_stays(store: Store, settings: Settings, clock: SetClock) -> None:
    """A hold is lifted by a person with a reason; nothing else keeps a referral whose years are over."""
    set_hold(store, 1, "a claim is open", WHO)
    with pytest.raises(UsageError, match="under a legal hold already"):
        set_hold(store, 1, "again", WHO)
    clock.move(4 * YEARS)
    planned = preview(settings, store)
    assert (planned.due, [hold.reason for hold in planned.holds]) == ((), ["a claim is open"])
    with pytest.raises(UsageError, match="Nothing is past its term"):
        run_purge(settings, store, WHO)
    with pytest.raises(UsageError, match="Say why"):
        lift_hold(store, 1, " ", WHO)
    lift_hold(store, 1, "it was settled", WHO)
    assert [scan.referrals for scan in preview(settings, store).due] == [(1,)]
    [hold] = referral_history(store, 1, WHO).legal_holds
    assert (hold.why_lifted, hold.lifted_by) == ("it was settled", WHO)


def test_an_older_backup_does_not_bring_back_what_was_purged(
    store: Store, settings: Settings, clock: SetClock, tmp_path: Path
) -> None:
    """Not here, and not on a computer that knows nothing but the folder of backups; until then the report names it."""
    settings.folder.with_name("disk").mkdir()
    assert settings.backup.folder is not None
    write_backup(settings, store, settings.backup.folder, WHO)
    hashes = hashes_of(store, 1)
    clock.move(4 * YEARS)
    done = run_purge(settings, store, WHO)
    assert [holder.place for holder in done.held_by] == [f"backup {find_backup(settings.backup.folder).name}"]
    assert done.held_by[0].until.startswith("until 3 more backups are made: at one a day, 2033-")
    elsewhere = settings.model_copy(update={"folder": tmp_path / "new", "state_folder": tmp_path / "new-state"})
    place = Destination(elsewhere.url, elsewhere.store_folder, elsewhere.state, clock)
    restore(find_backup(settings.backup.folder), place, WHO, replace=False)
    again = open_store(elsewhere.url, elsewhere.store_folder, clock, elsewhere.state)
    assert purge_again(again) is not None
    assert purge_again(again) is None
    assert [problem.subject for problem in verify(again)] == ["purge 1"]
    assert end_unfinished(elsewhere, again, WHO) is not None
    assert verify(again) == []
    assert [row.referral_id for row in exported_referrals(again)] == ["2"]
    again.close()
    assert traces(elsewhere.folder, hashes) == set()
