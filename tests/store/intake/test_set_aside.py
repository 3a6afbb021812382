"""What a person says of a file set aside is of the try that they saw, and of no later one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from schemas.errors import NotOnRecordError
from schemas.reasons import SetAsideReason
from store.clock import SetClock
from store.database import Store
from store.intake import claims
from store.intake.set_aside import settle, unsettled_files
from tests.store.helpers import LEASE_S, taken

TIMEOUT = SetAsideReason.TIMEOUT


def test_what_a_file_is_cannot_be_said_of_one_that_is_read_again(store: Store, inbox: Path) -> None:
    """Two people at the same file: the word of the one would hide what the try of the other comes to."""
    claims.set_aside(store, taken(store, inbox / "scan.pdf"), TIMEOUT, "It took too long.")

    class RetriedMeanwhile(SetClock):
        """Somebody else has the file read again between the press of the key and its record."""

        def now(self) -> datetime:
            if unsettled_files(store):
                claims.retry(store, 1, "lee")
            return super().now()

    with pytest.raises(NotOnRecordError, match="File 1 is not set aside"):
        settle(replace(store, clock=RetriedMeanwhile(store.clock.now())), 1, "no slip", "kim")
    again = claims.next_claim(store, "worker", LEASE_S)
    assert again is not None
    claims.set_aside(store, again, TIMEOUT, "It took too long.")
    assert [aside.file_id for aside in unsettled_files(store)] == [1]
