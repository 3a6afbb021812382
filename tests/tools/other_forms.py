"""Empty forms of invented offices, drawn from what the forms of real ones ask; docs/adopted shows them adopted.

python -m tests.tools.other_forms
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from followup.letter_pdf import preview_png
from refpad.services.adopt_pad import Wishes, adopt
from refpad.settings import Settings

OUT = Path(__file__).parents[2] / "docs" / "adopted"
PT_PER_MM = 72 / 25.4
FACES = {"Helvetica": ("Helvetica", 9.0), "Times": ("Times-Roman", 9.0), "Courier": ("Courier", 8.0)}
HALF_LETTER_MM, LETTER_MM = (140.0, 216.0), (216.0, 279.0)
SHOWN_PX, SHOWN_COLORS = 900, 48  # of a picture in the docs: wide enough to read its names


class Form:
    """An empty form being drawn, in mm from its top left corner."""

    def __init__(
        self,
        path: Path,
        face: str,
        title: str,
        size_mm: tuple[float, float] = HALF_LETTER_MM,
        *,
        round_boxes: bool = False,
    ) -> None:
        self._wide_mm, self._high_mm = size_mm
        self._canvas = Canvas(str(path), pagesize=(size_mm[0] * PT_PER_MM, size_mm[1] * PT_PER_MM))
        self._face, self._is_round = face, round_boxes
        self.write(f"{face}-Bold", 15, 12, 18, title)

    def write(self, face: str, size_pt: float, x: float, y: float, text: str) -> None:
        self._canvas.setFont(face, size_pt)
        self._canvas.drawString(x * PT_PER_MM, (self._high_mm - y) * PT_PER_MM, text)

    def label(self, x: float, y: float, text: str) -> None:
        face, size_pt = FACES[self._face]
        self.write(face, size_pt, x, y, text)

    def head(self, y: float, text: str) -> None:
        """The heading of a section, white in a dark band."""
        self._canvas.setFillGray(0.25)
        self._canvas.rect(
            12 * PT_PER_MM, (self._high_mm - y - 6) * PT_PER_MM, (self._wide_mm - 24) * PT_PER_MM, 17, 0, 1
        )
        self._canvas.setFillGray(1)
        self.write(f"{self._face}-Bold", 9, 14, y + 4.2, text)
        self._canvas.setFillGray(0)

    def rule(self, x: float, y: float, wide: float) -> None:
        height = (self._high_mm - y) * PT_PER_MM
        self._canvas.setLineWidth(0.8)
        self._canvas.line(x * PT_PER_MM, height, (x + wide) * PT_PER_MM, height)

    def asks(self, x: float, y: float, label: str, start: float, wide: float) -> None:
        """A label with the rule that it belongs to, from `start` on."""
        self.label(x, y, label)
        self.rule(start, y + 0.5, wide)

    def frame(self, x: float, y: float, wide: float, high: float) -> None:
        self._canvas.setLineWidth(1)
        corner = x * PT_PER_MM, (self._high_mm - y - high) * PT_PER_MM
        self._canvas.rect(*corner, wide * PT_PER_MM, high * PT_PER_MM)

    def box(self, x: float, y: float, answer: str) -> None:
        """A box and what ticking it says."""
        if self._is_round:
            middle = (x + 1.8) * PT_PER_MM, (self._high_mm - y - 1.8) * PT_PER_MM
            self._canvas.circle(*middle, 1.8 * PT_PER_MM)
        else:
            self.frame(x, y, 3.6, 3.6)
        self.label(x + 5.5, y + 3, answer)

    def ask(self, y: float, question: str, *answers: str, start: float = 62.0, step: float = 26.0) -> None:
        """A question with a box before each answer, in one row."""
        self.label(12, y + 3, question)
        for place, answer in enumerate(answers):
            self.box(start + step * place, y, answer)

    def sign(self, signature: str, day: str, y: float = 186.0) -> None:
        """A line to sign on, with its day."""
        self.rule(12, y, 70)
        self.label(12, y + 4, signature)
        self.rule(95, y, 32)
        self.label(95, y + 4, day)

    def save(self) -> None:
        """It is done with it."""
        self._canvas.save()


def prescription(path: Path) -> None:
    """A physical-therapy prescription: a half sheet of ruled lines, labels left of them."""
    form = Form(path, "Helvetica", "Granite Valley Orthopedics")
    form.write("Helvetica", 10, 12, 25, "Physical Therapy Prescription")
    form.asks(12, 38, "Patient:", 28, 62)
    form.asks(94, 38, "DOB:", 105, 24)
    form.asks(12, 50, "Phone:", 28, 40)
    form.asks(72, 50, "Insurance:", 91, 38)
    form.asks(12, 62, "Diagnosis:", 32, 52)
    form.asks(88, 62, "ICD-10:", 103, 26)
    form.ask(68, "Side:", "Left", "Right", "Both", start=32)
    form.asks(12, 84, "Frequency:", 32, 30)
    form.asks(68, 84, "Duration:", 86, 43)
    form.ask(92, "Weight bearing:", "Full", "As tolerated", "None", start=42, step=30)
    for row, (left, right) in enumerate(
        (
            ("Evaluate and treat", "Gait training"),
            ("Therapeutic exercise", "Balance training"),
            ("Strengthening", "Home program"),
        )
    ):
        form.box(12, 104 + 8 * row, left)
        form.box(76, 104 + 8 * row, right)
    form.asks(12, 140, "Precautions:", 34, 95)
    form.rule(34, 149, 95)
    form.asks(12, 161, "Physician (print):", 42, 87)
    form.asks(12, 173, "NPI:", 24, 38)
    form.asks(68, 173, "License #:", 86, 43)
    form.sign("Physician signature", "Date", 190)
    form.save()


def cardiac_rehab(path: Path) -> None:
    """A referral to cardiac rehabilitation: a full sheet of framed cells under dark headings, two signatures."""
    form = Form(path, "Times", "Northgate Heart Program", LETTER_MM, round_boxes=True)
    form.write("Times-Roman", 11, 12, 25, "Outpatient Cardiac Rehabilitation Referral")
    form.head(30, "PATIENT")
    cells = ("Patient name", "Date of birth", "Medical record no.", "Home phone", "Insurance", "Member ID")
    for place, label in enumerate(cells):
        x, y = 12 + 64 * (place % 3), 38 + 15 * (place // 3)
        form.frame(x, y, 64, 15)
        form.label(x + 1.5, y + 4, label)
    form.head(72, "QUALIFYING DIAGNOSIS")
    events = ("Heart attack", "Bypass surgery", "Coronary stent", "Valve repair", "Stable angina", "Heart failure")
    for place, event in enumerate(events):
        form.box(14 + 64 * (place % 3), 82 + 8 * (place // 3), event)
    form.asks(12, 106, "Date of event:", 36, 40)
    form.asks(82, 106, "ICD-10 code:", 106, 40)
    form.ask(112, "Urgency:", "Routine", "Urgent", start=36)
    form.head(122, "CLEARANCE")
    form.ask(131, "Cleared for exercise:", "Without limits", "With limits", "Not cleared", start=50, step=42)
    form.asks(12, 146, "Limits:", 28, 176)
    form.asks(12, 158, "Maximum heart rate:", 48, 30)
    form.asks(84, 158, "Sessions per week:", 116, 26)
    form.ask(164, "Diabetes education too?", "Yes", "No")
    form.asks(12, 180, "Preferred language:", 46, 50)
    form.head(188, "SIGNATURES")
    form.asks(12, 208, "Referring physician:", 48, 70)
    form.asks(124, 208, "NPI:", 134, 50)
    form.asks(12, 220, "Fax:", 24, 50)
    form.sign("Physician signature", "Date", 238)
    form.sign("Patient signature: I agree to be called", "Date", 258)
    form.save()


def exercise_prescription(path: Path) -> None:
    """A prescription of exercise as primary care writes it: a typewriter's half sheet, asked under its rules."""
    form = Form(path, "Courier", "MAPLE STREET FAMILY CARE")
    form.write("Courier", 9, 12, 25, "Exercise prescription and referral")
    for place, label in enumerate(("Patient name", "Date of birth", "Phone", "Patient e-mail")):
        x, y = 12 + 62 * (place % 2), 42 + 16 * (place // 2)
        form.rule(x, y, 54)
        form.label(x, y + 4, label)
    form.ask(70, "Active now?", "Yes", "No", start=44)
    form.asks(12, 88, "Minutes per week:", 48, 24)
    form.ask(96, "Intensity:", "Light", "Moderate", "Vigorous", start=40, step=30)
    for place, kind in enumerate(("Aerobic exercise", "Strength training", "Balance training", "Flexibility program")):
        form.box(12 + 62 * (place % 2), 108 + 8 * (place // 2), kind)
    form.ask(128, "Clearance:", "No limits", "Limits", "Not yet", start=40, step=30)
    form.rule(12, 146, 116)
    form.label(12, 150, "Limits and precautions")
    form.rule(12, 162, 54)
    form.label(12, 166, "Diagnosis")
    form.rule(74, 162, 54)
    form.label(74, 166, "ICD-10")
    form.rule(12, 177, 54)
    form.label(12, 181, "Physician (print)")
    form.rule(74, 177, 54)
    form.label(74, 181, "Next visit")
    form.sign("Physician signature", "Date", 193)
    form.sign("Patient signature", "Date", 207)
    form.save()


FORMS: Mapping[str, Callable[[Path], None]] = {
    "script": prescription,
    "heart": cardiac_rehab,
    "move": exercise_prescription,
}


def main() -> None:
    """Draw each form, adopt it, and keep small pictures of both."""
    OUT.mkdir(exist_ok=True)
    for name, draw in FORMS.items():
        with tempfile.TemporaryDirectory() as made:
            form = Path(made) / "form.pdf"
            draw(form)
            draft = adopt(form, Path(made), Settings(folder=Path(made)), Wishes(name=name))
            (OUT / f"{name}.png").write_bytes(_small(preview_png(form.read_bytes(), 100)))
            (OUT / f"{name}-adopted.png").write_bytes(_small(draft.check.read_bytes()))
            told = [*draft.lacks, *draft.left_out]
            sys.stdout.write(f"{name}: {draft.fields} fields{''.join(f'; {sentence}' for sentence in told)}\n")


def _small(png: bytes) -> bytes:
    """The same picture, smaller and with few colors."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    high = round(picture.height * SHOWN_PX / picture.width)
    out = BytesIO()
    picture.resize((SHOWN_PX, high), Image.Resampling.LANCZOS).quantize(SHOWN_COLORS, Image.Quantize.FASTOCTREE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


if __name__ == "__main__":
    main()
