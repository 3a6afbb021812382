"""Checkboxes of other people's forms: pictures and box places in the form that the mark scorer takes.

There is no blank form: what the pages of one form have in common replaces it; on a crop, all that a label may cover.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.loose_ink import picture_ink
from bench.text.line_pictures import gray_picture
from ocr.marks.measure import INK_LEVEL, BoxPlace
from ocr.marks.outlines import locate_outlines
from ocr.scale import PX_PER_MM, REGISTERED_DPI, px_box
from schemas.geometry import MM_PER_INCH, BoxMm

Gray = NDArray[np.uint8]

SURVEY, CROPS = "survey_pages", "checkbox_crops"
TRUTH = "truth.csv"
SURVEY_DPI = 300
# What a form prints is on most of its pages; writing never is. Pages are aligned to 0.4 mm.
COMMON_SHARE = 0.6
COMMON_REACH_MM = 0.4
# The crops show boxes of 23 to 29 px, printed in one size and scanned by many.
CROP_SIDES_PX = range(23, 31)
CROP_LABEL_FROM_MM = 0.5


@dataclass(frozen=True)
class BoxTruth:
    """What a person saw: `marked`, and whether it is plain or arguable (`hard`, `ambiguous`)."""

    marked: bool
    arguable: bool


@dataclass(frozen=True, eq=False)
class BoxPicture:
    """Ink (H, W) relative to printed black at REGISTERED_DPI, what the form prints there, and its boxes with truth."""

    name: str
    ink: Gray
    printed: Gray
    boxes: tuple[BoxPlace, ...]
    truths: tuple[BoxTruth, ...]


def survey_pages(folder: Path) -> Iterator[BoxPicture]:
    """Pages of one form; the place of every box is given."""
    rows = sorted(_rows(folder), key=lambda row: row["file"])
    pages = [(file, list(group)) for file, group in groupby(rows, key=lambda row: row["file"])]
    inks = [picture_ink(_reduce(gray_picture(folder / file), REGISTERED_DPI / SURVEY_DPI)) for file, _ in pages]
    places = [tuple(_box_place(row) for row in group) for _, group in pages]
    for (file, group), ink, boxes, printed in zip(pages, inks, places, _common_print(inks, places), strict=True):
        yield BoxPicture(file, ink, printed, boxes, tuple(_truth(row) for row in group))


def checkbox_crops(folder: Path) -> Iterator[BoxPicture]:
    """Crops with a box in the middle, its label to the right."""
    for row in _rows(folder):
        ink = picture_ink(gray_picture(folder / row["file"]))
        box = _middle_box(ink)
        printed = np.zeros_like(ink)
        printed[:, round((box.right + CROP_LABEL_FROM_MM) * PX_PER_MM) :] = 255
        left, top, right, bottom = px_box(box)
        cv2.rectangle(printed, (left, top), (right, bottom), 255, 2 * round(COMMON_REACH_MM * PX_PER_MM) + 1)
        yield BoxPicture(row["file"], ink, printed, (BoxPlace("box", box),), (_truth(row),))


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / TRUTH).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _truth(row: dict[str, str]) -> BoxTruth:
    return BoxTruth(row["marked"] == "1", row["difficulty"] in ("hard", "ambiguous"))


def _box_place(row: dict[str, str]) -> BoxPlace:
    x, y, width, height = (int(row[key]) / SURVEY_DPI * MM_PER_INCH for key in ("cx", "cy", "w", "h"))
    return BoxPlace(f"{row['question']}.{row['column']}", BoxMm(x - width / 2, y - height / 2, width, height))


def _reduce(picture: Gray, scale: float) -> Gray:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _common_print(inks: Sequence[Gray], places: Sequence[Sequence[BoxPlace]]) -> list[Gray]:
    """What the pages (one form) have in common, on each page."""
    centers = [np.array([box.box_mm.center for box in boxes]) * PX_PER_MM for boxes in places]
    first, size = centers[0], (inks[0].shape[1], inks[0].shape[0])
    maps = [cv2.estimateAffine2D(there, first)[0] for there in centers]
    aligned = [
        cv2.warpAffine(np.where(ink >= INK_LEVEL * 255, 255, 0).astype(np.uint8), to, size)
        for ink, to in zip(inks, maps, strict=True)
    ]
    size_px = 2 * round(COMMON_REACH_MM * PX_PER_MM) + 1
    pen = np.ones((size_px, size_px), np.uint8)
    share = np.mean([cv2.dilate(page, pen) > 0 for page in aligned], axis=0)
    common = np.where(share >= COMMON_SHARE, 255, 0).astype(np.uint8)
    return [np.asarray(cv2.warpAffine(common, to, size, flags=cv2.WARP_INVERSE_MAP), np.uint8) for to in maps]


def _middle_box(ink: Gray) -> BoxMm:
    """The outline of the size that shows best around the middle of the crop."""
    height, width = ink.shape
    sides = [side / PX_PER_MM for side in CROP_SIDES_PX]
    middle = [(width / 2 / PX_PER_MM, height / 2 / PX_PER_MM)] * len(sides)
    boxes = [BoxMm(x - side / 2, y - side / 2, side, side) for (x, y), side in zip(middle, sides, strict=True)]
    _, outlines = locate_outlines(ink, boxes)
    return boxes[int(outlines.argmax())]
