"""Analyze an empty form that others have printed: boxes to tick, rules and frames to write in, and words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.ink import cut, darkness
from ocr.page import Page
from ocr.recognizers.recognizer import TextRecognizer
from ocr.scale import PX_PER_MM, REGISTERED_DPI
from schemas.geometry import BoxMm

Mask = NDArray[np.uint8]  # 255 where the form prints

PRINT_DARKNESS = 90  # gray of a box's thin outline, spread over two pixels
# A box to tick, round or square, measured inside its outline. Letters that enclose as much have neighbors.
BOX_MM = (1.7, 8.0)
BOX_ASPECT = 1.35
BOX_FULL = 0.7  # a circle fills pi / 4 of its square
OUTLINE_MM = 1.2
FREE_MM = 0.6  # left and right of a box nothing is printed so near
# A rule to write on is longer than any stroke of a letter; a frame has room for a line of writing.
RULE_MM, RULE_THICK_MM = 12.0, 1.0
FRAME_MM = (15.0, 4.5)
# Words run on across gaps narrower than this, two thirds of an em in 10 pt; columns stand further apart.
WORD_GAP_MM = 2.4
WORD_HIGH_MM = (0.9, 9.0)
WORD_RIM_MM = 0.5
LARGE_MM = (10.0, 5.0)  # no letter is so wide and high, but frames, tables and logos are
SKEW_MOST_DEG, SKEW_STEP_DEG, SKEW_LEAST_DEG = 2.5, 0.05, 0.08


@dataclass(frozen=True)
class PrintedWords:
    """Printed words that stand together on one line."""

    text: str
    box_mm: BoxMm


@dataclass(frozen=True, eq=False)
class BlankForm:
    """An empty form: its straightened picture (H, W) at REGISTERED_DPI, ink black on white, and what is printed on it.

    `boxes` are squares or circles to tick, `rules` level lines (their height is their thickness), `frames` the insides
    of rectangles, largest first.
    """

    picture: NDArray[np.uint8]
    boxes: tuple[BoxMm, ...]
    rules: tuple[BoxMm, ...]
    frames: tuple[BoxMm, ...]
    words: tuple[PrintedWords, ...] = ()

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height."""
        high, wide = self.picture.shape
        return wide / PX_PER_MM, high / PX_PER_MM


def analyze_blank(page: Page, dpi: float, readers: Sequence[TextRecognizer]) -> BlankForm:
    """Analyze the empty form that fills `page` at `dpi`; words as the first of `readers` reads them."""
    picture = _straighten(_normalize(page.gray, dpi))
    mask = np.where(darkness(picture) >= PRINT_DARKNESS, np.uint8(255), np.uint8(0))
    boxes, frames = _holes(mask)
    rules = _rules(mask, frames)
    form = BlankForm(picture, boxes, rules, frames)
    return replace(form, words=_words(form, mask, readers[0]))


def _normalize(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The form at REGISTERED_DPI, its paper white."""
    factor = REGISTERED_DPI / dpi
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    sized = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=way), np.uint8)
    return np.asarray(255 - darkness(sized), np.uint8)


def _straighten(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture turned so that its lines are level: the turn at which rows differ most."""
    small = 255 - cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    turns = np.arange(-SKEW_MOST_DEG, SKEW_MOST_DEG + SKEW_STEP_DEG / 2, SKEW_STEP_DEG)
    best = float(turns[int(np.argmax([_rows_differ(small, float(turn)) for turn in turns]))])
    if abs(best) < SKEW_LEAST_DEG:
        return picture
    high, wide = picture.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), best, 1.0)
    turned = cv2.warpAffine(picture, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(turned, np.uint8)


def _rows_differ(ink: cv2.typing.MatLike, turn_deg: float) -> float:
    high, wide = ink.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), turn_deg, 1.0)
    rows = cv2.warpAffine(ink, turn, (wide, high)).sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum())


