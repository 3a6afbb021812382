"""Labeled lines: writing on refpad's own slips, sent through its channels, found, cut and shown by its reader."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ocr.pages.opener import PageOpener
from ocr.recognizers.crop import scale_line
from ocr.recognizers.ppocr import LEAST_WIDTH_PX, LINE_HEIGHT_PX
from ocr.recognizers.recognizer import TextRecognizer
from ocr.slips.found_slip import RegisteredSlip
from ocr.template import Template
from ocr.text.cells.comb import digit_views
from ocr.text.confidence.judge import likeness
from ocr.text.lines.ink_line import InkLine
from ocr.text.lines.remove_print import slip_ink
from ocr.text.lines.segment_lines import field_ink
from ocr.text.lines.views import upright_view, wide_view
from ocr.text.read_fields import free_paper_end_mm
from pads.simulate.invent import SlipSpec
from pads.simulate.pen.fill import Habits, comb_digits
from pads.simulate.pen.handwriting import Script
from pads.simulate.printed_slips import PX_PER_MM, px
from pads.simulate.scenes import PlannedFile, PlannedPage, PlannedSlip
from pads.simulate.strokes import Box, Mask, add_ink
from pads.simulate.truth import Channel, MarkStyle, SlipTruth
from schemas.pad import CombField, PadDesign, TextField
from training.cells import read_slips
from training.text.hands.rows import INKED, Habit, LineHand, Row, draw_habit, inked_width
from training.text.lines.cut_lines import CutLine, PlacedRow, match_lines
from training.text.lines.phrases import Kind, phrase_for

KINDS: dict[str, Kind] = {"patient_name": "name", "provider_name": "provider"}
SECOND_ROW_SHARE = 0.6  # of fields with room for one, when a person's own words were all on the first
SMALLER, TRIES = 0.85, 3
THIN = (0.55, 0.95)
THICKEST_PEN = 0.125  # in heights of a capital: nobody fills in slips so that letters close up
DIGIT_FILL = (0.5, 0.85)  # of a cell's height
# Every line is shown set upright, some also in the wide view, or without their rule.
WIDE_SHARE, WITHOUT_RULE_SHARE = 0.35, 0.2
DIGITS_SHARE = 0.25  # of comb fields
WIDEST_PX = 1200
# What a cut line lacks may be a speck. One that the stock recognizer reads nearly as written lacks nothing that counts.
LIKE_ENOUGH = 0.75


@dataclass(frozen=True, eq=False)
class TextLine:
    """A line as the recognizer is shown it, (48, W) gray, and what it says; `view` tells how it is shown."""

    picture: NDArray[np.uint8]
    text: str
    view: str
    hand: str
    channel: Channel


@dataclass
class SlipPen:
    """One hand filling in one slip: it remembers its rows."""

    name: str
    hand: LineHand
    habit: Habit
    thin: float  # its pen, in the width of the one that ticks
    rows: list[PlacedRow] = field(default_factory=list)

    def write_text(
        self, mask: Mask, text: str, room: Box, lines: int, script: Script, rng: np.random.Generator
    ) -> None:
        """See pads.simulate.pen.fill.TextWriter: `text`, or what this person wrote instead."""
        left, top, width, height = room
        pitch = height / lines
        indent = rng.uniform(0.1, 0.9) * self.habit.cap_px
        rest: str | None = text
        for number in range(lines):
            row = self._row(rest, width - indent, self._pen_px(script), rng) if rest else None
            if row is None:
                return
            foot = pitch * (number + 1) - (self.habit.above + rng.normal(0, 0.03)) * self.habit.cap_px
            first = int(np.flatnonzero((row.ink > INKED).any(axis=0))[0])
            placed = PlacedRow(row, room, round(left + indent - first), round(top + foot - row.baseline))
            add_ink(mask, row.ink, placed.left, placed.top)
            self.rows.append(placed)
            rest = _rest(rest or "", row.text, rng)

    def _pen_px(self, script: Script) -> float:
        return min(self.thin * script.pen_px, THICKEST_PEN * self.habit.cap_px)

    def _row(self, wanted: str, width_px: float, pen_px: float, rng: np.random.Generator) -> Row | None:
        """A row that fits, in smaller letters if it must."""
        habit = self.habit
        for _ in range(TRIES):
            row = self.hand.write(wanted, width_px, habit, pen_px, rng)
            if row is None or not inked_width(row.ink):
                habit = replace(habit, cap_px=habit.cap_px * SMALLER)
            elif row.text not in {placed.row.text for placed in self.rows}:
                return row
        return None

    def write_digit(self, mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
        """See pads.simulate.pen.fill.DigitWriter."""
        left, top, width, height = cell
        cap_px = height * rng.uniform(*DIGIT_FILL)
        row = self.hand.spell(digit, width * 1.1, replace(self.habit, cap_px=cap_px), self._pen_px(script), rng)
        if row is None:
            return
        columns = np.flatnonzero((row.ink > INKED).any(axis=0))
        if columns.size:
            stray = rng.normal(0, 0.06, 2) * (width, height)
            middle = left + width / 2 - (columns[0] + columns[-1]) / 2
            add_ink(mask, row.ink, middle + stray[0], top + (height + cap_px) / 2 - row.baseline + stray[1])


def _rest(wanted: str, written: str, rng: np.random.Generator) -> str | None:
    """What is still to be written on the next line; None when nothing is."""
    if wanted.casefold().startswith(written.casefold()):
        return wanted[len(written) :].strip() or None
    return wanted if rng.random() < SECOND_ROW_SHARE else None


def plan_slip(design: PadDesign, serial: int, pen: SlipPen, words: random.Random) -> PlannedSlip:
    """A slip with all fields filled in by `pen`."""
    marks = {box.name: MarkStyle.TICK for box in design.checkboxes if box.write_in}
    text = {
        field.name: phrase_for(KINDS.get(field.name, "text"), words)
        for field in design.writing
        if isinstance(field, TextField)
    }
    numbers = {"patient_phone": "+1" + "".join(words.choices("0123456789", k=10))}
    for name in ("signed_on", "next_visit_on"):
        numbers[name] = "20{:02}-{:02}-{:02}".format(*(words.randint(0, 99) for _ in range(3)))
    spec = SlipSpec(hand="patrick-hand", text=text | numbers, marks=marks)
    return PlannedSlip(design, serial, spec, habits=Habits(write_digit=pen.write_digit, write_text=pen.write_text))


def text_lines(
    file: PlannedFile,
    pens: dict[int, SlipPen],
    opener: PageOpener,
    forms: Sequence[Template],
    stock: TextRecognizer,
) -> Iterator[TextLine]:
    """The lines of all slips of the file that are found; `pens` wrote them, by serial."""
    rng = np.random.default_rng([*file.seed, 1])
    for slip, truth in read_slips(file, opener, forms):
        pen = pens[truth.serial]
        for picture, text, view in (*_word_lines(slip, pen, stock, rng), *_digit_lines(slip, truth, rng)):
            shown = scale_line(picture, LINE_HEIGHT_PX, LEAST_WIDTH_PX)
            if shown.shape[1] <= WIDEST_PX:
                yield TextLine(shown, text, view, pen.name, file.channel)


Shown = tuple[NDArray[np.uint8], str, str]


def _word_lines(slip: RegisteredSlip, pen: SlipPen, stock: TextRecognizer, rng: np.random.Generator) -> Iterator[Shown]:
    ink, design = slip_ink(slip.picture, slip.template), slip.template.design
    for place in design.writing:
        if isinstance(place, TextField):
            rows = [row for row in pen.rows if row.room == px(place.box_mm)]
            lines = field_ink(ink.pen, place, free_paper_end_mm(place, design), ink.rules).lines
            for cut in match_lines(lines, rows, ink.pen, place.box_mm):
                if _serves(cut, stock):
                    views = ["upright", *["wide"] * (rng.random() < WIDE_SHARE)]
                    for view in [*views, *["plain"] * (rng.random() < WITHOUT_RULE_SHARE)]:
                        yield shown_line(cut.line, view), cut.text, view


def _serves(cut: CutLine, stock: TextRecognizer) -> bool:
    if cut.is_whole:
        return True
    (seen,) = stock.recognize([upright_view(cut.line.ruled)])
    return likeness(cut.text.casefold(), seen.text.casefold()) >= LIKE_ENOUGH


def shown_line(line: InkLine, view: str) -> NDArray[np.uint8]:
    """The line in the view of that name, or ("plain") set upright with its rule taken away."""
    if view == "wide":
        return wide_view(line.ruled)
    return upright_view(line.picture if view == "plain" else line.ruled)


def _digit_lines(slip: RegisteredSlip, truth: SlipTruth, rng: np.random.Generator) -> Iterator[Shown]:
    ink, design = slip_ink(slip.picture, slip.template), slip.template.design
    for place in design.writing:
        if isinstance(place, CombField) and place.name in truth.text and rng.random() < DIGITS_SHARE:
            lines = field_ink(ink.pen, place, free_paper_end_mm(place, design), ink.rules).lines
            if len(lines) == 1:
                views = digit_views(lines[0].picture)
                yield views[int(rng.integers(2))], comb_digits(place, truth.text[place.name]), "digits"


def pen_for(hands: Mapping[str, LineHand], rng: np.random.Generator) -> SlipPen:
    """A pen for one slip, in one of the `hands`; one that writes block capitals where they are the habit."""
    habit = draw_habit(PX_PER_MM, rng)
    able = [name for name, hand in hands.items() if hand.has_capitals or not habit.capitals] or list(hands)
    name = able[int(rng.integers(len(able)))]
    return SlipPen(name, hands[name], habit, rng.uniform(*THIN))


def plan_file(slips: Sequence[PlannedSlip], channel: Channel, seed: tuple[int, ...]) -> PlannedFile:
    """A file of one upright page with the slips."""
    return PlannedFile("-".join(map(str, seed)), channel, (PlannedPage(tuple(slips), turned=False),), seed)
