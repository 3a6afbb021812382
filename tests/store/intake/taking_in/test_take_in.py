"""Taking in: once, whole, under any name, and never at the price of the original."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import MachineError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from store import files
from store.database import Store
from store.files import FileChangedError
from store.intake import claims
from store.intake.ledger.files import files_set_aside, ledger
from store.intake.set_aside import settle, unsettled_files
from store.intake.taking_in.take_in import TakeIn, take_in
from store.tables import occurrence
from store.verify import verify
from tests.audit import audit_lines
from tests.fake_reader import slip_reading
from tests.store.helpers import LEASE_S, recorded

LIMITS = Limits(file_bytes=1000)


def dropped(inbox: Path, name: str = "scan.pdf", content: bytes = b"a scan") -> Path:
    path = inbox / name
    path.write_bytes(content)
    return path


def names(store: Store) -> list[tuple[bytes, str]]:
    with store.read() as connection:
        query = sa.select(occurrence.c.name, occurrence.c.name_shown).order_by(occurrence.c.id)
        return [(row.name, row.name_shown) for row in connection.execute(query)]


def test_a_file_ends_in_the_store_by_its_hash_and_leaves_the_inbox(store: Store, inbox: Path) -> None:
    """The original is found again by what it holds, not by what it was called."""
    path = dropped(inbox)
    sha256 = files.sha256_of(path)
    result = take_in(store, path, LIMITS)
    assert result.outcome is TakeIn.TAKEN
    assert store.original(sha256).read_bytes() == b"a scan"
    assert list(inbox.iterdir()) == []
    assert verify(store) == []


def test_kept_files_are_private_whatever_the_umask(store: Store, inbox: Path) -> None:
    """A scan dropped with the rights 0666 is a patient's record once it is in the store."""
    path = dropped(inbox)
    path.chmod(0o666)
    before = os.umask(0)
    try:
        take_in(store, path, LIMITS)
    finally:
        os.umask(before)
    modes = {each.is_dir(): stat.S_IMODE(each.stat().st_mode) for each in (store.folder / "originals").rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


def test_the_same_bytes_again_are_a_duplicate_of_the_first(store: Store, inbox: Path) -> None:
    """A scan sent twice must not become two referrals; that it was seen twice stays known."""
    first = take_in(store, dropped(inbox), LIMITS)
    again = take_in(store, dropped(inbox, "copy.pdf"), LIMITS)
    assert (again.outcome, again.file_id) == (TakeIn.DUPLICATE, first.file_id)
    assert list(inbox.iterdir()) == []
    assert ledger(store).model_dump() == {**ZEROS, "seen": 2, "waiting": 1, "duplicate": 1}


ZEROS = dict.fromkeys(("seen", "done", "review", "set_aside", "duplicate", "ignored", "waiting"), 0)


def failed(store: Store) -> int:
    """The file that waits is read to nothing; its number."""
    claim = claims.next_claim(store, "worker", LEASE_S)
    assert claim is not None
    claims.set_aside(store, claim, SetAsideReason.EMPTY, "This file is empty: scan the paper again.")
    return claim.file_id


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_file_that_could_not_be_used_is_tried_anew_each_time_it_comes(times: int, store: Store, inbox: Path) -> None:
    """An empty file after an empty file is a second page that nobody has, and not a copy of the first."""
    for number in range(times + 1):
        assert take_in(store, dropped(inbox, f"SCN_{number}.pdf", b""), LIMITS).outcome is TakeIn.TAKEN
        assert ledger(store).waiting == number + 1
        failed(store)
    assert ledger(store).model_dump() == {**ZEROS, "seen": times + 1, "set_aside": times + 1}
    assert [aside.name for aside in files_set_aside(store)] == [f"SCN_{number}.pdf" for number in range(times + 1)]
    assert verify(store) == []


def test_of_two_that_come_together_and_fail_both_are_set_aside(store: Store, inbox: Path) -> None:
    """The second came while the first waited: whether it is a copy is known only when the first was read."""
    take_in(store, dropped(inbox, "SCN_7.pdf", b""), LIMITS)
    assert take_in(store, dropped(inbox, "SCN_8.pdf", b""), LIMITS).outcome is TakeIn.DUPLICATE
    assert ledger(store).duplicate == 1
    file_id = failed(store)
    assert ledger(store).model_dump() == {**ZEROS, "seen": 2, "set_aside": 2}
    assert [aside.name for aside in files_set_aside(store)] == ["SCN_7.pdf", "SCN_8.pdf"]
    assert [(aside.name, aside.file_id) for aside in unsettled_files(store)] == [("SCN_8.pdf", 1), ("SCN_7.pdf", 1)]
    settle(store, file_id, "no slip", "kim")
    assert unsettled_files(store) == []


def test_what_a_person_said_of_a_failed_file_does_not_hold_for_the_next_that_comes(store: Store, inbox: Path) -> None:
    """Somebody sends it again because the paper is still missing: it is asked about again."""
    take_in(store, dropped(inbox, "cut.pdf", b"cut"), LIMITS)
    settle(store, failed(store), "no slip", "kim")
    take_in(store, dropped(inbox, "cut again.pdf", b"cut"), LIMITS)
    failed(store)
    assert [aside.name for aside in unsettled_files(store)] == ["cut again.pdf", "cut.pdf"]
    assert [line["what"] for line in audit_lines(store)].count("came_again") == 1


def test_a_failed_file_that_is_read_when_it_comes_again_is_set_aside_no_more(store: Store, inbox: Path) -> None:
    """A program that was missing is there now: the scan is read, and both times it came are accounted for."""
    take_in(store, dropped(inbox), LIMITS)
    failed(store)
    take_in(store, dropped(inbox, "again.pdf"), LIMITS)
    claim = claims.next_claim(store, "worker", LEASE_S)
    assert claim is not None
    assert claim.attempt == 1
    recorded(store, claim, slip_reading(serial=123))
    assert (files_set_aside(store), ledger(store).set_aside) == ([], 0)
    assert take_in(store, dropped(inbox, "third.pdf"), LIMITS).outcome is TakeIn.DUPLICATE
    assert verify(store) == []


def test_a_hard_link_to_the_same_scan_is_another_drop(store: Store, inbox: Path) -> None:
    """Two names, one inode: the second is a duplicate, and neither is lost."""
    path = dropped(inbox)
    (inbox / "second.pdf").hardlink_to(path)
    outcomes = [take_in(store, each, LIMITS).outcome for each in (path, inbox / "second.pdf")]
    assert outcomes == [TakeIn.TAKEN, TakeIn.DUPLICATE]


def test_somebodys_own_file_stays_where_it_is(store: Store, inbox: Path) -> None:
    """`refpad intake FILE` reads a file from anywhere; removing it there would surprise."""
    path = dropped(inbox)
    outcomes = [take_in(store, path, LIMITS, leave=True).outcome for _ in range(2)]
    assert outcomes == [TakeIn.TAKEN, TakeIn.KNOWN]
    assert path.read_bytes() == b"a scan"


@pytest.mark.parametrize(
    "name",
    [b"new\nline.pdf", b"-rf.pdf", b"$(touch PWNED).pdf", b"\xff\xfe\x80.pdf", "\u202efdp.exe".encode(), b"\x1b[31m"],
)
def test_a_name_is_kept_as_it_was_and_shown_without_harm(name: bytes, store: Store, inbox: Path) -> None:
    """Names are data: kept byte for byte, never a path, and cleaned before a terminal sees them."""
    take_in(store, dropped(inbox, os.fsdecode(name)), LIMITS)
    kept, shown = names(store)[0]
    assert kept == name
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), SetAsideReason.NOT_REGULAR_FILE),
        (lambda path: path.symlink_to(path.name), SetAsideReason.NOT_REGULAR_FILE),
        (lambda path: os.mkfifo(path), SetAsideReason.NOT_REGULAR_FILE),
        (lambda path: path.mkdir(), SetAsideReason.DIRECTORY),
        (lambda path: path.write_bytes(b"x" * 1001), SetAsideReason.TOO_LARGE),
    ],
    ids=["link", "loop", "pipe", "folder", "large"],
)
def test_what_cannot_be_taken_stays_and_is_recorded_once(
    make: Callable[[Path], object], reason: SetAsideReason, store: Store, inbox: Path
) -> None:
    """Never opened, never removed, and not counted anew at each sweep."""
    path = inbox / "scan.pdf"
    make(path)
    outcomes = [take_in(store, path, LIMITS) for _ in range(3)]
    assert [outcome.outcome for outcome in outcomes] == [TakeIn.REFUSED, TakeIn.KNOWN, TakeIn.KNOWN]
    assert {outcome.reason for outcome in outcomes} == {reason}
    assert ledger(store).seen == 1
    assert path.is_symlink() or path.exists()


