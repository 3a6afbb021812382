"""Read a code of ICD-10-CM in cells: the likeliest of all codes there are, as the ink of each cell bears it out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from ocr.language.fields import Languages
from ocr.recognizers.cell_digits import NO_DIGIT, open_cell_reader
from ocr.recognizers.ctc import DIGITS, LOOK_ALIKES, read_signs
from ocr.recognizers.recognizer import RecognizedLine
from ocr.recognizers.two_networks import LineView, Writing
from ocr.text.cells.comb import digit_views, is_struck_out, used_cells
from ocr.text.cells.cut_cells import cut_cells
from ocr.text.confidence.judge import LEFT_IN_CELLS_MOST_MM2, InkFacts, Opinion, judge_choice
from ocr.text.field_reader import FieldReader, Pictures
from ocr.text.lines.segment_lines import FieldInk
from schemas.codes.icd10cm import as_code, listed_codes
from schemas.pad import CombField
from schemas.reading import TextReading

Floats = NDArray[np.float64]

SIGNS = DIGITS + ascii_uppercase
# What is drawn alike counts for both: which of the two is meant, the list of codes says.
_ALSO = {"I": "1l|", "O": "0Q", "S": "5", "Z": "2", "B": "8", "G": "6"}
_SYMBOLS = tuple(
    sign + (LOOK_ALIKES.get(sign, "") if sign.isdigit() else sign.lower() + _ALSO.get(sign, "")) for sign in SIGNS
)
SIGNS_LEAST, SIGNS_LISTED = 3, 6
SEVENTH = "ABCDEFGHJKMNPQRS"  # what may stand behind six signs, which the list does not have
FILLER = "X"
CODES_SHOWN = 5
_LEAST = 1e-5


@dataclass(frozen=True, eq=False)
class _Codes:
    """All codes of so many signs: (codes, signs) of indexes into SIGNS."""

    texts: tuple[str, ...]
    signs: NDArray[np.intp]


class CodeFieldReader(FieldReader):
    """Letters and digits in printed cells: two views of the line, and each cell that may hold a digit by itself."""

    left_most_mm2 = LEFT_IN_CELLS_MOST_MM2

    def __init__(self, field: CombField, ink: FieldInk) -> None:
        super().__init__(field.name, ink)
        self._field, self._used = field, used_cells(ink, field)
        self._views: list[Floats] = []

    @property
    def writing(self) -> Writing:
        """See FieldReader.writing."""
        return Writing.DIGITS

    def pictures_for(self, reader: str, view: LineView) -> Pictures:
        """See FieldReader.pictures_for."""
        return () if self.opinions or not self.ink.lines else digit_views(self.ink.lines[0].picture)

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See FieldReader.add."""
        for view in seen:
            self.opinions.append(Opinion(reader, as_code(view.text), view.confidence))
            if view.spread is not None and len(self._used) >= SIGNS_LEAST:
                chances = read_signs(view.spread, _SYMBOLS, len(self._used))
                self._views += [chances] if len(chances) else []

    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See FieldReader.judge; where no code can be made out, what was seen, and never sure."""
        if not self._views:
            seen = self.opinions[0]
            return TextReading(value=seen.value, confidence=0.0, reader=seen.reader)
        chances = self._chances()
        ranked = rank_codes(chances)
        fits = bears_out(chances, ranked[0][0]) and not is_struck_out(self.ink, self._field)
        return judge_choice(self.opinions[0].reader, ranked, self._found(fits=fits))

    def _found(self, *, fits: bool) -> InkFacts:
        return replace(self.circumstances, fits=fits)

    def _chances(self) -> Floats:
        """(signs, len(SIGNS)): how likely each is in each used cell; among digits the reader of cells has its say."""
        line = np.exp(np.mean([np.log(np.maximum(view, _LEAST)) for view in self._views], axis=0))
        cells = open_cell_reader().read(cut_cells(self.ink, self._field))[self._used]
        digits = line[:, : len(DIGITS)]
        weighed = digits * np.maximum(cells[:, :NO_DIGIT], _LEAST)
        whole = digits.sum(axis=1, keepdims=True) / weighed.sum(axis=1, keepdims=True)
        return np.asarray(np.column_stack([weighed * whole, line[:, len(DIGITS) :]]).clip(_LEAST), np.float64)


def rank_codes(chances: Floats) -> list[tuple[str, float]]:
    """The likeliest codes of as many signs as `chances` (signs, len(SIGNS)) has, with their shares, likeliest first."""
    logs = np.log(chances)
    known = _codes_of(len(chances))
    scores = logs[np.arange(known.signs.shape[1]), known.signs].sum(axis=1)
    ends = [""]
    if len(chances) > SIGNS_LISTED:
        ends = list(SEVENTH)
        scores = scores[:, None] + logs[-1, [SIGNS.index(end) for end in ends]][None, :]
    flat = scores.reshape(len(known.texts), -1)
    shares = np.exp(flat - flat.max())
    shares /= shares.sum()
    best = np.argsort(-shares, axis=None)[:CODES_SHOWN]
    return [
        (as_code(known.texts[at // len(ends)] + ends[at % len(ends)]), float(shares.flat[at])) for at in best.tolist()
    ]


# A code is borne out when every one of its signs is seen in its cell more likely than not. Of 507 right codes that
# passed on 300 simulated slips 20 are not, of 5 wrong ones 2 (with 0.8 it would be 69 and 4: an I drawn with loops is
# an O to the reader, and both are codes).
SEEN_LEAST = 0.5


def bears_out(chances: Floats, code: str) -> bool:
    """Whether the ink shows each sign of the code, and is not only nearer to it than to any other code."""
    signs = [SIGNS.index(sign) for sign in code if sign in SIGNS]
    return bool((chances[np.arange(len(signs)), signs] >= SEEN_LEAST).all())


@cache
def _codes_of(count: int) -> _Codes:
    """The codes of so many signs; of seven the first six, filled up where a code is shorter."""
    texts = _listed()[min(count, SIGNS_LISTED)]
    if count > SIGNS_LISTED:
        shorter = (text for less in range(SIGNS_LEAST, SIGNS_LISTED) for text in _listed()[less])
        texts = [*texts, *(text.ljust(SIGNS_LISTED, FILLER) for text in shorter)]
    return _Codes(tuple(texts), np.array([[SIGNS.index(sign) for sign in text] for text in texts], np.intp))


@cache
def _listed() -> dict[int, list[str]]:
    """All codes without their points, by how many signs they have."""
    found: dict[int, list[str]] = defaultdict(list)
    for listed in listed_codes():
        text = listed.code.replace(".", "")
        found[len(text)].append(text)
    return found
