"""Pictures of single lines, from anywhere, made into fields of a slip: what the reader's own preparation then takes."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import darkness
from ocr.scale import PX_PER_MM
from ocr.text.lines import field_ink
from ocr.text.reading import Written
from ocr.text.writing import INK_LEAST, Printed, pen_above, printed
from schemas.errors import UsageError
from schemas.geometry import BoxMm
from schemas.pad import TextField

Grey = NDArray[np.uint8]

# A loose line is brought to the height that a line of a slip has, so that it is read at a slip's resolution.
LINE_HEIGHT_PX = 64
MARGIN_PX = 40  # a loose line has paper around it, as on a slip
# Crops with a rule are of one form, scanned at 300 dpi.
RULED_SCALE = 200 / 300
# Black of a picture whose print is not known: all but its darkest hundredth is lighter.
BLACK_PERCENT = 99
BLACK_LEAST = 89
# What the same form prints on every picture is there on most of them.
COMMON_SHARE = 0.9
# A row of a label is this full; where letters of all pictures happen to meet, a row is emptier.
LABEL_SHARE = 0.03
_ROOM_MM = 1.0  # from a printed label down to the writing


def grey_picture(path: Path) -> Grey:
    """The picture in `path`, (H, W) grey; UsageError when it is none."""
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise UsageError(f"{path.parent.name}/{path.name} is no picture; take it out of {path.parent.name}/truth.csv.")
    return np.asarray(picture, np.uint8)


def loose_lines(pictures: Sequence[Grey]) -> list[Written]:
    """Each picture (H, W) holds one line of writing and nothing else."""
    lines = []
    for number, picture in enumerate(pictures):
        ink = _ink(_resized(picture, LINE_HEIGHT_PX / len(picture)))
        pen = np.pad(np.where(ink >= INK_LEAST, ink, 0).astype(np.uint8), MARGIN_PX)
        height_mm, width_mm = (length / PX_PER_MM for length in ink.shape)
        lines.append(_written(number, pen, BoxMm(MARGIN_PX / PX_PER_MM, MARGIN_PX / PX_PER_MM, width_mm, height_mm)))
    return lines


def ruled_lines(pictures: Sequence[Grey]) -> list[Written]:
    """Each picture (H, W), all of one size, shows the same printed rule and label, and a line of writing on the rule.

    The blank form is what the pictures have in common.
    """
    inks = [_ink(_resized(picture, RULED_SCALE)) for picture in pictures]
    common = np.quantile(np.stack(inks), 1 - COMMON_SHARE, axis=0) >= INK_LEAST
    form = printed(np.where(common, 255, 0).astype(np.uint8))
    box = _room_above_rule(common, form)
    return [_written(number, pen_above(ink, form), box) for number, ink in enumerate(inks)]


def _written(number: int, pen: Grey, box: BoxMm) -> Written:
    field = TextField(name=f"line_{number}", label="Line", box_mm=box)
    return Written(field, field_ink(pen, field))


def _resized(picture: Grey, scale: float) -> Grey:
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))


def _ink(picture: Grey) -> Grey:
    dark = darkness(picture)
    black = max(float(np.percentile(dark, BLACK_PERCENT)), BLACK_LEAST)
    return np.asarray(cv2.convertScaleAbs(dark, alpha=255 / black), np.uint8)


def _room_above_rule(common: NDArray[np.bool_], form: Printed) -> BoxMm:
    """From the label above the longest rule down to that rule."""
    top, bottom, left, right = max(form.level_boxes, key=lambda box: box[3] - box[2])
    middle = (top + bottom) // 2
    labels = np.flatnonzero(common[:top, left:right].mean(axis=1) >= LABEL_SHARE)
    start = (int(labels[-1]) if labels.size else 0) / PX_PER_MM + _ROOM_MM
    return BoxMm(left / PX_PER_MM, start, (right - left) / PX_PER_MM, middle / PX_PER_MM - start)
