"""From what was read to what a stand-in says: marks of the same kinds in the same boxes, other words on the lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pads.simulate.paper.overlays import Overlay
from pads.simulate.pen.fill import Signer
from pads.simulate.pen.fonts import pick_handwriting
from pads.simulate.pen.signature import sign
from pads.simulate.printed_names import name_stamp, typed_name
from pads.simulate.stand_in.other_words import OtherWords, words_of
from pads.simulate.truth import Legibility, MarkStyle, MarkTrouble, SlipTruth, Trouble
from schemas.code import SERIAL_MAX
from schemas.pad import SIGNATURE, PadDesign
from schemas.reading import LABEL, MarkReading, MarkState, SignatureState, SlipReading
from schemas.reasons import FindingCode

# Words in the reason of a doubt about a box, and what is drawn to have it again (ocr.marks.judge).
TROUBLES = {
    "scribbled out": MarkTrouble.SCRIBBLED,
    "around its label": MarkTrouble.CIRCLED,
    "drawn around it": MarkTrouble.RINGED,
    "a line": MarkTrouble.STRUCK,
    "stands beside it": MarkTrouble.BESIDE,
    "touches its edge": MarkTrouble.BESIDE,
    "a dot": MarkTrouble.DOT,
    "a faint mark": MarkTrouble.FAINT,
    "written beside it": MarkTrouble.WRITTEN,
}
# What is written means nothing.
INVALID = frozenset(
    {
        FindingCode.PHONE_INVALID,
        FindingCode.DATE_INVALID,
        FindingCode.NUMBER_INVALID,
        FindingCode.ICD10_INVALID,
        FindingCode.NPI_INVALID,
    }
)
FILLED_INK, CROSSED_INK = 0.45, 0.22  # shares of a box that a cross and a tick stay below
INKED = 0.12  # of a doubtful box that has a mark all the same
NEAT_FROM, FAIR_FROM = 0.985, 0.93  # mean confidence of what was read
PRINT = "tesseract"  # the reader of typed text


@dataclass(frozen=True)
class OtherAnswers:
    """What a stand-in says, and how it is signed; `not_drawn` names boxes whose doubt no pen here can draw, and
    an office's label, whose fields are written instead."""

    truth: SlipTruth
    signer: Signer
    overlay: Overlay | None
    not_drawn: tuple[str, ...]


def said_words(reading: SlipReading) -> frozenset[str]:
    """Every word that was read, or only thought of, on the slip."""
    texts = [text.value for text in reading.text.values()]
    texts += [candidate.value for text in reading.text.values() for candidate in text.candidates]
    signatures = [*reading.signatures.values(), *([reading.signature] if reading.signature else [])]
    return words_of([*texts, *(signature.words for signature in signatures)])


def legibility_of(reading: SlipReading) -> Legibility:
    """How well the hand is read, by the confidences."""
    texts = [text for text in reading.text.values() if text.value]
    if not texts:
        return Legibility.NEAT
    if sum(PRINT in text.reader for text in texts) * 2 > len(texts):
        return Legibility.TYPED
    mean = float(np.mean([text.confidence for text in texts]))
    return Legibility.NEAT if mean >= NEAT_FROM else Legibility.FAIR if mean >= FAIR_FROM else Legibility.MESSY


