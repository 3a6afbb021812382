"""Remove the print and keep the pen: ink above the registered blank, with strokes across rules kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.ink import relative_ink, thicken
from ocr.scale import PX_PER_MM, px_box
from ocr.template import PRINT_TOLERANCE_MM, Template
from schemas.geometry import BoxMm

Mask = NDArray[np.uint8]  # 0 or 255
_Box = tuple[int, int, int, int]  # top, bottom, left, right

# A pen line is at least this share of printed black; pale ball-pen on a 200 dpi scan has 40 %.
INK_LEAST = 77
# Longer than any stroke of a printed letter, shorter than a writing rule and than the side of a comb cell.
RULE_LEAST_MM = 5.0
SIDE_LEAST_MM = 2.1
# A rule with a pen line on it is thicker than the same rule alone by this much (a ball-pen draws 0.4 mm).
THICKER_MM = 0.25
# The share of a rule that stays free of pen even under a full line of writing.
ALONE_PERCENT = 30
# What the removal of a rule may cut out of a stroke: the rule, and the tolerance on both sides.
BRIDGE_MM = 0.9
# Half the width of the widest letter: so far from its visible sides lies the foot of an o on a rule. A slip that was
# faxed askew has rules of 2 and 4 px thickness by turns, which look like a row of such feet.
FOOT_MM = 1.2
STROKE_LEAST_MM = 0.6  # two lines of a coarse fax; speckle is one
# On a 204 x 98 fax a rule may come out a line (0.26 mm) beside its place and outside the tolerance; so near to
# a rule, so long and level is no pen stroke.
GHOST_NEAR_MM = 0.8
GHOST_LEAST_MM = 4.0
# A dot of a guide that a scan still shows is a pixel or two wide; a full stop is as wide as a pen.
DOT_MOST_MM, DOT_REACH_MM = 0.3, 0.35


@dataclass(frozen=True, eq=False)
class PrintMasks:
    """Masks of a form's print: level rules, upright cell sides, the rest, and all of it; grown by the tolerance."""

    level: Mask
    only_level: Mask  # where there is no other print
    upright: Mask
    rest: Mask
    reach: Mask
    near_level: Mask
    level_boxes: tuple[_Box, ...]
    upright_boxes: tuple[_Box, ...]


@dataclass(frozen=True, eq=False)
class SlipInk:
    """What is on a slip, each (H, W): 0 paper to 255 black, whatever the paper's color.

    `pen` is what the form does not print: where pen crosses or touches a printed rule, the pen's part is kept; under
    printed words it is lost. `rules` is all that is dark on the level rules, print and pen alike: what nobody can part
    where a letter's foot lies on its rule.
    """

    pen: NDArray[np.uint8]
    rules: NDArray[np.uint8]


def slip_ink(registered: NDArray[np.uint8], template: Template) -> SlipInk:
    """The ink of a slip that is gray and lies on `template` to within PRINT_TOLERANCE_MM."""
    return part_ink(relative_ink(registered, template.solid_mm), template)


def part_ink(ink: NDArray[np.uint8], template: Template) -> SlipInk:
    """The same from all ink on the slip, relative to printed black (ocr.ink.relative_to_black)."""
    form = _template_masks(template)
    return SlipInk(_without_dots(remove_print(ink, form), template.dotted_mm), keep_rules(ink, form))


def _without_dots(pen: NDArray[np.uint8], guides: Sequence[BoxMm]) -> NDArray[np.uint8]:
    """`pen` (H, W) without what a scan leaves of dotted `guides`: dots that lie on one and touch nothing else."""
    kept = pen.copy()
    for guide in guides:
        left, top, right, bottom = px_box(guide.grown(DOT_REACH_MM))
        band = kept[max(top - _px(DOT_MOST_MM), 0) : bottom + _px(DOT_MOST_MM), max(left, 0) : right]
        found, stats, middles = find_parts((band > 0).astype(np.uint8))
        near = np.abs(middles[:, 1] - len(band) / 2) <= DOT_REACH_MM * PX_PER_MM
        small = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) <= _px(DOT_MOST_MM)
        dots = near & small & (np.arange(len(stats)) > 0)
        band[dots[found]] = 0
    return kept


def keep_rules(ink: NDArray[np.uint8], form: PrintMasks) -> NDArray[np.uint8]:
    """The part of `ink` (H, W) that lies on level rules, and on no other print."""
    return np.asarray(cv2.bitwise_and(ink, _dark(ink) & form.only_level), np.uint8)


