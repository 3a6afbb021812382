"""A file stays in the inbox for some minutes after it was taken in; a writer that comes back loses nothing."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.limits import Limits
from store import files
from store.clock import SetClock
from store.database import Store
from store.intake.ledger.files import ledger
from store.intake.ledger.progress import latest_files
from store.intake.taking_in.kept import fingerprint_of, kept_fingerprints
from store.intake.taking_in.take_in import TakeIn, TakenIn, take_in
from store.intake.versions import grown_files
from store.tables import occurrence
from store.verify import verify
from tests.audit import audit_lines

KEEP_S = 180.0


def look(store: Store, inbox: Path) -> list[TakenIn]:
    """Everything in the inbox is offered once more, as at each sweep."""
    return [take_in(store, path, Limits(), keep_s=KEEP_S) for path in sorted(inbox.iterdir())]


def outcomes(store: Store, inbox: Path) -> list[TakeIn]:
    return [taken.outcome for taken in look(store, inbox)]


def contents(store: Store) -> list[bytes]:
    """What the originals hold."""
    return sorted(path.read_bytes() for path in (store.folder / "originals").rglob("*") if path.is_file())


def versions(store: Store) -> list[int | None]:
    with store.read() as connection:
        return list(connection.execute(sa.select(occurrence.c.version_of).order_by(occurrence.c.id)).scalars())


def test_a_file_that_was_taken_in_stays_for_its_time_and_then_goes(store: Store, inbox: Path, clock: SetClock) -> None:
    """Looked at as often as may be, it is one drop; it goes at the first look after its time, and not before."""
    (inbox / "scan.pdf").write_bytes(b"page 1")
    (taken,) = look(store, inbox)
    assert (taken.outcome, taken.kept_until) == (TakeIn.TAKEN, clock.now() + timedelta(seconds=KEEP_S))
    clock.move(timedelta(seconds=KEEP_S - 1))
    assert outcomes(store, inbox) == [TakeIn.KNOWN]
    assert (inbox / "scan.pdf").exists()
    clock.move(timedelta(seconds=1))
    assert outcomes(store, inbox) == [TakeIn.KNOWN]
    assert list(inbox.iterdir()) == []
    assert (ledger(store).seen, kept_fingerprints(store), verify(store)) == (1, frozenset(), [])


WAYS: dict[str, Callable[[Path], object]] = {
    "at its end": lambda path: path.open("ab").write(b" and page 2"),
    "from its beginning": lambda path: path.write_bytes(b"page 2 and page 1"),
    "with the same size": lambda path: path.write_bytes(b"page 2"),
    "shorter": lambda path: path.write_bytes(b"2"),
}


@pytest.mark.parametrize("late", [False, True], ids=["soon", "when its time is up"])
@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_to_a_file_after_it_was_taken_in_is_a_version_of_it(
    way: str, late: bool, store: Store, inbox: Path, clock: SetClock
) -> None:
    """A scanner that closes after each page and opens the file for the next: both versions are kept, once each."""
    path = inbox / "scan.tif"
    path.write_bytes(b"page 1")
    look(store, inbox)
    clock.move(timedelta(seconds=late * KEEP_S))
    WAYS[way](path)
    written = path.read_bytes()
    assert outcomes(store, inbox) == [TakeIn.TAKEN]
    assert path.read_bytes() == written
    assert (contents(store), versions(store)) == (sorted([b"page 1", written]), [None, 1])
    clock.move(timedelta(seconds=KEEP_S))
    look(store, inbox)
    assert list(inbox.iterdir()) == []
    assert (ledger(store).seen, ledger(store).duplicate, grown_files(store), verify(store)) == (2, 0, 1, [])
    assert [line["detail"] for line in audit_lines(store) if line["what"] == "new_version"] == [{"of": 1}]


def test_a_file_that_grows_page_by_page_is_read_at_each_step(store: Store, inbox: Path, clock: SetClock) -> None:
    """Each version follows the one before it, and its time begins anew."""
    path = inbox / "scan.tif"
    for pages in range(1, 5):
        path.write_bytes(b"page " * pages)
        look(store, inbox)
        clock.move(timedelta(seconds=KEEP_S - 1))
    assert versions(store) == [None, 1, 2, 3]
    assert len(kept_fingerprints(store)) == 1
    assert path.exists()
    assert [file.grew_from for file in latest_files(store, 9)] == [3, 2, 1, None]


def test_other_rights_or_times_make_no_other_drop(store: Store, inbox: Path, clock: SetClock) -> None:
    """File servers set a file's times and rights after it is closed: nobody has sent it twice."""
    path = inbox / "scan.pdf"
    path.write_bytes(b"page 1")
    look(store, inbox)
    path.chmod(0o640)
    os.utime(path, (1, 1))
    assert outcomes(store, inbox) == [TakeIn.KNOWN]
    assert outcomes(store, inbox) == [TakeIn.KNOWN]
    assert (ledger(store).seen, ledger(store).duplicate) == (1, 0)
    clock.move(timedelta(seconds=KEEP_S))
    look(store, inbox)
    assert list(inbox.iterdir()) == []


