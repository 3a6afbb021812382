"""Slips that confidence is fitted on are as unkind as real ones."""

import numpy as np

from bench.text.calibration_slips import calibration_files
from pads.catalog import load_all
from pads.simulate import words
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.pen.fill import Habits, fill
from pads.simulate.printed_slips import PX_PER_MM, numbered_slip
from pads.simulate.truth import Channel
from schemas.pad import TextField
from schemas.studio import Studio
from tests.ocr.text.slips import TODAY


def test_the_same_seed_plans_the_same_slips_and_channels_take_turns() -> None:
    """A figure that was fitted on them can be fitted again."""
    channels = [Channel.SCAN_300, Channel.FAX_FINE]
    one, two = (list(calibration_files(load_all(), 40, channels, seed=3)) for _ in range(2))
    assert one == two
    assert {file.channel for file in one} == set(channels)
    habits = {file.pages[0].slips[0].habits for file in one}
    assert len(habits) == 4, "on its rule or not, names in capitals or not"


def test_their_words_are_others_than_those_of_the_bench() -> None:
    """What is measured with words that were fitted on says too much good."""
    texts = [
        file.pages[0].slips[0].spec.text or {} for file in calibration_files(load_all(), 60, list(Channel), seed=4)
    ]
    said = {text["goals"].casefold() for text in texts} | {text["precautions"].casefold() for text in texts}
    assert said.isdisjoint(goal.casefold() for goal in (*words.GOALS, *words.PRECAUTIONS))


def test_what_is_checked_says_nothing_that_was_fitted_on() -> None:
    """Weights know the words that they were fitted on; only others tell how they hold."""
    fitted, checked = (
        {
            (name, text)
            for file in calibration_files(load_all(), 200, [Channel.PHOTO], seed=4, part=part)
            for name, text in (file.pages[0].slips[0].spec.text or {}).items()
            if name in ("other_service", "patient_name")
        }
        for part in ("fit", "check")
    )
    assert fitted.isdisjoint(checked)
    families = [
        {text.split(",")[0].split()[-1] for name, text in part if name == "patient_name"} for part in (fitted, checked)
    ]
    assert families[0].isdisjoint(families[1])


def test_a_hand_that_stands_on_its_rule_leaves_little_between_word_and_rule() -> None:
    """Where a foot lies on the rule, taking the rule away takes the foot."""
    design = next(design for design in load_all() if design.design == "met")
    field = next(field for field in design.writing if isinstance(field, TextField) and field.name == "patient_name")
    spec = SlipSpec(text={"patient_name": "Zelda Ellis"})
    truth = invent_slip(design, 7, TODAY, np.random.default_rng(2), spec)
    assert truth.text["patient_name"] == "Zelda Ellis"
    paper = numbered_slip(design, 7, Studio())
    lowest = {}
    for habit in (Habits(), Habits(on_the_rule=True, block_names=True)):
        ink = paper.astype(float) - fill(paper, design, truth, np.random.default_rng(2), habits=habit).min(axis=2)
        box = field.box_mm
        part = ink[round(box.y * PX_PER_MM) : round((box.bottom + 1) * PX_PER_MM), round(box.x * PX_PER_MM) :]
        rows = np.flatnonzero((part[:, : round(box.w * PX_PER_MM)] > 60).any(axis=1))
        lowest[habit] = box.bottom - box.y - rows[-1] / PX_PER_MM
    assert abs(lowest[Habits(on_the_rule=True, block_names=True)]) < 0.5
