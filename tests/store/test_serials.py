"""The serials of one studio among several: what its pads are given, and what a slip of another's pad is called."""

from pathlib import Path

import pytest

from schemas.errors import UsageError
from schemas.reasons import FindingCode
from schemas.serial_block import SerialBlock
from store.database import Store
from store.directory.offices import reserve_serials
from store.serials import keep_serials, serials_of
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken
from tests.store.intake.test_results import codes

NORTH = SerialBlock(first=100_000, last=199_999)


def test_a_studio_prints_within_its_serials_and_asks_about_a_slip_of_another(store: Store, tmp_path: Path) -> None:
    """Were two studios to print number 17 of one pad, a slip could not tell whose it is, nor end in one record only."""
    keep_serials(store, NORTH)
    with store.read() as connection:
        assert serials_of(connection) == NORTH
    assert reserve_serials(store, None, "tst", 1, 50) == range(100_000, 100_050)
    with pytest.raises(UsageError, match="do not lie between 100000 and 199999"):
        reserve_serials(store, None, "tst", 1, 50, start=7)
    (tmp_path / "inbox").mkdir()
    for number, serial in enumerate((100_001, 7)):
        scan = tmp_path / "inbox" / "scan.pdf"
        done = recorded(store, taken(store, scan, b"%d" % number), slip_reading(serial=serial))
        assert done.accepted == int(serial == 100_001)
    assert codes(store) == [[FindingCode.SERIAL_OF_ANOTHER_STUDIO]]
