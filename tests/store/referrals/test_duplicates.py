"""Finding the slip that came before, however many there are."""

from pathlib import Path

import pytest

from schemas.reasons import FindingCode
from store.database import Store
from store.referrals import duplicates
from store.referrals.duplicates import code_of, find_twin, write_keys
from tests.fake_reader import slip_reading
from tests.schemas.examples import draft, text
from tests.store.helpers import recorded, taken


def test_a_numbered_slip_is_a_twin_of_its_own_serial_and_of_one_whose_serial_was_not_read(
    store: Store, inbox: Path
) -> None:
    """Two serials are two sheets of paper, even with the same words; a code that could not be read says nothing."""
    recorded(store, taken(store, inbox / "scan.pdf", b"one"), slip_reading(serial=7))
    with store.read() as connection:
        same, other, unread = (draft().model_copy(update={"serial": serial}) for serial in (7, 8, None))
        drafts = (same, other, unread)
        twins = [find_twin(connection, code_of(one.design, one.edition, one.serial), (one,)) for one in drafts]
    assert [twin.other_slip if twin else None for twin in twins] == [1, None, 1]
    assert twins[2] is not None
    assert (twins[2].code, "slip 1" in twins[2].detail) == (FindingCode.POSSIBLE_DUPLICATE, True)
    assert "Quill" not in twins[2].detail


def test_a_slip_is_found_by_what_it_said_before_it_was_corrected(store: Store, inbox: Path) -> None:
    """Its other scan is read as the machine read the first."""
    recorded(store, taken(store, inbox / "scan.pdf", b"one"), slip_reading(serial=None))
    corrected = draft(patient_name=text("Adelaide Quillington"), patient_phone=text("(646) 555-0199"))
    for _ in range(2):  # writing what is known changes nothing
        with store.write() as connection:
            write_keys(connection, 1, corrected)
    with store.read() as connection:
        assert find_twin(connection, None, (draft(),)) is not None


def test_of_many_slips_that_share_a_day_only_the_newest_are_compared(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty thousand were signed on it; the telephone, which few share, still finds one from before them all."""
    monkeypatch.setattr(duplicates, "OF_A_KEY_MOST", 1)
    recorded(store, taken(store, inbox / "scan.pdf", b"first"), slip_reading(serial=None))
    for serial, name in ((8, "Omar Haddad"), (9, "Zo Vole")):
        other = {"patient_name": text(name), "patient_phone": text(f"(917) 555-010{serial}")}
        reading = slip_reading(serial=serial)
        reading = reading.model_copy(update={"text": {**reading.text, **other}})
        recorded(store, taken(store, inbox / "scan.pdf", b"%d" % serial), reading)
    with store.read() as connection:
        twin = find_twin(connection, None, (draft(),))
    assert twin is not None
    assert twin.other_slip == 1
