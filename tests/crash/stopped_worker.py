"""`python -m tests.crash.stopped_worker FOLDER [unfenced]`: stops itself while it reads, and goes on when it is told.

With `unfenced` it asks, before it records, which generation is the current one: the bug that a fence without
a generation of one's own would be.
"""

import dataclasses
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from refpad.services.intake.process_file import process_file
from refpad.services.reading.reader_port import PageOutcome
from store.database import Store
from store.intake import claims
from store.intake.claims import Claim
from store.tables import file
from store.workers import workers
from tests.crash.crash_life import opened
from tests.fake_reader import FakeReader, example_rules

LEASE_S = 60.0


class StoppingReader(FakeReader):
    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        os.kill(os.getpid(), signal.SIGSTOP)
        return super().read(path, received_on)


def main(folder: Path, *, unfenced: bool) -> None:
    store = opened(folder)
    with workers.register_worker(store) as worker:
        claim = claims.next_claim(store, worker, LEASE_S)
        assert claim is not None
        if not unfenced:
            outcome = process_file(store, StoppingReader(), example_rules(), claim)
        else:
            with claim.original.at_path() as path:
                StoppingReader().read(path, claim.received_on)
            outcome = process_file(store, FakeReader(), example_rules(), _current(store, claim))
    sys.stdout.write(outcome.state)


def _current(store: Store, claim: Claim) -> Claim:
    with store.read() as connection:
        number = connection.execute(sa.select(file.c.generation).where(file.c.id == claim.file_id)).scalar_one()
    return dataclasses.replace(claim, generation=number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), unfenced="unfenced" in sys.argv)
