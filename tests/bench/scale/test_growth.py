"""What is timed is what the record does all day, and it leaves the record as that would."""

from contextlib import closing
from pathlib import Path

from bench.scale.growth import BATCH, WARM, GrowthPlan, measure_size
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.intake.ledger.files import ledger

REFERRALS, ROUNDS, SLIPS = 100, 2, 4


def test_each_step_is_timed_in_every_round_and_does_its_work(tmp_path: Path) -> None:
    """A step that found nothing to do would be fast, and flatter every larger record."""
    plan = GrowthPlan(ROUNDS, recorders=2, slips=SLIPS)
    size = measure_size(tmp_path / "record", REFERRALS, plan, lambda _doing, _done: None)
    assert {len(step.ms) for step in size.steps} == {ROUNDS}
    assert all(0 < step.median_ms <= step.p95_ms for step in size.steps)
    assert size.rows_each > 10
    assert size.bytes_each > 1000
    assert [(times.readers, times.slips) for times in size.recorded] == [(1, SLIPS), (2, SLIPS)]
    with closing(open_record(Settings(folder=tmp_path / "record", database_url=None, practice=True))) as store:
        taken = ledger(store)
        assert taken.done + taken.review == REFERRALS + (WARM + ROUNDS) * (1 + BATCH) + 2 * SLIPS
        assert taken.waiting == 0
    lines = (tmp_path / "record" / "exports" / "referrals.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) > REFERRALS
