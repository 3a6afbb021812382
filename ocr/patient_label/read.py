"""Read a patient label: its lines by a reader of print and by the reader of lines, its barcodes by zxing."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ocr.ink import cut
from ocr.patient_label.find import INK_LEAST, LabelWindow, SeenForm, label_window, see_form
from ocr.recognizers.printed_words import PrintedWord, WordFinder
from ocr.recognizers.recognizer import RecognizedLine, TextRecognizer
from ocr.template import Template
from schemas.geometry import BoxMm
from schemas.pad import CombField

Picture = NDArray[np.uint8]
Points = NDArray[np.float64]

FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.PDF417,
    ]
)
# Digits by hand stand in cells that show; remains of the form's print lie where it prints.
CELLS_SHOWN, ROUND_DIGITS_MM = 0.5, 1.0
REMAINS_SHARE, GROWN_PX = 0.8, 3
# Words of one line share half of their height; what stands further apart than four is no part of the sentence,
# and more than one is a gap that the line's wording means.
LEVEL, APART, GAP = 0.5, 4.0, 1.65
PRINT_LETTERS, PRINT_SURE = 4, 0.6  # of what counts for where a label lies
# A space is as wide as this part of the letters' height, and letters of a word stand clearly nearer; ink is darker than
# this share of the line's darkest.
SPACE, CLEARLY, DARK_SHARE = 0.4, 0.75, 0.3
# What is taller than print beside it is no word.
TALL_MOST, SURE_WORD = 1.8, 0.8
WORD_LEAST_PX = 12  # lower is a speck at LARGE times the registered size: 0.75 mm
LINE_MARGIN = 0.3  # of the letters' height, around a line that is shown to the reader of lines


@dataclass(frozen=True, eq=False)
class LabelRead:
    """What was read of a label: each line by the two readers, what its barcodes hold, and where all that lies.

    `sure` is how sure the reader of lines was of a line's least sure letter, `spaced` whether its words stand
    clearly apart; `outline_mm` (N, 2) is the convex outline of its print on the slip.
    """

    printed: tuple[str, ...]
    lines: tuple[str, ...]
    sure: tuple[float, ...]
    spaced: tuple[bool, ...]
    barcodes: tuple[str, ...]
    outline_mm: Points


def read_label(ink: Picture, template: Template, finder: WordFinder, reader: TextRecognizer) -> LabelRead | None:
    """The label on a slip's ink (H, W); None where no print but the form's own stands."""
    form = see_form(ink, template)
    window = label_window(ink, form, template)
    barcodes = _barcodes(window, template)
    (words,) = finder.find_words([window.picture])
    large = [word for word in words if WORD_LEAST_PX <= word.height_px <= TALL_MOST * _usual_height(words)]
    own = [word for word in large if not any(_holds(code.corners, word) for code in barcodes)]
    around = _Surroundings(window, form, template)
    others = {id(word) for word in own if around.has(word)}
    segments = [kept for segment in _segments(own) if (kept := _without_ends(segment, others))]
    if not segments:
        return None
    seen = reader.recognize(
        [_cut(window.whole, segment, round(LINE_MARGIN * _height(segment))) for segment in segments]
    )
    credible = [segment for segment in segments if _is_print(segment)] or segments
    places = [window.mm(_corners(word)) for segment in credible for word in segment]
    places += [window.mm(code.corners) for code in barcodes]
    hull = np.asarray(cv2.convexHull(np.concatenate(places).astype(np.float32)), np.float64).reshape(-1, 2)
    return LabelRead(
        printed=tuple(_as_capitals(_sentence(segment)) for segment in segments),
        lines=tuple(_as_capitals(line.text) for line in seen),
        sure=tuple(_sure(segment, line) for segment, line in zip(segments, seen, strict=True)),
        spaced=tuple(_is_spaced(window.picture, segment) for segment in segments),
        barcodes=tuple(code.text for code in barcodes),
        outline_mm=hull,
    )


@dataclass(frozen=True, eq=False)
class _Code:
    text: str
    corners: Points


def _barcodes(window: LabelWindow, template: Template) -> list[_Code]:
    """The barcodes on the window but the slip's own."""
    found = []
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(window.whole), formats=FORMATS, try_invert=False):
        at = code.position
        corners = np.array(
            [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)], np.float64
        )
        if not _is_own_print(window.mm(corners).mean(axis=0), template):
            found.append(_Code(code.text, corners))
    return found


def _is_own_print(place_mm: Points, template: Template) -> bool:
    """Whether a place lies where each slip prints what the blank form does not have: studio, code, serial."""
    x, y = place_mm
    return any(box.x <= x <= box.right and box.y <= y <= box.bottom for box in template.own_print_mm)


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """What a window shows that is no label: what each slip prints, what a pen wrote in cells, remains of the form."""

    window: LabelWindow
    form: SeenForm
    template: Template

    def has(self, word: PrintedWord) -> bool:
        """Whether a word is none of a label."""
        corners = self.window.mm(_corners(word))
        (left_mm, top_mm), (right_mm, bottom_mm) = corners.min(axis=0), corners.max(axis=0)
        box = BoxMm(float(left_mm), float(top_mm), float(right_mm - left_mm), float(bottom_mm - top_mm))
        is_own = _is_own_print(corners.mean(axis=0), self.template)
        return is_own or self._is_remains(box) or self._is_in_cells(box)

    def _is_remains(self, box: BoxMm) -> bool:
        """Whether what is left of the ink lies where the form prints: a label's letters only cross it."""
        dark, printed = (cut(part, box) for part in (self.form.rest, self.template.print_mask))
        near = cv2.dilate(printed, np.ones((GROWN_PX, GROWN_PX), np.uint8)) > 0 if printed.size else printed > 0
        inked = dark >= INK_LEAST
        return bool(inked.any()) and float(near[inked].mean()) >= REMAINS_SHARE

    def _is_in_cells(self, box: BoxMm) -> bool:
        """Whether it is written in cells, whose sides show around it."""
        x, y = box.center
        cells = (field.box_mm for field in self.template.design.writing if isinstance(field, CombField))
        if not any(cell.x <= x <= cell.right and cell.y <= y <= cell.bottom for cell in cells):
            return False
        around = box.grown(ROUND_DIGITS_MM)
        printed = cut(self.template.print_mask, around) > 0
        return bool(printed.any()) and float(cut(self.form.shows, around)[printed].mean()) >= CELLS_SHOWN


