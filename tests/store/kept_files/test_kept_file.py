"""A kept file is the same in a folder and in a bucket: whole or not there, and never other bytes than its name says."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from store import files
from store.kept_files.in_bucket import KeptBucket
from store.kept_files.in_folder import KeptFolder
from store.kept_files.kept_file import ChangedFileError, FilePlace, KeptFile
from tests.s3_server import S3Server

COARSE_S = 1.0  # times of files, by file system, are as coarse
DATA = b"a scan of Ada Quill"


@dataclass
class Room:
    """A place for files, the folder for copies that are not kept yet, and what changes a file behind its back."""

    place: FilePlace
    incoming: Path
    server: S3Server | None

    def keep(self, data: bytes = DATA) -> KeptFile:
        with files.write_in(data, self.incoming) as copied:
            kept = self.place.file("originals", copied.sha256)
            kept.keep(copied)
        return kept

    def damage(self, kept: KeptFile) -> None:
        if self.server is None:
            Path(str(kept)).write_bytes(b"other bytes")
        else:
            self.server.system.pipe_file(str(kept), b"other bytes")


@pytest.fixture(params=("folder", "bucket"))
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    incoming = files.make_folder(tmp_path / "incoming")
    if request.param == "folder":
        yield Room(KeptFolder(tmp_path), incoming, None)
        return
    server: S3Server = request.getfixturevalue("s3")
    yield Room(KeptBucket(server.new_address(), incoming, server.endpoint), incoming, server)


def test_what_is_kept_is_found_listed_in_its_shard_and_gone_when_removed(room: Room) -> None:
    """And no copy of it is left where it came from."""
    began_s = time.time()
    kept = room.keep()
    assert kept.read_bytes() == DATA
    now_s = time.time()
    assert began_s <= (kept.kept_s() or 0) + COARSE_S <= now_s + 2 * COARSE_S
    [(place, kept_s)] = room.place.listed("originals")
    assert place == f"{kept.sha256[:2]}/{kept.sha256}"
    assert kept_s + COARSE_S >= began_s
    assert list(room.place.listed("letters")) == []
    assert str(kept).endswith(f"/originals/{place}")
    room.keep()  # the same scan once more
    with kept.at_path() as path:
        assert path.read_bytes() == DATA
        assert path.stat().st_mode & 0o777 == 0o600
    assert list(room.incoming.iterdir()) == []
    kept.remove()
    kept.remove()
    assert (kept.exists(), list(room.place.listed("originals"))) == (False, [])
    with pytest.raises(FileNotFoundError):
        kept.read_bytes()


def test_other_bytes_are_never_taken_for_what_was_kept(room: Room) -> None:
    """Neither on a page nor by the reader; dropped again, the scan heals it."""
    kept = room.keep()
    room.damage(kept)
    assert kept.stored_sha256() != kept.sha256
    for read in (kept.read_bytes, lambda: kept.at_path().__enter__()):
        with pytest.raises(ChangedFileError, match="run refpad verify"):
            read()
    assert list(room.incoming.iterdir()) == []
    room.keep()
    assert kept.read_bytes() == DATA
