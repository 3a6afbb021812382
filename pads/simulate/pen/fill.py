"""One slip filled in: printed paper and a truth become a picture of ink on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.labels import label
from pads.simulate.pen.fonts import Handwriting, handwriting_named
from pads.simulate.pen.handwriting import Script, write_digit, write_lines
from pads.simulate.pen.marks import strike, tick_box, trouble_box
from pads.simulate.pen.signature import sign
from pads.simulate.picture import blur
from pads.simulate.printed_slips import PX_PER_MM, px
from pads.simulate.strokes import Box, Mask, draw_path, smooth_noise
from pads.simulate.truth import Legibility, MarkTrouble, SlipTruth, Trouble
from schemas.pad import (
    SIGNATURE,
    Checkbox,
    CombField,
    FieldKind,
    PadDesign,
    TextField,
    cell_boxes_mm,
)

# Red, green, blue of ink as scanners see it on white paper.
BLACK_INK, BLUE_INK, TYPED_INK = (38, 36, 42), (36, 52, 138), (24, 24, 24)
# Ballpoints draw 0.3 to 0.5 mm, gel pens and felt tips up to 0.7 mm.
PEN_MM = (0.3, 0.58)
# Field data on pens calls a stroke below this faint; a scanner still sees it.
FAINTEST_INK = 0.88
# What brings a line's foot down to the middle of its rule, in capital heights, and how far a hand strays from it.
ON_THE_RULE, ON_THE_RULE_SPREAD = 0.22, 0.02
NAME_ENDING = "_name"
Inks: TypeAlias = Sequence[tuple[int, int, int]] | None


# Draws on a mask one digit in a comb cell; see `pads.simulate.pen.handwriting.write_digit`.
DigitWriter: TypeAlias = Callable[[Mask, str, Box, Script, np.random.Generator], None]
# Draws on a mask a text on the rules of a box, so many lines; see `pads.simulate.pen.handwriting.write_lines`.
TextWriter: TypeAlias = Callable[[Mask, str, Box, int, Script, np.random.Generator], None]


@dataclass(frozen=True)
class Habits:
    """How one writer writes on the whole slip: with words standing on their rules, with names in block capitals.

    `write_digit` draws what goes into the cells, `write_text` what stands on rules.
    """

    on_the_rule: bool = False
    block_names: bool = False
    write_digit: DigitWriter = write_digit
    write_text: TextWriter = write_lines


NO_HABITS = Habits()


@dataclass(frozen=True)
class _Writer:
    script: Script
    pen_px: float
    ink: tuple[int, int, int]
    strength: float


# Draws on a mask what stands in a room for a signature; see `pads.simulate.pen.signature.sign`.
Signer: TypeAlias = Callable[[Mask, Box, float, np.random.Generator], None]


def fill(
    paper: NDArray[np.uint8],
    design: PadDesign,
    truth: SlipTruth,
    rng: np.random.Generator,
    inks: Inks = None,
    signer: Signer = sign,
    habits: Habits = NO_HABITS,
) -> NDArray[np.uint8]:
    """`paper`, (H, W) gray or (H, W, 3) RGB, with all that `truth` says written on it, (H, W, 3) RGB.

    Pens write black and blue, or in one of `inks`; `signer` signs where it is signed.
    """
    writer = _writer(handwriting_named(truth.hand), truth, inks, rng)
    if habits.on_the_rule:
        sink = rng.normal(ON_THE_RULE, ON_THE_RULE_SPREAD)
        writer = replace(writer, script=replace(writer.script, sink=sink, slope=0.0))
    if habits.block_names:
        names = {name: text.upper() for name, text in truth.text.items() if name.endswith(NAME_ENDING)}
        truth = truth.model_copy(update={"text": truth.text | names})
    provider = _signing_writer(writer, inks, rng)
    written, signed = np.zeros(paper.shape[:2], np.uint8), np.zeros(paper.shape[:2], np.uint8)
    _write_fields(written, design, truth, writer, habits, rng)
    _mark_boxes(written, design, truth, writer, rng)
    _sign_or_not(signed, design, truth, provider, rng, signer)
    if Trouble.SMUDGED in truth.troubles:
        _smear(written, rng)
    color = np.repeat(paper[..., None], 3, axis=2) if paper.ndim == 2 else paper.copy()
    return _apply_ink(_apply_ink(color, written, writer, rng), signed, provider, rng)


def _writer(hand: Handwriting, truth: SlipTruth, inks: Inks, rng: np.random.Generator) -> _Writer:
    typed = hand.legibility is Legibility.TYPED
    pen_px = rng.uniform(*PEN_MM) * PX_PER_MM
    over = Trouble.OVER_THE_LINE in truth.troubles
    script = Script(
        handwriting=hand,
        cap_px=hand.cap_mm * PX_PER_MM * (1 if typed else rng.uniform(0.9, 1.12)),
        pen_px=pen_px,
        slant=rng.uniform(-0.06, 0.16),
        slope=np.tan(np.radians(rng.uniform(0.8, 1.8) if over else rng.normal(0, 0.35))),
        sink=rng.uniform(0.4, 0.6) if over else max(rng.normal(0, 0.06), -0.1),
    )
    ink = TYPED_INK if typed else _ink(inks, rng)
    return _Writer(script, pen_px, ink, 1.0 if typed else rng.uniform(FAINTEST_INK, 1.0))


def _signing_writer(writer: _Writer, inks: Inks, rng: np.random.Generator) -> _Writer:
    """Who signs: every second time with another pen than whoever filled in the slip."""
    if writer.script.handwriting.legibility is not Legibility.TYPED and rng.random() < 0.5:
        return writer
    return _Writer(writer.script, rng.uniform(*PEN_MM) * PX_PER_MM, _ink(inks, rng), rng.uniform(FAINTEST_INK, 1.0))


def _ink(inks: Inks, rng: np.random.Generator) -> tuple[int, int, int]:
    if inks is not None:
        return inks[int(rng.integers(len(inks)))]
    return BLUE_INK if rng.random() < 0.45 else BLACK_INK


def _write_fields(
    mask: Mask,
    design: PadDesign,
    truth: SlipTruth,
    writer: _Writer,
    habits: Habits,
    rng: np.random.Generator,
) -> None:
    for field in design.writing:
        value = truth.text.get(field.name)
        if value is None:
            continue
        if isinstance(field, TextField):
            habits.write_text(mask, as_written(field, value), px(field.box_mm), field.lines, writer.script, rng)
        else:
            cells = [cell for group in cell_boxes_mm(field) for cell in group]
            for digit, cell in zip(comb_digits(field, value), cells, strict=False):
                habits.write_digit(mask, digit, px(cell), writer.script, rng)


def as_written(field: TextField, value: str) -> str:
    """The text as people write it on a line: telephones (212) 555-0142, dates 3/9/26; all else as it is."""
    if field.content is FieldKind.PHONE:
        return f"({value[-10:-7]}) {value[-7:-4]}-{value[-4:]}"
    if field.content is FieldKind.DATE:
        year, month, day = value.split("-")
        return f"{int(month)}/{int(day)}/{year[2:]}"
    return value


def comb_digits(field: CombField, value: str) -> str:
    """What goes into the cells: of an E.164 phone the last digits, of an ISO date as many of the year as fit, US order.

    A number and a code begin in the first cell and may leave the last ones empty.
    """
    if field.kind in (FieldKind.NUMBER, FieldKind.ICD10, FieldKind.NPI):
        return "".join(filter(str.isalnum, value))
    digits = "".join(ch for ch in value if ch.isdigit())
    count = sum(field.cells)
    if field.kind is FieldKind.PHONE:
        return digits[-count:]
    return digits[4:8] + digits[8 - count : 4] if count < 8 else digits[4:8] + digits[:4]


def _mark_boxes(mask: Mask, design: PadDesign, truth: SlipTruth, writer: _Writer, rng: np.random.Generator) -> None:
    for box in design.checkboxes:
        mark = truth.marks[box.name]
        if isinstance(mark, MarkTrouble):
            trouble_box(mask, px(box.box_mm), _label_px(box), mark, writer.pen_px, rng)
        elif mark:
            tick_box(mask, px(box.box_mm), truth.mark_styles[box.name], writer.pen_px, rng)
    struck = [px(box.box_mm) for box in design.checkboxes if truth.marks[box.name] is MarkTrouble.STRUCK]
    if struck:
        strike(mask, struck, writer.pen_px, rng)


def _label_px(box: Checkbox) -> Box:
    placed = label(box)
    return px(placed.box_mm if placed else box.box_mm)


def _sign_or_not(
    mask: Mask, design: PadDesign, truth: SlipTruth, writer: _Writer, rng: np.random.Generator, signer: Signer
) -> None:
    for field in design.signatures:
        if field.name in truth.also_signed:
            signer(mask, px(field.box_mm), writer.pen_px, rng)
    own = design.field(SIGNATURE)
    if own is None:  # an answer sheet need not ask for it
        return
    room = px(own.box_mm)
    if truth.signed:
        signer(mask, room, writer.pen_px, rng)
    elif Trouble.SMUDGE_FOR_SIGNATURE in truth.troubles:
        _smudge(mask, room, rng)


def _smudge(mask: Mask, room: Box, rng: np.random.Generator) -> None:
    """A gray blot, as a thumb with ink on it leaves."""
    left, top, width, height = room
    blot = np.zeros_like(mask)
    middle = np.array([left + width * rng.uniform(0.2, 0.6), top + height * rng.uniform(0.4, 0.6)])
    for _ in range(6):
        ends = middle + rng.normal(0, height * 0.14, (3, 2)) * [2.5, 1]
        draw_path(blot, ends, height * rng.uniform(0.1, 0.28), rng)
    soft = cv2.GaussianBlur(blot, (0, 0), height * 0.09)
    np.maximum(mask, (soft * rng.uniform(0.3, 0.55)).astype(np.uint8), out=mask)


def _smear(mask: Mask, rng: np.random.Generator) -> None:
    """Wet ink smeared sideways: a band of the slip gets a faint trail."""
    height = mask.shape[0]
    top = int(rng.uniform(0.35, 0.75) * height)
    band = mask[top : top + int(0.12 * height)]
    reach = int(rng.uniform(50, 110))
    fading = np.linspace(1, 0, reach, dtype=np.float32)[None, ::-1]
    trail = blur(np.asarray(cv2.filter2D(band, -1, fading / fading.sum(), anchor=(reach - 1, 0)), dtype=np.uint8), 3)
    np.maximum(band, trail, out=band)


def _apply_ink(color: NDArray[np.uint8], mask: Mask, writer: _Writer, rng: np.random.Generator) -> NDArray[np.uint8]:
    """`color` with the ink of `mask` on it; a ballpoint skips a little on the paper's grain."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return color
    part = slice(rows[0], rows[-1] + 1)
    grain = _grain(mask[part].shape, rng)
    cover = mask[part].astype(np.float32) / 255 * writer.strength * grain
    through = 1 - cover[..., None] * (1 - np.array(writer.ink, np.float32) / 255)
    color[part] = (color[part] * through + 0.5).astype(np.uint8)
    return color


def _grain(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """How much ink the paper takes, (H, W) about 0.8 to 1: fibers of some 0.2 mm, pressure over centimeters."""
    fibres = rng.random((128, 128), dtype=np.float32)
    tiled = np.tile(cv2.GaussianBlur(fibres, (0, 0), 0.9), (shape[0] // 128 + 1, shape[1] // 128 + 1))
    pressure = 0.96 + 0.05 * smooth_noise(shape[0], 120, rng)
    return np.asarray((0.88 + 0.16 * tiled[: shape[0], : shape[1]]) * pressure[:, None].astype(np.float32)).clip(0, 1)