def other_answers(
    design: PadDesign,
    reading: SlipReading,
    received_on: date,
    phone_region: str,
    legibility: Legibility,
    rng: np.random.Generator,
) -> OtherAnswers:
    """A truth of the same kind as what was read; nothing in it is a word of the slip."""
    other = OtherWords(said_words(reading), received_on, phone_region, rng)
    marks, styles, not_drawn = _marks(design, reading.marks)
    handwriting = pick_handwriting(rng, legibility)
    state = reading.signature.value if reading.signature else SignatureState.ABSENT
    is_canceled = any(finding.code is FindingCode.POSSIBLY_CANCELED for finding in reading.findings)
    is_doubtful = state is SignatureState.UNCERTAIN
    is_print = state is SignatureState.TYPED or bool(is_doubtful and reading.signature and reading.signature.words)
    is_smudge = is_doubtful and not is_print
    truth = SlipTruth(
        design=design.design,
        edition=design.edition,
        serial=int(rng.integers(1, SERIAL_MAX)),
        marks=marks,
        mark_styles=styles,
        signed=state is not SignatureState.ABSENT and not is_smudge,
        also_signed=_also_signed(design, reading),
        text=_in_order(_text(design, reading, other), reading, other),
        hand=handwriting.name,
        legibility=handwriting.legibility,
        troubles=(Trouble.SMUDGE_FOR_SIGNATURE,) if is_smudge else (),
    )
    signer = (typed_name if state is SignatureState.TYPED else name_stamp) if is_print else sign
    label = (LABEL,) if any(LABEL in text.reader for text in reading.text.values()) else ()
    return OtherAnswers(truth, signer, Overlay.LINE if is_canceled else None, (*not_drawn, *label))


def _also_signed(design: PadDesign, reading: SlipReading) -> tuple[str, ...]:
    there = {name for name, each in reading.signatures.items() if each.value is not SignatureState.ABSENT}
    return tuple(field.name for field in design.signatures if field.name in there and field.name != SIGNATURE)


def _marks(
    design: PadDesign, read: Mapping[str, MarkReading]
) -> tuple[dict[str, bool | MarkTrouble], dict[str, MarkStyle], tuple[str, ...]]:
    marks: dict[str, bool | MarkTrouble] = {}
    styles: dict[str, MarkStyle] = {}
    not_drawn = []
    for box in design.checkboxes:
        mark = read.get(box.name)
        trouble = _trouble(mark)
        is_doubtful = mark is not None and mark.value is MarkState.AMBIGUOUS
        if is_doubtful and trouble is None:
            not_drawn.append(box.name)
        is_ticked = mark is not None and (mark.value is MarkState.CHECKED or (is_doubtful and mark.ink >= INKED))
        marks[box.name] = trouble or is_ticked
        if mark is not None and is_ticked and trouble is None:
            styles[box.name] = _style(mark.ink)
    return marks, styles, tuple(not_drawn)


def _trouble(mark: MarkReading | None) -> MarkTrouble | None:
    if mark is None or mark.value is not MarkState.AMBIGUOUS:
        return None
    return next((trouble for said, trouble in TROUBLES.items() if said in mark.reason), None)


def _style(ink: float) -> MarkStyle:
    return MarkStyle.FILL if ink >= FILLED_INK else MarkStyle.CROSS if ink >= CROSSED_INK else MarkStyle.TICK


def _text(design: PadDesign, reading: SlipReading, other: OtherWords) -> dict[str, str]:
    wrong = {finding.field for finding in reading.findings if finding.code in INVALID}
    said = {field.name: reading.text[field.name].value for field in design.writing if field.name in reading.text}
    return {
        field.name: other.instead_of(field, said[field.name], is_right=field.name not in wrong)
        for field in design.writing
        if said.get(field.name)
    }


def _in_order(text: dict[str, str], reading: SlipReading, other: OtherWords) -> dict[str, str]:
    """The next visit comes before or after the signature, as it does on the slip."""
    before, after = "signed_on", "next_visit_on"
    if not {before, after} <= text.keys():
        return text
    signed, visit = reading.text[before].value, reading.text[after].value
    try:
        own, invented = date.fromisoformat(signed), date.fromisoformat(text[before])
        is_after = date.fromisoformat(visit) > own
        if (date.fromisoformat(text[after]) > invented) is is_after:
            return text
    except ValueError:  # one of them is no date
        return text
    away = timedelta(days=int(other.rng.integers(1, 30)))
    return text | {after: (invented + away if is_after else invented - away).isoformat()}
