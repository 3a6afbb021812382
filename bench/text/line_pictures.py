"""Turn pictures of single lines, from any source, into fields of a slip that the text reader takes."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.loose_ink import picture_ink
from ocr.language.ngrams import Kind
from ocr.scale import PX_PER_MM
from ocr.text.field_reader import FieldReader, WordFieldReader
from ocr.text.lines.remove_print import INK_LEAST, PrintMasks, remove_print, split_print
from ocr.text.lines.segment_lines import FieldInk, field_ink
from schemas.errors import UsageError
from schemas.geometry import BoxMm
from schemas.pad import TextField

Gray = NDArray[np.uint8]

# A loose line is brought to the height that a line of a slip has, so that it is read at a slip's resolution.
LINE_HEIGHT_PX = 64
MARGIN_PX = 40  # a loose line has paper around it, as on a slip
# Crops with a rule are of one form, scanned at 300 dpi.
RULED_SCALE = 200 / 300
# What the same form prints on every picture is there on most of them.
COMMON_SHARE = 0.9
# A row of a label is this full; where letters of all pictures happen to meet, a row is emptier.
LABEL_SHARE = 0.03
# A line of a picture has at least this share of the ink of its fullest one; less is dots, tails and specks.
LINE_SHARE = 0.3
# A line at a picture's edge that is lower than this share of a whole one is a piece of a line that was not meant.
WHOLE_SHARE = 0.8
# A printed rule runs through at least this share of a picture's width.
RULE_SHARE = 0.6
_ROOM_MM = 1.0  # from a printed label down to the writing


def gray_picture(path: Path) -> Gray:
    """The picture in `path`, (H, W) gray; UsageError when it is none."""
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise UsageError(f"{path.parent.name}/{path.name} is no picture; take it out of {path.parent.name}/truth.csv.")
    return np.asarray(picture, np.uint8)


def line_readers(pictures: Sequence[Gray], kind: Kind = "text", choices: Sequence[str] = ()) -> list[FieldReader]:
    """Each picture (H, W) holds a line of writing or several, perhaps on or between printed rules, and nothing else.

    `choices`, when given, are all that can be written.
    """
    return [
        WordFieldReader(_name(number), _line_ink(picture), kind, choices) for number, picture in enumerate(pictures)
    ]


def _line_ink(picture: Gray) -> FieldInk:
    rows = [_one_line(picture[top:bottom]) for top, bottom in _rows(picture)]
    return FieldInk(
        tuple(line for row in rows for line in row.lines),
        sum(row.dust_mm2 for row in rows),
        any(row.torn for row in rows),
    )


def _one_line(picture: Gray) -> FieldInk:
    ink = picture_ink(_resize(picture, LINE_HEIGHT_PX / len(picture)))
    pen = np.pad(remove_print(ink, split_print(_level(ink))), MARGIN_PX)
    height_mm, width_mm = (length / PX_PER_MM for length in ink.shape)
    return _field_ink(pen, BoxMm(MARGIN_PX / PX_PER_MM, MARGIN_PX / PX_PER_MM, width_mm, height_mm))


def _rows(picture: Gray) -> list[tuple[int, int]]:
    """First and last row of each line of the picture: what white parts, dots and tails going with the line beside."""
    ink = picture_ink(picture)
    dark = ((ink >= INK_LEAST) & (_level(ink) == 0)).sum(axis=1)
    filled = np.flatnonzero(dark)
    if not filled.size:
        return [(0, len(picture))]
    bands = [(int(band[0]), int(band[-1]) + 1) for band in np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1)]
    most = max(int(dark[top:bottom].sum()) for top, bottom in bands)
    lines = [(top, bottom) for top, bottom in bands if dark[top:bottom].sum() >= LINE_SHARE * most]
    cuts = [0, *((one[1] + other[0]) // 2 for one, other in pairwise(lines)), len(picture)]
    return [
        rows for rows, line in zip(pairwise(cuts), lines, strict=True) if not _is_cut_off(line, lines, len(picture))
    ]


def _is_cut_off(line: tuple[int, int], lines: Sequence[tuple[int, int]], height: int) -> bool:
    """Whether it is what the picture's edge has left of a line above or below, beside a whole one."""
    whole = [bottom - top for top, bottom in lines if top > 0 and bottom < height]
    top, bottom = line
    return bool(whole) and (top == 0 or bottom == height) and bottom - top < WHOLE_SHARE * max(whole)


def _level(ink: Gray) -> Gray:
    """255 where a level rule runs through most of the picture: no line of writing does."""
    dark = np.where(ink >= INK_LEAST, np.uint8(255), np.uint8(0))
    long = np.ones((1, max(1, round(RULE_SHARE * ink.shape[1]))), np.uint8)
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, long), np.uint8)


def ruled_line_readers(pictures: Sequence[Gray]) -> list[FieldReader]:
    """Each picture (H, W), all of one size, shows the same printed rule and label, and a line of writing on the rule.

    The blank form is what the pictures have in common.
    """
    inks = [picture_ink(_resize(picture, RULED_SCALE)) for picture in pictures]
    common = np.quantile(np.stack(inks), 1 - COMMON_SHARE, axis=0) >= INK_LEAST
    form = split_print(np.where(common, 255, 0).astype(np.uint8))
    box = _room_above_rule(common, form)
    found = [_field_ink(remove_print(ink, form), box) for ink in inks]
    return [WordFieldReader(_name(number), ink, "text") for number, ink in enumerate(found)]


def _name(number: int) -> str:
    return f"line_{number}"


def _field_ink(pen: Gray, box: BoxMm) -> FieldInk:
    field = TextField(name="line", label="Line", box_mm=box)
    return field_ink(pen, field, room_to_mm=pen.shape[1] / PX_PER_MM)


def _resize(picture: Gray, scale: float) -> Gray:
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))


def _room_above_rule(common: NDArray[np.bool_], form: PrintMasks) -> BoxMm:
    """From the label above the longest rule down to that rule."""
    top, bottom, left, right = max(form.level_boxes, key=lambda box: box[3] - box[2])
    middle = (top + bottom) // 2
    labels = np.flatnonzero(common[:top, left:right].mean(axis=1) >= LABEL_SHARE)
    start = (int(labels[-1]) if labels.size else 0) / PX_PER_MM + _ROOM_MM
    return BoxMm(left / PX_PER_MM, start, (right - left) / PX_PER_MM, middle / PX_PER_MM - start)
