"""What is timed is what the record does all day, and it leaves the record as that would."""

import ast
from contextlib import closing
from pathlib import Path

import pytest

from bench.scale.growth import BATCH, WARM, GrowthPlan, measure_size
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.intake.ledger.files import ledger

REFERRALS, ROUNDS, SLIPS = 100, 2, 4
BENCH = Path(__file__).parents[3] / "bench"


def test_each_step_is_timed_in_every_round_and_does_its_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that found nothing to do would be fast, and flatter every larger record."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "of-the-user"))
    plan = GrowthPlan(ROUNDS, recorders=2, slips=SLIPS)
    size = measure_size(tmp_path / "record", REFERRALS, plan, lambda _doing, _done: None)
    assert {len(step.ms) for step in size.steps} == {ROUNDS}
    assert all(0 < step.median_ms <= step.p95_ms for step in size.steps)
    assert size.rows_each > 10
    assert size.bytes_each > 1000
    assert [(times.readers, times.slips) for times in size.recorded] == [(1, SLIPS), (2, SLIPS)]
    assert not (tmp_path / "of-the-user").exists()
    data, state = tmp_path / "record" / "data", tmp_path / "record" / "state"
    with closing(open_record(Settings(folder=data, state_folder=state, practice=True))) as store:
        taken = ledger(store)
        assert taken.done + taken.review == REFERRALS + (WARM + ROUNDS) * (1 + BATCH) + 2 * SLIPS
        assert taken.waiting == 0
    lines = (data / "exports" / "referrals.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) > REFERRALS


def test_no_measure_leaves_a_note_among_the_records_of_who_runs_it() -> None:
    """Each noted its record, gone since, in the user's state folder, for good: what it makes goes with its folder."""
    calls = [
        (path.name, {keyword.arg for keyword in node.keywords})
        for path in BENCH.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Settings"
    ]
    assert {name for name, given in calls if "folder" in given} == {"own_settings.py"}
    assert all("state_folder" in given for name, given in calls if name == "own_settings.py")
