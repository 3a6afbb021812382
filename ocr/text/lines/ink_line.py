"""Cut one line of writing tight to its ink, once without its printed rule and once with it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

Picture = NDArray[np.uint8]

EDGE_PX = 2
# A rule is left under what stands on it or this near: the end of one letter's foot is the beginning of the next one's.
# Of 480 words on 95 slips, of which 300 were read to the letter with their rules taken away, 346 are with 3 mm beside
# each stroke, 324 with 1.5 mm, 348 with 6 mm. What sticks out beyond the first and the last letter is read as a dash
# (333 of 480 where it stays).
RULE_BESIDE_MM = 3.0
RULE_BELOW_MM = 1.0
RULE_REACH_PX = round(RULE_BELOW_MM * PX_PER_MM)
STROKE_LEAST_MM = 0.6  # two lines of a coarse fax; speckle is one
RULE_SHARE = 0.3  # of a line's width that a rule shows in, however much of it a fax loses


@dataclass(frozen=True, eq=False)
class InkLine:
    """One line of writing: gray (H, W), dark on white, cut tight.

    `left_px` and `top_px` are where the picture's left and upper edges lie on the slip; `ink_mm2` is how much pen there
    is. `ruled` is the same line with its printed rule left under the letters, (H, W) of its own; `rule_px` is the row
    of `picture` at which that rule begins, None where none runs through it.
    """

    picture: Picture
    left_px: int
    top_px: int
    ink_mm2: float
    ruled: Picture
    rule_px: int | None = None


def cut_line(ink: Picture, rules: Picture, origin_px: tuple[int, int]) -> InkLine | None:
    """The line's `ink` (H, W) cut to its bounds, which halves the reader's errors (bench: CER 0.194 to 0.095).

    `rules`, (H, W), is what is dark on printed rules; `origin_px` the column and row of both on the slip. None when
    there is no ink.
    """
    tight = _bounds(ink)
    if tight is None:
        return None
    left_px, top_px = (origin + side.start - EDGE_PX for origin, side in zip(origin_px, tight[::-1], strict=True))
    ruled = _with_rule(ink, rules)
    area_mm2 = np.count_nonzero(ink) / PX_PER_MM**2
    picture, on_rule = _on_paper(ink[tight]), _on_paper(ruled[_bounds(ruled)])
    return InkLine(picture, left_px, top_px, area_mm2, on_rule, _rule_begins(rules[tight]))


def _rule_begins(rules: Picture) -> int | None:
    """The row at which the lowest rule of a line's part of `rules` begins, on the line's picture."""
    shown = np.count_nonzero(rules, axis=1) >= RULE_SHARE * rules.shape[1]
    if not shown.any():
        return None
    last = int(np.flatnonzero(shown)[-1])
    above = np.flatnonzero(~shown[:last])
    return EDGE_PX + (int(above[-1]) + 1 if above.size else 0)


def _with_rule(ink: Picture, rules: Picture) -> Picture:
    """The ink, and what is dark on rules near strokes that stand there, between the ends of the line.

    The foot of an E, L, Z or 2 lies on the rule for its whole length: without it they are F, I, 7 and 1.
    """
    stroke = np.ones((round(STROKE_LEAST_MM * PX_PER_MM), 1), np.uint8)
    around = np.ones((2 * RULE_REACH_PX + 1, 2 * round(RULE_BESIDE_MM * PX_PER_MM) + 1), np.uint8)
    near = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, stroke), around) > 0
    columns = np.flatnonzero(ink.any(axis=0))
    near[:, : columns[0]] = near[:, columns[-1] + 1 :] = False
    return np.asarray(np.maximum(ink, np.where(near, rules, 0)), np.uint8)


def _bounds(ink: Picture) -> tuple[slice, slice] | None:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _on_paper(ink: Picture) -> Picture:
    paper = np.full((ink.shape[0] + 2 * EDGE_PX, ink.shape[1] + 2 * EDGE_PX), 255, np.uint8)
    np.subtract(255, ink, out=paper[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX])
    return paper
