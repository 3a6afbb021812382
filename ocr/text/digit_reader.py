"""Read one field of digits in cells: the line by a reader of lines, and each cell by the reader of cells."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ocr.language.fields import Languages
from ocr.recognizers.cell_digits import NAME as CELLS
from ocr.recognizers.cell_digits import NO_DIGIT
from ocr.recognizers.ctc import read_digits
from ocr.recognizers.recognizer import RecognizedLine
from ocr.recognizers.two_networks import LineView, Writing
from ocr.text.cells.comb import DIGIT_LEAST_MM2, digit_views, group_digits, is_struck_out, parse_digits, used_cells
from ocr.text.cells.digits import best_digits, decode, digits_confidence, likely, settled_by_cells, weigh
from ocr.text.cells.seen import SeenCells
from ocr.text.cells.usual_dates import is_usual
from ocr.text.confidence.judge import DIGIT_SURE_MM2, LEFT_IN_CELLS_MOST_MM2, InkFacts, Opinion, judge_digits
from ocr.text.field_reader import FieldReader, Pictures
from ocr.text.lines.segment_lines import FieldInk
from schemas.pad import CombField, FieldKind
from schemas.reading import TextReading

# Digits so likely need no second view: of 174 fields on 80 hand-filled slips through five channels 140 are, all of them
# read right, as with both views, and sure enough to pass either way.
DIGITS_SETTLED = 0.99
SETTLED_KINDS = (FieldKind.PHONE, FieldKind.DATE)  # of other numbers none were measured


class DigitFieldReader(FieldReader):
    """Digits in printed cells: each cell by the reader of cells, and a view of the line by the first reader.

    Telephone numbers and dates whose cells leave no doubt no other reader is shown; where both leave one, the first
    reader looks once more, at another view.
    """

    left_most_mm2 = LEFT_IN_CELLS_MOST_MM2

    def __init__(self, field: CombField, ink: FieldInk) -> None:
        super().__init__(field.name, ink)
        self._field = field
        self._views: list[NDArray[np.float64]] = []
        self._used = used_cells(ink, field)
        self._cells = SeenCells(ink, field, self._used)

    @property
    def writing(self) -> Writing:
        """See FieldReader.writing."""
        return Writing.DIGITS

    @property
    def was_read(self) -> bool:
        """See FieldReader.was_read."""
        return super().was_read or self._told_by_cells

    @property
    def circumstances(self) -> InkFacts:
        """See FieldReader.circumstances; a number may be a single digit, and a thin 1 is hardly more than a scrap."""
        found = super().circumstances
        if self._field.kind is not FieldKind.NUMBER:
            return found
        least = min(found.writing_least_mm2, DIGIT_SURE_MM2 * max(len(self._used), 1))
        return replace(found, scraps_most_mm2=DIGIT_LEAST_MM2, writing_least_mm2=least)

    def pictures_for(self, reader: str, view: LineView) -> Pictures:
        """See FieldReader.pictures_for."""
        looks = len(self.opinions)
        if not self.ink.lines or looks > 1 or self._told_by_cells:
            return ()
        if looks and (reader != self.lead or self._is_settled):
            return ()
        return [digit_views(self.ink.lines[0].picture)[looks]]

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See FieldReader.add."""
        for view in seen:
            digits = "".join(filter(str.isdigit, view.text))
            if view.spread is not None:
                found, chances = read_digits(view.spread, len(self._used) or sum(self._field.cells))
                digits = found or digits
                self._views += [chances] if found else []
            self.opinions.append(Opinion(reader, digits, view.confidence))

    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See FieldReader.judge; the value is what records hold, when the digits mean something."""
        cells = self._cells.chances
        decoded = decode(
            weigh(self._views, cells), lambda digits: parse_digits(digits, self._field, received_on, phone_region)
        )
        whole = bool(self._used) and not is_struck_out(self.ink, self._field)
        seen_well = (bool(self._views) or self._told_by_cells) and not self._cells.holds_no_digit
        seen = [*self.opinions, Opinion(CELLS, best_digits(cells[:, :NO_DIGIT]), 1.0)]
        group = group_digits(decoded.impossible, self._field)
        share = likely(decoded, lambda value: is_usual(self.name, value, received_on))
        sure = digits_confidence(share, by_cells_alone=not self._views) if decoded.numbers else 0.0
        fits = whole and not decoded.impossible and seen_well
        return judge_digits(decoded, group, seen, sure, replace(self.circumstances, fits=fits))

    @cached_property
    def _told_by_cells(self) -> bool:
        """Whether the cells alone tell every digit of a telephone number or date."""
        if self._field.kind not in SETTLED_KINDS or not self.ink.lines or not self._used:
            return False
        return settled_by_cells(self._cells.chances) and not self._cells.holds_no_digit

    @property
    def _is_settled(self) -> bool:
        """Whether one view and the cells tell every digit of a telephone number or date."""
        if self._field.kind not in SETTLED_KINDS:
            return False
        likeliest = weigh(self._views, self._cells.chances).max(axis=1)
        return bool(self._views) and float(likeliest.prod()) >= DIGITS_SETTLED and not self._cells.holds_no_digit
