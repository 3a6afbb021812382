"""A line is cut to its ink, and keeps the foot that lies on a printed rule."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.recognizers import open_recognizers
from ocr.scale import PX_PER_MM
from ocr.text import read_text
from ocr.text.lines.ink_line import EDGE_PX, InkLine, cut_line
from ocr.text.lines.remove_print import slip_ink
from ocr.text.lines.segment_lines import field_ink
from pads.simulate.pen.fonts import handwriting_named
from pads.simulate.pen.handwriting import Script, write_lines
from schemas.limits import Limits
from schemas.pad import TextField
from tests.ocr.text.slips import TODAY, template

ON_THE_RULE = 0.22  # what brings the simulator's baseline down to the middle of its rule, in capital heights


def _field(name: str) -> TextField:
    return next(field for field in template().design.writing if field.name == name and isinstance(field, TextField))


def _written_on_its_rule(texts: dict[str, str], hand: str = "architects-daughter") -> NDArray[np.uint8]:
    """A slip with each text standing on the middle of its rule, all at one size; (H, W) gray."""
    mask = np.zeros_like(template().blank)
    script = Script(handwriting_named(hand), 3.0 * PX_PER_MM, 0.4 * PX_PER_MM, slant=0.0, slope=0.0, sink=ON_THE_RULE)
    for name, text in texts.items():
        box = _field(name).box_mm
        room = (box.x * PX_PER_MM, box.y * PX_PER_MM, box.w * PX_PER_MM, box.h * PX_PER_MM)
        write_lines(mask, text, room, _field(name).lines, script, np.random.default_rng(3))
    return np.asarray(np.minimum(template().blank, 255 - mask * 0.85), np.uint8)


def _foot_on_rule() -> InkLine:
    """An L whose foot lies on the rule under the patient's name, as one pen line."""
    box, slip = _field("patient_name").box_mm, template().blank.copy()
    left, rule = round((box.x + 20) * PX_PER_MM), round(box.bottom * PX_PER_MM)
    slip[rule - 24 : rule + 1, left : left + 3] = 0
    slip[rule - 1 : rule + 1, left : left + 14] = 0
    ink = slip_ink(slip, template())
    (line,) = field_ink(ink.pen, _field("patient_name"), rules=ink.rules).lines
    return line


def test_a_foot_that_lies_on_the_rule_is_kept_and_the_rule_beyond_the_letter_is_not() -> None:
    """Without its foot an L is an I, an E an F and a 2 a 1; a rule that sticks out beside it is read as a dash."""
    line = _foot_on_rule()
    lowest = line.ruled[-4 - EDGE_PX : -EDGE_PX].min(axis=0) < 128
    assert lowest[EDGE_PX:-EDGE_PX].all()
    assert line.ruled.shape[1] == line.picture.shape[1]


def test_without_rules_a_line_is_the_same_in_both_pictures() -> None:
    """Loose lines, and those of forms without rules, have nothing to leave."""
    ink = np.zeros((40, 60), np.uint8)
    ink[10:30, 20:23] = 200
    line = cut_line(ink, np.zeros_like(ink), (7, 9))
    assert line is not None
    assert np.array_equal(line.picture, line.ruled)
    assert line.left_px == 7 + 20 - EDGE_PX


def test_no_ink_is_no_line() -> None:
    """A printed rule by itself says nothing."""
    assert cut_line(np.zeros((40, 60), np.uint8), np.full((40, 60), 200, np.uint8), (0, 0)) is None


@pytest.mark.parametrize("name", ["ELLEN LEFEBVRE", "ZELDA FELTZ", "LIZ BELLE EBERLE"])
def test_block_capitals_that_stand_on_their_rule_are_read_to_the_letter(name: str) -> None:
    """With the rule taken away, and the feet with it, LEFEBVRE was read LEFFRVRF."""
    slip = _written_on_its_rule({"patient_name": name})
    found = read_text(slip, template(), open_recognizers(Limits())[:1], TODAY, "US")
    assert found.readings["patient_name"].value.casefold() == name.casefold()
