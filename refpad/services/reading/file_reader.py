"""From settings to the reader of files: which pads it knows, which recognizers it asks, and where it may fail."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.answer_sheets import SheetForm
from ocr.language.ngrams import WEIGHTS, model
from ocr.page import Page
from ocr.pages.opener import PageOpener
from ocr.reader import Reader, ReadPage
from ocr.recognizers import open_recognizers
from ocr.recognizers.printed_words import open_word_finder
from ocr.recognizers.tesseract_engine import TesseractEngine
from ocr.recognizers.tesseract_process import open_tesseract
from ocr.scale import REGISTERED_DPI
from ocr.template import Template
from pads.adopt.blank_picture import load_blank
from pads.blank import blank
from pads.catalog import load_all
from refpad.services.reading.reader_port import PageOutcome
from refpad.services.reading.scratch import scratch_folder
from refpad.services.reading.vocabulary import WordBook
from refpad.settings import Settings
from schemas.errors import SetAsideError
from schemas.names.known_people import KnownPeople
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from schemas.reading import PageRead, PageSetAside
from schemas.sheet_code import FORM
from schemas.sheets.form import box_names, sheet_of
from schemas.sheets.reading import OpenQuestion
from schemas.time_spent import Spent, Stage, TimeSpent, spending, summed

T = TypeVar("T")


def _readers(settings: Settings, marks_only: bool, tesseract: TesseractEngine) -> tuple[Reader, dict[PadId, Reader]]:
    """The reader of any pad, and one for each pad, which share what is slow to load.

    Raises MachineError naming the remedy when the machine lacks a part.
    """
    cv2.setNumThreads(1)  # one core a worker: several workers share the machine
    if not marks_only:  # before the networks, so that what unpacking takes is no part of their peak
        for kind in WEIGHTS:
            model(kind)
    recognizers = (
        ()
        if marks_only
        else open_recognizers(settings.limits, settings.text_model, tesseract, settings.inference_engine)
    )
    finder = open_word_finder(settings.limits, tesseract)
    book = WordBook(settings.words)
    designs = load_all(settings.designs)
    all_forms = templates(designs, settings.designs)
    sheets = partial(sheet_form, {design.pad_id: design for design in designs})

    def reader(forms: Sequence[Template]) -> Reader:
        return Reader(
            forms,
            recognizers,
            settings.policy,
            finder=finder,
            languages=book.languages,
            sheets=sheets,
            marks_only=marks_only,
        )

    return reader(all_forms), {form.design.pad_id: reader((form,)) for form in all_forms}


def templates(designs: Sequence[PadDesign], folder: Path) -> tuple[Template, ...]:
    """The designs with their blank forms; those of adopted ones are kept in `folder`."""
    return tuple(
        Template(design, load_blank(design, folder) if design.adopted else blank(design, REGISTERED_DPI))
        for design in designs
    )


def sheet_form(pads: Mapping[PadId, PadDesign], question: OpenQuestion) -> SheetForm | None:
    """The form of the sheet that a question was printed with; None when its pad, or its form, is not known."""
    pad = pads.get(PadId(question.design, question.edition))
    if pad is None or question.code.form != FORM:
        return None
    sheet = sheet_of(pad, question.fields)
    return SheetForm(Template(sheet, blank(sheet, REGISTERED_DPI)), box_names(pad, question.fields))


@dataclass(frozen=True, eq=False)
class FileReader:
    """Reads whole files: pages come from `opener`'s killable child, slips are read here; `pads` has a reader a pad."""

    opener: PageOpener
    reader: Reader
    pads: Mapping[PadId, Reader] = field(default_factory=dict)

    def of_pad(self, pad: PadId | None) -> "FileReader":
        """The reader that takes every slip to be of one pad; of any, when that pad is not there."""
        return replace(self, reader=self.pads.get(pad, self.reader) if pad else self.reader)

    def knowing(self, people: KnownPeople) -> "FileReader":
        """The reader that knows these people on record."""
        pads = {pad: reader.knowing(people) for pad, reader in self.pads.items()}
        return replace(self, reader=self.reader.knowing(people), pads=pads)

    def pages(self, path: Path, file: str, received_on: date) -> Iterator[ReadPage]:
        """The pages of a file as they are read; `file` is the name that readings carry.

        A page that cannot be used comes as set aside; raises SetAsideError for a whole file.
        """
        for page, opening in _timed(self.opener.pages(path)):
            if isinstance(page, Page):
                read = _told_of_part(self.reader.read_page(page, file, received_on), page.part)
            else:
                read = ReadPage(PageRead(page=page.page or 1, set_aside=set_aside(page, file)))
            yield replace(read, spent=summed(opening, read.spent))

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        """All pages of a kept original, each with a PNG of every slip; readings carry the file's kept name."""
        return list(self.outcomes(path, received_on))

    def read_as(self, path: Path, received_on: date, pad: PadId) -> Sequence[PageOutcome]:
        """The same when all its slips are said to be of one pad."""
        return self.of_pad(pad).read(path, received_on)

    def outcomes(self, path: Path, received_on: date) -> Iterator[PageOutcome]:
        """The same, page by page."""
        for page in self.pages(path, path.name, received_on):
            drawing: dict[Stage, Spent] = {}
            with spending(drawing, "pictures"):
                pictures = _pngs(page)
            yield PageOutcome(page.read, pictures, summed(page.spent, drawing))


def _timed(pages: Iterator[T]) -> Iterator[tuple[T, TimeSpent]]:
    """Each of the pages, with what opening it took."""
    while True:
        opening: dict[Stage, Spent] = {}
        with spending(opening, "open"):
            page = next(pages, None)
        if page is None:
            return
        yield page, opening


@contextmanager
def open_reader(settings: Settings, *, marks_only: bool = False) -> Iterator[FileReader]:
    """A reader of files; its child processes and its scratch folder end with it."""
    limits = settings.limits
    with scratch_folder() as scratch, PageOpener(limits, scratch) as opener, open_tesseract(limits, scratch) as engine:
        reader, pads = _readers(settings, marks_only, engine)
        yield FileReader(opener, reader, pads)


def set_aside(error: SetAsideError, file: str) -> PageSetAside:
    """What a person is told of a file, or page, that cannot be used."""
    return PageSetAside(file=file, page=error.page, reason=error.reason, message=error.message)


def _told_of_part(page: ReadPage, part: str) -> ReadPage:
    """The same page; one without a slip in a file of several documents says in which of them it lies."""
    aside = page.read.set_aside
    if aside is None or not part:
        return page
    told = aside.model_copy(update={"message": f"{aside.message} It is {part}."})
    return replace(page, read=page.read.model_copy(update={"set_aside": told}))


def _pngs(page: ReadPage) -> tuple[bytes, ...]:
    return tuple(png(slip.found.picture) for slip in page.slips)


def png(picture: NDArray[np.uint8]) -> bytes:
    """The picture as a PNG file."""
    return cv2.imencode(".png", picture)[1].tobytes()
