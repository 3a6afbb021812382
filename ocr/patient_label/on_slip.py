"""The patient label of one slip, from its ink to what it says and covers."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr.patient_label.find import hides_print, may_be_labeled
from ocr.patient_label.judge import LabelReadings, covered_parts, judge_label
from ocr.patient_label.read import read_label
from ocr.recognizers.printed_words import WordFinder
from ocr.recognizers.recognizer import EngineFailedError, TextRecognizer
from ocr.template import Template

NO_LABEL = LabelReadings()
# Print that hides nothing may be stamped; of fewer fields it may be what is typed, or written neatly, in its own.
STAMPED_LEAST = 2


def read_patient_label(
    ink: NDArray[np.uint8],
    template: Template,
    finder: WordFinder,
    recognizers: Sequence[TextRecognizer],
    received_on: date,
    phone_region: str,
) -> LabelReadings:
    """What the label on a slip's ink (H, W; share of printed black) says and covers; NO_LABEL where none lies.

    Of paper that says nothing of a patient, or where a reader breaks down, only what it covers is told.
    """
    if not recognizers or not may_be_labeled(ink, template):
        return NO_LABEL
    hides = hides_print(ink, template)
    try:
        read = read_label(ink, template, finder, recognizers[0])
    except EngineFailedError:
        read = None
    said = judge_label(read, received_on, phone_region) if read else {}
    if read is None or len(said) < (1 if hides else STAMPED_LEAST):
        return LabelReadings({}, covered_parts(ink, template, None)) if hides else NO_LABEL
    asked = {field.name for field in template.design.writing}
    return LabelReadings(
        {name: value for name, value in said.items() if name in asked}, covered_parts(ink, template, read.outline_mm)
    )
