"""A simulated studio settles its slips, and its bars follow."""

from dataclasses import replace
from pathlib import Path

from bench.target import NEW_SCANNER, LearningStudio, total
from bench.target_picture import draw_target
from schemas.acceptance import Policy
from schemas.bars import SHIPPED, ValueKind

POLICY = Policy()
SHARE = 0.02


def test_the_same_studio_settles_the_same_slips(tmp_path: Path) -> None:
    """A figure can be made again by its command; each value passes, is in doubt, or is looked at."""
    one, other = (list(LearningStudio(3, POLICY, SHARE).settle(60, 25)) for _ in range(2))
    assert one == other
    assert [step.slips for step in one] == [25, 25, 10]
    done = total(one)
    assert done.passed + done.doubts + done.looks == done.values == 480
    draw_target(tmp_path / "target.png", {"nothing changes": [one]}, 1 / 300, 25)
    assert (tmp_path / "target.png").stat().st_size > 5_000


def test_a_new_scanner_makes_every_kind_stricter_that_it_spoils() -> None:
    """From the first slip on, here: within 150 slips names pass less easily, and no kind more easily than shipped."""
    spoiled = replace(NEW_SCANNER, at=0, shift=-3.0)
    bars = total(list(LearningStudio(3, POLICY, SHARE, spoiled).settle(150, 150))).bars
    assert bars[ValueKind.NAME] > SHIPPED[ValueKind.NAME]
    assert all(bar >= SHIPPED[kind] for kind, bar in bars.items())
