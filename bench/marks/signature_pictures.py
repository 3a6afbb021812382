"""Real signatures, black on white, drawn on simulated slips; nothing of them is kept."""

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.text.line_pictures import gray_picture
from pads.simulate.pen.fill import Signer
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Box, Mask, add_ink

SIGNATURES = "signatures"
TRUTH = "truth.csv"
# How wide people sign, and how far their signatures outgrow a line 6 to 9 mm high.
WIDTH_MM = (20.0, 45.0)
HEIGHT_MOST_MM = (7.0, 12.0)
INKED = 80  # of 255, darker than the paper
BELOW_SHARE = 0.2  # of the signature hangs below the line at most
PEN_LEAST_MM = 0.25  # the finest ballpoint


@dataclass(frozen=True)
class RealSignature:
    """One picture and who signed it."""

    path: Path
    writer: str

    def signer(self) -> Signer:
        """Draws the signature in a room as its writer might have signed there: large, small, over the line."""
        ink = _full_strength(255 - gray_picture(self.path))
        rows, columns = (np.flatnonzero((ink > INKED).any(axis=axis)) for axis in (1, 0))
        tight = np.ascontiguousarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])

        def draw(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
            _place(mask, room, _scale(tight, rng), rng)

        return draw


def real_signatures(folder: Path) -> list[RealSignature]:
    """All signatures of the folder, by its `truth.csv` (columns file, writer)."""
    with (folder / TRUTH).open(newline="", encoding="utf-8") as file:
        return [RealSignature(folder / row["file"], row["writer"]) for row in csv.DictReader(file)]


def _full_strength(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Full ink in the strokes, however pale they were scanned: the slip's own pen gives them color and strength."""
    return np.asarray(cv2.convertScaleAbs(ink, alpha=255 / float(np.percentile(ink[ink > INKED], 50))), np.uint8)


def _scale(ink: NDArray[np.uint8], rng: np.random.Generator) -> Mask:
    height, width = ink.shape
    scale = PX_PER_MM * min(rng.uniform(*WIDTH_MM) / width, rng.uniform(*HEIGHT_MOST_MM) / height)
    depth = cv2.distanceTransform(np.where(ink > INKED, 255, 0).astype(np.uint8), cv2.DIST_L2, 3)
    missing = round(PEN_LEAST_MM * PX_PER_MM / scale - 2 * float(np.percentile(depth[depth > 0], 90)))
    if missing >= 1:
        ink = np.asarray(cv2.dilate(ink, np.ones((missing + 1, missing + 1), np.uint8)), np.uint8)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def _place(mask: Mask, room: Box, ink: Mask, rng: np.random.Generator) -> None:
    left, top, width, height = room
    high, wide = ink.shape
    x = left + rng.uniform(0, max(1.0, width - wide))
    add_ink(mask, ink, x, top + height - high * (1 - rng.uniform(0, BELOW_SHARE)))
