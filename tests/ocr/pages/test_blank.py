"""A page is blank when nothing on it has structure, whatever machines did to it; all else is somebody's word."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.pages.blank import is_blank
from tests.ocr.paper import place, slip

DPI = 150
SIZE = (1650, 1275)
Back = NDArray[np.uint8]


def chance(number: int = 1) -> np.random.Generator:
    return np.random.default_rng(number)


def scanned(light: NDArray[np.float32], noise: float = 2.5) -> Back:
    """As a scanner delivers paper that throws back so much light, (H, W) of 0 to 255."""
    return (light + chance().normal(0, noise, light.shape)).clip(0, 255).astype(np.uint8)


def even(shade: float = 250) -> NDArray[np.float32]:
    return np.full(SIZE, shade, np.float32)


def grained() -> Back:
    rough = cv2.GaussianBlur(chance().normal(0, 1, (SIZE[0] // 2, SIZE[1] // 2)).astype(np.float32), (0, 0), 1)
    return scanned(even(235) + 25 * np.asarray(cv2.resize(rough, SIZE[::-1]), np.float32))


def shaded_at_the_edge() -> Back:
    away = np.exp(-np.arange(SIZE[1], dtype=np.float32) / 45)
    return scanned(even() * (1 - np.float32(0.5) * away))


def dimmer_to_one_side() -> Back:
    return scanned(even() * np.linspace(1, 0.6, SIZE[1], dtype=np.float32))


def folded() -> Back:
    rows, columns = np.mgrid[0 : SIZE[0], 0 : SIZE[1]].astype(np.float32)
    away = np.abs(rows * np.cos(0.01) + columns * np.sin(0.01) - 825)
    return scanned(even() - 25 * np.exp(-((away / 4.5) ** 2)))


def dusty() -> Back:
    back = scanned(even())
    for x, y in chance(5).integers((30, 30), (1245, 1620), (40, 2)).tolist():
        cv2.circle(back, (x, y), 2, 60, -1)
    return back


def punched(size_px: int, places: tuple[tuple[int, int], ...]) -> Back:
    back = scanned(even())
    for spot in places:
        cv2.circle(back, spot, size_px // 2, 25, -1)
    return back


def streaked() -> Back:
    back = scanned(even())
    back[:, 600:602] = 140
    back[250:320, 600:602] = 250
    return back


def dog_eared() -> Back:
    back = scanned(even())
    cv2.fillPoly(back, [np.array([[0, 0], [165, 0], [0, 210]])], 110)
    return back


def jpeg(quality: int) -> Back:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", grained(), [1, quality])[1], cv2.IMREAD_GRAYSCALE), np.uint8)


def faxed(lines: int = 98) -> Back:
    """Specks and the sender's line."""
    small = np.full((round(11 * lines), 1728), 255, np.uint8)
    small[chance(2).integers(0, len(small), 300), chance(3).integers(0, 1728, 300)] = 0
    cv2.putText(small, "NOV-20-2026 FROM: 2125550143 P.02/02", (60, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    return np.asarray(cv2.resize(small, (1728, 2244), interpolation=cv2.INTER_NEAREST), np.uint8)


BACKS: dict[str, Callable[[], Back]] = {
    "white": lambda: scanned(even()),
    "one shade": lambda: even(255).astype(np.uint8),
    "black": lambda: even(0).astype(np.uint8),
    "gray": lambda: scanned(even(195)),
    "noisy": lambda: scanned(even(225), 9),
    "grain": grained,
    "a shadow at the edge": shaded_at_the_edge,
    "dim light": dimmer_to_one_side,
    "a fold": folded,
    "dust": dusty,
    "two holes": lambda: punched(35, ((71, 590), (71, 1060))),
    "three holes": lambda: punched(47, ((75, 185), (75, 825), (75, 1465))),
    "a streak": streaked,
    "a dog-ear": dog_eared,
    "JPEG blocks": lambda: jpeg(25),
}


@pytest.mark.parametrize("back", BACKS.values(), ids=BACKS.keys())
def test_a_page_without_structure_is_blank(back: Callable[[], Back]) -> None:
    """Every second page of a duplex scan is one; each would otherwise be shown to a person."""
    assert is_blank(back(), DPI)


def test_a_blank_faxed_page_is_blank() -> None:
    """Its header is the sender's, not a doctor's."""
    assert is_blank(faxed(), 204)


@pytest.mark.parametrize("shade", [40, 150, 205])
@pytest.mark.parametrize("name", ["white", "two holes", "a fold"])
def test_a_written_line_is_not_blank(name: str, shade: int) -> None:
    """A note on a back, even in pencil, may be the only word of a patient."""
    back = BACKS[name]().copy()
    cv2.putText(back, "call after 5 pm", (450, 1350), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1, shade, 2, cv2.LINE_AA)
    assert not is_blank(back, DPI)


def test_a_faxed_note_is_not_blank() -> None:
    """The specks of a bad line must not hide it."""
    back = faxed()
    cv2.putText(back, "call pm", (500, 1200), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, 0, 2)
    assert not is_blank(back, 204)


def printed(fills_page: bool) -> NDArray[np.float32]:
    picture = slip() if fills_page else place(slip())
    return np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)


@pytest.mark.parametrize("fills_page", [False, True])
@pytest.mark.parametrize("contrast", [1.0, 0.12, 0.03])
def test_a_slip_is_not_blank_however_pale(contrast: float, fills_page: bool) -> None:
    """An empty toner cartridge is no reason to lose a patient."""
    assert not is_blank(scanned(250 - (255 - printed(fills_page)) * contrast, 1.5), DPI)


@pytest.mark.parametrize("fills_page", [False, True])
@pytest.mark.parametrize("blur_px", [1.5, 6, 20])
def test_a_slip_is_not_blank_however_blurred(blur_px: float, fills_page: bool) -> None:
    """A scan out of focus, or a photo through a lens that nobody wiped."""
    soft = np.asarray(cv2.GaussianBlur(printed(fills_page), (0, 0), blur_px), np.float32)
    assert not is_blank(scanned(soft), DPI)
    assert not is_blank(soft.astype(np.uint8), None)
