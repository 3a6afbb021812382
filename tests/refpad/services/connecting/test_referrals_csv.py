"""The CSV after each batch: the same bytes as one written anew, whatever happened in between."""

from pathlib import Path

import pytest

from exports.to_csv import csv_bytes, referral_columns
from refpad.services.connecting.referrals_csv import renew_referrals
from store.database import Store
from store.directory import offices
from store.referrals.exported import ReferralView
from store.referrals.offices import set_office_of_referral
from store.referrals.referrals import answers_on_record, exported_referrals
from store.review.diagnosis_codes import confirm
from store.review.withdraw import withdraw
from store.tables import change
from tests.refpad.services.connecting.test_lines import settings, store
from tests.store.helpers import recorded, taken
from tests.store.test_changes import of_another

__all__ = ["settings", "store"]


def anew(store: Store) -> bytes:
    return csv_bytes(exported_referrals(store), referral_columns(answers_on_record(store)))[0]


def test_after_each_act_it_is_the_file_written_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line too few is a patient nobody calls; and only what changed is rendered."""
    path = tmp_path / "referrals.csv"
    assert renew_referrals(store, path) == 1
    acts = [
        lambda: recorded(store, taken(store, tmp_path / "b.pdf", b"b"), of_another(124, "Omar Haddad", "+19175550131")),
        lambda: set_office_of_referral(store, 1, "northside", "kim"),
        lambda: offices.edit(store, "northside", {"name": '=North, "side"'}, "kim"),
        lambda: confirm(store, 1, "M17.11", "Unilateral primary osteoarthritis, right knee", "kim"),
        lambda: recorded(store, taken(store, tmp_path / "c.pdf", b"c"), of_another(125, "Zo Vole", "+16465550104")),
        lambda: withdraw(store, 2, "kim"),
        lambda: None,
    ]
    monkeypatch.setattr(ReferralView, "all", None)  # whoever writes it anew fails
    for act in acts:
        act()
        renew_referrals(store, path)
        assert path.read_bytes() == anew(store)
    written = path.stat()
    assert renew_referrals(store, path) == path.read_bytes().count(b"\r\n") - 1
    assert path.stat() == written  # a batch that brought nothing leaves the file alone
    assert written.st_mode & 0o777 == 0o600


def test_what_is_not_certain_is_written_anew(store: Store, tmp_path: Path) -> None:
    """Another's file in its place, a record that was put back: the file says what the record says."""
    path = tmp_path / "referrals.csv"
    renew_referrals(store, path)
    path.write_bytes(path.read_bytes().replace(b"Ada", b"Eve"))
    renew_referrals(store, path)
    assert path.read_bytes() == anew(store)
    with store.write() as connection:
        connection.execute(change.update().values(mark="ffffffff"))
    renew_referrals(store, path)
    assert path.read_bytes() == anew(store)