@pytest.mark.parametrize(
    "name",
    ["scan.pdf.part", "scan.pdf~", "~$a.docx", ".DS_Store", "._scan.pdf", ".nfs00a1", "a.pdf:Zone.Identifier"],
)
def test_other_programs_temporary_files_are_ignored(name: str, store: Store, inbox: Path) -> None:
    """Half-copied scans carry such names until they are whole; they come back under their own."""
    assert take_in(store, dropped(inbox, name), LIMITS).reason is SetAsideReason.TEMPORARY
    assert ledger(store).model_dump() == {**ZEROS, "seen": 1, "ignored": 1}


@pytest.mark.parametrize("name", ["...pdf", "#x#.pdf", "dot.pdf.", "a.pdf.exe", "partial.pdf", "tmp"])
def test_odd_names_are_no_reason_to_leave_a_scan_lying(name: str, store: Store, inbox: Path) -> None:
    """What a file is follows from its content."""
    assert take_in(store, dropped(inbox, name), LIMITS).outcome is TakeIn.TAKEN


def test_a_refused_file_that_is_mended_is_the_same_drop(store: Store, inbox: Path) -> None:
    """Cut down to size, it is taken in; it was seen once, not twice."""
    path = dropped(inbox, content=b"x" * 1001)
    take_in(store, path, LIMITS)
    with path.open("r+b") as file:
        file.truncate(1000)
    assert take_in(store, path, LIMITS).outcome is TakeIn.TAKEN
    assert ledger(store).model_dump() == {**ZEROS, "seen": 1, "waiting": 1}


