"""A registered slip to what is written in its fields."""

import dataclasses
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr.recognisers.ctc import read_digits
from ocr.recognisers.recogniser import EngineFailedError, Recognised, TextRecogniser
from ocr.template import Template
from ocr.text.comb import filled_cells, meaning, separated
from ocr.text.judge import Circumstances, Opinion, judge_digits, judge_empty, judge_words, renamed
from ocr.text.lines import FieldInk, field_ink
from ocr.text.writing import pen_ink
from schemas.pad import CombField, TextField
from schemas.reading import Finding, TextReading
from schemas.reasons import FindingCode

# Below this no agreement makes a value sure, so the other readers are not asked: they cost 100 ms a slip.
HOPE_LEAST = 0.75
# Fields in which no digit is ever written.
NAMES = ("patient_name", "provider_name")


@dataclasses.dataclass(frozen=True)
class SlipText:
    """Readings by field name, and a finding for each reader that broke down.

    A field that no reader could read has no reading.
    """

    readings: dict[str, TextReading]
    findings: tuple[Finding, ...] = ()


@dataclasses.dataclass(eq=False)
class _Written:
    """A field with writing in it, and what each reader has said of its lines so far."""

    field: TextField | CombField
    ink: FieldInk
    opinions: list[Opinion] = dataclasses.field(default_factory=list)


def read_text(
    registered: NDArray[np.uint8], template: Template, recognisers: Sequence[TextRecogniser], received_on: date
) -> SlipText:
    """Read all that is written on a registered slip, (H, W) grey as `template.blank`.

    The first recogniser reads every line in one call; each further one reads the fields in which its agreement
    can still decide. A recogniser that breaks down is left out, with a finding; a MachineError passes through.
    """
    ink = pen_ink(registered, template)
    written = [_Written(each, field_ink(ink, each)) for each in template.design.writing]
    empty = {each.field.name: reading for each in written if (reading := judge_empty(_seen(each)))}
    written = [each for each in written if each.field.name not in empty]
    findings = [finding for reader in recognisers if (finding := _ask(reader, written))]
    read = {each.field.name: _judged(each, received_on) for each in written if each.opinions}
    return SlipText(empty | read, tuple(findings))


def _ask(reader: TextRecogniser, written: Sequence[_Written]) -> Finding | None:
    """Add the reader's opinion on each field that is still open; a finding when it breaks down."""
    asked = [each for each in written if _is_open(each)]
    try:
        found = iter(reader.recognise([line.picture for each in asked for line in each.ink.lines]))
    except EngineFailedError as error:
        return Finding(code=FindingCode.ENGINE_FAILED, detail=str(error))
    for each in asked:
        each.opinions.append(_opinion(reader.name, [next(found) for _ in each.ink.lines], each.field))
    return None


def _is_open(written: _Written) -> bool:
    return not written.opinions or written.opinions[0].confidence >= HOPE_LEAST


def _opinion(reader: str, lines: Sequence[Recognised], of: TextField | CombField) -> Opinion:
    if isinstance(of, CombField):
        return _digits_opinion(reader, lines, sum(of.cells))
    return Opinion(reader, " ".join(line.text for line in lines), min(line.confidence for line in lines))


def _digits_opinion(reader: str, lines: Sequence[Recognised], count: int) -> Opinion:
    line = lines[0]
    if line.spread is not None:
        digits, chances = read_digits(line.spread, count)
        if digits:
            return Opinion(reader, digits, min(chances))
    return Opinion(reader, "".join(filter(str.isdigit, line.text)), line.confidence)


def _judged(written: _Written, received_on: date) -> TextReading:
    if isinstance(written.field, CombField):
        return _judged_digits(written, written.field, received_on)
    named = written.field.name in NAMES and any(map(str.isdigit, written.opinions[0].value))
    return judge_words(written.opinions, _seen(written, fits=not named))


def _judged_digits(written: _Written, comb: CombField, received_on: date) -> TextReading:
    digits = written.opinions[0].value
    means = meaning(digits, comb, received_on)
    fits = means is not None and filled_cells(written.ink, comb) == sum(comb.cells) == len(digits)
    reading = judge_digits(written.opinions, _seen(written, fits=fits))
    return renamed(reading, means or separated(digits, comb))


def _seen(written: _Written, *, fits: bool = True) -> Circumstances:
    return Circumstances(written.ink.ink_mm2, written.ink.dust_mm2, written.ink.torn, fits)
