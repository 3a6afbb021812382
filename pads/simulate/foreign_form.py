"""A referral form as another practice might print it: its own type, logo and frame, round boxes, no marks, no code."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pdf2image import convert_from_bytes
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pads.pdf_canvas import PT_PER_MM, Pen
from schemas.geometry import MM_PER_INCH, BoxMm, PointMm
from schemas.pad import Checkbox, PadDesign, Registration, SignatureField, TextField

WIDE_MM, HIGH_MM = 139.7, 215.9  # half a letter sheet
PLAIN, BOLD, SLANTED = "Vera", "VeraBd", "VeraIt"  # Bitstream Vera, which comes with reportlab
CONDITIONS = ("Low back pain", "Neck pain", "Knee osteoarthritis", "Post-surgical", "Parkinson's", "Frequent falls")
SERVICES = ("Strength training", "Balance and gait", "Aquatic exercise", "Stretching program", "Home program", "Other")
ROUND_MM, SQUARE_MM = 3.6, 3.4
LEFT_X, RIGHT_X, FIRST_Y, ROW_MM = 12.0, 74.0, 92.0, 7.6


def foreign_design(design: str = "lake", blank: str | None = None) -> PadDesign:
    """Where the form's fields truly lie."""
    boxes = [_checkbox(row, label, "condition", LEFT_X, ROUND_MM) for row, label in enumerate(CONDITIONS)]
    boxes += [_checkbox(row, label, "service", RIGHT_X, SQUARE_MM) for row, label in enumerate(SERVICES)]
    return PadDesign(
        design=design,
        edition=1,
        title="Exercise prescription",
        width_mm=WIDE_MM,
        height_mm=HIGH_MM,
        registration=Registration.FEATURES,
        blank=blank or f"{design}-1.png",
        fields=(*boxes, *_rooms()),
    )


def draw_foreign(out: BytesIO) -> None:
    """Write the empty form as a PDF of its own size."""
    canvas = Canvas(out, pagesize=(WIDE_MM * PT_PER_MM, HIGH_MM * PT_PER_MM), invariant=1, initialFontName=_face(PLAIN))
    pen = Pen(canvas, HIGH_MM)
    _head(canvas, pen)
    _lists(canvas, pen)
    for field in _rooms():
        _room(canvas, pen, field)
    _draw_text(
        canvas,
        PLAIN,
        6.5,
        12.0,
        208.0,
        "Fax to 212-555-0188. Bring this form to your first visit. Thank you for trusting us.",
    )
    canvas.showPage()
    canvas.save()


@cache
def foreign_blank(dpi: int) -> NDArray[np.uint8]:
    """The empty form, (H, W) gray, read-only."""
    pdf = BytesIO()
    draw_foreign(pdf)
    size = (round(WIDE_MM * dpi / MM_PER_INCH), round(HIGH_MM * dpi / MM_PER_INCH))
    picture = np.array(convert_from_bytes(pdf.getvalue(), dpi=dpi, size=size, grayscale=True)[0], np.uint8)
    picture.flags.writeable = False
    return picture


def _checkbox(row: int, label: str, group: str, x: float, size: float) -> Checkbox:
    name = label.casefold().replace("'", "").replace("-", " ").replace(" ", "_")
    data = {"name": name, "label": label, "group": group, "box_mm": (x, FIRST_Y + row * ROW_MM, size, size)}
    return Checkbox.model_validate(data | ({"write_in": "other_service"} if label == "Other" else {}))


def _rooms() -> Sequence[TextField | SignatureField]:
    def line(name: str, label: str, x: float, y: float, wide: float, lines: int = 1) -> TextField:
        box = BoxMm(x, y, wide, 8.0 * lines)
        return TextField(name=name, label=label, box_mm=box, lines=lines, label_side="none")

    return (
        line("patient_name", "Patient name", 38.0, 32.0, 90.0),
        line("patient_phone", "Phone", 38.0, 43.0, 40.0),
        line("diagnosis", "Diagnosis", 12.8, 63.5, 114.4, 2),
        line("other_service", "Other service", 92.0, FIRST_Y + 5 * ROW_MM - 4.2, 36.0),
        line("goals", "Goals", 38.0, 140.0, 90.0, 2),
        line("precautions", "Precautions", 38.0, 159.0, 90.0),
        line("provider_name", "Physician (print)", 12.0, 172.0, 52.0),
        line("signed_on", "Date", 98.0, 188.0, 30.0),
        SignatureField(
            name="signature", label="Physician signature", box_mm=BoxMm(12.0, 186.0, 74.0, 10.0), label_side="none"
        ),
    )


