"""Work that follows what people do: once for many requests, and never lost."""

import logging
import threading

import pytest

from refpad.services.debounced_job import DebouncedJob
from schemas.errors import MachineError

WAIT_S = 30.0  # ends a test that would never end
NEVER_S = 3600.0  # a pause that only `close` ends


def test_many_requests_before_it_begins_are_one_piece_of_work() -> None:
    """Ten slips settled in a row are one export."""
    done: list[None] = []
    job = DebouncedJob("export", lambda: done.append(None), NEVER_S)
    for _ in range(10):
        job.request()
    job.close()
    assert len(done) == 1


def test_it_is_done_without_being_closed() -> None:
    """Nobody stops the server to get the spreadsheet."""
    done = threading.Event()
    job = DebouncedJob("export", done.set, 0.0)
    job.request()
    assert done.wait(WAIT_S)
    job.close()


def test_a_request_while_it_works_has_it_done_once_more() -> None:
    """What was settled during an export may have missed it."""
    begun, may_go_on, done = threading.Semaphore(0), threading.Semaphore(0), threading.Semaphore(0)

    def work() -> None:
        begun.release()
        may_go_on.acquire(timeout=WAIT_S)
        done.release()

    job = DebouncedJob("export", work, 0.0)
    job.request()
    assert begun.acquire(timeout=WAIT_S)
    job.request()
    may_go_on.release(2)
    assert done.acquire(timeout=WAIT_S)
    assert done.acquire(timeout=WAIT_S)
    job.close()


def test_closed_without_a_request_it_does_nothing() -> None:
    """A server that is only looked at writes no file when it stops."""
    done: list[None] = []
    DebouncedJob("export", lambda: done.append(None), 0.0).close()
    assert done == []


def test_work_that_fails_is_told_and_the_next_is_done(caplog: pytest.LogCaptureFixture) -> None:
    """A full disk at noon must not end the exports of the afternoon."""
    tried, done = threading.Event(), threading.Event()

    def work() -> None:
        if tried.is_set():
            done.set()
            return
        tried.set()
        raise MachineError("The disk is full; make room.")

    with caplog.at_level(logging.ERROR):
        job = DebouncedJob("The export", work, 0.0)
        job.request()
        assert tried.wait(WAIT_S)
        job.request()
        assert done.wait(WAIT_S)
        job.close()
    assert "The export was not done" in caplog.text
    assert "The disk is full" in caplog.text
