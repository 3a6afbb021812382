"""Staff's notes of one to three words, across a box: initials, "pd", "see note"; in handwriting or bare pen strokes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.pen.fonts import HANDWRITINGS
from pads.simulate.pen.handwriting import Script, write_lines
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Mask, add_ink
from pads.simulate.truth import Legibility
from schemas.geometry import BoxMm

NOTES = (
    "ok", "VK", "pd", "LM", "JM", "tb", "DNK", "see note", "file", "scan", "left msg", "copy", "fax", "per Dr", "auth",
    "done", "recd", "see back", "call pt", "hold", "mailed", "no ins", "dup", "chart", "sent", "eval", "PT 2x", "AB",
    "new", "old chart", "w/c", "pls call", "not yet", "TBD", "see me", "Tues", "11/3", "rx", "R knee", "ok to go",
)  # fmt: skip
# Capitals of people who write small in a margin, and of those who write large over a form.
CAP_MM = (2.5, 6.0)
PEN_MM = (0.3, 0.65)
STROKES = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)  # Hershey 1967: letters as lines of one pen
STROKES_CAP_PX = 21  # of a capital at scale 1
STROKES_SHARE = 0.3  # of the notes are written in bare strokes


def draw_short_note(mask: Mask, box: BoxMm, rng: np.random.Generator) -> None:
    """Write a note so that some of it lies at `box`: its first letter, its last, or one between."""
    cap_px, pen_px = rng.uniform(*CAP_MM) * PX_PER_MM, rng.uniform(*PEN_MM) * PX_PER_MM
    words = str(rng.choice(NOTES))
    write = _in_strokes if rng.random() < STROKES_SHARE else _in_a_hand
    note = _trim(write(words, cap_px, pen_px, rng))
    high, wide = note.shape
    inside = np.array([rng.uniform(0.03, 0.97) * wide, rng.uniform(0.25, 0.75) * high])
    left, top = np.array(box.center) * PX_PER_MM - inside
    add_ink(mask, note, np.clip(left, 0, max(0, mask.shape[1] - wide)), top)  # a pen keeps to the paper


def _in_a_hand(words: str, cap_px: float, pen_px: float, rng: np.random.Generator) -> Mask:
    hands = [hand for hand in HANDWRITINGS if hand.legibility is not Legibility.TYPED]
    hand = hands[int(rng.integers(len(hands)))]
    slope = np.tan(np.radians(rng.normal(0, 5)))
    script = Script(hand, cap_px, pen_px, rng.uniform(-0.06, 0.3), slope, 0.0)
    room = np.zeros((round(6 * cap_px), round(len(words) * cap_px + 3 * cap_px)), np.uint8)
    write_lines(room, words, (0, 1.5 * cap_px, room.shape[1], 1.7 * cap_px), 1, script, rng)
    return room


def _in_strokes(words: str, cap_px: float, pen_px: float, rng: np.random.Generator) -> Mask:
    """Letter by letter, each a little off its place and its size; leaning, and on a sloping line."""
    face, scale = STROKES[int(rng.integers(len(STROKES)))], cap_px / STROKES_CAP_PX
    room = np.zeros((round(6 * cap_px), round(len(words) * 1.4 * cap_px + 3 * cap_px)), np.uint8)
    x, slope = cap_px, np.tan(np.radians(rng.normal(0, 5)))
    for letter in words:
        at = round(x), round(3.5 * cap_px - slope * x + rng.normal(0, 0.05) * cap_px)
        own = scale * (1 + rng.normal(0, 0.06))
        cv2.putText(room, letter, at, face, own, 255, max(2, round(pen_px)), cv2.LINE_AA)
        x += cv2.getTextSize(letter, face, own, 1)[0][0] * rng.uniform(0.85, 1.05)
    lean = rng.uniform(-0.1, 0.35)
    shear = np.array([[1, -lean, lean * 3.5 * cap_px], [0, 1, 0]])
    return np.asarray(cv2.warpAffine(room, shear, (room.shape[1], room.shape[0])), np.uint8)


def _trim(room: NDArray[np.uint8]) -> Mask:
    rows, columns = np.nonzero(room > 60)
    return room[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
