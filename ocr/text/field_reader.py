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
from ocr.recognizers.recognizer import RecognizedLine
from ocr.recognizers.two_networks import LineView, Writing
from ocr.text.alternatives import other_lines
from ocr.text.confidence.judge import (
    DOUBT,
    LEFT_MOST_MM2,
    InkFacts,
    Opinion,
    judge_choice,
    judge_words,
)
from ocr.text.confidence.plausible import foreign_letters, is_plausible, without_accents
from ocr.text.confidence.probability import words_confidence
from ocr.text.confidence.word_evidence import Reading, sign_evidence, word_evidence
from ocr.text.line_decoder import LineReading, rank_choices, read_again, read_line
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.lines.strikes import is_hand_struck
from ocr.text.lines.views import show
from ocr.text.meaning import without_end_pause
from ocr.text.names.judge import judge_known
from ocr.text.names.known import find_match
from ocr.text.names.letters import as_name, in_capitals_of, with_capitals
from ocr.text.recorded import as_recorded
from ocr.text.rivals.codes import near_code
from ocr.text.rivals.credentials import near_credential
from ocr.text.rivals.opposites import near_opposite
from ocr.text.rivals.signs import near_sign
from ocr.text.rivals.spellings import near_spelling
from schemas.names.known_people import KnownName
from schemas.reading import TextReading

# A text less sure than the bar that comes with refpad is looked at once more, and a third time where that can decide:
# of 636 fields on hand-filled slips all that a third look lets pass were as sure as this after two (decision 64).
LOOK_AGAIN_BELOW, LOOK_ON_FROM, LOOKS_MOST = 0.97, 0.9, 3
DIAGNOSIS, PROVIDER = "diagnosis", "provider_name"  # where codes stand among words, and credentials behind a name
# Below this a person is offered other texts: a studio's own bar may be above the one that comes with refpad.
OFFER_BELOW = 0.98

Pictures = Sequence[NDArray[np.uint8]]


class FieldReader(ABC):
    """One field being read: it hands out pictures, takes what recognizers saw, and judges."""

    left_most_mm2 = LEFT_MOST_MM2  # see InkFacts

    def __init__(self, name: str, ink: FieldInk) -> None:
        self.name, self.ink = name, ink
        self.opinions: list[Opinion] = []
        self.lead = ""  # the recognizer that read it first, whichever of its networks looked

    @property
    def circumstances(self) -> InkFacts:
        """What the ink alone tells."""
        return InkFacts(self.ink.ink_mm2, self.ink.own_dust_mm2, self.ink.torn, left_most_mm2=self.left_most_mm2)

    @property
    def writing(self) -> Writing:
        """What is to be read, which decides who looks at it."""
        return Writing.WORDS

    @property
    def was_read(self) -> bool:
        """Whether any recognizer has read it."""
        return bool(self.opinions)

    @abstractmethod
    def pictures_for(self, reader: str, view: LineView) -> Pictures:
        """The pictures to show that recognizer next, in that view if it has several; none when it can add nothing."""

    @abstractmethod
    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """Add what the reader saw on the pictures."""

    @abstractmethod
    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """The reading, after all recognizers were asked."""


class WordFieldReader(FieldReader):
    """Free writing: one look, and up to two more in other views where that does not make it sure.

    Other readers are asked only when the first one broke down: what Tesseract says of handwriting makes nothing surer.
    """

    def __init__(self, name: str, ink: FieldInk, kind: Kind, choices: Sequence[str] = ()) -> None:
        """`choices`: all that can be written here, when that is a closed list."""
        super().__init__(name, ink)
        self._kind, self._choices = kind, choices
        self._lines: list[LineReading] = []
        self._looks: list[str] = []  # the networks that looked, in their order
        self._rivals: list[str | None] = []  # see _near_texts

    def pictures_for(self, reader: str, view: LineView) -> Pictures:
        """See FieldReader.pictures_for."""
        if self.opinions and reader != self.lead:
            asked = self._lines or any(opinion.reader == reader for opinion in self.opinions)
            return [] if asked else [line.picture for line in self.ink.lines]
        wanted = not self.opinions or self._is_looked_at_again
        return [show(line.ruled, view) for line in self.ink.lines] if wanted else []

    @property
    def _is_looked_at_again(self) -> bool:
        return looks_again(len(self._looks), self.opinions[0].confidence, has_rival=any(self._rivals))

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See FieldReader.add."""
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
            named = [near_spelling(line, languages.lexicon) for line in self._lines]
            if self.name != PROVIDER:
                return named
            return [rival or near_credential(line) for rival, line in zip(named, self._lines, strict=True)]
        before, prior = _contexts(self._lines), languages.of(self._kind)
        found = [
            near_opposite(line) or near_sign(line, prior, above)
            for line, above in zip(self._lines, before, strict=False)
        ]
        if self.name != DIAGNOSIS:
            return found
        return [rival or near_code(line.best.text) for rival, line in zip(found, self._lines, strict=True)]

    def _spelled(self, line: LineReading) -> LineReading:
        return replace(line, value=with_capitals(line.value)) if self._kind == "names" else line

    @property
    def value(self) -> str:
        """All lines as one text."""
        return as_recorded(self.name, [line.value for line in self._lines])

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
        value = self.opinions[0].value
        says = any(map(str.isalnum, value))  # there is ink: what was read as nothing, or as a comma, is not empty
        fits = says and is_plausible(self.name, value) and not self._is_struck and not any(self._rivals)
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
        if self.opinions[0].confidence >= OFFER_BELOW:
            return found
        others = other_lines(self._lines, _contexts(self._lines)[:-1], languages.of(self._kind), languages.lexicon)
        for at, line in enumerate(self._lines):
            line.looks[0].spell([text for place, text in others if place == at])
        return found + [self._with(at, text) for at, text in others]

    def _with(self, at: int, text: str) -> str:
        """The whole text where the line `at` is the folded `text`, in its writer's capitals."""
        line = self._lines[at]
        spelled = in_capitals_of(line.value, line.spelled(replace(line.best, text=text))) if text else ""
        spellings = [spelled if at == place else other.value for place, other in enumerate(self._lines)]
        return as_recorded(self.name, spellings)


def looks_again(looks: int, sure: float, *, has_rival: bool) -> bool:
    """Whether a text is looked at again that is `sure` (0..1) after so many looks.

    `has_rival` tells that by the ink alone another one is as near.
    """
    if looks == 1:
        return has_rival or sure < LOOK_AGAIN_BELOW
    return 1 < looks < LOOKS_MOST and not has_rival and LOOK_ON_FROM <= sure < LOOK_AGAIN_BELOW


def _contexts(lines: Sequence[LineReading]) -> list[str]:
    """The folded text before each line, and before the line that would follow the last."""
    return list(accumulate((f"{fold(line.value)} " for line in lines), initial=""))


def join_lines(reader: str, seen: Sequence[RecognizedLine]) -> Opinion:
    """What a reader says of all lines together; without any spread, so that only the text counts."""
    text = without_end_pause(" ".join(line.text for line in seen))
    return Opinion(reader, text, min(line.confidence for line in seen))
