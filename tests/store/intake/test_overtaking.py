"""Files recorded at the same time: side by side, and yet as if one had come after the other."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from schemas.limits import Limits
from schemas.reading import PageRead
from schemas.reasons import FindingCode
from store.clock import SetClock
from store.database import Store, open_store
from store.intake import claims, results
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.review.queue import waiting_list
from store.verify import verify
from tests.databases import PostgreSQL
from tests.fake_reader import example_rules, picture, slip_reading

LEASE_S, TOGETHER_MOST_S = 60.0, 120.0


class Together(Store):
    """A record whose writers wait, before they take their first turn, until so many of them are there."""

    meeting: threading.Barrier
    met: threading.local

    def take_turn(self, connection: Connection) -> None:
        if not getattr(self.met, "is_over", False):
            self.met.is_over = True
            self.meeting.wait(TOGETHER_MOST_S)
        super().take_turn(connection)


@pytest.fixture
def server_store(postgresql: PostgreSQL, empty_postgresql: str, tmp_path: Path, clock: SetClock) -> Iterator[Together]:
    """On PostgreSQL, where two write at once; SQLite has one writer."""
    url = postgresql.new_database(empty_postgresql)
    opened = open_store(url, tmp_path / "store", clock)
    yield Together(opened.engine, opened.folder, opened.clock, opened.anchor)
    opened.close()
    postgresql.drop_database(url)


def record_at_once(store: Together, inbox: Path, serials: Sequence[int | None]) -> list[results.Recorded]:
    """A file of one slip for each serial, all in the middle of their recording at one moment."""
    Together.meeting, Together.met = threading.Barrier(len(serials)), threading.local()
    claimed = []
    for number, _ in enumerate(serials):
        path = inbox / f"{number}.pdf"
        path.write_bytes(b"%d" % number)
        take_in(store, path, Limits())
        claim = claims.next_claim(store, f"worker {number}", LEASE_S)
        assert claim is not None
        claimed.append(claim)

    def record(claim: claims.Claim, serial: int | None) -> results.Recorded:
        read = slip_reading(serial=serial)
        return results.record(store, claim, [PageRead(page=1, slips=(read,))], {(1, 1): picture(read)}, example_rules())

    with ThreadPoolExecutor(len(serials)) as pool:
        return list(pool.map(record, claimed, serials))


@pytest.mark.parametrize(
    ("serials", "accepted"),
    [((11, 12, 13, 14), 4), ((11, 12, 13, 13), 3), ((11, None), 1)],
    ids=["four slips", "one of them twice", "one that is not numbered and may be the other"],
)
def test_files_recorded_at_once_are_on_record_once_each(
    serials: Sequence[int | None], accepted: int, server_store: Together, inbox: Path
) -> None:
    """Neither sees the other when it is judged: whoever has the later turn is judged anew, and waits for a person."""
    recorded = record_at_once(server_store, inbox, serials)
    assert sum(one.accepted for one in recorded) == accepted
    waits = waiting_list(server_store)
    assert [one.codes for one in waits] == [(FindingCode.POSSIBLE_DUPLICATE,)] * (len(serials) - accepted)
    taken = ledger(server_store)
    assert (taken.done, taken.review, taken.waiting) == (accepted, len(serials) - accepted, 0)
    assert verify(server_store) == []
