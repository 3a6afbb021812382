"""Someone signed, nobody signed, or a person must look: by strokes, not by darkness."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip
from pads.simulate.pen.signature import sign
from schemas.geometry import BoxMm
from schemas.reading import SignatureReading, SignatureState
from tests.ocr.paper import PX_PER_MM, Picture, bilevel_fax, design, page, place, px, slip, templates
from tests.ocr.slip_values import read_signature

ROOM = design().signature.box_mm
CHANNELS: list[Callable[[Picture], Picture]] = [lambda scan: scan, bilevel_fax]
channels = pytest.mark.parametrize("channel", CHANNELS, ids=["scan", "fax"])


def read(picture: Picture, channel: Callable[[Picture], Picture]) -> SignatureReading:
    (found,) = find_slips(page(channel(place(picture, 1.2))), templates())
    assert isinstance(found, RegisteredSlip)
    return read_signature(found.picture, found.template)


def signed(seed: int, room: BoxMm = ROOM) -> Picture:
    picture = slip()
    ink = np.zeros_like(picture)
    left, top, right, bottom = px(room)
    sign(ink, (left, top, right - left, bottom - top), 0.45 * PX_PER_MM, np.random.default_rng(seed))
    return np.minimum(picture, 255 - (ink * 0.8).astype(np.uint8))


@channels
@pytest.mark.parametrize("seed", range(4))
def test_a_signature_is_present(seed: int, channel: Callable[[Picture], Picture]) -> None:
    """Loops and letters along the line."""
    assert read(signed(seed), channel).value is SignatureState.PRESENT


@channels
def test_an_empty_line_is_absent(channel: Callable[[Picture], Picture]) -> None:
    """The printed rule and label are no signature."""
    assert read(slip(), channel).value is SignatureState.ABSENT


def smudge(picture: Picture) -> None:
    blot = np.zeros_like(picture)
    left, top, right, bottom = px(ROOM)
    cv2.ellipse(blot, ((left + right) // 2, (top + bottom) // 2), (90, 22), 8, 0, 360, 200, -1)
    np.minimum(picture, 255 - cv2.GaussianBlur(blot, (0, 0), 7), out=picture)


def ruled_line(picture: Picture) -> None:
    left, top, right, _ = px(ROOM)
    cv2.line(picture, (left + 20, top + 40), (right - 30, top + 36), 60, 5, cv2.LINE_AA)


def stamp(picture: Picture) -> None:
    left, top, _, bottom = px(ROOM)
    cv2.rectangle(picture, (left + 60, top - 12), (left + 400, bottom - 8), 70, 6)
    cv2.putText(picture, "COPY", (left + 110, bottom - 26), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 70, 5)


def typed_name(picture: Picture) -> None:
    left, _, _, bottom = px(ROOM)
    cv2.putText(picture, "KIM TESTWELL", (left + 20, bottom - 14), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 20, 3, cv2.LINE_AA)


def date_too_far_left(picture: Picture) -> None:
    _, _, right, bottom = px(ROOM)
    at = (right - 160, bottom - 12)
    cv2.putText(picture, "4/18/26", at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.3, 40, 3, cv2.LINE_AA)


def descenders(picture: Picture) -> None:
    left, top, _, _ = px(ROOM)
    for x in (left + 60, left + 210, left + 330):
        cv2.line(picture, (x, top - 45), (x - 8, top + 22), 50, 5, cv2.LINE_AA)


def fax_header(picture: Picture) -> None:
    _, top, _, _ = px(ROOM)
    at, text = (30, top + 42), "11/23/2026 10:14 FROM 2125550143 PAGE 02 OF 03"
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.15, 20, 3)


def sign_here(picture: Picture) -> None:
    left, top, _, bottom = px(ROOM)
    cv2.line(picture, (left + 20, top + 15), (left + 70, bottom - 10), 50, 5, cv2.LINE_AA)
    cv2.line(picture, (left + 20, bottom - 10), (left + 70, top + 15), 50, 5, cv2.LINE_AA)


def staple(picture: Picture) -> None:
    left, top, _, bottom = px(ROOM)
    cv2.line(picture, (left + 100, bottom - 5), (left + 215, top - 20), 70, 7, cv2.LINE_AA)
    for end in ((left + 100, bottom - 5), (left + 215, top - 20)):
        cv2.circle(picture, end, 8, 30, -1, cv2.LINE_AA)


def specks(picture: Picture) -> None:
    left, top, right, bottom = px(ROOM)
    rng = np.random.default_rng(3)
    for _ in range(40):
        at = int(rng.integers(left, right)), int(rng.integers(top, bottom))
        cv2.circle(picture, at, int(rng.integers(1, 4)), 40, -1, cv2.LINE_AA)


def streak(picture: Picture) -> None:
    left, _, right, _ = px(ROOM)
    x = (left + right) // 2
    cv2.line(picture, (x, 0), (x, picture.shape[0]), 60, 3)


NOT_SIGNED = [
    smudge,
    ruled_line,
    stamp,
    typed_name,
    date_too_far_left,
    descenders,
    fax_header,
    sign_here,
    staple,
    specks,
    streak,
]


@channels
@pytest.mark.parametrize("spoil", NOT_SIGNED)
def test_what_is_no_signature_is_never_called_present(
    spoil: Callable[[Picture], None], channel: Callable[[Picture], Picture]
) -> None:
    """A referral stands on its signature: all other ink there is at most a question."""
    picture = slip()
    spoil(picture)
    assert read(picture, channel).value is not SignatureState.PRESENT


def test_a_doubt_names_its_reason() -> None:
    """The person who settles it should know what to look for."""
    picture = slip()
    ruled_line(picture)
    assert read(picture, CHANNELS[0]).reason
