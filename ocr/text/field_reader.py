"""Read one field: which pictures each recognizer is shown, what it saw, and the reading that results."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import fold
from ocr.language.fields import Languages
from ocr.language.ngrams import Kind
from ocr.recognizers.cell_digits import NAME as CELLS
from ocr.recognizers.cell_digits import NO_DIGIT
from ocr.recognizers.ctc import read_digits
from ocr.recognizers.recognizer import RecognizedLine
from ocr.text.alternatives import other_lines
from ocr.text.cells.comb import DIGIT_LEAST_MM2, digit_views, group_digits, is_struck_out, parse_digits, used_cells
from ocr.text.cells.digits import best_digits, decode, weigh
from ocr.text.cells.seen import SeenCells
from ocr.text.confidence.judge import (
    DIGIT_SURE_MM2,
    DOUBT,
    LEFT_IN_CELLS_MOST_MM2,
    LEFT_MOST_MM2,
    InkFacts,
    Opinion,
    judge_choice,
    judge_digits,
    judge_words,
)
from ocr.text.confidence.plausible import foreign_letters, is_plausible, without_accents
from ocr.text.confidence.probability import words_confidence
from ocr.text.confidence.word_evidence import Reading, sign_evidence, word_evidence
from ocr.text.line_decoder import LineReading, rank_choices, read_again, read_line
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.lines.strikes import is_hand_struck
from ocr.text.lines.views import first_view, second_view
from ocr.text.names.judge import judge_known
from ocr.text.names.known import find_match
from ocr.text.names.letters import as_name, in_capitals_of, with_capitals
from ocr.text.rivals.signs import near_sign
from ocr.text.rivals.spellings import near_spelling
from schemas.names.known_people import KnownName
from schemas.pad import CombField, FieldKind
from schemas.reading import TextReading

# Read once more in another view below this confidence, which is above the bar that comes with refpad: a studio's own
# may be higher. Of 4,234 fields on simulated slips 3,300 are; below 0.97 it is 3,091, and 1 in 100 more passes.
LOOK_AGAIN_BELOW = 0.98
# Digits so likely need no second view: of 174 fields on 80 hand-filled slips through five channels 140 are, all of them
# read right, as with both views, and sure enough to pass either way.
DIGITS_SETTLED = 0.99
SETTLED_KINDS = (FieldKind.PHONE, FieldKind.DATE)  # of other numbers none were measured

Pictures = Sequence[NDArray[np.uint8]]


class FieldReader(ABC):
    """One field being read: it hands out pictures, takes what recognizers saw, and judges."""

    left_most_mm2 = LEFT_MOST_MM2  # see InkFacts

    def __init__(self, name: str, ink: FieldInk) -> None:
        self.name, self.ink = name, ink
        self.opinions: list[Opinion] = []

    @property
    def circumstances(self) -> InkFacts:
        """What the ink alone tells."""
        return InkFacts(self.ink.ink_mm2, self.ink.own_dust_mm2, self.ink.torn, left_most_mm2=self.left_most_mm2)

    @property
    def is_by_pen(self) -> bool:
        """Whether a pen wrote it, so that a network trained for pens may look again."""
        return True

    @property
    def was_read(self) -> bool:
        """Whether any recognizer has read it."""
        return bool(self.opinions)

    @abstractmethod
    def pictures_for(self, reader: str) -> Pictures:
        """The pictures to show that reader next; none when it cannot add anything."""

    @abstractmethod
    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """Add what the reader saw on the pictures."""

    @abstractmethod
    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """The reading, after all recognizers were asked."""


class DigitFieldReader(FieldReader):
    """Digits in printed cells: a view of the line by the first reader, and each cell by the reader of cells.

    Where these two leave a doubt the first reader looks once more, at another view.
    """

    left_most_mm2 = LEFT_IN_CELLS_MOST_MM2

    def __init__(self, field: CombField, ink: FieldInk) -> None:
        super().__init__(field.name, ink)
        self._field = field
        self._views: list[NDArray[np.float64]] = []
        self._used = used_cells(ink, field)
        self._cells = SeenCells(ink, field, self._used)

    @property
    def circumstances(self) -> InkFacts:
        """See FieldReader.circumstances; a number may be a single digit, and a thin 1 is hardly more than a scrap."""
        found = super().circumstances
        if self._field.kind is not FieldKind.NUMBER:
            return found
        least = min(found.writing_least_mm2, DIGIT_SURE_MM2 * max(len(self._used), 1))
        return replace(found, scraps_most_mm2=DIGIT_LEAST_MM2, writing_least_mm2=least)

    def pictures_for(self, reader: str) -> Pictures:
        """See FieldReader.pictures_for."""
        looks = len(self.opinions)
        if not self.ink.lines or looks > 1:
            return ()
        if looks and (reader != self.opinions[0].reader or self._is_settled):
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
        fits = whole and not decoded.impossible and bool(self._views) and not self._cells.holds_no_digit
        seen = [*self.opinions, Opinion(CELLS, best_digits(cells[:, :NO_DIGIT]), 1.0)]
        group = group_digits(decoded.impossible, self._field)
        return judge_digits(decoded, group, seen, replace(self.circumstances, fits=fits))

    @property
    def _is_settled(self) -> bool:
        """Whether one view and the cells tell every digit of a telephone number or date."""
        if self._field.kind not in SETTLED_KINDS:
            return False
        likeliest = weigh(self._views, self._cells.chances).max(axis=1)
        return bool(self._views) and float(likeliest.prod()) >= DIGITS_SETTLED and not self._cells.holds_no_digit


class WordFieldReader(FieldReader):
    """Free writing: one view, and a second one where the first does not make it sure.

    Other readers are asked only when the first one broke down: what Tesseract says of handwriting makes nothing surer.
    """

    def __init__(self, name: str, ink: FieldInk, kind: Kind, choices: Sequence[str] = ()) -> None:
        """`choices`: all that can be written here, when that is a closed list."""
        super().__init__(name, ink)
        self._kind, self._choices = kind, choices
        self._lines: list[LineReading] = []
        self._lead = ""  # the reader that was asked first
        self._looks: list[str] = []  # the networks that looked, in their order
        self._rivals: list[str | None] = []  # see _near_texts

    def pictures_for(self, reader: str) -> Pictures:
        """See FieldReader.pictures_for."""
        if not self.opinions:
            return [first_view(line.ruled) for line in self.ink.lines]
        if reader != self._lead:
            asked = self._lines or any(opinion.reader == reader for opinion in self.opinions)
            return [] if asked else [line.picture for line in self.ink.lines]
        again = len(self._looks) == 1 and (self.opinions[0].confidence < LOOK_AGAIN_BELOW or any(self._rivals))
        return [second_view(line.ruled) for line in self.ink.lines] if again else []

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See FieldReader.add."""
        self._lead = self._lead or reader
        if all(line.spread is not None for line in seen):
            self._add_view(seen, languages)
            self._looks.append(reader)
            self.opinions = [Opinion("+".join(dict.fromkeys(self._looks)), self.value, self._confidence(languages))]
            self._rivals = self._near_texts(languages) if self.opinions[0].confidence > DOUBT else []
        else:
            self.opinions.append(join_lines(reader, seen))

    def _add_view(self, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        prior = languages.of(self._kind)
        seen = [as_name(line) for line in seen] if self._kind == "names" else seen
        if self._lines:
            looks = zip(self._lines, seen, _contexts(self._lines)[:-1], strict=True)
            self._lines = [self._spelled(read_again(line, [again], prior, before)) for line, again, before in looks]
            return
        for line in seen:
            self._lines.append(self._spelled(read_line([line], prior, _contexts(self._lines)[-1])))

    def _near_texts(self, languages: Languages) -> list[str | None]:
        """Of each line the text that the ink does not tell from the best one; none where that is doubted anyway."""
        if self._kind == "names":
            return [near_spelling(line, languages.lexicon) for line in self._lines]
        before, prior = _contexts(self._lines), languages.of(self._kind)
        return [near_sign(line, prior, above) for line, above in zip(self._lines, before, strict=False)]

    def _spelled(self, line: LineReading) -> LineReading:
        return replace(line, value=with_capitals(line.value)) if self._kind == "names" else line

    @property
    def value(self) -> str:
        """All lines as one text."""
        return " ".join(" ".join(line.value for line in self._lines).split())

    @property
    def only_line(self) -> LineReading | None:
        """The line of a field that has no other; names are no longer."""
        return self._lines[0] if len(self._lines) == 1 else None

    def _confidence(self, languages: Languages) -> float:
        read = self.reading(languages)
        return words_confidence(word_evidence(read), sign_evidence(read), looks=self._looks)

    def reading(self, languages: Languages) -> Reading:
        """What its confidence is measured on; at least one view was read."""
        return Reading(self.name, self._lines, languages.of(self._kind), languages.lexicon, self.ink)

    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See FieldReader.judge; the first opinion of a reader that told all it held possible has the confidence."""
        if self._lines and self._choices:
            return judge_choice(self.opinions[0].reader, rank_choices(self._choices, self._lines), self.circumstances)
        fits = is_plausible(self.name, self.opinions[0].value) and not self._is_struck and not any(self._rivals)
        found = replace(self.circumstances, fits=fits)
        if not self._lines:
            return judge_words(self.opinions, None, self._alternatives(languages), found)
        sure = self.opinions[0].confidence
        return judge_words(self.opinions, sure, self._alternatives(languages), replace(found, torn=self.ink.goes_on))

    def judge_known(self, reading: TextReading, people: Sequence[KnownName], languages: Languages) -> TextReading:
        """`reading`, after all recognizers were asked, with `people` on record whose names may stand here.

        A name that the ink bears out is believed; of another one that is near, a person is told.
        """
        if self.only_line is None:
            return reading
        match = find_match(self.name, self.only_line, self.opinions[0].confidence, people, languages.of(self._kind))
        if match is None:
            return reading
        fits = is_plausible(self.name, match.text) and not self._is_struck
        return judge_known(reading, match, replace(self.circumstances, torn=self.ink.goes_on, fits=fits))

    @property
    def _is_struck(self) -> bool:
        """Whether a line runs through the words: then nobody means them, however well they can be read."""
        return any(is_hand_struck(line) for line in self.ink.lines)

    def _alternatives(self, languages: Languages) -> list[str]:
        """What else the text may be: without its accents, as near by the ink, and, where it is unsure, much else."""
        found = [without_accents(self.value)] if foreign_letters(self.value) else []
        found += [self._with(at, rival) for at, rival in enumerate(self._rivals) if rival]
        if self.opinions[0].confidence >= LOOK_AGAIN_BELOW:
            return found
        others = other_lines(self._lines, _contexts(self._lines)[:-1], languages.of(self._kind), languages.lexicon)
        for at, line in enumerate(self._lines):
            line.looks[0].spell([text for place, text in others if place == at])
        return found + [self._with(at, text) for at, text in others]

    def _with(self, at: int, text: str) -> str:
        """The whole text where the line `at` is the folded `text`, in its writer's capitals."""
        line = self._lines[at]
        spelled = in_capitals_of(line.value, line.spelled(replace(line.best, text=text))) if text else ""
        spelled = with_capitals(spelled) if self._kind == "names" else spelled
        texts = [spelled if at == place else other.value for place, other in enumerate(self._lines)]
        return " ".join(" ".join(texts).split())


def _contexts(lines: Sequence[LineReading]) -> list[str]:
    """The folded text before each line, and before the line that would follow the last."""
    return list(accumulate((f"{fold(line.value)} " for line in lines), initial=""))


def join_lines(reader: str, seen: Sequence[RecognizedLine]) -> Opinion:
    """What a reader says of all lines together; without any spread, so that only the text counts."""
    return Opinion(reader, " ".join(line.text for line in seen), min(line.confidence for line in seen))
