"""The CSV after each batch: the same bytes as one written anew, whatever happened in between."""

from datetime import timedelta
from pathlib import Path

import pytest

from exports.renewed_csv import read_note
from exports.to_csv import csv_bytes, referral_columns
from refpad.services.connecting.referrals_csv import renew_referrals
from store.database import Store
from store.directory import offices
from store.followups.actions import postpone
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.referrals.exported import ReferralView, view_referrals
from store.referrals.offices import set_office_of_referral
from store.referrals.referrals import answers_on_record, exported_referrals
from store.review.diagnosis_codes import confirm
from store.review.withdraw import withdraw
from store.tables import change
from tests.refpad.services.connecting.test_lines import settings, store
from tests.schemas.judging.test_answers import slip, with_own
from tests.store.helpers import recorded, taken
from tests.store.referrals.test_referrals import come_in
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


def test_rows_that_only_came_are_written_behind_the_file_as_it_is(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million rows are neither parsed nor counted for fourteen new ones, whatever stands in their cells."""
    path = tmp_path / "referrals.csv"
    two_lines = of_another(126, "Ada\r\nQuill", "+19175550131")
    recorded(store, taken(store, tmp_path / "b.pdf", b"b"), two_lines)
    renew_referrals(store, path)
    monkeypatch.setattr(ReferralView, "all", None)
    monkeypatch.setattr(ReferralView, "answers", None)
    recorded(store, taken(store, tmp_path / "c.pdf", b"c"), of_another(125, "Zo Vole", "+16465550104"))
    written = path.read_bytes()
    assert renew_referrals(store, path) == written.count(b"Quill") + 1
    assert path.read_bytes().startswith(written)
    monkeypatch.undo()
    assert path.read_bytes() == anew(store)


def test_a_change_of_follow_ups_alone_leaves_the_file(store: Store, tmp_path: Path) -> None:
    """It tells of referrals; and what came before is not looked through again at the next batch."""
    path = tmp_path / "referrals.csv"
    renew_referrals(store, path)
    before = path.stat()
    [first, *_] = list_follow_ups(store, FollowUpQuery()).follow_ups
    postpone(store, first.id, first.due + timedelta(days=1), "kim")
    assert renew_referrals(store, path) == 1
    assert path.stat() == before
    note = read_note(path)
    assert note is not None
    with view_referrals(store) as view:
        assert note.cursor == view.cursor


def test_what_a_new_pad_asks_has_the_file_written_anew(store: Store, tmp_path: Path) -> None:
    """Its answers are columns that no row has yet."""
    path = tmp_path / "referrals.csv"
    renew_referrals(store, path)
    own = with_own().model_copy(update={"edition": 3})
    come_in(store, tmp_path / "drop", own, slip(), 2)
    renew_referrals(store, path)
    assert path.read_bytes() == anew(store)
    assert b"answer_insurer" in path.read_bytes()
    come_in(store, tmp_path / "drop", own, slip(), 4)
    renew_referrals(store, path)
    assert path.read_bytes() == anew(store)
