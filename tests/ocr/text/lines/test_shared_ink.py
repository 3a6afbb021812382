"""No ink is read in two fields without a word: what stands between them may be either's."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM, px_box
from ocr.text.confidence.judge import WRITING_LEAST_MM2
from ocr.text.lines.segment_lines import FieldInk, field_ink
from ocr.text.lines.shared_ink import doubt_shared
from pads.catalog import load_all
from schemas.geometry import BoxMm
from schemas.pad import PadDesign, TextField

PADS = [design for design in load_all() if not design.adopted]
LETTER_MM = 2.6


def _words(design: PadDesign, places: Sequence[BoxMm]) -> NDArray[np.uint8]:
    """A slip's ink with a row of letters in each of the boxes, as wide as it, standing on its lower edge."""
    ink = np.zeros((round(design.height_mm * PX_PER_MM), round(design.width_mm * PX_PER_MM)), np.uint8)
    for place in places:
        for x_mm in np.arange(place.x + 2, min(place.x + 30, place.right - 3), LETTER_MM):
            middle = (np.array([x_mm, place.bottom - LETTER_MM / 2]) * PX_PER_MM).round().astype(int)
            cv2.ellipse(ink, middle.tolist(), (10, round(LETTER_MM * PX_PER_MM / 2)), 0, 20, 330, 200, 4)
    return ink


def _found(design: PadDesign, ink: NDArray[np.uint8]) -> dict[str, FieldInk]:
    return doubt_shared({field.name: field_ink(ink, field) for field in design.writing}, ink.shape)


def _one_below_another(design: PadDesign) -> list[tuple[TextField, TextField]]:
    fields = sorted((f for f in design.writing if isinstance(f, TextField)), key=lambda field: field.box_mm.y)
    return [
        (upper, lower)
        for upper, lower in pairwise(fields)
        if upper.box_mm.x < lower.box_mm.right - 20 and upper != lower
    ]


@pytest.mark.parametrize("design", PADS, ids=lambda design: str(design.pad_id))
def test_what_is_written_between_two_fields_is_sure_in_neither(design: PadDesign) -> None:
    """A diagnosis that stood low was read as the goals too, and the slip passed with both."""
    shared = 0
    for upper, _ in _one_below_another(design):
        for lower_mm in np.arange(0.0, 6.0, 0.75):
            found = _found(design, _words(design, [upper.box_mm._replace(y=upper.box_mm.y + float(lower_mm))]))
            having = [ink for ink in found.values() if ink.ink_mm2 > WRITING_LEAST_MM2]
            shared += len(having) > 1
            assert len(having) < 2 or all(ink.goes_on and ink.torn for ink in having)
    assert shared


@pytest.mark.parametrize("design", PADS, ids=lambda design: str(design.pad_id))
def test_what_stands_in_its_own_field_is_doubted_nowhere(design: PadDesign) -> None:
    """However close the lines of a pad are."""
    fields = [field for field in design.writing if isinstance(field, TextField)]
    found = _found(design, _words(design, [field.box_mm for field in fields]))
    assert all(found[field.name].ink_mm2 > WRITING_LEAST_MM2 and not found[field.name].goes_on for field in fields)


def test_the_tail_of_a_letter_in_the_field_below_is_no_doubt() -> None:
    """Most hands have tails; px_box of both fields overlap by what letters lean out."""
    design = PADS[0]
    upper, lower = _one_below_another(design)[0]
    ink = _words(design, [upper.box_mm, lower.box_mm])
    left, _, _, bottom = px_box(upper.box_mm)
    cv2.line(ink, (left + 60, bottom - 20), (left + 55, bottom + 12), 200, 4)
    assert not any(found.goes_on for found in _found(design, ink).values())
