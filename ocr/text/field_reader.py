"""A field, the ink in it, and what readers have said of it so far."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import folded
from ocr.language.fields import Languages
from ocr.language.ngrams import Kind
from ocr.recognisers.ctc import read_digits
from ocr.recognisers.recogniser import Recognised
from ocr.text.comb import filled_cells, meaning, separated, views
from ocr.text.confidence import Evidence, confidence
from ocr.text.judge import Circumstances, Opinion, judge_choice, judge_digits, judge_words, likeness, renamed
from ocr.text.line_decoder import LineReading, among, read_again, read_line
from ocr.text.plausible import plausible
from ocr.text.protected_tokens import facts
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


class Written(ABC):
    """What is asked of a field in the course of reading."""

    def __init__(self, name: str, ink: FieldInk) -> None:
        self.name, self.ink = name, ink
        self.opinions: list[Opinion] = []

    @property
    def circumstances(self) -> Circumstances:
        """What the ink alone tells."""
        return Circumstances(self.ink.ink_mm2, self.ink.dust_mm2, self.ink.torn)

    @property
    def was_read(self) -> bool:
        """Whether any reader has said something."""
        return bool(self.opinions)

    @abstractmethod
    def pictures_for(self, reader: str) -> Pictures:
        """What that reader should be shown next; nothing when it cannot add to what is known."""

    @abstractmethod
    def add(self, reader: str, seen: Sequence[Recognised], languages: Languages) -> None:
        """Take in what the reader saw on the pictures."""

    @abstractmethod
    def judged(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """The reading, once everybody was asked."""


class WrittenDigits(Written):
    """Digits in printed cells: two views of the first reader settle them."""

    def __init__(self, field: CombField, ink: FieldInk) -> None:
        super().__init__(field.name, ink)
        self._field = field

    def pictures_for(self, reader: str) -> Pictures:
        """See Written.pictures_for."""
        return () if self.opinions else views(self.ink.lines[0].picture)

    def add(self, reader: str, seen: Sequence[Recognised], languages: Languages) -> None:
        """See Written.add."""
        self.opinions += [self._opinion(reader, view) for view in seen]

    def _opinion(self, reader: str, view: Recognised) -> Opinion:
        if view.spread is not None:
            digits, chances = read_digits(view.spread, sum(self._field.cells))
            if digits:
                return Opinion(reader, digits, min(chances))
        return Opinion(reader, "".join(filter(str.isdigit, view.text)), view.confidence)

    def judged(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See Written.judged; the value is what records hold, when the digits mean something."""
        digits = self.opinions[0].value
        means = meaning(digits, self._field, received_on, phone_region)
        cells = sum(self._field.cells)
        fits = means is not None and filled_cells(self.ink, self._field) == cells == len(digits)
        reading = judge_digits(self.opinions, replace(self.circumstances, fits=fits))
        return renamed(reading, means or separated(digits, self._field))


class WrittenWords(Written):
    """Free writing: a first look, a second one where it is unsure, and then the opinion of other readers."""

    def __init__(self, name: str, ink: FieldInk, kind: Kind, choices: Sequence[str] = ()) -> None:
        """`choices`: all that can be written here, when that is a closed list."""
        super().__init__(name, ink)
        self._kind, self._choices = kind, choices
        self._lines: list[LineReading] = []
        self._looks = 0

    def pictures_for(self, reader: str) -> Pictures:
        """See Written.pictures_for."""
        lines = [line.picture for line in self.ink.lines]
        if not self.opinions:
            return [first_view(line) for line in lines]
        if reader != self.opinions[0].reader:
            asked = any(opinion.reader == reader for opinion in self.opinions)
            return [] if asked or not self._is_open else lines
        again = self._lines and self._looks == 1 and self.opinions[0].confidence < LOOK_AGAIN_BELOW
        return [second_view(line) for line in lines] if again else []

    @property
    def _is_open(self) -> bool:
        return not self._lines or ASK_FROM <= self.opinions[0].confidence <= ASK_TO

    def add(self, reader: str, seen: Sequence[Recognised], languages: Languages) -> None:
        """See Written.add."""
        if self.opinions and reader != self.opinions[0].reader:
            self.opinions.append(_joined(reader, seen))
            return
        self._looks += 1
        if all(line.spread is not None for line in seen):
            self._look(seen, languages)
            self.opinions = [Opinion(reader, self.value, confidence(self.evidence))]
        else:
            self.opinions = [_joined(reader, seen)]

    def _look(self, seen: Sequence[Recognised], languages: Languages) -> None:
        prior = languages.of(self._kind)
        if self._lines:
            looks = zip(self._lines, seen, _befores(self._lines)[:-1], strict=True)
            self._lines = [read_again(line, again, prior, before) for line, again, before in looks]
            return
        for line in seen:
            self._lines.append(read_line(line, prior, _befores(self._lines)[-1]))

    @property
    def value(self) -> str:
        """All lines as one text."""
        return " ".join(line.value for line in self._lines)

    @property
    def evidence(self) -> Evidence:
        """What speaks for the value, other readers aside."""
        best = [line.best for line in self._lines]
        lengths = [max(len(guess.text), 1) for guess in best]
        return Evidence(
            margin=min(line.margin for line in self._lines),
            ink=min(guess.ink / length for guess, length in zip(best, lengths, strict=True)),
            language=min(guess.language / length for guess, length in zip(best, lengths, strict=True)),
            moved=max(line.plain.ink - line.best.ink for line in self._lines),
            facts_kept=all(facts(line.plain.text) == facts(line.best.text) for line in self._lines),
            letters=len(self.value),
        )

    def judged(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See Written.judged."""
        if self._lines and self._choices:
            return judge_choice(self.opinions[0].reader, among(self._choices, self._lines), self.circumstances)
        value = self.opinions[0].value
        fits = plausible(self.name, value) and languages.lexicon.near_miss(value) is None
        evidence = None
        if self._lines:
            others = self.opinions[1:]
            alike = max((likeness(value, other.value) for other in others), default=None)
            evidence = replace(self.evidence, likeness=alike)
        return judge_words(self.opinions, evidence, self._alternatives, replace(self.circumstances, fits=fits))

    @property
    def _alternatives(self) -> list[str]:
        """What else the text may be: the value with one line replaced by its second guess."""
        found = []
        for at, line in enumerate(self._lines):
            for guess in line.guesses[1:3]:
                texts = [guess.text if place == at else each.value for place, each in enumerate(self._lines)]
                found.append(" ".join(texts))
        return found


def _befores(lines: Sequence[LineReading]) -> list[str]:
    """What stands before each line, and before the one that follows them, as language knows it."""
    return list(accumulate((f"{folded(line.value)} " for line in lines), initial=""))


def _joined(reader: str, seen: Sequence[Recognised]) -> Opinion:
    return Opinion(reader, " ".join(line.text for line in seen), min(line.confidence for line in seen))
