"""Finding the slip that came before, however many there are."""

from pathlib import Path

from schemas.reasons import FindingCode
from store.database import Store
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