def _head(canvas: Canvas, pen: Pen) -> None:
    canvas.setLineWidth(1.6)
    canvas.roundRect(6 * PT_PER_MM, 5 * PT_PER_MM, (WIDE_MM - 12) * PT_PER_MM, (HIGH_MM - 10) * PT_PER_MM, 12, stroke=1)
    x, y = 19 * PT_PER_MM, (HIGH_MM - 17.5) * PT_PER_MM
    canvas.circle(x, y, 6.5 * PT_PER_MM, stroke=1, fill=1)
    canvas.setStrokeGray(1)
    canvas.setLineWidth(2.2)
    for lift in (-3.0, 0.0, 3.0):
        wave = canvas.beginPath()
        wave.moveTo(x - 13, y + lift * 2)
        wave.curveTo(x - 5, y + 8 + lift * 2, x + 5, y - 8 + lift * 2, x + 13, y + lift * 2)
        canvas.drawPath(wave)
    canvas.setStrokeGray(0)
    _draw_text(canvas, BOLD, 14, 29.0, 17.0, "Lakeside Sports & Spine")
    _draw_text(canvas, SLANTED, 10, 29.0, 22.5, "Exercise prescription and referral")
    pen.line(PointMm(12, 27.0), PointMm(WIDE_MM - 12, 27.0), 0.8)
    _draw_text(canvas, BOLD, 8, 80.0, 50.0, "Born")
    pen.line(PointMm(90, 51), PointMm(128, 51), 0.3)


def _lists(canvas: Canvas, pen: Pen) -> None:
    _draw_text(canvas, BOLD, 9, LEFT_X, FIRST_Y - 4, "REASON")
    _draw_text(canvas, BOLD, 9, RIGHT_X, FIRST_Y - 4, "PLEASE PROVIDE")
    for box in foreign_design().checkboxes:
        center = box.box_mm.center
        if box.group == "condition":
            canvas.setLineWidth(0.8)
            canvas.circle(
                center.x * PT_PER_MM, (HIGH_MM - center.y) * PT_PER_MM, box.box_mm.w / 2 * PT_PER_MM, stroke=1, fill=0
            )
        else:
            pen.frame(box.box_mm, 0.35)
        _draw_text(canvas, PLAIN, 8.5, box.box_mm.right + 2.2, center.y + 1.1, box.label)
    pen.line(PointMm(70.0, FIRST_Y - 6), PointMm(70.0, FIRST_Y + 6 * ROW_MM), 0.25)


def _room(canvas: Canvas, pen: Pen, field: TextField | SignatureField) -> None:
    box = field.box_mm
    if field.name == "diagnosis":
        pen.frame(BoxMm(12.0, 57.0, WIDE_MM - 24, 23.5), 0.5)
        _draw_text(canvas, BOLD, 8, 13.5, 61.0, "Diagnosis (ICD-10)")
        return
    lines = field.lines if isinstance(field, TextField) else 1
    for line in range(1, lines + 1):
        y = box.y + box.h * line / lines
        pen.line(PointMm(box.x, y), PointMm(box.right, y), 0.3)
    if field.name in ("provider_name", "signature", "signed_on"):
        _draw_text(canvas, PLAIN, 7, box.x, box.bottom + 3.2, field.label)
    elif field.name != "other_service":
        _draw_text(canvas, BOLD, 8, 12.0, box.y + box.h / lines - 1.0, field.label)


def _draw_text(canvas: Canvas, face: str, size_pt: float, x: float, y: float, text: str) -> None:
    canvas.setFont(_face(face), size_pt)
    canvas.drawString(x * PT_PER_MM, (HIGH_MM - y) * PT_PER_MM, text)


@cache
def _face(name: str) -> str:
    pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    return name
