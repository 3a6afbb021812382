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
from ocr.recognizers.ctc import read_digits
from ocr.recognizers.recognizer import RecognizedLine
from ocr.text.comb import digit_views, filled_cells, group_digits, is_struck_out, parse_digits
from ocr.text.confidence import Evidence, confidence
from ocr.text.judge import InkFacts, Opinion, judge_choice, judge_digits, judge_words, likeness, with_value
from ocr.text.line_decoder import LineReading, rank_choices, read_again, read_line
from ocr.text.plausible import foreign_letters, is_plausible, without_accents
from ocr.text.protected_tokens import protected_tokens
from ocr.text.segment_lines import FieldInk
from ocr.text.views import first_view, second_view
from schemas.pad import CombField
from schemas.reading import TextReading

# Read once more in another view below this confidence: there it puts 8 of 316 real lines right. Of 198 lines between
# it and sure ones it put none right, and each costs as much as the first look.
LOOK_AGAIN_BELOW = 0.6
# A second reader is asked where its word decides at the bar of 0.97: by ocr.text.confidence, agreement hardly ever
# makes a value sure that was less sure than this. Starting it costs as much as reading four lines.
ASK_FROM, ASK_TO = 0.9, 0.98

Pictures = Sequence[NDArray[np.uint8]]


class FieldReader(ABC):
    """One field being read: it hands out pictures, takes what recognizers saw, and judges."""

    def __init__(self, name: str, ink: FieldInk) -> None:
        self.name, self.ink = name, ink
        self.opinions: list[Opinion] = []

    @property
    def circumstances(self) -> InkFacts:
        """What the ink alone tells."""
        return InkFacts(self.ink.ink_mm2, self.ink.dust_mm2, self.ink.torn)

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
    """Digits in printed cells, read from two views by the first reader."""

    def __init__(self, field: CombField, ink: FieldInk) -> None:
        super().__init__(field.name, ink)
        self._field = field

    def pictures_for(self, reader: str) -> Pictures:
        """See Written.pictures_for."""
        return () if self.opinions else digit_views(self.ink.lines[0].picture)

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See Written.add."""
        self.opinions += [self._opinion(reader, view) for view in seen]

    def _opinion(self, reader: str, view: RecognizedLine) -> Opinion:
        if view.spread is not None:
            digits, chances = read_digits(view.spread, sum(self._field.cells))
            if digits:
                return Opinion(reader, digits, min(chances))
        return Opinion(reader, "".join(filter(str.isdigit, view.text)), view.confidence)

    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See Written.judged; the value is what records hold, when the digits mean something."""
        digits = self.opinions[0].value
        means = parse_digits(digits, self._field, received_on, phone_region)
        cells = sum(self._field.cells)
        fits = means is not None and filled_cells(self.ink, self._field) == cells == len(digits)
        fits = fits and not is_struck_out(self.ink, self._field)
        reading = judge_digits(self.opinions, replace(self.circumstances, fits=fits))
        return with_value(reading, means or group_digits(digits, self._field))


class WordFieldReader(FieldReader):
    """Free writing: one view, a second one where the first is unsure, then the opinion of other readers."""

    def __init__(self, name: str, ink: FieldInk, kind: Kind, choices: Sequence[str] = ()) -> None:
        """`choices`: all that can be written here, when that is a closed list."""
        super().__init__(name, ink)
        self._kind, self._choices = kind, choices
        self._lines: list[LineReading] = []
        self._view_count = 0

    def pictures_for(self, reader: str) -> Pictures:
        """See Written.pictures_for."""
        if not self.opinions:
            return [first_view(line.ruled) for line in self.ink.lines]
        if reader != self.opinions[0].reader:
            asked = any(opinion.reader == reader for opinion in self.opinions)
            return [] if asked or not self._is_open else [line.picture for line in self.ink.lines]
        again = self._lines and self._view_count == 1 and self.opinions[0].confidence < LOOK_AGAIN_BELOW
        return [second_view(line.ruled) for line in self.ink.lines] if again else []

    @property
    def _is_open(self) -> bool:
        return not self._lines or ASK_FROM <= self.opinions[0].confidence <= ASK_TO

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See Written.add."""
        if self.opinions and reader != self.opinions[0].reader:
            self.opinions.append(join_lines(reader, seen))
            return
        self._view_count += 1
        if all(line.spread is not None for line in seen):
            self._add_view(seen, languages)
            self.opinions = [Opinion(reader, self.value, confidence(self.evidence))]
        else:
            self.opinions = [join_lines(reader, seen)]

    def _add_view(self, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        prior = languages.of(self._kind)
        if self._lines:
            looks = zip(self._lines, seen, _contexts(self._lines)[:-1], strict=True)
            self._lines = [read_again(line, again, prior, before) for line, again, before in looks]
            return
        for line in seen:
            self._lines.append(read_line(line, prior, _contexts(self._lines)[-1]))

    @property
    def value(self) -> str:
        """All lines as one text."""
        return " ".join(line.value for line in self._lines)

    @property
    def evidence(self) -> Evidence:
        """The evidence for the value, without other readers."""
        best = [line.best for line in self._lines]
        lengths = [max(len(guess.text), 1) for guess in best]
        return Evidence(
            margin=min(line.margin for line in self._lines),
            ink=min(guess.ink / length for guess, length in zip(best, lengths, strict=True)),
            language=min(guess.language / length for guess, length in zip(best, lengths, strict=True)),
            moved=max(line.plain.ink - line.best.ink for line in self._lines),
            facts_kept=all(
                protected_tokens(line.plain.text) == protected_tokens(line.best.text) for line in self._lines
            ),
            letters=len(self.value),
        )

    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See Written.judged."""
        if self._lines and self._choices:
            return judge_choice(self.opinions[0].reader, rank_choices(self._choices, self._lines), self.circumstances)
        value = self.opinions[0].value
        fits = self._is_expected(languages)
        evidence = None
        if self._lines:
            others = self.opinions[1:]
            alike = max((likeness(value, other.value) for other in others), default=None)
            evidence = replace(self.evidence, likeness=alike)
        return judge_words(self.opinions, evidence, self._alternatives, replace(self.circumstances, fits=fits))

    def _fits(self, languages: Languages) -> bool:
        """Whether the value can stand in the field, and has no word that is one letter from a known one."""
        value = self.opinions[0].value
        return is_plausible(self.name, value) and languages.lexicon.near_miss(value) is None

    def _is_expected(self, languages: Languages) -> bool:
        """Whether the value fits, and is no phrase with a word that is in no list."""
        unknown = self._kind == "text" and languages.lexicon.unknown(self.opinions[0].value)
        return self._fits(languages) and not unknown

    @property
    def _alternatives(self) -> list[str]:
        """What else the text may be: without its accents, and with one line replaced by its second guess."""
        found = [without_accents(self.value)] if foreign_letters(self.value) else []
        for at, line in enumerate(self._lines):
            for guess in line.guesses[1:3]:
                texts = [guess.text if place == at else other.value for place, other in enumerate(self._lines)]
                found.append(" ".join(texts))
        return found


def _contexts(lines: Sequence[LineReading]) -> list[str]:
    """The folded text before each line, and before the line that would follow the last."""
    return list(accumulate((f"{fold(line.value)} " for line in lines), initial=""))


def join_lines(reader: str, seen: Sequence[RecognizedLine]) -> Opinion:
    """What a reader says of all lines together; without any spread, so that only the text counts."""
    return Opinion(reader, " ".join(line.text for line in seen), min(line.confidence for line in seen))