def test_a_file_that_is_gone_is_looked_for_later(store: Store, inbox: Path) -> None:
    """Another process took it between the look and the hand."""
    assert take_in(store, inbox / "gone.pdf", LIMITS).outcome is TakeIn.LATER
    assert ledger(store).seen == 0


def test_a_store_that_cannot_keep_a_file_leaves_it_in_the_inbox_and_says_so(store: Store, inbox: Path) -> None:
    """A full, read-only or unmounted disk: nothing is lost, and it is not taken for the scan's fault."""
    path = dropped(inbox)
    store.incoming.rmdir()
    with pytest.raises(MachineError, match="could not be kept"):
        take_in(store, path, LIMITS)
    assert path.read_bytes() == b"a scan"
    assert ledger(store).seen == 0


def test_bytes_that_came_after_the_copy_are_a_drop_of_their_own(store: Store, inbox: Path) -> None:
    """A scanner that goes on writing through its open file: what was late is taken at the next sweep."""
    path = dropped(inbox, content=b"page 1")
    first = take_in(store, path, LIMITS, leave=True)
    aside = inbox / f".refpad-taken-{first.occurrence_id}-{'0' * 32}"
    path.rename(aside)  # the step before the last hash, when the process was killed
    with aside.open("ab") as late:
        late.write(b" and page 2")
    assert take_in(store, aside, LIMITS).outcome is TakeIn.TAKEN
    assert [each for each, _ in names(store)] == [b"scan.pdf", b"scan.pdf"]
    assert store.original(hashlib.sha256(b"page 1 and page 2").hexdigest()).exists()
    assert list(inbox.iterdir()) == []


def test_what_somebody_holds_open_is_not_taken_until_it_is_closed(store: Store, inbox: Path) -> None:
    """A scanner that pauses after page 1 writes pages 2 and 3 through the file that it holds."""
    with (inbox / "scan.tif").open("wb", 0) as scanner:
        scanner.write(b"page 1")
        for _ in range(2):
            assert take_in(store, inbox / "scan.tif", LIMITS).outcome is TakeIn.LATER
        assert ledger(store).seen == 0
        scanner.write(b" and page 2")
    assert take_in(store, inbox / "scan.tif", LIMITS).outcome is TakeIn.TAKEN
    assert store.original(hashlib.sha256(b"page 1 and page 2").hexdigest()).exists()
    assert (list(inbox.iterdir()), verify(store)) == ([], [])


def test_what_is_opened_just_before_it_leaves_the_inbox_is_kept_until_it_is_closed(store: Store, inbox: Path) -> None:
    """The writer came between the copy and the removal: what it adds is a new version of the same file."""
    path = dropped(inbox, "scan.tif", b"page 1")
    first = take_in(store, path, LIMITS, leave=True)
    aside = inbox / f".refpad-taken-{first.occurrence_id}-{'0' * 32}"
    with path.open("ab", 0) as scanner:
        path.rename(aside)
        assert take_in(store, aside, LIMITS).outcome is TakeIn.LATER
        scanner.write(b" and page 2")
        assert take_in(store, aside, LIMITS).outcome is TakeIn.LATER
        assert aside.read_bytes() == b"page 1 and page 2"
    assert take_in(store, aside, LIMITS).outcome is TakeIn.TAKEN
    assert [name for name, _ in names(store)] == [b"scan.tif", b"scan.tif"]
    assert (list(inbox.iterdir()), ledger(store).seen) == ([], 2)


def test_a_file_that_changes_under_the_copy_is_not_kept(store: Store, inbox: Path) -> None:
    """Half of the old scan and half of the new one would be a third, which nobody made."""
    path = dropped(inbox)
    looked = path.lstat()
    path.write_bytes(b"another scan")
    with pytest.raises(FileChangedError), files.copy_in(path, looked, store.incoming):
        pass
    assert list(store.incoming.iterdir()) == []


def test_a_damaged_original_is_healed_by_dropping_the_scan_again(store: Store, inbox: Path) -> None:
    """The disk lost a bit, the office sends the fax again: the record is whole once more."""
    path = dropped(inbox)
    original = store.original(files.sha256_of(path))
    take_in(store, path, LIMITS)
    Path(str(original)).write_bytes(b"A scan")
    assert len(verify(store)) == 1
    take_in(store, dropped(inbox), LIMITS)
    assert verify(store) == []
