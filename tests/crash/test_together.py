"""Several processes at one inbox, and one that comes back late."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import psutil
import pytest

from refpad.services.connecting.fhir import export_fhir
from refpad.services.intake.process_file import LOST, process_file
from refpad.services.wiring import open_record
from schemas.limits import Limits
from store.clock import SetClock
from store.intake import claims
from store.intake.ledger.files import ledger, totals
from store.intake.taking_in.take_in import take_in
from store.verify import verify
from tests.crash.crash_harness import NOWHERE, ROOT, Server, drop, facts, points_passed, wrongs
from tests.crash.crash_life import opened
from tests.crash.stopped_worker import LEASE_S
from tests.crash.studios_life import prepare_studios
from tests.databases import PostgreSQL, postgresql
from tests.fake_reader import FakeReader, example_rules
from tests.s3_server import S3Server
from tests.scans import kinds

__all__ = ["postgresql"]

STOP_S = 60.0
# Each early in a reader's life, so that every life that is to end does.
STEPS = ("claim.before_commit:1", "claim.committed:1", "work.read:1", "bucket.written:1", "record.before_commit:1")


def test_eight_processes_at_one_inbox_make_one_record_of_each_scan(room: Path, server: Server) -> None:
    """Two watchers on one folder are a common mistake of set-up; unique keys decide, not memory."""
    scan = kinds()["a PDF of three pages"]["scan.pdf"]
    dropped = {f"{number}.pdf": scan + f"\n% {number}".encode() for number in range(20)}
    alone = drop(room / "alone", dropped)
    assert server.live(alone, life="take_in_and_read") == [0]
    together = drop(room / "together", dropped)
    assert server.live(together, life="take_in_and_read", processes=8) == [0] * 8
    store = opened(alone)
    expected = facts(store)
    store.close()
    assert wrongs(together, dropped, expected) == []


@pytest.mark.parametrize("is_postgresql", [False, True])
def test_readers_that_are_killed_at_any_step_leave_one_record_of_each_scan(
    is_postgresql: bool, room: Path, server: Server, postgresql: PostgreSQL
) -> None:
    """What a dead reader had begun is claimed again by one that lives, beside what that one reads itself."""
    scan, chance = kinds()["a PDF of three pages"]["scan.pdf"], Random(16)  # noqa: S311 - which steps
    dropped = {f"{number}.pdf": scan + f"\n% {number}".encode() for number in range(8)}
    alone = drop(room / "alone", dropped)
    assert server.live(alone, life="take_in_and_read") == [0]
    steps = [point for point in points_passed(alone) if point.startswith(("claim.", "work.", "record."))]
    early = [point for point in steps if point.endswith((":1", ":2"))]
    together = drop(room / "together", dropped, url=postgresql.new_database() if is_postgresql else None)
    assert server.live(together, "claim.before_commit", life="take_in_and_read") == [-signal.SIGKILL]
    for _ in range(2):  # each may end two claims of one file, which has CLAIMS_MAX
        killed = ",".join([*chance.sample(early, 2), NOWHERE])
        assert 0 in server.live(together, killed, life="take_in_and_read", processes=3)
    assert server.live(together, life="take_in_and_read", processes=3) == [0] * 3
    store = opened(alone)
    expected = facts(store)
    store.close()
    assert wrongs(together, dropped, expected) == []


@pytest.mark.parametrize(("flags", "state"), [((), LOST), (("unfenced",), "review")])
def test_a_worker_that_was_stopped_writes_nothing_after_its_file_was_given_to_another(
    flags: tuple[str, ...], state: str, room: Path
) -> None:
    """A laptop's lid closes while a file is read; when it opens, the file may long be another worker's.

    The second case proves that it is the generation that holds the late worker back.
    """
    folder = drop(room / "life", kinds()["a PDF of three pages"])
    store = opened(folder)
    take_in(store, folder / "inbox" / "scan.pdf", Limits())
    command = [sys.executable, "-m", "tests.crash.stopped_worker", str(folder), *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as late:
        _await_stop(late.pid)
        assert isinstance(store.clock, SetClock)
        store.clock.move(timedelta(seconds=LEASE_S + 1))
        claim = claims.next_claim(store, "another", LEASE_S)
        assert claim is not None
        os.kill(late.pid, signal.SIGCONT)
        assert late.communicate(timeout=STOP_S)[0] == state
    late_wrote = state != LOST
    assert totals(store).accepted == int(late_wrote)
    assert process_file(store, FakeReader(), example_rules(), claim).state == (LOST if late_wrote else "review")
    assert (totals(store).accepted, ledger(store).review) == (1, 1)
    assert verify(store) == []
    store.close()


def test_three_machines_read_for_two_studios_and_are_killed_and_each_slip_is_at_its_own_once(
    room: Path, server: Server, postgresql: PostgreSQL, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share a database and a bucket, no folder; `make show` does the same with real slips, readers and Prefect."""
    from fhir.resources.R4B.bundle import Bundle  # a second to load

    settings = prepare_studios(room, postgresql.new_database(), s3, monkeypatch)
    stores = [open_record(studio) for studio in settings]
    dropped = [{b"\xff\xd8\xff%d of %d" % (number, studio) for number in range(6)} for studio in range(2)]
    for store, scans in zip(stores, dropped, strict=True):
        for content in scans:
            (scan := room / "scan.jpg").write_bytes(content)
            take_in(store, scan, Limits())
    killed = ",".join(Random(16).sample(STEPS, 3))  # noqa: S311 - which steps
    assert server.live(room, killed, life="studios", processes=3) == [-signal.SIGKILL] * 3
    assert server.live(room, life="studios", processes=3) == [0] * 3
    for store, scans, studio in zip(stores, dropped, settings, strict=True):
        slips = facts(store)["slips"]
        assert sorted(sha256 for sha256, *_ in slips) == sorted(hashlib.sha256(scan).hexdigest() for scan in scans)
        assert {store.original(sha256).read_bytes() for sha256, *_ in slips} == scans
        assert len(list(store.files.listed("originals"))) == len(scans)
        assert verify(store) == []
        assert ledger(store).balances
        bundles = list(export_fhir(store, studio, room / f"fhir-{store.folder.parent.name}"))
        assert len(bundles) == totals(store).accepted > 0
        for bundle in bundles:
            Bundle.model_validate_json(bundle.read_bytes())
        store.close()


def _await_stop(pid: int) -> None:
    until = time.monotonic() + STOP_S
    while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < until, "the worker did not stop"
        time.sleep(0.02)
