"""The sheet on which an office answers: recognized by its code, laid over its own form, and read like a slip."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import numpy as np

from ocr.ink import relative_to_black
from ocr.language.fields import Languages
from ocr.marks.measure import read_marks
from ocr.page import Page
from ocr.recognizers.printed_words import WordFinder
from ocr.recognizers.recognizer import TextRecognizer
from ocr.signature.read import read_signature
from ocr.slips.found_slip import RegisteredSlip, UnreadSlip
from ocr.slips.identify import find_sheet_codes, read_sheet_code
from ocr.slips.picture_quality import judge_picture
from ocr.slips.search import search_page
from ocr.streaks import find_lines
from ocr.template import Template
from ocr.text import read_text
from schemas.pad import SIGNATURE
from schemas.reading import Answered, Finding, SheetReading, SignatureReading
from schemas.reasons import FindingCode
from schemas.sheet_code import SheetCode
from schemas.sheets.reading import OpenQuestion, answers_of, in_doubt


@dataclass(frozen=True, eq=False)
class SheetForm:
    """The form of one question's sheet, and by the name of each box asked for the two boxes that answer for it."""

    template: Template
    boxes: Mapping[str, tuple[str, str]]


SheetForms: TypeAlias = Callable[[OpenQuestion], SheetForm | None]


def no_sheets(_question: OpenQuestion) -> None:
    """Where no form of a sheet is known."""


@dataclass(frozen=True, eq=False)
class ReadSheet:
    """A sheet with its picture, which is its own as a slip's is, and what was read of it."""

    found: UnreadSlip
    reading: SheetReading


@dataclass(frozen=True, eq=False)
class SheetReader:
    """Reads answer sheets with a reader's recognizers; `forms` is asked for the form of a question."""

    recognizers: Sequence[TextRecognizer]
    finder: WordFinder
    phone_region: str
    languages: Callable[[], Languages]
    forms: SheetForms

    def read(
        self, slip: UnreadSlip, page: Page, received_on: date, questions: Sequence[OpenQuestion]
    ) -> ReadSheet | None:
        """The sheet that `slip` is, or None; one that answers no open question is recognized, and not read."""
        code = _code_of(slip, page) if slip.template is None and slip.code is None else None
        if code is None:
            return None
        question = next((one for one in questions if one.code == code), None)
        form = self.forms(question) if question else None
        found = _register(page, form.template) if form else None
        if form is None or found is None:
            return ReadSheet(replace(slip, findings=()), SheetReading(code=code))
        answered, findings = self._answers(found, form, received_on)
        reading = SheetReading(code=code, answered=in_doubt(answered) if findings else answered)
        return ReadSheet(replace(found.to_unread(), template=None, findings=findings), reading)

    def _answers(
        self, found: RegisteredSlip, form: SheetForm, received_on: date
    ) -> tuple[Answered, tuple[Finding, ...]]:
        """What is answered, and what makes the picture or a reader doubtful."""
        template = found.template
        ink = relative_to_black(found.dark, template.solid_mm)
        lines = find_lines(ink, template.print_reach)
        rooms = dict(template.others_signed)
        if template.design.field(SIGNATURE) is not None:
            rooms[SIGNATURE] = template
        signed: dict[str, SignatureReading] = {
            name: read_signature(ink, lines, room, self.finder) for name, room in rooms.items()
        }
        marks = read_marks(ink, lines, template)
        text = read_text(found.picture, template, self.recognizers, received_on, self.phone_region, self.languages())
        paper = (*found.findings, *judge_picture(found.picture, template, found.dpi))
        findings = (*(one for one in paper if one.code is not FindingCode.CODE_UNREADABLE), *text.findings)
        return answers_of(form.boxes, marks, signed, text.readings), findings


def _code_of(slip: UnreadSlip, page: Page) -> SheetCode | None:
    """Read where sheets have it; where marks are lost, anywhere near on the page."""
    if code := read_sheet_code(slip.picture):
        return code
    middle, reach_px = slip.corners_px.mean(axis=0), np.ptp(slip.corners_px, axis=0).max()
    codes = find_sheet_codes(page.gray)
    return next((code for code, at in codes if np.linalg.norm(at - middle) <= reach_px), None)


def _register(page: Page, template: Template) -> RegisteredSlip | None:
    """The sheet laid over its form; None when it does not lie over it well enough to be read."""
    found = search_page(page, (template,)).slips
    return next((slip for slip in found if isinstance(slip, RegisteredSlip)), None)
