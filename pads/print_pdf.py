"""Print-ready pads: vector PDF with embedded type, true to size."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from pads.form import draw_code, draw_form
from pads.imposition import ImposedSheet, Paper, Up, cut_marks, impose, order
from pads.pdf_canvas import PT_PER_MM, Pen
from pads.studio_block import draw_studio
from pads.typeface import font
from schemas.errors import UsageError
from schemas.geometry import BoxMm
from schemas.pad import PadDesign
from schemas.studio import Studio

CUT_MARK_MM = 0.2
FORM = "slip"  # the part of the PDF that all slips share, held once


def print_pad(
    design: PadDesign, studio: Studio, serials: Sequence[int], out: BinaryIO, *, up: Up, paper: Paper
) -> None:
    """Write one slip for each serial (0: unnumbered proof), `up` to a sheet, with cut marks.

    Sheets are imposed to be cut as a stack (see `imposition.order`). UsageError when others printed the pad, when the
    slips do not fit the paper, or the studio's block does not fit the design.
    """
    if design.adopted:
        raise UsageError(f"Pad {design.pad_id} was printed by others; refpad reads it and cannot print it.")
    sheet = impose(design, up, paper)
    canvas = _canvas(design, out, sheet.width_mm, sheet.height_mm)
    _define_form(canvas, design, studio)
    for places in order(len(serials), up):
        for slip, index in zip(sheet.slips, places, strict=True):
            if index is not None:
                _stamp(canvas, design, sheet, slip, serials[index])
        _draw_cut_marks(canvas, sheet)
        canvas.showPage()
    canvas.save()


def print_slip(
    design: PadDesign, studio: Studio | None, serial: int | None, out: BinaryIO, *, guides: bool = True
) -> None:
    """Write one slip on a page of its own size; without studio block, without code and serial where None.

    Without `guides`, dotted guides are left out: what a reader holds a slip against.
    """
    with page_of_slip(design, out) as pen:
        draw_form(pen, design, guides=guides)
        if studio is not None:
            draw_studio(pen, design, studio)
        if serial is not None:
            draw_code(pen, design, serial)


@contextmanager
def page_of_slip(design: PadDesign, out: BinaryIO) -> Iterator[Pen]:
    """A page of the design's own size to draw on, written to `out` at the end."""
    canvas = _canvas(design, out, design.width_mm, design.height_mm)
    yield Pen(canvas, design.height_mm)
    canvas.showPage()
    canvas.save()


def _canvas(design: PadDesign, out: BinaryIO, width_mm: float, height_mm: float) -> Canvas:
    """A canvas that writes the same bytes for the same slips."""
    size_pt = (width_mm * PT_PER_MM, height_mm * PT_PER_MM)
    # The first font must be ours too: reportlab's own default is not embedded, and print shops refuse such files.
    canvas = Canvas(out, pagesize=size_pt, invariant=1, initialFontName=font("regular").fontName)
    canvas.setTitle(f"{design.title} ({design.pad_id})")
    canvas.setCreator("refpad")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def _define_form(canvas: Canvas, design: PadDesign, studio: Studio) -> None:
    canvas.beginForm(FORM, 0, 0, design.width_mm * PT_PER_MM, design.height_mm * PT_PER_MM)
    pen = Pen(canvas, design.height_mm)
    draw_form(pen, design)
    draw_studio(pen, design, studio)
    canvas.endForm()


def _stamp(canvas: Canvas, design: PadDesign, sheet: ImposedSheet, slip: BoxMm, serial: int) -> None:
    canvas.saveState()
    canvas.translate(slip.x * PT_PER_MM, (sheet.height_mm - slip.bottom) * PT_PER_MM)
    canvas.doForm(FORM)
    draw_code(Pen(canvas, design.height_mm), design, serial)
    canvas.restoreState()


def _draw_cut_marks(canvas: Canvas, sheet: ImposedSheet) -> None:
    pen = Pen(canvas, sheet.height_mm)
    for start, end in cut_marks(sheet):
        pen.line(start, end, CUT_MARK_MM)
