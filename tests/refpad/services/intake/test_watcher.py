"""When may a file be taken from the inbox? Badly behaved writers, on a clock of our own."""

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image

from refpad.services.intake.completeness import is_whole
from refpad.services.intake.inbox_entries import MARKER
from refpad.services.intake.watcher import Watcher, prepare_inbox, watch
from schemas.errors import MachineError
from schemas.limits import Limits

QUIET_S, PATIENCE_S, DEPTH = 1.0, 30.0, 2


class Clock:
    """Seconds that pass only when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


class Bench:
    """An inbox with its watcher and clock."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.clock = folder / "inbox", Clock()
        prepare_inbox(self.inbox, folder / "store" / "inbox-made")
        self.watcher = Watcher(self.inbox, Limits(), QUIET_S, PATIENCE_S, self.clock, depth=DEPTH)

    def after(self, seconds: float) -> list[str]:
        """Names that are ready when that much time has gone by."""
        self.clock.now_s += seconds
        return [str(path.relative_to(self.inbox)) for path in self.watcher.ready()]

    def settle(self) -> list[str]:
        """A look at what is there now, then one quiet time later."""
        assert self.after(0) == []
        return self.after(QUIET_S)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def picture(kind: str, pages: int = 1, **options: object) -> bytes:
    """A small picture file of that kind."""
    out = io.BytesIO()
    sheets = [Image.effect_noise((120, 90), 80).convert("L") for _ in range(pages)]
    extra: dict[str, object] = {"save_all": True, "append_images": sheets[1:]} if pages > 1 else {}
    sheets[0].save(out, kind, **extra, **options)
    return out.getvalue()


