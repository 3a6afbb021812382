"""Slips and pages for tests, drawn from the pads' own print and placed by OpenCV."""

from collections.abc import Iterable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.detect import detect_markers
from ocr.page import Page
from ocr.template import Template
from pads.blank import blank, slip_picture
from pads.catalog import find, load_all
from schemas.geometry import BoxMm
from schemas.pad import PadDesign
from schemas.studio import Studio

DPI = 300
PX_PER_MM = DPI / 25.4
LETTER_PX = (2550, 3300)
SERIAL = 123

Picture = NDArray[np.uint8]


def design(name: str = "met-1") -> PadDesign:
    return find(load_all(), name)


@cache
def templates() -> tuple[Template, ...]:
    return tuple(Template(known, blank(known)) for known in load_all())


def template(name: str = "met-1") -> Template:
    return next(known for known in templates() if known.design == design(name))


@cache
def _slip(pad: PadDesign, serial: int) -> Picture:
    return slip_picture(pad, Studio(), serial, DPI)


def slip(name: str = "met-1", serial: int = SERIAL) -> Picture:
    """A printed slip, (H, W) at 300 dpi, to draw on."""
    return _slip(design(name), serial).copy()


def place(
    picture: Picture, angle_deg: float = 0.0, scale: float = 1.0, at: tuple[float, float] = (1275, 1650), lid: int = 255
) -> Picture:
    """The slip on a letter page, turned anticlockwise about its middle, which lies `at` (x, y) px."""
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle_deg, scale)
    turn[:, 2] += np.array(at) - np.array([(width - 1) / 2, (height - 1) / 2])
    return np.asarray(cv2.warpAffine(picture, turn, LETTER_PX, flags=cv2.INTER_LINEAR, borderValue=lid), np.uint8)


def together(pictures: Iterable[Picture]) -> Picture:
    """One page from several: the darker ink wins."""
    first, *rest = pictures
    for other in rest:
        first = np.minimum(first, other)
    return first


def page(picture: Picture, dpi: float = DPI) -> Page:
    return Page(1, picture, dpi)


def without_marks(picture: Picture, numbers: Iterable[int]) -> Picture:
    """The page with these corner marks covered by white paper."""
    covered = picture.copy()
    for mark in detect_markers(picture, 1700):
        if mark.number in numbers:
            center = tuple(int(v) for v in mark.center_px)
            cv2.circle(covered, center, round(mark.side_px), 255, -1)
    return covered


def px(box: BoxMm) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a place on a slip at 300 dpi."""
    left, top, right, bottom = (round(v * PX_PER_MM) for v in (box.x, box.y, box.right, box.bottom))
    return left, top, right, bottom


def cross(picture: Picture, box: BoxMm, gray: int = 50, pen_px: int = 5) -> None:
    """A pen's cross in a box."""
    left, top, right, bottom = px(box)
    cv2.line(picture, (left, top), (right, bottom), gray, pen_px, cv2.LINE_AA)
    cv2.line(picture, (left, bottom), (right, top), gray, pen_px, cv2.LINE_AA)


def scribble(picture: Picture, room: BoxMm, pen_px: int = 5) -> None:
    """Loops that run along a room, as a signature does."""
    steps = np.linspace(0, 1, 200)
    x = (room.x + room.w * (0.1 + 0.6 * steps) + 1.2 * np.sin(40 * steps)) * PX_PER_MM
    y = (room.y + room.h * (0.5 + 0.35 * np.cos(40 * steps) * (1 - 0.6 * steps))) * PX_PER_MM
    cv2.polylines(picture, [np.stack([x, y], axis=1).astype(np.int32)], False, 50, pen_px, cv2.LINE_AA)


def bilevel_fax(picture: Picture) -> Picture:
    """The page through a 204 x 98 fax, its pixels made square again by repeating lines."""
    size = (round(picture.shape[1] * 204 / DPI), round(picture.shape[0] * 98 / DPI))
    small = cv2.resize(cv2.GaussianBlur(picture, (0, 0), 0.7), size, interpolation=cv2.INTER_AREA)
    lines = np.where(small > 150, 255, 0).astype(np.uint8)
    square = cv2.resize(lines, (size[0], round(size[1] * 204 / 98)), interpolation=cv2.INTER_NEAREST)
    return np.asarray(square, np.uint8)
