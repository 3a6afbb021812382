"""Exports for programs: all of one moment, then what changed since."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from refpad.services.connecting.json_schemas import Described, json_schema
from refpad.services.connecting.lines import export_jsonl, export_parquet
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.appointment import AppointmentState
from schemas.changes import START
from schemas.errors import UsageError
from schemas.export import Exported
from schemas.office import Office
from schemas.outreach.entries import OutreachSaid
from store.courses.session_log import log_session
from store.database import Store
from store.directory.offices import add
from store.outreach.entries import log_outreach
from store.review.withdraw import withdraw
from tests.exports.test_to_parquet import table_in
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import recorded, taken

SCHEMAS = {
    Exported.REFERRALS: Described.REFERRALS,
    Exported.FOLLOWUPS: Described.FOLLOWUPS,
    Exported.OFFICES: Described.OFFICES,
    Exported.SESSIONS: Described.SESSIONS,
    Exported.OUTREACH: Described.OUTREACH,
    Exported.CONVERSION: Described.CONVERSION,
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_TODAY", "2026-03-03")
    return Settings()


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """A record with one referral."""
    opened = open_record(settings)
    add(opened, Office(id="northside", name="Northside"), "kim")
    recorded(opened, taken(opened, tmp_path / "drop" / "scan.pdf"), slip_reading(serial=None))
    yield opened
    opened.close()


def lines(path: Path) -> list[Mapping[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("what", list(Exported))
def test_every_line_is_as_its_schema_says(what: Exported, store: Store, settings: Settings, tmp_path: Path) -> None:
    """Whoever builds on the schema can rely on it, for each export; Parquet has as many rows."""
    path = tmp_path / "all.jsonl"
    log_session(store, example_rules(), 1, store.clock.today(), AppointmentState.ATTENDED, "kim")
    log_outreach(store, example_rules(), "northside", OutreachSaid(on=store.clock.today(), pads_left=2), "kim")
    written = export_jsonl(store, settings, what, path)
    told = lines(path)
    assert written.count == len(told) > 0
    validator = Draft202012Validator(json_schema(SCHEMAS[what]))
    assert [error.message for line in told for error in validator.iter_errors(line)] == []
    assert export_parquet(store, settings, what, tmp_path / "all.parquet") == written.count
    assert table_in(tmp_path / "all.parquet").num_rows == written.count


def test_the_next_export_reads_on_behind_the_first(store: Store, settings: Settings, tmp_path: Path) -> None:
    """Nothing when nothing happened; what is gone is said by its number and why, as its schema says."""
    path = tmp_path / "some.jsonl"
    cursor = export_jsonl(store, settings, Exported.REFERRALS, path).cursor
    assert cursor is not None
    again = export_jsonl(store, settings, Exported.REFERRALS, path, cursor)
    assert (again.count, again.cursor, lines(path)) == (0, cursor, [])
    withdraw(store, 1, "kim")
    assert export_jsonl(store, settings, Exported.REFERRALS, path, cursor).count == 1
    assert lines(path) == [{"noun": "referral", "id": "1", "removed": "withdrawn"}]
    Draft202012Validator(json_schema(Described.REMOVED)).validate(lines(path)[0])
    assert export_jsonl(store, settings, Exported.FOLLOWUPS, path, cursor).count == len(lines(path)) > 0
    assert export_jsonl(store, settings, Exported.REFERRALS, path, START).count == 0


def test_offices_have_no_cursor(store: Store, settings: Settings, tmp_path: Path) -> None:
    """Their figures move with the days."""
    with pytest.raises(UsageError, match="as a whole"):
        export_jsonl(store, settings, Exported.OFFICES, tmp_path / "o.jsonl", "1-00000000")
