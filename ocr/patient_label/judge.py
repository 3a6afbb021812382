"""What a label makes of a slip's readings: it fills fields, covers others, and may differ from the pen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ocr.patient_label.find import shown_share
from ocr.patient_label.read import LabelRead
from ocr.patient_label.wording import BIRTH_DATE, PATIENT_NAME, Said, said_by, said_by_barcode
from ocr.template import Template
from schemas.geometry import BoxMm
from schemas.pad import Checkbox
from schemas.reading import LABEL, Candidate, Finding, MarkReading, MarkState, TextReading
from schemas.reasons import FindingCode

# What two readers of print say alike, or a barcode, is believed; anything less waits for a person.
SURE, UNSURE = 0.99, 0.5
# Of 60 labels on coarse faxes two readers misread five names alike, the surest of them with a letter at 0.9.
LETTER_LEAST = 0.95
# A barcode checks itself; print that is so like its name is the same name misread.
SAME_NAME = 0.6
PRINT_READER, LINE_READER, BARCODE = "tesseract", "ppocr", "barcode"
# Of a field's own print more must show beside a label than on paper without one; nothing of its room lies under it.
OWN_SHOWN_LEAST, BOX_SHOWN_LEAST, UNDER_MOST = 0.9, 0.8, 0.05
OWN_RIM_MM = 0.4
# Paper goes on around the print of a label.
MARGIN_MM = 1.5
PAPER_MM = ((6.0, 6.0), (50.0, 16.0))  # left and above, right and below: most lines end long before their label does


@dataclass(frozen=True)
class LabelReadings:
    """What a label says, by the names of fields, and the fields and boxes that it covers."""

    text: Mapping[str, TextReading] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()


def judge_label(read: LabelRead, received_on: date, phone_region: str) -> dict[str, TextReading]:
    """What a label says, each value with the readers that say so; believed where they are two, or a barcode."""
    printed = _as_sure(said_by(read.printed, received_on, phone_region), read)
    lines = said_by(read.lines, received_on, phone_region)
    told = {PRINT_READER: printed, LINE_READER: _seen_alike(printed, read.lines) | lines}
    for code in read.barcodes:
        if held := said_by_barcode(code, received_on):
            told[BARCODE] = held
    names = dict.fromkeys(name for said in told.values() for name in said)
    return {name: _judge(name, {reader: said[name] for reader, said in told.items() if name in said}) for name in names}


def _as_sure(told: Mapping[str, tuple[Said, ...]], read: LabelRead) -> dict[str, tuple[Said, ...]]:
    """What is told, certain only where each letter of its line is, and in names each space.

    Two readers misread alike what a fax has spoiled.
    """

    def is_sure(name: str, line: int) -> bool:
        return read.sure[line] >= LETTER_LEAST and (name != PATIENT_NAME or read.spaced[line])

    return {
        name: tuple(replace(one, certain=one.certain and is_sure(name, one.line)) for one in said)
        for name, said in told.items()
    }


def _seen_alike(printed: Mapping[str, tuple[Said, ...]], lines: Sequence[str]) -> dict[str, tuple[Said, ...]]:
    """What the reader of print understood and the reader of lines saw letter by letter, its spaces aside."""
    return {name: said for name, said in printed.items() if all(_is_seen(name, one, lines[one.line]) for one in said)}


def _is_seen(name: str, said: Said, line: str) -> bool:
    written, seen = _squeezed(said.written), _squeezed(line)
    if name == PATIENT_NAME:
        return re.sub(r"\d", "", written) == re.sub(r"\d", "", seen)
    return written in seen


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _judge(name: str, told: Mapping[str, tuple[Said, ...]]) -> TextReading:
    """One field; `told` has what each reader says of it."""
    first = {reader: said[0] for reader, said in told.items()}
    lead = BARCODE if BARCODE in first else next(iter(first))
    same = [reader for reader, said in first.items() if _plain(name, said.value) == _plain(name, first[lead].value)]
    if lead == BARCODE:
        believed = all(reader in same or not _denies(name, said, first[lead]) for reader, said in first.items())
    else:
        is_clear = all(said.certain and len(told[reader]) == 1 for reader, said in first.items())
        believed = is_clear and len(same) == len(first) and len(same) > 1
    return TextReading(
        value=first[lead if lead == BARCODE else next(iter(same))].value,
        confidence=SURE if believed else UNSURE,
        candidates=tuple(
            Candidate(value=one.value, confidence=UNSURE, reader=reader)
            for reader, said in told.items()
            for one in said
        ),
        reader="+".join((LABEL, *same)),
    )


def _denies(name: str, printed: Said, held: Said) -> bool:
    """Whether print says another thing than a barcode: another name, or surely another day."""
    if name == PATIENT_NAME:
        return Levenshtein.normalized_similarity(_plain(name, printed.value), _plain(name, held.value)) < SAME_NAME
    return printed.certain


def _plain(name: str, value: str) -> str:
    """The value as it is compared: in names letters alone."""
    return _squeezed(value) if name == PATIENT_NAME else value


def covered_parts(ink: NDArray[np.uint8], template: Template, outline_mm: NDArray[np.float64] | None) -> frozenset[str]:
    """The fields and boxes on which a label lies, of a slip's ink (H, W); `outline_mm` (N, 2) is that of its print.

    None is a label, or other paper, of which nothing was read.
    """
    reach = template.label_reach_mm or BoxMm(0.0, 0.0, 0.0, 0.0)
    under, near = (None, reach) if outline_mm is None else (_grown(outline_mm), _paper_around(outline_mm))
    return frozenset(
        part.name
        for part in template.design.fields
        if part.box_mm.overlap_mm2(near)
        and (
            shown_share(ink, template.print_mask, part.box_mm.grown(OWN_RIM_MM))
            < (BOX_SHOWN_LEAST if isinstance(part, Checkbox) else OWN_SHOWN_LEAST)
            or (under is not None and _share_under(part.box_mm, under) > UNDER_MOST)
        )
    )


def _paper_around(outline_mm: NDArray[np.float64]) -> BoxMm:
    """How far a label's paper may reach around its print."""
    (left, top), (right, bottom) = outline_mm.min(axis=0), outline_mm.max(axis=0)
    (before, above), (behind, below) = PAPER_MM
    return BoxMm(
        float(left) - before,
        float(top) - above,
        float(right - left) + before + behind,
        float(bottom - top) + above + below,
    )


