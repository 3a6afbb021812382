"""Words on simulated slips as they were read: what speaks for each after each look, and whether it is right."""

from dataclasses import dataclass

from calibration_readings import SeenField

from bench.text.metrics import fold_case
from ocr.language.alphabet import fold
from ocr.language.fields import Languages, kind_of
from ocr.text.confidence.probability import Measures, words_confidence
from ocr.text.confidence.word_evidence import sign_evidence, word_evidence
from ocr.text.field_reader import WordFieldReader, looks_again
from ocr.text.meaning import meaning
from pads.simulate.truth import Channel


@dataclass(frozen=True)
class Look:
    """A field after some looks: what speaks for its words and for its signs, and whether they are right.

    `same` is whether it means what was written, `right` whether it is that to the letter, case aside.
    """

    words: Measures
    signs: Measures
    same: bool
    right: bool


@dataclass(frozen=True)
class Case:
    """One field of words as it was read."""

    field: str
    channel: Channel
    hand: str
    truth: str
    value: str
    networks: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def sure(self) -> float:
        """The confidence that its reading has, once shipped weights are those of the file."""
        return self._sure_after(self._taken)

    @property
    def final(self) -> Look:
        """What counts: the last look that is taken."""
        return self.looks[self._taken - 1]

    @property
    def _taken(self) -> int:
        """How many looks are taken; that another text is as near is not known here."""
        count = 1
        while count < len(self.looks) and looks_again(count, self._sure_after(count), has_rival=False):
            count += 1
        return count

    def _sure_after(self, count: int) -> float:
        last = self.looks[count - 1]
        return words_confidence(last.words, last.signs, looks=self.networks[:count])


def measured(seen: SeenField, languages: Languages) -> Case:
    """The measures of one field after each look, whether that was needed or not."""
    field = WordFieldReader(seen.name, seen.ink, kind_of(seen.name))
    looks = []
    for network, view in zip(seen.networks, seen.views, strict=True):
        field.add(network, view, languages)
        looks.append(look(field, seen.truth, languages))
    return Case(seen.name, seen.channel, seen.hand, seen.truth, field.value, seen.networks, tuple(looks))


def look(field: WordFieldReader, written: str, languages: Languages) -> Look:
    """What speaks for the field's reading as it is now."""
    read = field.reading(languages)
    same = meaning(fold(read.value)) == meaning(fold(written))
    return Look(word_evidence(read), sign_evidence(read), same, fold_case(read.value) == fold_case(written))


def hits_of(case: Case) -> tuple[bool, bool]:
    """Whether it is right to the letter, and but for commas and points."""
    return case.final.right, case.final.same