def test_what_is_written_between_the_last_look_and_the_removal_is_not_removed(
    store: Store, inbox: Path, clock: SetClock
) -> None:
    """It has its other name already and is hashed once more; what it holds now is a version of the same file."""
    path = inbox / "scan.tif"
    path.write_bytes(b"page 1")
    (first,) = look(store, inbox)
    clock.move(timedelta(seconds=KEEP_S))
    path.rename(inbox / f".refpad-taken-{first.occurrence_id}-{'0' * 32}")
    with next(inbox.iterdir()).open("ab") as late:
        late.write(b" and page 2")
    assert outcomes(store, inbox) == [TakeIn.TAKEN]
    assert (contents(store), versions(store)) == ([b"page 1", b"page 1 and page 2"], [None, 1])
    assert list(inbox.iterdir()) == []


def test_a_scan_of_the_same_name_after_the_first_went_is_another_scan(
    store: Store, inbox: Path, clock: SetClock
) -> None:
    """Scanners begin at SCN_0001 again, and file systems give a free inode to the next file."""
    for content in (b"one", b"other"):
        (inbox / "SCN_0001.pdf").write_bytes(content)
        look(store, inbox)
        clock.move(timedelta(seconds=KEEP_S))
        look(store, inbox)
    assert versions(store) == [None, None]
    assert grown_files(store) == 0


def test_a_file_that_a_person_takes_out_of_the_inbox_is_waited_for_no_longer(
    store: Store, inbox: Path, clock: SetClock
) -> None:
    """It is in the record; where it lies now is that person's own."""
    (inbox / "scan.pdf").write_bytes(b"page 1")
    look(store, inbox)
    (inbox / "scan.pdf").unlink()
    assert len(kept_fingerprints(store)) == 1
    clock.move(timedelta(days=2))
    assert kept_fingerprints(store) == frozenset()
    assert verify(store) == []


def test_a_duplicate_stays_as_long_as_any_file(store: Store, inbox: Path, clock: SetClock) -> None:
    """It may be the first page of another document, which begins with the same sheet."""
    for name in ("a.tif", "b.tif"):
        (inbox / name).write_bytes(b"cover sheet")
        look(store, inbox)
    (inbox / "b.tif").write_bytes(b"cover sheet and page 2")
    assert outcomes(store, inbox) == [TakeIn.KNOWN, TakeIn.TAKEN]
    assert (versions(store), ledger(store).duplicate) == ([None, None, 2], 1)


def test_the_fingerprint_of_a_file_is_known_without_reading_it(store: Store, inbox: Path) -> None:
    """The page that counts what is still coming asks for each file of the inbox, every few seconds."""
    path = inbox / "scan.pdf"
    path.write_bytes(b"page 1")
    look(store, inbox)
    assert fingerprint_of(os.fsencode(path.name), path.lstat()) in kept_fingerprints(store)
    assert files.sha256_of(path) == store.original(files.sha256_of(path)).stored_sha256()