def packed(*files: bytes) -> bytes:
    """A ZIP of scans."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, data in enumerate(files):
            archive.writestr(f"scan-{number}", data)
    return out.getvalue()


PDF, JPEG, PNG, TIFF = (picture(kind) for kind in ("PDF", "JPEG", "PNG", "TIFF"))
FAX = picture("TIFF", pages=3)
KINDS = {"a.pdf": PDF, "a.jpg": JPEG, "a.png": PNG, "a.tif": TIFF, "fax.tif": FAX, "a.zip": packed(PDF, JPEG)}


@pytest.mark.parametrize("name", KINDS)
def test_a_whole_file_is_ready_after_one_quiet_time_and_not_before(bench: Bench, name: str) -> None:
    """Taken early it may be half; taken late the 3 seconds from drop to record are lost."""
    (bench.inbox / name).write_bytes(KINDS[name])
    assert bench.after(0) == []
    assert bench.after(QUIET_S - 0.01) == []
    assert bench.after(0.01) == [name]


@pytest.mark.parametrize("name", KINDS)
def test_a_cut_file_is_offered_only_after_the_patience_time(bench: Bench, name: str) -> None:
    """A scanner that pauses between sheets must not lose the rest; a truncated file must still end with its reason."""
    (bench.inbox / name).write_bytes(KINDS[name][: len(KINDS[name]) * 6 // 10])
    assert bench.settle() == []
    assert bench.after(PATIENCE_S - QUIET_S - 0.1) == []
    assert bench.after(QUIET_S) == [name]


@pytest.mark.parametrize("kind", ["empty", "reserved"])
def test_a_stub_is_not_yet_a_scan(bench: Bench, kind: str) -> None:
    """Scanners and copy programs make the file before they have anything to put into it."""
    (bench.inbox / "stub.pdf").write_bytes(b"" if kind == "empty" else b"\0" * 5000)
    assert bench.settle() == []
    (bench.inbox / "stub.pdf").write_bytes(PDF)
    assert bench.settle() == ["stub.pdf"]


def test_a_file_that_is_written_slowly_is_not_offered_before_it_is_unchanged(bench: Bench) -> None:
    """Every growth starts the quiet time anew."""
    path = bench.inbox / "slow.tif"
    for end in range(1, len(FAX), len(FAX) // 8):
        path.write_bytes(FAX[:end])
        assert bench.after(0.7) == []
    path.write_bytes(FAX)
    assert bench.settle() == ["slow.tif"]


def test_a_scanner_that_closes_after_each_page_is_waited_for(bench: Bench) -> None:
    """Closing is no proof: the end mark of the format is missing while sheets are still to come."""
    path = bench.inbox / "pages.pdf"
    for quarter in range(1, 4):
        path.write_bytes(PDF[: len(PDF) * quarter // 4])
        assert bench.after(0) == []
        assert bench.after(4.0) == []
    path.write_bytes(PDF)
    assert bench.settle() == ["pages.pdf"]


def test_a_copy_into_reserved_space_is_waited_for(bench: Bench) -> None:
    """The size is right from the start; only times and content tell that bytes are still to come."""
    path = bench.inbox / "reserved.jpg"
    path.write_bytes(JPEG[: len(JPEG) // 2].ljust(len(JPEG), b"\0"))
    assert bench.settle() == []
    path.write_bytes(JPEG)
    assert bench.settle() == ["reserved.jpg"]


@pytest.mark.parametrize("stamp", [0, 1_000_000_000, 4_102_444_800])
def test_the_age_that_a_file_claims_does_not_matter(bench: Bench, stamp: int) -> None:
    """A file of 1970 may be half copied and one of 2100 complete; only our own observations count."""
    path = bench.inbox / "dated.png"
    path.write_bytes(PNG)
    os.utime(path, (stamp, stamp))
    assert bench.settle() == ["dated.png"]


def test_a_copy_that_keeps_its_old_time_stamp_is_seen_to_grow(bench: Bench) -> None:
    """rsync and robocopy set the old time while they write; size or content still tells."""
    path = bench.inbox / "old.pdf"
    for end in (len(PDF) // 3, len(PDF) // 2):
        path.write_bytes(PDF[:end])
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert bench.after(0.6) == []
    path.write_bytes(PDF)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert bench.settle() == ["old.pdf"]


def test_another_file_under_the_same_name_starts_anew(bench: Bench) -> None:
    """Same name, same size, same time: the inode tells that it is another scan."""
    path, other = bench.inbox / "scan.png", bench.inbox / "new.png.part"
    path.write_bytes(PNG)
    assert bench.after(0) == []
    other.write_bytes(PNG)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert bench.after(0.9) == []
    assert bench.after(0.9) == []
    assert bench.after(0.1) == ["scan.png"]


def test_a_file_renamed_into_place_is_new(bench: Bench) -> None:
    """Writing under a temporary name and renaming is the best a writer can do."""
    (bench.inbox / "in.pdf.part").write_bytes(PDF)
    assert bench.after(0) == []
    (bench.inbox / "in.pdf.part").rename(bench.inbox / "in.pdf")
    assert bench.settle() == ["in.pdf"]


def test_a_file_that_vanishes_and_returns_starts_anew(bench: Bench) -> None:
    """The quiet time belongs to what is there, not to a name."""
    path = bench.inbox / "here.png"
    path.write_bytes(PNG)
    assert bench.after(0) == []
    path.unlink()
    assert bench.after(0.5) == []
    path.write_bytes(PNG)
    assert bench.after(0.5) == []
    assert bench.after(QUIET_S) == ["here.png"]


def test_files_found_at_start_up_get_the_same_check(tmp_path: Path) -> None:
    """A restart in the middle of a scan must not take the half of it."""
    bench = Bench(tmp_path)
    (bench.inbox / "half.pdf").write_bytes(PDF[: len(PDF) // 2])
    (bench.inbox / "whole.pdf").write_bytes(PDF)
    bench.watcher = Watcher(bench.inbox, Limits(), QUIET_S, PATIENCE_S, bench.clock, depth=DEPTH)
    assert bench.settle() == ["whole.pdf"]


@pytest.mark.parametrize("name", [".scan.pdf.part", "scan.pdf~", ".DS_Store", ".rsync.scan.pdf.Xk29aB"])
def test_what_intake_refuses_by_name_is_offered_once_to_be_recorded(bench: Bench, name: str) -> None:
    """Side files stay in the inbox; offered at every look they would keep a core and the database busy."""
    (bench.inbox / name).write_bytes(PDF[:50])
    assert bench.settle() == [name]
    assert bench.after(1_000) == []


ODD = [
    "...pdf",
    "~.pdf",
    "#x#.pdf",
    "-rf.pdf",
    "new\nline.pdf",
    "trailing.pdf ",
    "CON.pdf",
    "part.pdf",
    "\udcff\udcfe.pdf",
]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_still_a_scan(bench: Bench, name: str) -> None:
    """Ignoring by name must not swallow what somebody meant to drop."""
    (bench.inbox / name).write_bytes(PDF)
    assert bench.settle() == [name]


def test_what_cannot_be_a_scan_is_offered_and_blocks_nothing(bench: Bench) -> None:
    """Folders, links, pipes end in intake with a reason; the good file behind them goes through."""
    (bench.inbox / "a" / "b" / "deep").mkdir(parents=True)
    (bench.inbox / "link.pdf").symlink_to("/dev/zero")
    os.mkfifo(bench.inbox / "pipe.pdf")
    (bench.inbox / "table.tif").write_bytes(b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40)
    (bench.inbox / "good.pdf").write_bytes(PDF)
    assert sorted(bench.settle()) == ["a/b/deep", "good.pdf", "link.pdf", "pipe.pdf"]


@pytest.mark.parametrize("folder", ["HP_M428", "2026-11-20", "HP_M428/2026-11-20", "é ü"])
@pytest.mark.parametrize("name", KINDS)
def test_a_scan_in_a_folder_is_a_scan(bench: Bench, folder: str, name: str) -> None:
    """Scanners make a folder for each device or day; it is whole and quiet by the same measure."""
    (bench.inbox / folder).mkdir(parents=True)
    (bench.inbox / folder / name).write_bytes(KINDS[name][:-9])
    assert bench.settle() == []
    (bench.inbox / folder / name).write_bytes(KINDS[name])
    assert bench.settle() == [f"{folder}/{name}"]


def test_a_scan_in_a_folder_that_is_there_already_is_taken_however_late_it_comes(bench: Bench) -> None:
    """The folder was looked into before, and the next scan of the day comes hours later."""
    (bench.inbox / "day").mkdir()
    assert bench.settle() == []
    (bench.inbox / "day" / "b.png").write_bytes(PNG)
    assert bench.settle() == ["day/b.png"]


@pytest.mark.parametrize("begun", [b"", TIFF, FAX[:-9], PDF], ids=["empty", "a whole page", "cut", "a whole PDF"])
def test_a_file_that_its_writer_holds_open_is_never_offered(bench: Bench, begun: bytes) -> None:
    """A scanner makes the file, warms up for 45 s, pauses between sheets; only the end of its writing is an end."""
    with (bench.inbox / "held.tif").open("wb", 0) as scanner:
        scanner.write(begun)
        for _ in range(5):
            assert bench.after(PATIENCE_S) == []
        scanner.seek(0)
        scanner.write(FAX)
        scanner.truncate()
    assert bench.after(0) == []
    assert bench.after(QUIET_S) == ["held.tif"]


def test_a_file_that_could_not_be_taken_is_offered_again_later(bench: Bench) -> None:
    """A full disk passes; a file offered at every look would keep a core busy."""
    (bench.inbox / "a.pdf").write_bytes(PDF)
    assert bench.settle() == ["a.pdf"]
    assert bench.after(1.0) == []
    assert bench.after(10.0) == ["a.pdf"]


def test_a_file_that_stays_after_it_was_taken_is_offered_when_its_time_is_up_or_it_changes(bench: Bench) -> None:
    """Once to remove it; and at once, after the quiet time, when a writer has added a page."""
    for name in ("stays.pdf", "grows.pdf"):
        (bench.inbox / name).write_bytes(PDF)
    assert sorted(bench.settle()) == ["grows.pdf", "stays.pdf"]
    for name in ("stays.pdf", "grows.pdf", "gone.pdf"):
        bench.watcher.put_off(bench.inbox / name, 180.0)
    assert bench.watcher.pause_s(500.0) == 180.0
    assert bench.after(100.0) == []
    (bench.inbox / "grows.pdf").write_bytes(PDF + PDF)
    assert bench.settle() == ["grows.pdf"]
    assert "stays.pdf" in bench.after(79.0)


@pytest.mark.parametrize(
    "loss", [lambda inbox: (inbox / MARKER).unlink(), lambda inbox: inbox.rename(inbox.parent / "x")]
)
def test_a_lost_inbox_is_an_error_and_not_an_empty_one(bench: Bench, loss: Callable[[Path], object]) -> None:
    """An unmounted share looks like a quiet day; the marker tells them apart."""
    loss(bench.inbox)
    prepare_inbox(bench.inbox, bench.inbox.parent / "store" / "inbox-made")
    with pytest.raises(MachineError, match="mount its disk"):
        bench.watcher.ready()


@pytest.mark.parametrize(("folder", "pause_s"), [(".", 0), ("HP_M428", 0), ("HP_M428", 2), ("HP_M428/2026-11-20", 0)])
def test_the_loop_takes_a_dropped_file_without_waiting_for_the_next_sweep(
    folder: str, pause_s: float, tmp_path: Path
) -> None:
    """File events wake the loop: nobody waits for the next sweep, here a minute away; and nothing is taken twice."""
    inbox, taken, done, stop = tmp_path / "inbox", [], Event(), Event()
    prepare_inbox(inbox, tmp_path / "made")

    def take(paths: list[Path]) -> None:
        for path in paths:
            taken.append(path.name)
            path.unlink()
            done.set()

    watcher = Watcher(inbox, Limits(), 0.2, PATIENCE_S, depth=DEPTH)
    loop = Thread(target=watch, args=(watcher, 60.0, take, stop))
    loop.start()
    stop.wait(0.5)
    (inbox / folder).mkdir(exist_ok=True, parents=True)
    stop.wait(pause_s)
    (inbox / folder / "dropped.pdf").write_bytes(PDF)
    assert done.wait(30)  # half of the sweep, which would find it too
    stop.set()
    loop.join(timeout=60)
    assert taken == ["dropped.pdf"]
    assert not loop.is_alive()


def test_padding_behind_the_end_mark_is_whole(tmp_path: Path) -> None:
    """Fax servers and scanners fill the last block."""
    for name, content in KINDS.items():
        (tmp_path / name).write_bytes(content + b"\0" * 500)
        assert is_whole(tmp_path / name), name


def test_a_tiff_whose_last_strip_is_cut_is_not_whole(tmp_path: Path) -> None:
    """Decoders open such a file without complaint and return a black strip."""
    path = tmp_path / "cut.tif"
    path.write_bytes(TIFF)
    assert is_whole(path)
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + _directory(strip_at=100, strip_bytes=50) + b"\0" * 40)
    assert not is_whole(path)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("offset", [0, 16, 5000, 2**31, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_tiff_may_point_anywhere_without_stopping_the_watch(offset: int, order: str, tmp_path: Path) -> None:
    """Whatever a file says of itself, the answer is yes or no: an inbox takes files from strangers."""
    mark = b"II+\0" if order == "<" else b"MM\0+"
    field = struct.pack(order + "HHQQ", 273, 16, 1, offset) + struct.pack(order + "HHQQ", 279, 16, 1, offset)
    for first, fields in ((offset, b""), (16, struct.pack(order + "Q", 2) + field + struct.pack(order + "Q", offset))):
        path = tmp_path / "odd.tif"
        path.write_bytes(mark + struct.pack(order + "HHQ", 8, 0, first) + fields)
        assert is_whole(path) is (offset == 0 or (offset == 16 and fields != b""))


def _directory(strip_at: int, strip_bytes: int) -> bytes:
    """A TIFF directory with one strip, and no directory after it."""
    entries = struct.pack("<HHII", 273, 4, 1, strip_at) + struct.pack("<HHII", 279, 4, 1, strip_bytes)
    return struct.pack("<H", 2) + entries + struct.pack("<I", 0)