def remove_print(ink: NDArray[np.uint8], form: PrintMasks) -> NDArray[np.uint8]:
    """The part of `ink` (H, W; 0 paper to 255 printed black) that `form` does not explain."""
    dark = _dark(ink)
    pen = dark & ~form.reach
    pen &= ~_ghosts(pen, form.near_level)
    pen |= _on_rules(dark, form) & _near(pen)
    pen |= _bridges(pen) & dark & form.reach
    edges = np.asarray(cv2.dilate(pen, np.ones((3, 3), np.uint8)), np.uint8) & ~form.reach
    return np.asarray(cv2.bitwise_and(ink, pen | edges), np.uint8)


def split_print(mask: Mask) -> PrintMasks:
    """Split a form's print, 255 in `mask` (H, W), into rules, cell sides and the rest."""
    level, upright = _long(mask, RULE_LEAST_MM, 0), _long(mask, 0, SIDE_LEAST_MM)
    grown_level, grown_upright = thicken(level, PRINT_TOLERANCE_MM), thicken(upright, PRINT_TOLERANCE_MM)
    rest = thicken(mask & ~level & ~upright, PRINT_TOLERANCE_MM)
    return PrintMasks(
        level=grown_level,
        only_level=grown_level & ~(grown_upright | rest),
        upright=grown_upright,
        rest=rest,
        reach=thicken(mask, PRINT_TOLERANCE_MM),
        near_level=thicken(level, GHOST_NEAR_MM),
        level_boxes=_boxes(grown_level),
        upright_boxes=_boxes(grown_upright.T),
    )


@lru_cache(maxsize=16)
def _template_masks(template: Template) -> PrintMasks:
    return split_print(template.print_mask)


def _dark(ink: NDArray[np.uint8]) -> Mask:
    return np.asarray(cv2.threshold(ink, INK_LEAST - 1, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _near(pen: Mask) -> Mask:
    """Where the foot or the crossing of a stroke on a rule can be: by itself, a thick place is only print."""
    kernel = np.ones((2 * _px(BRIDGE_MM) + 1, 2 * _px(FOOT_MM) + 1), np.uint8)
    return np.asarray(cv2.dilate(_long(pen, 0, STROKE_LEAST_MM), kernel), np.uint8)


def _boxes(mask: Mask) -> tuple[_Box, ...]:
    """Top, bottom, left and right of each connected part."""
    _, stats, _ = find_parts(np.ascontiguousarray(mask))
    return tuple((int(y), int(y + h), int(x), int(x + w)) for x, y, w, h, _ in stats[1:])


def _long(mask: Mask, width_mm: float, height_mm: float) -> Mask:
    """The parts of `mask` in runs at least so wide and so high."""
    kernel = np.ones((_px(height_mm), _px(width_mm)), np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)


def _ghosts(pen: Mask, near_level: Mask) -> Mask:
    """Rules that a fax printed beside their place."""
    level = _long(pen & near_level, GHOST_LEAST_MM, 0)
    return np.asarray(cv2.dilate(level, np.ones((3, 1), np.uint8)), np.uint8)


def _on_rules(dark: Mask, form: PrintMasks) -> Mask:
    """The part of `dark` on rules and cell sides that is too thick to be print alone; not where they meet."""
    on_level = _thicker(dark, form.level_boxes)
    on_upright = np.asarray(cv2.transpose(_thicker(np.asarray(cv2.transpose(dark)), form.upright_boxes)), np.uint8)
    return (on_level & ~form.upright | on_upright & ~form.level) & ~form.rest


def _thicker(dark: Mask, rules: Sequence[_Box]) -> Mask:
    """Dark runs from top to bottom across level `rules` that are longer than this rule is thick on this paper.

    Every rule is measured by itself: on a 1-bit scan the same rule is 1 to 3 px thick, as the scan lines fall.
    """
    found = np.zeros_like(dark)
    for top, bottom, left, right in rules:
        band = (slice(max(top - _px(BRIDGE_MM), 0), bottom + _px(BRIDGE_MM)), slice(left, right))
        thick_px = np.sort(np.count_nonzero(dark[top:bottom, left:right], axis=0))
        thick_px = thick_px[thick_px > 0]
        alone_px = int(thick_px[len(thick_px) * ALONE_PERCENT // 100]) if thick_px.size else 0
        found[band] |= _long(np.ascontiguousarray(dark[band]), 0, alone_px / PX_PER_MM + THICKER_MM)
    return found


def _bridges(pen: Mask) -> Mask:
    """Where pen strokes would go on across a removed rule."""
    size = _px(BRIDGE_MM)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.morphologyEx(pen, cv2.MORPH_CLOSE, kernel), np.uint8)


def _px(mm: float) -> int:
    return max(1, round(mm * PX_PER_MM))
