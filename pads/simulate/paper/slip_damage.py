"""Damage to a filled slip before it is scanned: torn, stapled, punched, highlighted, folded, printed in color.

Slips are (H, W, 3) RGB at 300 dpi and are changed in place; `design` tells where their corner marks are.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.displacement import Move, displace
from pads.simulate.paper.sheet import LID
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Points, draw_path, smooth_noise
from schemas.pad import FIDUCIAL_IDS, PadDesign

Slip = NDArray[np.uint8]
Rgb = tuple[int, int, int]

# Common colored papers of office suppliers: canary, pink, green, blue, goldenrod, salmon.
PAPERS: tuple[Rgb, ...] = (
    (255, 242, 150), (255, 190, 200), (190, 235, 190), (180, 215, 245), (250, 200, 90), (255, 180, 150),
)  # fmt: skip
PRINT_INKS: tuple[Rgb, ...] = ((20, 40, 110), (0, 84, 60), (110, 20, 30), (30, 30, 30))
PEN_INKS: tuple[Rgb, ...] = ((150, 24, 36), (12, 104, 60), (88, 32, 130), (36, 52, 138))
MARKERS: tuple[Rgb, ...] = ((255, 244, 80), (255, 130, 200), (150, 255, 120), (120, 205, 255), (255, 185, 80))
# Hole punches: ISO 838 (two of 6 mm, 80 mm apart, 12 mm from the edge) and US three-hole (8 mm, 108 mm, 13 mm).
PUNCHES_MM = ((6.0, 80.0, 12.0), (8.0, 108.0, 12.7))
MARK_RIM_MM = 1.5
CREASE_MM = 2.5  # paper rises from the glass so far on both sides of a crease


def print_in_color(paper: NDArray[np.uint8], rng: np.random.Generator) -> Slip:
    """The printed, empty form (H, W) in one dark ink on colored paper."""
    stock = np.array(PAPERS[int(rng.integers(len(PAPERS)))], np.float32)
    ink = np.array(PRINT_INKS[int(rng.integers(len(PRINT_INKS)))], np.float32)
    white = paper[..., None].astype(np.float32) / 255
    return np.asarray(white * stock + (1 - white) * np.minimum(ink, stock), np.uint8)


def lose_marks(slip: Slip, design: PadDesign, rng: np.random.Generator, count: int) -> None:
    """`count` corner marks covered by correction tape or a sticker."""
    for number in rng.permutation(len(FIDUCIAL_IDS))[:count]:
        box = design.fiducials_mm()[number].grown(MARK_RIM_MM)
        left, top, right, bottom = (round(edge * PX_PER_MM) for edge in (box.x, box.y, box.right, box.bottom))
        part = slip[max(top, 0) : bottom, max(left, 0) : right]
        part[:] = (part.max(axis=(0, 1)).astype(np.float64) * 0.98).astype(np.uint8)


def tear_corner(slip: Slip, rng: np.random.Generator) -> None:
    """One corner torn off along a ragged line, its mark with it; the lid shows."""
    gone = _corner_mask(slip, rng, (rng.uniform(12, 24), rng.uniform(12, 24)), ragged=1.2)
    fibres = np.asarray(cv2.dilate(gone, np.ones((7, 7), np.uint8)), np.uint8)
    slip[fibres > 0] = 238
    slip[gone > 0] = LID


def fold_corner(slip: Slip, rng: np.random.Generator) -> None:
    """A dog-ear: the corner is folded over, hides itself and covers what is under it."""
    reach = (rng.uniform(9, 20), rng.uniform(9, 20))
    gone = _corner_mask(slip, rng, reach, ragged=0.0)
    edge = cv2.findContours(gone, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0][0].reshape(-1, 2).astype(np.float64)
    corner, one, other = _triangle(edge, slip.shape)
    line = (other - one) / np.linalg.norm(other - one)
    foot = one + line * ((corner - one) @ line)
    flap = np.array([one, 2 * foot - corner, other]).round().astype(np.int32)
    shade = np.zeros(slip.shape[:2], np.uint8)
    cv2.fillConvexPoly(shade, flap, 70)
    shade = np.asarray(cv2.GaussianBlur(shade, (0, 0), 5), np.uint8)
    np.copyto(slip, cv2.subtract(slip, cv2.merge([shade] * 3)))
    cv2.fillConvexPoly(slip, flap, (246, 246, 244), cv2.LINE_AA)
    slip[gone > 0] = LID


def staple(slip: Slip, rng: np.random.Generator) -> None:
    """A staple through a corner, with its shadow and the rust or dent around it."""
    high, wide = slip.shape[:2]
    at = np.array([rng.uniform(5, 14), rng.uniform(5, 14)]) * PX_PER_MM
    at = np.where(rng.random(2) < 0.5, at, np.array([wide, high]) - at)
    angle = rng.uniform(0, np.pi)
    half = np.array([np.cos(angle), np.sin(angle)]) * 6 * PX_PER_MM
    shadow = np.zeros(slip.shape[:2], np.uint8)
    ends = [tuple(int(v) for v in at + side * half + rng.uniform(2, 8, 2)) for side in (-1, 1)]
    cv2.line(shadow, ends[0], ends[1], 150, round(1.4 * PX_PER_MM))
    soft = cv2.GaussianBlur(shadow, (0, 0), 6)
    np.copyto(slip, cv2.subtract(slip, cv2.merge([soft] * 3)))
    start, end = (tuple(int(v) for v in at + side * half) for side in (-1, 1))
    cv2.line(slip, start, end, (96, 96, 100), round(0.6 * PX_PER_MM), cv2.LINE_AA)


def punch(slip: Slip, rng: np.random.Generator) -> None:
    """Holes for a ring binder along one side; what lies behind is black or the lid."""
    high, wide = slip.shape[:2]
    size_mm, apart_mm, in_mm = PUNCHES_MM[int(rng.integers(len(PUNCHES_MM)))]
    behind = int(rng.choice((12, 60, LID)))
    along_x = bool(rng.random() < 0.5)
    length, depth = (wide, high) if along_x else (high, wide)
    middle = length / 2 + rng.normal(0, 6 * PX_PER_MM)
    aside = in_mm * PX_PER_MM if rng.random() < 0.5 else depth - in_mm * PX_PER_MM
    for hole in (middle - apart_mm * PX_PER_MM / 2, middle + apart_mm * PX_PER_MM / 2):
        center = (int(hole), int(aside)) if along_x else (int(aside), int(hole))
        cv2.circle(slip, center, round(size_mm * PX_PER_MM / 2), (behind,) * 3, -1, cv2.LINE_AA)
        cv2.circle(slip, center, round(size_mm * PX_PER_MM / 2), (170,) * 3, 2, cv2.LINE_AA)


def highlight(slip: Slip, design: PadDesign, rng: np.random.Generator) -> None:
    """One to three fields or labels gone over with a highlighter."""
    color = np.array(MARKERS[int(rng.integers(len(MARKERS)))], np.float32) / 255
    mask = np.zeros(slip.shape[:2], np.uint8)
    fields = [design.fields[int(i)] for i in rng.permutation(len(design.fields))[: int(rng.integers(1, 4))]]
    for field in fields:
        box = field.box_mm
        wide = box.w if box.w > 8 else rng.uniform(15, 30)
        y = (box.y + box.h * rng.uniform(0.4, 0.7)) * PX_PER_MM
        x0, x1 = (box.x - rng.uniform(0, 3)) * PX_PER_MM, (box.x + wide + rng.uniform(-2, 3)) * PX_PER_MM
        path = np.array([[x0, y], [(x0 + x1) / 2, y + rng.normal(0, 4)], [x1, y + rng.normal(0, 6)]])
        draw_path(mask, path, rng.uniform(3.5, 5.5) * PX_PER_MM, rng, taper=0.05)
    cover = mask[..., None].astype(np.float32) / 255 * 0.92
    np.copyto(slip, (slip * (1 - cover * (1 - color))).astype(np.uint8))


def crease(slip: Slip, rng: np.random.Generator) -> tuple[Slip, Move]:
    """Folded once and laid flat again: a gray crease, the part behind it a little nearer and turned."""
    high, wide = slip.shape[:2]
    level = bool(rng.random() < 0.6)
    length, breadth = (high, wide) if level else (wide, high)
    at = rng.uniform(0.3, 0.7) * length
    shift = rng.uniform(0.05, 0.7) * PX_PER_MM
    turn = np.radians(rng.uniform(-0.25, 0.25))
    axis, other = (1, 0) if level else (0, 1)

    def move(points: Points) -> Points:
        beyond = np.clip((points[:, axis] - at) / (CREASE_MM * PX_PER_MM), 0, 1)
        moved = points.copy()
        moved[:, axis] -= beyond * (shift + np.sin(turn) * (points[:, other] - breadth / 2))
        moved[:, other] += beyond * np.sin(turn) * (points[:, axis] - at)
        return moved

    shade = np.abs(np.arange(length) - at) / (CREASE_MM * PX_PER_MM)
    light = 1 - rng.uniform(0.08, 0.3) * np.exp(-(shade**2) * 2)
    light[max(int(at) - 1, 0) : int(at) + 2] *= rng.uniform(0.45, 0.85)
    lit = slip * (light[:, None, None] if level else light[None, :, None])
    return displace(lit.astype(np.uint8), move, LID), move


def _corner_mask(
    slip: Slip, rng: np.random.Generator, reach_mm: tuple[float, float], ragged: float
) -> NDArray[np.uint8]:
    """255 where a corner is gone: `reach_mm` along its two sides, its line `ragged` by so many mm."""
    high, wide = slip.shape[:2]
    across, down = (reach * PX_PER_MM for reach in reach_mm)
    steps = np.linspace(0, 1, 60)
    line = np.stack([across * (1 - steps), down * steps], axis=1)
    line += (ragged * PX_PER_MM * smooth_noise(60, 8, rng))[:, None] * np.sin(np.pi * steps)[:, None]
    outline = np.vstack([[0, 0], line]).round().astype(np.int32)
    gone = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(gone, [outline], 255)
    turns = int(rng.integers(4))
    gone = gone[::-1] if turns & 1 else gone
    return np.ascontiguousarray(gone[:, ::-1] if turns & 2 else gone)


def _triangle(outline: Points, shape: tuple[int, ...]) -> tuple[Points, Points, Points]:
    """The slip's own corner of a folded corner, and where the fold meets the slip's two sides."""
    high, wide = shape[:2]
    corners = np.array([[0, 0], [wide - 1, 0], [wide - 1, high - 1], [0, high - 1]], np.float64)
    gaps = np.linalg.norm(outline[:, None] - corners[None], axis=2).min(axis=0)
    corner = corners[int(gaps.argmin())]
    level = outline[np.abs(outline[:, 1] - corner[1]) < 2]
    upright = outline[np.abs(outline[:, 0] - corner[0]) < 2]
    far = [side[np.linalg.norm(side - corner, axis=1).argmax()] for side in (level, upright)]
    return corner, far[0], far[1]
