"""Typed writing is told from handwriting by the levels of its letters."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.text.read_fields import open_fields
from ocr.text.typed.detect import TYPED_LEAST, Levels, are_joined, levels, typed_band, typed_fields, typed_share
from ocr.text.typed.reader import TypedFieldReader
from pads.simulate.pen.fonts import HANDWRITINGS, face, handwriting_named
from pads.simulate.truth import Legibility
from tests.ocr.text.slips import FILLED, filled_slip, template

FACES = [hand.name for hand in HANDWRITINGS if hand.legibility is Legibility.TYPED]
WORDS = FILLED | {"precautions": "no lifting > 10 lbs, monitor BP", "provider_name": "H. Yamada, DPT"}


def _typed(hand: str) -> set[str]:
    fields = open_fields(filled_slip(WORDS, hand=hand), template())
    return {field.name for field in fields if isinstance(field, TypedFieldReader) and field.ink.lines}


@pytest.mark.parametrize("hand", FACES)
def test_a_slip_typed_in_any_face_is_typed_in_all_its_fields(hand: str) -> None:
    """A typewriter, Courier, Times and Arial have nothing in common but that their letters stand level."""
    assert _typed(hand) == WORDS.keys() - {"patient_phone", "signed_on"}


@pytest.mark.parametrize(
    "hand", ["caveat", "la-belle-aurore", "over-the-rainbow", "reenie-beanie", "architects-daughter"]
)
def test_no_field_of_a_handwritten_slip_is_typed(hand: str) -> None:
    """A reader of print knows nothing of handwriting."""
    assert _typed(hand) == set()


def _line(text: str, hand: str) -> np.ndarray:
    picture = Image.new("L", (700, 60), 255)
    ImageDraw.Draw(picture).text((5, 40), text, fill=0, font=face(handwriting_named(hand), 20), anchor="ls")
    return np.array(picture)


def test_a_word_added_by_hand_is_no_typed_one() -> None:
    """A slip that was typed beforehand is completed by pen: each field is judged by its own letters too."""
    rng = np.random.default_rng(1)
    wavy = np.full((60, 700), 255, np.uint8)
    for x in range(10, 400, 16):
        top, high = rng.integers(5, 20), rng.integers(12, 30)
        wavy[top : top + high, x : x + 5] = 0
    typed = {"goals": [_line("walk without pain", "tinos")], "diagnosis": [_line("L knee OA, chronic LBP", "tinos")]}
    assert typed_fields(typed) == {"goals", "diagnosis"}
    assert typed_fields(typed | {"precautions": [wavy]}) == {"goals", "diagnosis"}


def test_few_letters_are_judged_by_the_slip_that_they_stand_on() -> None:
    """ "OA" is level in anybody's hand; on a typed slip it is typed, on a written one it is not."""
    short = Levels(2, 2.0, 2.0)
    assert typed_share(short, Levels(80, 72.0, 70.0)) >= TYPED_LEAST
    assert typed_share(short, Levels(80, 40.0, 40.0)) < TYPED_LEAST


def test_nothing_is_level_where_nothing_is_written() -> None:
    """An empty line, or one with a dash and a point in it, must not stop the reader."""
    empty, dash = np.full((40, 200), 255, np.uint8), np.full((40, 200), 255, np.uint8)
    dash[20:22, 40:60] = 0
    assert levels([empty, dash]) == Levels()
    assert Levels().share == 0.0
    assert typed_fields({}) == frozenset()


def test_strokes_above_and_below_typed_letters_are_cut_off() -> None:
    """The tail of a tick in the box above, and the loop of a signature below, are no part of any letter."""
    line = _line("Quentin Hernandez, DC", "arimo")
    crossed = np.pad(line, ((40, 40), (0, 0)), constant_values=255)
    crossed[5:15, 100:110] = crossed[105:135, 80:84] = 0
    assert levels([typed_band(crossed)]) == levels([line])
    ink = np.flatnonzero((line < 128).any(axis=1))
    assert (typed_band(crossed) < 128).sum() == (line < 128).sum()
    assert len(typed_band(crossed)) <= 1.6 * (ink[-1] - ink[0])


def test_a_line_without_levels_is_left_whole() -> None:
    """What has no letters has no place to cut."""
    for rows in ([], [10, 14]):
        picture = np.full((40, 200), 255, np.uint8)
        picture[rows, 50:80] = 0
        assert typed_band(picture).shape == picture.shape


@pytest.mark.parametrize("hand", FACES)
def test_typed_letters_stand_apart(hand: str) -> None:
    """But for two or three that touch: what is joined throughout is no type, or has a line through it."""
    line = _line("walk without pain, R knee OA", hand)
    assert not are_joined([line])
    line[30:33, 5:400] = 0
    assert are_joined([line])


def test_letters_of_one_stroke_are_joined() -> None:
    """Words written so stand as level as print does, and a reader of print makes nothing of them."""
    words = np.full((60, 500), 255, np.uint8)
    for x in range(10, 480, 120):
        words[20:22, x : x + 100] = 0
        words[20:40, x : x + 100 : 12] = 0
    assert are_joined([words])
    assert not are_joined([])
