"""A registered slip to what is written in its fields."""

import dataclasses
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr.recognisers.ctc import read_digits
from ocr.recognisers.recogniser import EngineFailedError, Recognised, TextRecogniser
from ocr.template import Template
from ocr.text.comb import filled_cells, meaning, separated, views
from ocr.text.judge import Circumstances, Opinion, judge_digits, judge_empty, judge_words, renamed
from ocr.text.lines import FieldInk, field_ink
from ocr.text.plausible import plausible
from ocr.text.writing import pen_ink
from schemas.pad import CombField, TextField
from schemas.reading import Finding, TextReading
from schemas.reasons import FindingCode

# Agreement never makes a value surer than its first reader; below this the others are not asked, which saves
# 100 ms on the slips of hands that are hard to read.
HOPE_LEAST = 0.85


@dataclasses.dataclass(frozen=True)
class SlipText:
    """Readings by field name, and a finding for each reader that broke down.

    A field that no reader could read has no reading.
    """

    readings: dict[str, TextReading]
    findings: tuple[Finding, ...] = ()


@dataclasses.dataclass(eq=False)
class Written:
    """A field, the ink in it, and what each reader has said of it so far."""

    field: TextField | CombField
    ink: FieldInk
    opinions: list[Opinion] = dataclasses.field(default_factory=list)

    @property
    def pictures(self) -> Sequence[NDArray[np.uint8]]:
        """What readers are shown of the field."""
        lines = [line.picture for line in self.ink.lines]
        return views(lines[0]) if isinstance(self.field, CombField) else lines

    @property
    def is_open(self) -> bool:
        """Whether one more reader can still decide; digits are settled by two views of the first."""
        if not self.opinions:
            return True
        return isinstance(self.field, TextField) and self.opinions[0].confidence >= HOPE_LEAST


def read_text(
    registered: NDArray[np.uint8], template: Template, recognisers: Sequence[TextRecogniser], received_on: date
) -> SlipText:
    """Read all that is written on a registered slip, (H, W) grey as `template.blank`.

    The first recogniser reads every line in one call; each further one reads the fields in which its agreement
    can still decide. A recogniser that breaks down is left out, with a finding; a MachineError passes through.
    """
    ink = pen_ink(registered, template)
    return read_written(
        [Written(each, field_ink(ink, each)) for each in template.design.writing], recognisers, received_on
    )


def read_written(written: Sequence[Written], recognisers: Sequence[TextRecogniser], received_on: date) -> SlipText:
    """Read fields whose ink is known already; see `read_text`."""
    empty = {each.field.name: reading for each in written if (reading := judge_empty(_seen(each)))}
    filled = [each for each in written if each.field.name not in empty]
    findings = [finding for reader in recognisers if (finding := _ask(reader, filled))]
    read = {each.field.name: _judged(each, received_on) for each in filled if each.opinions}
    return SlipText(empty | read, tuple(findings))


def _ask(reader: TextRecogniser, written: Sequence[Written]) -> Finding | None:
    """Add the reader's opinion on each field that is still open; a finding when it breaks down."""
    asked = [(each, each.pictures) for each in written if each.is_open]
    try:
        found = iter(reader.recognise([picture for _, pictures in asked for picture in pictures]))
    except EngineFailedError as error:
        return Finding(code=FindingCode.ENGINE_FAILED, detail=str(error))
    for each, pictures in asked:
        each.opinions.extend(_opinions(reader.name, [next(found) for _ in pictures], each.field))
    return None


def _opinions(reader: str, seen: Sequence[Recognised], of: TextField | CombField) -> list[Opinion]:
    """One opinion on free text, whose lines are joined; on digits one for each view."""
    if isinstance(of, CombField):
        return [_digits(reader, view, sum(of.cells)) for view in seen]
    return [Opinion(reader, " ".join(line.text for line in seen), min(line.confidence for line in seen))]


def _digits(reader: str, view: Recognised, count: int) -> Opinion:
    if view.spread is not None:
        digits, chances = read_digits(view.spread, count)
        if digits:
            return Opinion(reader, digits, min(chances))
    return Opinion(reader, "".join(filter(str.isdigit, view.text)), view.confidence)


def _judged(written: Written, received_on: date) -> TextReading:
    if isinstance(written.field, CombField):
        return _judged_digits(written, written.field, received_on)
    fits = plausible(written.field.name, written.opinions[0].value)
    return judge_words(written.opinions, _seen(written, fits=fits))


def _judged_digits(written: Written, comb: CombField, received_on: date) -> TextReading:
    digits = written.opinions[0].value
    means = meaning(digits, comb, received_on)
    fits = means is not None and filled_cells(written.ink, comb) == sum(comb.cells) == len(digits)
    reading = judge_digits(written.opinions, _seen(written, fits=fits))
    return renamed(reading, means or separated(digits, comb))


def _seen(written: Written, *, fits: bool = True) -> Circumstances:
    return Circumstances(written.ink.ink_mm2, written.ink.dust_mm2, written.ink.torn, fits)
