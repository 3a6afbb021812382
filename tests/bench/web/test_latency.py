"""The pages' times are taken of pages that answer, in a record filled as years of work would."""

import gc
from pathlib import Path

import pytest

from bench.web.latency import measure

REFERRALS, ROUNDS = 40, 2


def test_each_page_answers_and_is_timed_in_every_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error page is fast; counted among the others it would make them look good."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "of-the-user"))
    filled: list[tuple[str, int]] = []
    timed = measure(tmp_path / "record", REFERRALS, ROUNDS, lambda *step: filled.append(step))
    assert not (tmp_path / "of-the-user").exists()
    assert ("filling the record", REFERRALS) in filled
    assert len({page.what for page in timed}) == len(timed)
    assert {len(page.ms) % ROUNDS for page in timed} == {0}
    assert all(0 < page.median_ms <= page.p95_ms for page in timed)
    # The server was made ready as the product is: what never goes away is not looked through while somebody waits.
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
