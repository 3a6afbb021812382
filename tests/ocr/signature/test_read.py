"""Names in print are no signature, whoever prints them; a signature over them is one."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from pads.simulate.pen.signature import sign
from pads.simulate.placed_print import across_rule, framed, turned
from pads.simulate.printed_names import electronic_signature, name_stamp, typed_name
from pads.simulate.strokes import Box, Mask
from schemas.reading import SignatureReading, SignatureState
from tests.ocr.paper import PX_PER_MM, Picture, bilevel_fax, design, px, slip, template
from tests.ocr.slip_values import read_signature

Draw = Callable[[Mask, Box, float, np.random.Generator], None]
PRINTED: list[Draw] = [name_stamp, typed_name, electronic_signature]


def with_ink(draw: Draw, seed: int, strength: float = 0.85) -> Picture:
    """A slip on whose signature line something is drawn."""
    picture = slip()
    ink = np.zeros_like(picture)
    left, top, right, bottom = px(design().signature.box_mm)
    rng = np.random.default_rng(seed)
    draw(ink, (left, top, right - left, bottom - top), 0.45 * PX_PER_MM, rng)
    return np.minimum(picture, 255 - (ink * strength).astype(np.uint8))


def read(picture: Picture) -> SignatureReading:
    size = template().print_reach.shape[::-1]
    registered = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return read_signature(np.asarray(registered, np.uint8), template())


@pytest.mark.parametrize("draw", PRINTED)
@pytest.mark.parametrize("seed", range(2))
def test_a_name_in_print_is_typed_and_says_so(draw: Draw, seed: int) -> None:
    """Stamps, typewriters and programs: whoever reviews it sees the reason, and the words are kept."""
    found = read(with_ink(draw, seed))
    assert found.value is SignatureState.TYPED
    assert found.reason == "a typed or stamped name"
    assert len(found.words) >= 5


@pytest.mark.parametrize("draw", PRINTED)
def test_a_name_in_print_is_never_called_a_signature_on_a_fax(draw: Draw) -> None:
    """Where no word can be read any more, the rows of small shapes are left."""
    assert read(bilevel_fax(with_ink(draw, 0))).value is not SignatureState.PRESENT


@pytest.mark.parametrize("put", [turned, across_rule])
@pytest.mark.parametrize("draw", PRINTED)
def test_a_name_in_print_is_no_signature_however_it_is_put_down(draw: Draw, put: Callable[[Draw], Draw]) -> None:
    """Stamps lie up to 25 degrees askew, and on the rule: neither makes them a pen's."""
    states = [read(with_ink(put(draw), seed)).value for seed in range(3)]
    assert SignatureState.PRESENT not in states
    assert SignatureState.TYPED in states


@pytest.mark.parametrize("draw", [framed(name_stamp), framed(sign), turned(framed(name_stamp))])
def test_what_stands_in_a_frame_is_stamped(draw: Draw) -> None:
    """A facsimile of a signature looks like a pen's but for its frame."""
    for seed in range(2):
        assert read(with_ink(draw, seed)).value is not SignatureState.PRESENT


def _office_stamp(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    left, top, width, height = room
    name_stamp(mask, (left, top - 0.2 * height, 0.5 * width, height), pen_px, np.random.default_rng(5))


def _signed_stamp(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    _office_stamp(mask, room, pen_px, rng)
    sign(mask, room, pen_px, rng)


def test_a_signature_over_a_stamp_is_present() -> None:
    """Asking about each of them would teach people to press a key without looking."""
    assert read(with_ink(_office_stamp, 1)).value is SignatureState.TYPED
    states = [read(with_ink(_signed_stamp, seed)).value for seed in range(2)]
    assert states == [SignatureState.PRESENT] * 2


def test_without_tesseract_print_is_doubted_and_a_plain_signature_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that lacks it must not accept stamps in silence."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for draw in PRINTED:
        assert read(with_ink(draw, 0)).value is SignatureState.UNCERTAIN
    assert read(with_ink(sign, 1)).value is SignatureState.PRESENT
