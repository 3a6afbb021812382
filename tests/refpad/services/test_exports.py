"""What goes out after each batch."""

import csv
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exports.to_csv import COLUMNS, ENCODING
from refpad.services.exports import REFERRALS_CSV, export_referrals
from schemas.office import Office
from store.clock import SetClock
from store.database import Store, open_store
from store.directory.offices import add, reserve_serials
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A record on 3 March, nine in the evening in New York, when London already writes the 4th."""
    clock = SetClock(datetime(2026, 3, 4, 2, 0, tzinfo=UTC), "America/New_York")
    opened = open_store(f"sqlite:///{tmp_path / 'store' / 'refpad.sqlite'}", tmp_path / "store", clock)
    yield opened
    opened.close()


def _rows(exports: Path) -> list[dict[str, str]]:
    with (exports / REFERRALS_CSV).open(encoding=ENCODING, newline="") as file:
        return list(csv.DictReader(file))


def test_before_the_first_referral_the_file_is_there(store: Store, tmp_path: Path) -> None:
    """Whoever imports it daily finds the columns from the first day on, in a folder nobody else can open."""
    exports = tmp_path / "exports"
    assert export_referrals(store, exports) == 0
    assert (exports / REFERRALS_CSV).read_text(ENCODING).strip() == ",".join(COLUMNS)
    assert stat.S_IMODE(exports.stat().st_mode) == 0o700


def test_accepted_referrals_go_out_and_doubtful_slips_do_not(store: Store, tmp_path: Path) -> None:
    """The export holds records only; what waits for a person is none yet."""
    claim = taken(store, tmp_path / "inbox" / "scan.pdf")
    recorded(store, claim, slip_reading(slip=1, serial=None), slip_reading(slip=2, serial=None, sure=False))
    assert export_referrals(store, tmp_path / "exports") == 1
    [row] = _rows(tmp_path / "exports")
    assert row["patient_name"] == "Ada Quill"
    assert row["patient_phone"] == "(212) 555-0142"
    assert (row["page"], row["slip"], row["serial"]) == ("1", "1", "")
    assert (row["accepted_by"], row["accepted_on"]) == ("machine", "2026-03-03")


def test_a_slip_names_the_office_that_got_its_serial(store: Store, tmp_path: Path) -> None:
    """Who referred is known from the paper, even when the writing does not tell."""
    add(store, Office(id="northside", name="=Northside"), "Ada")
    reserve_serials(store, "northside", "tst", 1, 200)
    recorded(store, taken(store, tmp_path / "inbox" / "scan.pdf"), slip_reading(serial=123))
    export_referrals(store, tmp_path / "exports")
    [row] = _rows(tmp_path / "exports")
    assert (row["office_id"], row["office_name"], row["serial"]) == ("northside", "'=Northside", "123")


def test_exporting_twice_writes_the_same_bytes(store: Store, tmp_path: Path) -> None:
    """A batch that brought nothing changes nothing."""
    recorded(store, taken(store, tmp_path / "inbox" / "scan.pdf"), slip_reading(serial=None))
    export_referrals(store, tmp_path / "exports")
    before = (tmp_path / "exports" / REFERRALS_CSV).read_bytes()
    export_referrals(store, tmp_path / "exports")
    assert (tmp_path / "exports" / REFERRALS_CSV).read_bytes() == before
