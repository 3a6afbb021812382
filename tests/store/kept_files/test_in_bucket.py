"""A record whose files are in a bucket: taken in, read, verified, backed up, moved and purged as from a folder."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from refpad.ops.doctor import CHECKS
from refpad.services.wiring import file_place
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from schemas.followup import FollowUpState
from schemas.retention import RetentionSettings
from store.backup import Destination, back_up, check_backup, restore
from store.clock import SetClock
from store.database import open_store
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.kept_files.in_bucket import KeptBucket
from store.purge.purging import finish, purge_due, remove_rest
from store.purge.terms import find_scans
from store.verify import verify
from store.workers.joining import require_record
from tests.databases import free_port
from tests.fake_reader import example_rules, slip_reading
from tests.s3_server import BUCKET, S3Server
from tests.store.conftest import NOW, sqlite_in
from tests.store.helpers import recorded, taken

WHO = "kim"
RULES = RetentionSettings(referrals_years=7, rejected_years=2)


def test_a_record_lives_in_a_bucket_from_its_first_scan_to_its_purge(s3: S3Server, tmp_path: Path) -> None:
    """A reader elsewhere finds it; damage is found; a backup holds it and moves it; what is purged is gone."""
    clock, address = SetClock(NOW, "America/New_York"), s3.new_address()
    folder, state = tmp_path / "store", tmp_path / "state"
    bucket = KeptBucket(address, folder / "incoming", s3.endpoint)
    store = open_store(sqlite_in(folder), folder, clock, state, kept=bucket)
    recorded(store, taken(store, tmp_path / "inbox" / "scan.pdf"), slip_reading())
    assert [key.split("/")[2] for key in s3.keys(address)] == ["originals", "pictures"]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["incoming", "workers"]
    assert verify(store) == []
    require_record(sqlite_in(folder), folder, state, clock, bucket)
    with pytest.raises(MachineError, match=r"not in s3://.*set REFPAD_FILES as it is set there"):
        require_record(sqlite_in(folder), folder, state, clock, replace(bucket, address=s3.new_address()))

    made = back_up(store, tmp_path / "disk", {}, keep=3, who=WHO)
    assert (check_backup(made), made.manifest.files) == ([], 2)
    second = tmp_path / "second" / "store"
    elsewhere = KeptBucket(s3.new_address(), second / "incoming", s3.endpoint)
    at = Destination(sqlite_in(second), second, tmp_path / "second-state", clock, elsewhere)
    s3.system.pipe_file(f"{elsewhere.address}/originals/ab/{'ab' * 32}", b"another's")
    with pytest.raises(UsageError, match="holds 1 file of another record"):
        restore(made, at, WHO, replace=False)
    s3.system.rm(elsewhere.address, recursive=True)
    assert restore(made, at, WHO, replace=False).files == 2
    again = open_store(at.url, at.folder, at.clock, at.state_folder, kept=elsewhere)
    assert verify(again) == []
    again.close()

    original, picture = s3.keys(address)
    s3.system.pipe_file(original, b"other bytes")
    s3.system.rm_file(picture)
    assert sorted(problem.subject for problem in verify(store)) == ["file 1", "slip 1"]
    for task in list_follow_ups(store, FollowUpQuery()).follow_ups:
        settle(store, example_rules(), task.id, FollowUpState.SKIPPED, WHO, "ended")
    clock.move(timedelta(days=8 * 366))
    purge_due(store, RULES, find_scans(store, RULES), WHO)
    remove_rest(store)
    finish(store, WHO)
    assert (s3.keys(address), verify(store)) == ([], [])
    store.close()


def test_a_store_that_is_away_or_refuses_is_told_without_its_keys(s3: S3Server, tmp_path: Path) -> None:
    """The machine failed, not the scan: it waits. The doctor tries the store out, and names one that keeps versions."""
    settings = Settings(folder=tmp_path, files=s3.new_address(), files_endpoint=s3.endpoint)
    check = CHECKS["kept files"]
    assert check(settings) == settings.files
    assert check(settings.model_copy(update={"files": None})) == "in the data folder"
    nowhere = {"files": "s3://no-such-bucket/studio"}
    away = {"files_endpoint": f"http://127.0.0.1:{free_port()}"}
    for changed, why in ((nowhere, "There is no bucket"), (away, "does not answer or refuses")):
        bucket = file_place(settings.model_copy(update=changed))
        assert bucket is not None
        with pytest.raises(MachineError, match=why) as told:
            bucket.try_out()
        assert "sesame" not in str(told.value)
        assert list(bucket.incoming.iterdir()) == []
    s3.system.call_s3("put_bucket_versioning", Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    with pytest.raises(Exception, match="keeps versions"):
        check(settings)
    s3.system.call_s3("put_bucket_versioning", Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