def _grown(outline_mm: NDArray[np.float64]) -> NDArray[np.float32]:
    """The outline moved outwards by MARGIN_MM."""
    middle = outline_mm.mean(axis=0)
    away = outline_mm - middle
    lengths = np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
    return np.asarray(outline_mm + away / lengths * MARGIN_MM, np.float32)


def _share_under(box: BoxMm, outline: NDArray[np.float32]) -> float:
    shared, _ = cv2.intersectConvexConvex(np.array(box.corners, np.float32), cv2.convexHull(outline))
    return float(shared) / max(box.w * box.h, 1e-6)


def with_label(
    written: Mapping[str, TextReading], label: LabelReadings, labels: Mapping[str, str]
) -> tuple[dict[str, TextReading], tuple[Finding, ...]]:
    """The readings of what is written with those of the label, and a finding for each field that is left in doubt.

    `labels` are the names by which people know the fields.
    """
    readings, findings = dict(written), []
    for name, reading in written.items():
        said, by_pen = label.text.get(name), "" if name in label.covered else reading.value
        is_silent = name == BIRTH_DATE and bool(label.text) and not by_pen
        if said is None and name not in label.covered and not is_silent:
            continue
        if said is None:
            readings[name] = TextReading(value="", confidence=0.0, reader=LABEL)
            findings.append(_silent(name, labels[name]) if is_silent else _covered(name, labels[name]))
        elif not by_pen:
            readings[name] = said
        elif _plain(name, by_pen) == _plain(name, said.value):
            readings[name] = said.model_copy(update={"confidence": max(said.confidence, reading.confidence)})
        else:
            readings[name] = _both(said, reading)
            detail = f'"{labels[name]}": the patient label and what is written there do not say the same; choose one.'
            findings.append(Finding(code=FindingCode.FIELD_DOUBTFUL, field=name, detail=detail))
    return readings, tuple(findings)


def _both(said: TextReading, written: TextReading) -> TextReading:
    pen = Candidate(value=written.value, confidence=written.confidence, reader=written.reader)
    return said.model_copy(update={"confidence": UNSURE, "candidates": (pen, *said.candidates)})


def _silent(name: str, label: str) -> Finding:
    """Labels have a date of birth: one that was not read there is not missing."""
    return Finding(
        code=FindingCode.FIELD_DOUBTFUL, field=name, detail=f'"{label}" was not read on the patient label; look there.'
    )


def _covered(name: str, label: str) -> Finding:
    detail = f'The patient label, or other paper, lies over "{label}"; look at the slip, or ask the office.'
    return Finding(code=FindingCode.FIELD_DOUBTFUL, field=name, detail=detail)


def with_covered(marks: Mapping[str, MarkReading], covered: frozenset[str]) -> dict[str, MarkReading]:
    """The boxes' readings; what lies under a label nobody has seen."""
    under = MarkReading(
        value=MarkState.AMBIGUOUS, confidence=0.0, ink=0.0, reason="the patient label, or other paper, lies over it"
    )
    return {name: under if name in covered else mark for name, mark in marks.items()}
