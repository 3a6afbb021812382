"""What the pages call the reasons why a person must look."""

from schemas.acceptance import PERSON
from schemas.reading import LABEL
from schemas.reasons import FindingCode as Code
from schemas.reasons import SetAsideReason
from store.waiting import SECOND_LOOK

FINDINGS: dict[Code, str] = {
    Code.UNKNOWN_DESIGN: "Unknown pad",
    Code.CODE_UNREADABLE: "Code not read",
    Code.REGISTRATION_RESIDUAL: "Does not line up",
    Code.SLIP_CUT_OFF: "Cut off",
    Code.IMAGE_BLURRED: "Blurred",
    Code.IMAGE_FAINT: "Faint",
    Code.IMAGE_TOO_SMALL: "Resolution too low",
    Code.IMAGE_NEGATIVE: "Inverted colors",
    Code.RESOLUTION_GUESSED: "Scale estimated",
    Code.PARTIAL_DAMAGE: "Partly damaged",
    Code.ENGINE_FAILED: "Reader failed",
    Code.INTERNAL_ERROR: "Internal error",
    Code.POSSIBLY_CANCELED: "Canceled?",
    Code.NO_BOX_TICKED: "No box checked",
    Code.MARK_AMBIGUOUS: "Box in doubt",
    Code.WRITE_IN_UNTICKED: "Written, not checked",
    Code.WRITE_IN_EMPTY: "Checked, not written",
    Code.CHOICES_CONFLICT: "Two answers checked",
    Code.ANSWER_BLOCKS: "Speaks against it",
    Code.OUT_OF_SCOPE: "Outside the scope",
    Code.SIGNATURE_ABSENT: "Not signed",
    Code.SIGNATURE_UNCERTAIN: "Signature in doubt",
    Code.SIGNATURE_TYPED: "Typed or stamped name",
    Code.FIELD_MISSING: "Field missing",
    Code.FIELD_DOUBTFUL: "Writing in doubt",
    Code.PHONE_INVALID: "Phone in doubt",
    Code.DATE_INVALID: "Date in doubt",
    Code.DATE_FUTURE: "Date in the future",
    Code.DATE_STALE: "Old signature",
    Code.NUMBER_INVALID: "Number in doubt",
    Code.ICD10_INVALID: "ICD-10 code in doubt",
    Code.NPI_INVALID: "NPI in doubt",
    Code.AGE_IMPLAUSIBLE: "Age in doubt",
    Code.NEXT_VISIT_BEFORE_SIGNATURE: "Visit before signature",
    Code.NEXT_VISIT_BEFORE_ARRIVAL: "Visit before arrival",
    Code.POSSIBLE_DUPLICATE: "Possible duplicate",
    Code.SERIAL_UNKNOWN: "Unknown serial number",
    Code.SERIAL_OF_ANOTHER_STUDIO: "Serial number of another studio",
    Code.ANSWER_SHEET: "Answer sheet",
}


READERS = {
    "ppocr": "PP-OCR",
    "refpad": "PP-OCR with refpad's weights",
    "tesseract": "Tesseract",
    "cells": "the reader of digits",
    "barcode": "a barcode",
    PERSON: "a person",
}


def read_by(reader: str) -> str:
    """Who gave a value, the one that led first: "Tesseract and PP-OCR"; empty where there was nothing to read.

    What the office's own label says is told as such: "Tesseract and PP-OCR, from the patient label".
    """
    names = reader.split("+")
    readers = " and ".join(READERS[name] for name in names if name in READERS)
    return f"{readers}, from the patient label" if LABEL in names and readers else readers


def label(why: str) -> str:
    """A short name for a finding's code or a reason to set aside."""
    if why == SECOND_LOOK:
        return "Quality sample"
    if why in set(Code):
        return FINDINGS[Code(why)]
    return why.replace("_", " ").capitalize()


def is_reason(why: str) -> bool:
    """Whether there is such a reason."""
    return why == SECOND_LOOK or why in set(Code) or why in set(SetAsideReason)
