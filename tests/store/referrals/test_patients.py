"""Patients on both databases: each comes with a referral, and people alone say who is whom."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import NotOnRecordError, UsageError
from schemas.same_person import PatientFacts
from store import verify
from store.database import Store
from store.directory.patients import ask_again, keep_apart, merge_patients, patient_faults, unmerge_patient
from store.purge.rows import remove_rows
from store.referrals.patients import find_patient, may_be_same, maybe_pairs, newest_patients
from store.referrals.referrals import exported_referrals
from store.review.withdraw import withdraw
from store.tables import patient, referral
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken

WHO = "kim"


def referred(store: Store, inbox: Path, serial: int, **said: str) -> int:
    """A referral of a patient; its number."""
    read = slip_reading(serial=serial)
    text = {name: part.model_copy(update={"value": said.get(name, part.value)}) for name, part in read.text.items()}
    recorded(store, taken(store, inbox / "scan.pdf", b"%d" % serial), read.model_copy(update={"text": text}))
    with store.read() as connection:
        return int(connection.execute(sa.select(sa.func.max(referral.c.id))).scalar_one())


def patients_of(store: Store) -> list[str | None]:
    """Whom each referral counts for, as programs are told."""
    return [one.patient_id for one in exported_referrals(store)]


def test_each_referral_comes_with_a_patient_and_a_like_one_is_only_suggested(store: Store, inbox: Path) -> None:
    """Nobody is joined silently: the same person referred again is two patients until somebody says so."""
    referred(store, inbox, 11)
    referred(store, inbox, 12, diagnosis="hip OA", signed_on="02/01/26", provider_name="S. Kowalczyk, DC")
    referred(store, inbox, 13, patient_name="Ben Ferro", patient_phone="(212) 555-0177")
    assert patients_of(store) == ["1", "2", "3"]
    (pair,) = maybe_pairs(store)
    assert (pair.one.patient_id, pair.other.patient_id, pair.other.why) == (
        2,
        1,
        "the same telephone, and a like name",
    )
    assert [other.patient_id for other in may_be_same(store, pair.one.facts, without=2)] == [1]
    assert may_be_same(store, PatientFacts(name="Ben Ferro", phone="+12125550199"))[0].why == "the same name"
    assert verify.verify(store) == []


def test_joined_patients_have_all_referrals_phones_and_providers_and_can_be_parted(store: Store, inbox: Path) -> None:
    """Parting brings everything back as it was, since nothing was rewritten."""
    referred(store, inbox, 11)
    changed = "(212) 555-0188"
    referred(
        store,
        inbox,
        12,
        diagnosis="hip OA",
        signed_on="02/01/26",
        provider_name="S. Kowalczyk, DC",
        patient_phone=changed,
    )
    merge_patients(store, 1, 2, WHO)
    found = find_patient(store, 1, WHO)
    assert (found.id, [one.id for one in found.referrals]) == (2, [2, 1])
    assert found.phones == ("+12125550188", "+12125550142")
    assert set(found.providers) == {"Dr. B. Fenn", "S. Kowalczyk, DC"}
    assert [(one.id, one.by) for one in found.joined] == [(1, WHO)]
    assert patients_of(store) == ["2", "2"]
    assert (maybe_pairs(store), may_be_same(store, found.facts, found.id)) == ([], [])
    assert [one.id for one in newest_patients(store)] == [2]
    assert verify.verify(store) == []
    unmerge_patient(store, 1, WHO)
    assert patients_of(store) == ["1", "2"]
    assert [one.id for one in newest_patients(store, [1, 2])] == [1, 2]


def test_only_two_who_count_by_themselves_are_joined(store: Store, inbox: Path) -> None:
    """One step deep, as providers are: what was joined is seen at a glance, and no circle can close."""
    for serial in (11, 12, 13):
        referred(store, inbox, serial, patient_name=f"Ada {serial}", diagnosis=f"hip {serial}")
    merge_patients(store, 1, 2, WHO)
    for gone, kept in ((2, 2), (1, 3), (3, 1)):
        with pytest.raises(UsageError, match="cannot be merged"):
            merge_patients(store, gone, kept, WHO)
    merge_patients(store, 2, 3, WHO)  # whoever counted as the second counts as the third
    assert patients_of(store) == ["3", "3", "3"]
    with pytest.raises(UsageError, match="is not merged"):
        unmerge_patient(store, 3, WHO)
    with pytest.raises(NotOnRecordError, match="There is no patient 7"):
        merge_patients(store, 7, 3, WHO)


def test_a_patient_goes_with_their_last_referral(store: Store, inbox: Path) -> None:
    """When it is taken back, or purged; one whom another counts as stays as long as that one has a referral."""
    for serial in (11, 12, 13):
        referred(store, inbox, serial, patient_name=f"Ada {serial}", diagnosis=f"hip {serial}")
    withdraw(store, 3, WHO)
    merge_patients(store, 1, 2, WHO)
    with store.write() as connection:
        remove_rows(connection, [2])
    with store.read() as connection:
        assert list(connection.execute(sa.select(patient.c.id).order_by(patient.c.id)).scalars()) == [1, 2]
        assert list(patient_faults(connection)) == []
    with store.write() as connection:
        remove_rows(connection, [1])
    with store.read() as connection:
        assert connection.execute(sa.select(patient.c.id)).all() == []


def test_what_was_changed_of_patients_behind_refpad_is_found(store: Store, inbox: Path) -> None:
    """A referral of nobody, somebody without a referral, and two steps where one is allowed."""
    for serial in (11, 12, 13):
        referred(store, inbox, serial, patient_name=f"Ada {serial}", diagnosis=f"hip {serial}")
    with store.write() as connection:
        for number, into in ((1, 2), (2, 3)):
            connection.execute(patient.update().where(patient.c.id == number).values(merged_into=into))
        connection.execute(referral.update().where(referral.c.id == 3).values(patient_id=None))
        told = dict(patient_faults(connection))
    assert list(told) == ["referral 3", "patient 1"]
    with store.write() as connection:
        connection.execute(patient.update().values(merged_into=None))
        told = dict(patient_faults(connection))
    assert list(told) == ["referral 3", "patient 3"]


def test_who_is_known_to_be_two_persons_is_never_suggested_as_one_again(store: Store, inbox: Path) -> None:
    """Father and son share name and telephone: whoever looked once must not be asked with every referral of theirs."""
    for serial, diagnosis in ((11, "knee OA"), (12, "hip OA"), (13, "back pain")):
        referred(store, inbox, serial, diagnosis=diagnosis)
    keep_apart(store, 2, 1, WHO)
    keep_apart(store, 1, 2, WHO)  # said by two at once, it is said once
    found = find_patient(store, 1, WHO)
    assert [(one.id, one.name, one.by) for one in found.apart] == [(2, "Ada Quill", WHO)]
    assert [other.patient_id for other in may_be_same(store, found.facts, found.id)] == [3]
    assert {(pair.one.patient_id, pair.other.patient_id) for pair in maybe_pairs(store)} == {(3, 2), (3, 1)}
    with pytest.raises(UsageError, match=r"Patients 2 and 1 are kept as two persons: take that back first"):
        merge_patients(store, 2, 1, WHO)
    merge_patients(store, 3, 2, WHO)  # who is merged with one of them is apart from the other, too
    assert may_be_same(store, found.facts, found.id) == maybe_pairs(store) == []
    unmerge_patient(store, 3, WHO)
    ask_again(store, 1, 2, WHO)
    assert len(maybe_pairs(store)) == 3
    with pytest.raises(UsageError, match="Nobody has said that patients 1 and 2 are two persons"):
        ask_again(store, 1, 2, WHO)
    keep_apart(store, 1, 3, WHO)
    with store.write() as connection:
        remove_rows(connection, [3])  # what was said of somebody goes with them
    assert find_patient(store, 1, WHO).apart == ()
