"""Read one typed field: a reader of print is asked about all of it, and what both readers say is believed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ocr.language.fields import Languages
from ocr.recognizers.recognizer import RecognizedLine
from ocr.recognizers.two_networks import LineView, Writing
from ocr.text.confidence.judge import ALONE_MOST, InkFacts, Opinion, judge_agreement
from ocr.text.confidence.plausible import is_plausible
from ocr.text.confidence.word_evidence import facts_kept
from ocr.text.field_reader import Pictures, WordFieldReader, join_lines
from ocr.text.lines.strikes import is_hand_struck, is_line_struck
from ocr.text.lines.views import print_view
from ocr.text.typed.agreement import Agreement, agreement_confidence, find_agreement, measures
from ocr.text.typed.detect import JOINED_SHARE, are_joined, typed_band
from schemas.reading import TextReading

# Above this a typed text that the first reader expects needs no second one, of which each line costs some 10 ms.
SETTLED = 0.98


class TypedFieldReader(WordFieldReader):
    """Typed words: read as handwriting is, and then by a reader of print, from two or three pictures of each line.

    One picture is without the printed rule and one with it: what the rule's removal takes from a comma or an L, two
    readers of the same picture would miss alike. A third has what lies above or below the letters cut off.
    """

    _settled = False  # whether no second reader is needed

    def pictures_for(self, reader: str, view: LineView) -> Pictures:
        """See WordFieldReader.pictures_for."""
        if not self.opinions or reader == self.lead:
            return super().pictures_for(reader, view)
        if self._settled or any(opinion.reader == reader for opinion in self.opinions):
            return []
        return [print_view(picture) for pictures in self._pictures for picture in pictures]

    @cached_property
    def writing(self) -> Writing:
        """See FieldReader.writing; type has no joined letters."""
        return Writing.WORDS if are_joined([line.picture for line in self.ink.lines]) else Writing.TYPE

    @property
    def _pictures(self) -> list[list[NDArray[np.uint8]]]:
        """All lines without their rules, all with them, and without what typed letters cannot reach."""
        whole = [line.picture for line in self.ink.lines]
        cut = [typed_band(picture) for picture in whole]
        is_cut = any(len(one) < len(other) for one, other in zip(cut, whole, strict=True))
        return [whole, [line.ruled for line in self.ink.lines], *([cut] if is_cut else [])]

    def add(self, reader: str, seen: Sequence[RecognizedLine], languages: Languages) -> None:
        """See WordFieldReader.add."""
        if not self.opinions or all(line.spread is not None for line in seen):
            super().add(reader, seen, languages)
            self._settled = self.opinions[0].confidence > SETTLED and self._is_expected(languages)
            return
        count, found = len(self.ink.lines), dict[str, Opinion]()
        for start in range(0, len(seen), count):
            opinion = join_lines(reader, seen[start : start + count])
            known = found.get(opinion.value)
            found[opinion.value] = max(opinion, known, key=lambda one: one.confidence) if known else opinion
        self.opinions += found.values()

    def judge(self, received_on: date, phone_region: str, languages: Languages) -> TextReading:
        """See WordFieldReader.judge."""
        reading = super().judge(received_on, phone_region, languages)
        agreed = self.agreement
        if self._choices:
            return reading
        if agreed is None:
            doubted = len(self.opinions) > 1 and not self._is_hand
            sure = min(reading.confidence, ALONE_MOST) if doubted else reading.confidence
            return reading.model_copy(update={"confidence": sure})
        sure = agreement_confidence(self.agreement_measures(agreed))
        return judge_agreement(reading, self.opinions[1].reader, agreed.value, sure, self.agreement_facts(agreed))

    @property
    def _is_hand(self) -> bool:
        """Whether it only looked typed: the reader of print reads something else, and the letters are joined.

        Of 25 such fields in simulated and other hands that are sure by themselves, all are right.
        """
        asked = len(self.opinions) > 1 and self.agreement is None
        return asked and self.writing is Writing.WORDS

    @property
    def _is_struck(self) -> bool:
        """What joins so much of a line may be a hand, or a line through type: that runs straight through as much."""
        if self._is_hand:
            return any(is_hand_struck(line, JOINED_SHARE) for line in self.ink.lines)
        return any(is_line_struck(line) for line in self.ink.lines)

    def _is_expected(self, languages: Languages) -> bool:
        """Whether the first reader's value can stand in the field, and has no word that a misread letter can make."""
        value, lexicon = self.opinions[0].value, languages.lexicon
        return is_plausible(self.name, value) and not lexicon.unknown(value) and not any(self._rivals)

    @property
    def agreement(self) -> Agreement | None:
        """What both readers say, when they say the same."""
        return find_agreement(self.name, self.value, self.opinions[1:]) if self._lines else None

    def agreement_measures(self, agreed: Agreement) -> tuple[float, ...]:
        """What speaks for the agreement; see `ocr.text.typed.agreement.measures`."""
        crossed = self.ink.torn and not self.ink.goes_on
        return measures(self.name, agreed, self._lines, facts_kept=facts_kept(self._lines), crossed=crossed)

    def agreement_facts(self, agreed: Agreement) -> InkFacts:
        """What the ink tells of the agreement; its value fits when it is plausible and no line goes through it."""
        fits = is_plausible(self.name, agreed.value) and not self._is_struck
        return replace(self.circumstances, torn=self.ink.goes_on, fits=fits)
