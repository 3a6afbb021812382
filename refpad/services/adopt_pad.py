"""From somebody's blank form to a first design of it: opened, looked at, and written for a person to correct."""

import re
from dataclasses import dataclass
from pathlib import Path

from ocr.form_analysis import BlankForm, analyze_blank
from ocr.page import Page
from ocr.pages.opener import PageOpener
from ocr.recognizers.tesseract import Tesseract
from ocr.recognizers.tesseract_program import TesseractProgram
from pads.adopt.draft_design import Draft, write_draft
from pads.adopt.field_detection import guess_fields
from pads.adopt.form_parts import FormParts, FormWords
from refpad.services.reading.scratch import scratch_folder
from refpad.settings import Settings
from schemas.errors import SetAsideError, UsageError
from schemas.geometry import BoxMm
from schemas.pad import PadField
from schemas.pad_id import DESIGN_PATTERN

NAME_MOST = 5  # characters of a design's name
TITLE_MOST = 60


@dataclass(frozen=True)
class Wishes:
    """What a person says of the form: its design's name, and its resolution where its file does not tell one."""

    name: str | None = None
    dpi: float | None = None


def adopt(blank: Path, folder: Path, settings: Settings, wishes: Wishes) -> Draft:
    """Write a design of the form on the first page of `blank` into `folder`.

    Raises UsageError for a file that is no usable form, MachineError when Tesseract is missing.
    """
    name = _name(wishes.name or blank.stem)
    reader = Tesseract(TesseractProgram(settings.limits.page_seconds))
    page = _first_page(blank, settings)
    dpi = wishes.dpi or page.dpi
    if dpi is None:
        raise UsageError(f"{blank.name} does not tell its resolution; say it with --dpi, or save the form as a PDF.")
    form = analyze_blank(page, dpi, [reader])
    printed = FormParts(form.boxes, form.rules, form.frames, [FormWords(word.text, word.box_mm) for word in form.words])
    told: list[str] = []
    fields = guess_fields(printed, told.append)
    return write_draft(folder, name, _title(form, name), form.picture, fields, _unused(form, fields), told)


def _name(wish: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", wish.casefold())[:NAME_MOST]
    if not re.fullmatch(DESIGN_PATTERN, name):
        raise UsageError(f'"{wish}" makes no name for a pad; give one of 2 to 5 letters and digits with --name.')
    return name


def _first_page(blank: Path, settings: Settings) -> Page:
    try:
        with scratch_folder() as scratch, PageOpener(settings.limits, scratch) as opener:
            first = next(opener.pages(blank))
    except SetAsideError as error:
        raise UsageError(f"{blank.name}: {error.message}") from None
    if not isinstance(first, Page):
        raise UsageError(f"{blank.name}: {first.message}")
    return first


def _title(form: BlankForm, name: str) -> str:
    """The line with the largest words in the upper third."""
    upper = [words for words in form.words if words.box_mm.y < form.size_mm[1] / 3 and len(words.text) > NAME_MOST]
    largest = max(upper, key=lambda words: words.box_mm.h, default=None)
    if largest is None:
        return f"Form {name}"
    line = [word for word in form.words if abs(word.box_mm.center.y - largest.box_mm.center.y) < largest.box_mm.h / 2]
    return " ".join(word.text for word in sorted(line, key=lambda word: word.box_mm.x))[:TITLE_MOST]


def _unused(form: BlankForm, fields: tuple[PadField, ...]) -> list[BoxMm]:
    """Boxes, rules and frames that no field was made of."""
    rooms = [field.box_mm.grown(1.0) for field in fields]
    return [box for box in (*form.boxes, *form.rules, *form.frames) if not any(box.overlap_mm2(room) for room in rooms)]