def _segments(words: Sequence[PrintedWord]) -> Iterator[list[PrintedWord]]:
    """The words as lines from top to bottom, each from left to right; lines are parted at wide gaps."""
    rows: list[list[PrintedWord]] = []
    for word in sorted(words, key=_middle):
        beside = next((row for row in rows if _overlap(row[0], word) > LEVEL), None)
        if beside is None:
            rows.append([word])
        else:
            beside.append(word)
    for row in rows:
        row.sort(key=lambda word: word.left_px)
        start = 0
        for at in range(1, len(row) + 1):
            if at == len(row) or _gap(row[at - 1], row[at]) > APART * _height(row):
                yield row[start:at]
                start = at


def _without_ends(segment: list[PrintedWord], others: Collection[int]) -> list[PrintedWord]:
    """The line without what stands beside the label; a word within the line is the label's, however it looks."""
    kept = segment[:]
    while kept and id(kept[-1]) in others:
        kept.pop()
    while len(kept) > 1 and id(kept[0]) in others and _gap(kept[0], kept[1]) > GAP * _height(kept):
        kept.pop(0)
    return kept if any(id(word) not in others for word in kept) else []


def _usual_height(words: Sequence[PrintedWord]) -> float:
    """The height of words that are certainly print."""
    sure = [word.height_px for word in words if word.confidence >= SURE_WORD and len(word.text) > 1]
    return float(np.median(sure)) if sure else float("inf")


def _middle(word: PrintedWord) -> float:
    return word.top_px + word.height_px / 2


def _overlap(one: PrintedWord, other: PrintedWord) -> float:
    """The share of the lower word's height at which both stand."""
    bottom = min(one.top_px + one.height_px, other.top_px + other.height_px)
    return (bottom - max(one.top_px, other.top_px)) / min(one.height_px, other.height_px)


def _height(row: Sequence[PrintedWord]) -> float:
    return float(np.median([word.height_px for word in row]))


def _gap(before: PrintedWord, word: PrintedWord) -> int:
    return word.left_px - before.left_px - before.width_px


def _sentence(segment: Sequence[PrintedWord]) -> str:
    """The words with one space between them, or two where the line leaves a gap."""
    text, height = segment[0].text, _height(segment)
    for before, word in pairwise(segment):
        text += ("  " if _gap(before, word) > GAP * height else " ") + word.text
    return text


def _as_capitals(line: str) -> str:
    """The line with a stroke among capitals as the I that it is: print has one shape for both in many faces."""

    def mended(word: re.Match[str]) -> str:
        letters = word[0]
        others = letters.replace("l", "").replace("|", "")
        return letters.replace("l", "I").replace("|", "I") if others and others.isupper() else letters

    line = re.sub(r"(?<![^\W_])0(?=['\u2019][A-Z])", "O", line)
    begun = re.sub(r"(?<![^\W\d_])l(?=[a-z])(?![aeiouy])", "I", line)
    return re.sub(r"[^\W\d_|]*[A-Z|][^\W\d_]*(?:\|[^\W\d_]*)*", mended, begun)


def _sure(segment: Sequence[PrintedWord], line: RecognizedLine) -> float:
    letters = [sure for sign, sure in zip(line.text, line.characters, strict=False) if sign.isalnum()]
    return min([*letters, line.confidence if not line.characters else 1.0])


def _is_spaced(picture: Picture, segment: Sequence[PrintedWord]) -> bool:
    """Whether no gap within a word is nearly as wide as one between words: there a space was lost, by both readers."""
    part = _cut(picture, segment, rim=0)
    dark = part < 255 - DARK_SHARE * (255 - float(np.percentile(part, 2)))
    gaps = np.sort(np.diff(np.flatnonzero(dark.any(axis=0))) - 1)[::-1]
    spaces = len(segment) - 1
    least = float(gaps[spaces - 1]) if 0 < spaces <= len(gaps) else SPACE * _height(segment)
    return len(gaps) <= spaces or float(gaps[spaces]) < CLEARLY * least


def _is_print(segment: Sequence[PrintedWord]) -> bool:
    """Whether it is a line of print rather than what a pen left elsewhere."""
    letters = sum(sign.isalnum() for word in segment for sign in word.text)
    return letters >= PRINT_LETTERS and float(np.mean([word.confidence for word in segment])) >= PRINT_SURE


def _cut(picture: Picture, segment: Sequence[PrintedWord], rim: int) -> Picture:
    left, top = min(word.left_px for word in segment), min(word.top_px for word in segment)
    right = max(word.left_px + word.width_px for word in segment)
    bottom = max(word.top_px + word.height_px for word in segment)
    return picture[max(top - rim, 0) : bottom + rim, max(left - rim, 0) : right + rim]


def _corners(word: PrintedWord) -> Points:
    left, top = word.left_px, word.top_px
    right, bottom = left + word.width_px, top + word.height_px
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _holds(outline: Points, word: PrintedWord) -> bool:
    middle = (word.left_px + word.width_px / 2, _middle(word))
    return cv2.pointPolygonTest(outline.astype(np.float32), middle, measureDist=False) >= 0