def _holes(mask: Mask) -> tuple[tuple[BoxMm, ...], tuple[BoxMm, ...]]:
    """White places that print encloses: boxes to tick, up to their outline's middle, and insides of frames."""
    outlines, family = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    boxes, frames = [], []
    for outline, kin in zip(outlines, family[0] if family is not None else (), strict=True):
        if kin[3] < 0:  # the outside of something printed
            continue
        x, y, w, h = _inner(cv2.boundingRect(outline))
        hole = BoxMm(x / PX_PER_MM, y / PX_PER_MM, w / PX_PER_MM, h / PX_PER_MM)
        full = cv2.contourArea(outline) >= BOX_FULL * w * h
        if full and _is_box(hole, cv2.boundingRect(outlines[kin[3]])) and _stands_free(mask, (x, y, w, h)):
            boxes.append(hole.grown(_outline_mm(hole, cv2.boundingRect(outlines[kin[3]])) / 2))
        elif full and hole.w >= FRAME_MM[0] and hole.h >= FRAME_MM[1]:
            frames.append(hole)
    frames.sort(key=lambda box: -box.w * box.h)
    return tuple(sorted(boxes, key=lambda box: (round(box.y), box.x))), tuple(frames)


def _inner(around_px: Sequence[int]) -> tuple[int, int, int, int]:
    """OpenCV outlines a hole by the printed pixels around it; this is what they leave white."""
    x, y, w, h = around_px
    return x + 1, y + 1, w - 2, h - 2


def _is_box(hole: BoxMm, around_px: Sequence[int]) -> bool:
    least, most = BOX_MM
    square = least <= min(hole.w, hole.h) and max(hole.w, hole.h) <= min(most, BOX_ASPECT * min(hole.w, hole.h))
    return square and _outline_mm(hole, around_px) <= OUTLINE_MM


def _outline_mm(hole: BoxMm, around_px: Sequence[int]) -> float:
    """How thick the outline of a hole is; large where the hole is one of many in a letter, logo or table."""
    return max(around_px[2] / PX_PER_MM - hole.w, around_px[3] / PX_PER_MM - hole.h) / 2


def _stands_free(mask: Mask, hole_px: tuple[int, int, int, int]) -> bool:
    x, y, w, h = hole_px
    near, far = round(OUTLINE_MM * PX_PER_MM) // 2, round((OUTLINE_MM / 2 + FREE_MM) * PX_PER_MM)
    sides = mask[y : y + h, max(0, x - far) : max(0, x - near)], mask[y : y + h, x + w + near : x + w + far]
    return not any(side.any() for side in sides)


def _rules(mask: Mask, frames: Sequence[BoxMm]) -> tuple[BoxMm, ...]:
    """Level lines that are no side of a frame, top to bottom."""
    level = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, round(RULE_MM * PX_PER_MM)), np.uint8))
    _, stats, _ = find_parts(np.asarray(level, np.uint8))
    rules = [BoxMm(*(float(edge) / PX_PER_MM for edge in part[:4])) for part in stats[1:]]
    sides = [y for frame in frames for y in (frame.y, frame.bottom)]
    return tuple(
        rule
        for rule in sorted(rules, key=lambda rule: (round(rule.y), rule.x))
        if rule.h <= RULE_THICK_MM and not any(abs(rule.center.y - y) <= RULE_THICK_MM for y in sides)
    )


def _words(form: BlankForm, mask: Mask, reader: TextRecognizer) -> tuple[PrintedWords, ...]:
    """What is left when boxes, rules, frames and logos are taken away, line by line."""
    text = mask.copy()
    for part in (*form.boxes, *form.rules):
        cut(text, part.grown(0.5))[:] = 0
    labels, stats, _ = find_parts(text)
    large = (stats[:, 2] >= LARGE_MM[0] * PX_PER_MM) & (stats[:, 3] >= LARGE_MM[1] * PX_PER_MM)
    large[0] = False
    text[large[labels]] = 0
    gap = round(WORD_GAP_MM * PX_PER_MM)
    joined = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((3, gap), np.uint8), borderValue=0)
    _, stats, _ = find_parts(np.asarray(joined, np.uint8))
    places = [BoxMm(*(float(edge) / PX_PER_MM for edge in part[:4])) for part in stats[1:]]
    lines = [place for place in places if WORD_HIGH_MM[0] <= place.h <= WORD_HIGH_MM[1] and place.w >= 1.0]
    clean = np.where(cv2.dilate(text, np.ones((3, 3), np.uint8)) > 0, form.picture, 255).astype(np.uint8)
    crops = [cut(clean, line.grown(WORD_RIM_MM)) for line in lines]
    read = reader.recognize(crops)
    found = (PrintedWords(" ".join(seen.text.split()), line) for seen, line in zip(read, lines, strict=True))
    return tuple(words for words in found if words.text)
