"""The headline promise, whatever happens in whatever order: every file ever seen is accounted for."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from store.clock import SetClock
from store.database import open_store
from store.intake import claims
from store.intake.ledger.files import files_set_aside, ledger
from store.intake.taking_in.take_in import take_in
from store.review import settle as review
from store.review.corrections import Corrections
from store.verify import verify
from tests.databases import in_memory
from tests.fake_reader import example_rules, slip_reading
from tests.store.conftest import NOW, sqlite_in
from tests.store.helpers import LEASE_S, recorded

LIMITS = Limits(file_bytes=8)


class Inbox(RuleBasedStateMachine):
    """People drop files, workers read, fail and die, people settle; the model only counts what was dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=in_memory()))
        self.store = open_store(sqlite_in(self.folder / "store"), self.folder / "store", SetClock(NOW))
        self.dropped = self.serial = 0
        self.claim: claims.Claim | None = None

    def teardown(self) -> None:
        assert verify(self.store) == []
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(content=st.integers(0, 5), name=st.sampled_from(("scan.pdf", "fax.tif", "scan.pdf.part", "large.pdf")))
    def drop(self, content: int, name: str) -> None:
        self.dropped += 1
        path = self.folder / str(self.dropped) / name
        path.parent.mkdir()
        path.write_bytes(bytes([content]) * (9 if name == "large.pdf" else 1))
        for _ in range(2):
            take_in(self.store, path, LIMITS)

    @precondition(lambda self: self.claim is None)
    @rule()
    def take_up(self) -> None:
        self.claim = claims.next_claim(self.store, "worker", LEASE_S)

    @precondition(lambda self: self.claim is not None)
    @rule(slips=st.lists(st.booleans(), max_size=3), known_serial=st.booleans())
    def read(self, slips: list[bool], known_serial: bool) -> None:
        claim, self.claim = self.claim, None
        assert claim is not None
        self.serial += 0 if known_serial else 10
        readings = [slip_reading(slip=n, serial=self.serial + n, sure=sure) for n, sure in enumerate(slips, 1)]
        recorded(self.store, claim, *readings)

    @precondition(lambda self: self.claim is not None)
    @rule(act=st.sampled_from(("set_aside", "requeue_tried", "requeue_untried")))
    def fail(self, act: str) -> None:
        claim, self.claim = self.claim, None
        assert claim is not None
        if act == "set_aside":
            claims.set_aside(self.store, claim, SetAsideReason.DAMAGED, "It is damaged.")
        elif act == "requeue_tried":
            claims.requeue_tried(self.store, claim, SetAsideReason.MEMORY, "It died.")
        else:
            claims.requeue_untried(self.store, claim, "The database refused.")

    @rule(accepts=st.booleans())
    def settle(self, accepts: bool) -> None:
        for item in review.waiting_items(self.store)[:1]:
            if accepts:
                signed = Corrections(values={"signature": "present"})
                review.accept(self.store, example_rules(), item.id, "kim", signed)
            else:
                review.reject(self.store, item.id, "kim", "a copy")

    @invariant()
    def every_drop_is_accounted_for(self) -> None:
        counted = ledger(self.store)
        assert counted.balances
        assert counted.seen == self.dropped
        assert counted.set_aside == len(files_set_aside(self.store))


Inbox.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


class TestInbox(Inbox.TestCase):
    """seen = done + review + set aside + duplicate + ignored + waiting, after every step; `verify` at the end."""
