"""Blank backs are blank, whatever paper and machine did to them; a written line is not."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.pages.blank import is_blank
from tests.ocr.paper import slip

SIZE = (3300, 2550)
Back = NDArray[np.uint8]


def paper(shade: int = 250) -> Back:
    noise = np.random.default_rng(1).normal(0, 2.5, SIZE)
    return (shade + noise).clip(0, 255).astype(np.uint8)


def shining_through(share: float) -> Back:
    """A slip on the other side, mirrored and soft."""
    back = paper().astype(np.float32)
    seen = 255 - cv2.GaussianBlur(slip()[:, ::-1], (0, 0), 4).astype(np.float32)
    back[400 : 400 + seen.shape[0], 300 : 300 + seen.shape[1]] -= share * seen
    return back.clip(0, 255).astype(np.uint8)


def punched(size_px: int, places: tuple[tuple[int, int], ...]) -> Back:
    back = paper()
    for place in places:
        cv2.circle(back, place, size_px // 2, 25, -1)
    return back


def streaked() -> Back:
    back = paper()
    back[:, 1200:1204] = 140
    return back


def dog_eared() -> Back:
    back = paper()
    cv2.fillPoly(back, [np.array([[0, 0], [330, 0], [0, 420]])], 110)
    return back


def faxed(lines: int = 98) -> Back:
    """Specks and the sender's line."""
    small = np.full((round(11 * lines), 1728), 255, np.uint8)
    chance = np.random.default_rng(2)
    small[chance.integers(0, len(small), 300), chance.integers(0, 1728, 300)] = 0
    cv2.putText(small, "NOV-20-2026 FROM: 2125550143 P.02/02", (60, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    return np.asarray(cv2.resize(small, (1728, 2244), interpolation=cv2.INTER_NEAREST), np.uint8)


BACKS: dict[str, Callable[[], Back]] = {
    "white": paper,
    "grey": lambda: paper(195),
    "thin paper": lambda: shining_through(0.3),
    "two holes": lambda: punched(71, ((142, 1180), (142, 2120))),
    "three holes": lambda: punched(94, ((150, 370), (150, 1650), (150, 2930))),
    "a streak": streaked,
    "a dog-ear": dog_eared,
}


@pytest.mark.parametrize("back", BACKS.values(), ids=BACKS.keys())
def test_a_blank_back_is_blank(back: Callable[[], Back]) -> None:
    """Every second page of a duplex scan is one; each would otherwise be shown to a person."""
    assert is_blank(back(), 300)


def test_a_blank_faxed_page_is_blank() -> None:
    """Its header is the sender's, not a doctor's."""
    assert is_blank(faxed(), 204)


@pytest.mark.parametrize("shade", [40, 90, 150])
@pytest.mark.parametrize("name", ["white", "two holes", "thin paper"])
def test_a_written_line_is_not_blank(name: str, shade: int) -> None:
    """A note on a back, even in pencil, may be the only word of a patient."""
    back = BACKS[name]().copy()
    cv2.putText(back, "call after 5 pm", (900, 2700), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2, shade, 3, cv2.LINE_AA)
    assert not is_blank(back, 300)


def test_a_slip_is_not_blank() -> None:
    """However pale its copy."""
    pale = (255 - (255 - slip().astype(np.float32)) * 0.45).astype(np.uint8)
    assert not is_blank(pale, 300)
