"""Rows of small shapes, whichever way they run: print that was stamped or fed askew is looked at turned level."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM

# Stamps that a hand puts down lie up to 25 degrees askew; a reader of print bears some 5.
ANGLES_DEG = np.arange(-30.0, 30.5, 1.5)
# Letters, and short words that blur makes one shape; specks and long strokes have no row.
HEIGHT_MM, WIDTH_MM = (0.5, 6.0), (0.25, 20.0)
INK_LEVEL = 0.3
PIXELS_LEAST = 50
BAND_PX = 2
# Of rows turned level: what is as large as a letter or a short word.
LETTER_HEIGHT_MM, LETTER_WIDTH_MM = (0.7, 6.0), (0.25, 8.0)


@dataclass(frozen=True)
class Rows:
    """Ink turned so that its rows are level: how many parts are as large as letters, or longer, how tall the tallest
    part is, and the share of the ink in parts as large as letters or short words.
    """

    count: int = 0
    tallest_mm: float = 0.0
    letter_share: float = 0.0


def measure_rows(ink: NDArray[np.uint8]) -> Rows:
    """The parts of an ink picture (H, W), turned so that its rows are level."""
    _, stats, _ = find_parts(_dark(turned(ink, rows_turn_deg(ink))[0]))
    wide, high = (stats[1:, column] / PX_PER_MM for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    areas = stats[1:, cv2.CC_STAT_AREA]
    (low, tall), (narrow, broad) = LETTER_HEIGHT_MM, LETTER_WIDTH_MM
    some = (high >= low) & (high <= tall) & (wide >= narrow)
    share = areas[some & (wide <= broad)].sum() / max(1, int(areas.sum()))
    return Rows(int(some.sum()), float(high.max(initial=0.0)), float(share))


def turned(ink: NDArray[np.uint8], degrees: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """An ink picture (H, W) turned anticlockwise, whole, and the transform (2, 3) to the turned one's pixels."""
    high, wide = ink.shape
    side = int(np.hypot(high, wide)) + 1
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    turn[:, 2] += [(side - wide) / 2, (side - high) / 2]
    return np.asarray(cv2.warpAffine(ink, turn, (side, side), flags=cv2.INTER_LINEAR), np.uint8), np.asarray(turn)


def rows_turn_deg(ink: NDArray[np.uint8]) -> float:
    """How far the rows of the small shapes in an ink picture (H, W) fall to the right, in degrees; 0 without any."""
    rows, columns = np.nonzero(_small_shapes(ink))
    if len(rows) < PIXELS_LEAST:
        return 0.0
    edges = np.array([_edges(rows, columns, np.radians(angle)) for angle in ANGLES_DEG])
    smooth = np.convolve(np.pad(edges, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    return float(ANGLES_DEG[int(smooth.argmax())])


def _small_shapes(ink: NDArray[np.uint8]) -> NDArray[np.bool_]:
    labels, stats, _ = find_parts(_dark(ink))
    wide, high = (stats[:, column] / PX_PER_MM for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    (low, tall), (narrow, broad) = HEIGHT_MM, WIDTH_MM
    small = (high >= low) & (high <= tall) & (wide >= narrow) & (wide <= broad)
    small[0] = False
    return np.asarray(small[labels], np.bool_)


def _dark(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    smooth = cv2.GaussianBlur(ink, (3, 3), 0)
    return np.asarray(cv2.threshold(smooth, INK_LEVEL * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _edges(rows: NDArray[np.intp], columns: NDArray[np.intp], angle: float) -> float:
    """How sharply rows of ink and of paper part when they are taken to run at this angle."""
    across = rows * np.cos(angle) - columns * np.sin(angle)
    counts = np.bincount(((across - across.min()) / BAND_PX).astype(np.intp))
    return float((np.diff(counts, prepend=0, append=0).astype(np.float64) ** 2).sum())
