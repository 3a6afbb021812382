"""Forms of three other practices, each in a style of its own, keep what they ask when they are adopted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pads.catalogue import load
from refpad.services.adopt_pad import Wishes, adopt
from refpad.settings import Settings
from schemas.pad import FieldKind

PT_PER_MM = 72 / 25.4
WIDE_MM, HIGH_MM = 140.0, 216.0
FACES = {"Helvetica": ("Helvetica", 9.0), "Times": ("Times-Roman", 9.0), "Courier": ("Courier", 8.0)}
ASKED = (
    "Patient name",
    "Date of birth",
    "Phone no.",
    "Diagnosis",
    "ICD-10 code",
    "Frequency",
    "Physician NPI",
    "Physician (print)",
)
CONTENTS = {
    "patient_name": FieldKind.TEXT,
    "birth_date": FieldKind.DATE,
    "patient_phone": FieldKind.PHONE,
    "diagnosis": FieldKind.TEXT,
    "diagnosis_code": FieldKind.ICD10,
    "frequency": FieldKind.TEXT,
    "npi": FieldKind.NPI,
    "provider_name": FieldKind.TEXT,
    "signed_on": FieldKind.DATE,
}


class Form:
    """An empty form being drawn, in mm from its top left corner."""

    def __init__(self, path: Path, face: str, title: str, *, round_boxes: bool = False) -> None:
        self._canvas = Canvas(str(path), pagesize=(WIDE_MM * PT_PER_MM, HIGH_MM * PT_PER_MM))
        self._face, self._is_round = face, round_boxes
        self.write(f"{face}-Bold", 15, 12, 18, title)

    def write(self, face: str, size_pt: float, x: float, y: float, text: str) -> None:
        self._canvas.setFont(face, size_pt)
        self._canvas.drawString(x * PT_PER_MM, (HIGH_MM - y) * PT_PER_MM, text)

    def label(self, x: float, y: float, text: str) -> None:
        face, size_pt = FACES[self._face]
        self.write(face, size_pt, x, y, text)

    def rule(self, x: float, y: float, wide: float) -> None:
        height = (HIGH_MM - y) * PT_PER_MM
        self._canvas.setLineWidth(0.8)
        self._canvas.line(x * PT_PER_MM, height, (x + wide) * PT_PER_MM, height)

    def frame(self, x: float, y: float, wide: float, high: float) -> None:
        self._canvas.setLineWidth(1)
        self._canvas.rect(x * PT_PER_MM, (HIGH_MM - y - high) * PT_PER_MM, wide * PT_PER_MM, high * PT_PER_MM)

    def ask(self, y: float, question: str, *answers: str) -> None:
        """A question with a box before each answer, in one row."""
        self.label(12, y + 3, question)
        for place, answer in enumerate(answers):
            x = 62.0 + 26 * place
            if self._is_round:
                middle = (x + 1.8) * PT_PER_MM, (HIGH_MM - y - 1.8) * PT_PER_MM
                self._canvas.circle(*middle, 1.8 * PT_PER_MM)
            else:
                self.frame(x, y, 3.6, 3.6)
            self.label(x + 5.5, y + 3, answer)

    def sign(self, signature: str, day: str) -> None:
        """The last line of the form; it is done with it."""
        self.rule(12, 186, 70)
        self.label(12, 190, signature)
        self.rule(95, 186, 32)
        self.label(95, 190, day)
        self._canvas.save()


def labels_left(path: Path) -> None:
    """Labels with colons left of their rules."""
    form = Form(path, "Helvetica", "Harbor Heart Center")
    for row, label in enumerate(ASKED):
        form.label(12, 36 + 13 * row, f"{label}:")
        form.rule(50, 36.5 + 13 * row, 76)
    form.ask(142, "Cleared for exercise:", "Yes", "No")
    form.ask(152, "Urgency", "Routine", "Urgent")
    form.sign("Physician signature", "Date")


def labels_in_frames(path: Path) -> None:
    """A table of frames, each with its label, and round boxes."""
    form = Form(path, "Times", "Bayview Orthopedics", round_boxes=True)
    for place, label in enumerate(ASKED):
        x, y = 12 + 58 * (place % 2), 28 + 20 * (place // 2)
        form.frame(x, y, 56, 16)
        form.label(x + 1.5, y + 4, label)
    form.ask(120, "Treatment ended?", "Yes", "No")
    form.ask(132, "Side", "Left", "Right", "Both")
    form.sign("Signature of provider", "Date signed")


def labels_under(path: Path) -> None:
    """A typewriter's form with what is asked under its rules."""
    form = Form(path, "Courier", "CEDAR PHYSICAL MEDICINE")
    for place, label in enumerate(ASKED):
        x, y = 12 + 62 * (place % 2), 44 + 19 * (place // 2)
        form.rule(x, y, 54)
        form.label(x, y + 4, label)
    form.ask(128, "May exercise", "Yes", "No")
    form.sign("Provider signature", "Date")


@pytest.mark.parametrize(
    ("draw", "groups"),
    [
        (labels_left, {"cleared_for_exercise": "yes no", "urgency": "routine urgent"}),
        (labels_in_frames, {"treatment_ended": "yes no", "side": "left right both"}),
        (labels_under, {"may_exercise": "yes no"}),
    ],
)
def test_what_a_form_asks_of_its_own_is_kept_by_its_kind(
    draw: Callable[[Path], None], groups: dict[str, str], tmp_path: Path
) -> None:
    """Birth date, code, NPI and frequency are fields; yes and no are answers to what is printed before them."""
    draw(tmp_path / "form.pdf")
    draft = adopt(tmp_path / "form.pdf", tmp_path, Settings(folder=tmp_path), Wishes(name="form"))
    assert draft.lacks == ()
    design = load(draft.design)
    assert {field.name: field.content for field in design.writing} == CONTENTS
    assert {group.name: group.choose for group in design.groups} == dict.fromkeys(groups, "one")
    expected = {f"{group}_{answer}" for group, answers in groups.items() for answer in answers.split()}
    assert {box.name for box in design.checkboxes} == expected
