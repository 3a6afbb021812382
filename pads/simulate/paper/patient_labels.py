"""The office's own patient label on a slip: several makes, typed by computers, stuck on a little askew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import cos, radians, sin
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pads.simulate import words
from pads.simulate.chance import one_of
from pads.simulate.paper.slip_damage import Slip
from pads.simulate.pen.fonts import TYPED_FOLDER
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import smooth_noise
from pads.simulate.truth import SlipTruth
from schemas.geometry import MM_PER_INCH
from schemas.pad import PadDesign

Picture = NDArray[np.uint8]

# Drawn so much finer than the slip, and then laid on it.
FINER = 3
THERMAL_DPI = 203
MARGIN_MM, LEADING = 2.0, 1.2
PAPER, EDGE = 252, 226
ASKEW_DEG, ASKEW_MOST_DEG = 1.6, 5.0
# A label lies with its foot on the telephone's cells, its left end near the slip's, and off the code where it can.
FOOT_MM, LEFT_MM, CODE_MM = 45.3, 4.0, 23.4
BARCODE_MM = 7.0
# Every second person has an initial.
INITIALS = ("", "", "", "", "J", "M.", "Q", "R")


@dataclass(frozen=True)
class LabelMake:
    """One make: width and height in mm, the typed face's file, its size in points, its symbol, and how it is printed.

    `barcode` is a format of zxing, or "" for none. A thermal printer sets whole dots of 203 dpi; `worn` is low toner.
    """

    name: str
    size_mm: tuple[float, float]
    face: str
    size_pt: float
    barcode: str = ""
    thermal: bool = False
    worn: bool = False


MAKES: tuple[LabelMake, ...] = (
    LabelMake("address label, laser", (66.7, MM_PER_INCH), "arimo", 8.5),
    LabelMake("address label, low toner", (66.7, MM_PER_INCH), "tinos", 9.0, worn=True),
    LabelMake("chart label with Code 128", (66.7, MM_PER_INCH), "arimo", 7.5, "Code128"),
    LabelMake("large thermal label", (89.0, 28.0), "arimo", 10.0, thermal=True),
    LabelMake("large thermal label with Code 128", (89.0, 28.0), "cousine", 8.5, "Code128", thermal=True),
    LabelMake("small thermal label", (57.0, 17.0), "cousine", 7.0, thermal=True),
    LabelMake("small laser label", (57.0, 19.0), "arimo", 7.5),
    LabelMake("chart label with Data Matrix", (66.7, MM_PER_INCH), "arimo", 8.0, "DataMatrix"),
    LabelMake("thermal label with QR", (57.0, MM_PER_INCH), "arimo", 8.0, "QRCode", thermal=True),
    LabelMake("chart label with PDF417", (89.0, 28.0), "cousine", 8.0, "PDF417"),
)
FACES = {name: TYPED_FOLDER / f"{name}.ttf" for name in ("arimo", "cousine", "tinos", "special-elite")}


@dataclass(frozen=True)
class PatientLabel:
    """What is printed on one label: its lines, what its barcode holds, and the fields of the slip that it fills."""

    make: LabelMake
    lines: tuple[str, ...]
    barcode: str
    fills: tuple[str, ...]


Wording: TypeAlias = Callable[["_Person", np.random.Generator], list[str]]


@dataclass(frozen=True)
class _Person:
    """Who is on the label: `given` may have an initial; the telephone's ten digits; who ordered."""

    given: str
    surname: str
    born: date
    phone: str
    mrn: str
    sex: str
    doctor: tuple[str, str]

    @property
    def us_born(self) -> str:
        return f"{self.born:%m/%d/%Y}"

    def dialed(self, form: str) -> str:
        area, exchange, line = self.phone[:3], self.phone[3:6], self.phone[6:]
        return form.format(area, exchange, line)


def _chart(who: _Person, rng: np.random.Generator) -> list[str]:
    return [
        f"{who.surname}, {who.given}".upper(),
        f"DOB: {who.us_born}  Sex: {who.sex}",
        f"MRN: {who.mrn}",
        who.dialed("Ph: ({}) {}-{}"),
        f"Prov: {who.doctor[1]}, {who.doctor[0]} MD".upper(),
        f"{int(rng.integers(2, 990))} Sample St, Anytown NY 10001",
    ]


def _address(who: _Person, rng: np.random.Generator) -> list[str]:
    return [
        f"{who.given} {who.surname}",
        f"{int(rng.integers(2, 990))} Invented Ave Apt {int(rng.integers(1, 30))}",
        "Springfield, IL 62704",
        f"D.O.B. {who.born.month}/{who.born.day}/{who.born.year}   {who.sex}",
        who.dialed("H: {}-{}-{}"),
    ]


def _named(who: _Person, rng: np.random.Generator) -> list[str]:
    return [
        f"Name: {who.surname}, {who.given}",
        f"Birth date: {who.born.isoformat()}",
        f"Acct# {int(rng.integers(10**7, 10**8))}  MRN {who.mrn}",
        f"Ordering: {who.doctor[0]} {who.doctor[1]}, MD",
        who.dialed("Tel: {}.{}.{}"),
    ]


def _plain(who: _Person, rng: np.random.Generator) -> list[str]:
    """No telephone: the pen writes it, or the label covers its room."""
    return [
        f"{who.given} {who.surname}".upper(),
        f"{who.born:%d-%b-%Y}".upper() + f"   {2026 - who.born.year} Y {who.sex}",
        f"MR# {who.mrn}   Visit {int(rng.integers(10**6, 10**7))}",
        f"Attending: Dr. {who.doctor[1]}",
    ]


def _patient(who: _Person, rng: np.random.Generator) -> list[str]:
    return [
        f"Pt: {who.surname}, {who.given}",
        f"DOB {who.us_born}  {'Female' if who.sex == 'F' else 'Male'}",
        who.dialed("Cell ({}) {}-{}"),
        f"ID {who.mrn}",
        f"PCP: {who.doctor[0][0]}. {who.doctor[1]}, DO",
    ]


WORDINGS: tuple[Wording, ...] = (_chart, _address, _named, _plain, _patient)


def invent_label(truth: SlipTruth, make: LabelMake, rng: np.random.Generator) -> tuple[SlipTruth, PatientLabel]:
    """A label for the patient of a slip, worded in one of several ways; lines for which it has no room are left out.

    The truth comes back with the name as the label has it, and without what only a covered room could have said.
    """
    given, _, surname = truth.text["patient_name"].partition(" ")
    given = f"{given} {INITIALS[int(rng.integers(len(INITIALS)))]}".strip()
    who = _Person(
        given=given,
        surname=surname,
        born=date.fromisoformat(truth.text["birth_date"]),
        phone=truth.text["patient_phone"][-10:],
        mrn=f"{int(rng.integers(10**5, 10**7)):08d}",
        sex="FM"[int(rng.integers(2))],
        doctor=(one_of(words.FIRST_NAMES, rng), one_of(words.LAST_NAMES, rng)),
    )
    lines = WORDINGS[int(rng.integers(len(WORDINGS)))](who, rng)
    room = int((make.size_mm[1] - 2 * MARGIN_MM - (BARCODE_MM if make.barcode in UNDER else 0)) / _line_mm(make))
    lines = lines[:room]
    has_phone = any(who.phone[-4:] in line for line in lines)
    fills = ("patient_name", "birth_date", *(("patient_phone",) if has_phone else ()))
    is_whole = make.barcode not in ("", "Code128")
    held = f"{surname}^{given}|{who.born:%Y%m%d}|{who.sex}|{who.mrn}" if is_whole else who.mrn
    told = {**truth.text, "patient_name": f"{given} {surname}"}
    label = PatientLabel(make, tuple(lines), held, fills)
    return truth.model_copy(update={"text": told, "on_label": fills}), label


UNDER = ("Code128", "PDF417")  # symbols that stand below the lines; others stand beside them


def _line_mm(make: LabelMake) -> float:
    return make.size_pt * MM_PER_INCH / 72 * LEADING


def stick(slip: Slip, design: PadDesign, label: PatientLabel, rng: np.random.Generator) -> None:
    """The label on a filled slip (H, W, 3), in place, where an office would put it: over the patient's two lines."""
    wide, high = label.make.size_mm
    left, top = LEFT_MM + rng.normal(0, 1.2), FOOT_MM - high + rng.normal(0, 0.8)
    if left + wide > design.imprint.code_mm.x:
        top = max(top, CODE_MM + abs(rng.normal(0, 0.6)))
    turn = float(np.clip(rng.normal(0, ASKEW_DEG), -ASKEW_MOST_DEG, ASKEW_MOST_DEG))
    lay(slip, draw_label(label, rng), (left, top), turn)


def lay(slip: Slip, label: Picture, at_mm: tuple[float, float], turn_deg: float) -> None:
    """A label's picture on the slip, its left top `at_mm` before it is turned about its middle."""
    scale, turn = 1 / FINER, radians(turn_deg)
    high, wide = label.shape
    middle = np.array([at_mm[0] * PX_PER_MM + wide * scale / 2, at_mm[1] * PX_PER_MM + high * scale / 2])
    turned = scale * np.array([[cos(turn), -sin(turn)], [sin(turn), cos(turn)]])
    matrix = np.column_stack([turned, middle - turned @ [wide / 2, high / 2]])
    size = (slip.shape[1], slip.shape[0])
    soft = cv2.GaussianBlur(label, (0, 0), FINER / 2.5)
    printed = cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(PAPER,))
    cover = cv2.warpAffine(np.full_like(label, 255), matrix, size, flags=cv2.INTER_LINEAR)
    share = cover[..., None].astype(np.float32) / 255
    np.copyto(slip, (slip * (1 - share) + printed[..., None] * share + 0.5).astype(np.uint8))


def draw_label(label: PatientLabel, rng: np.random.Generator) -> Picture:
    """The label (H, W) gray, FINER times as fine as a slip, with the shadow of its edge."""
    make, scale = label.make, PX_PER_MM * FINER
    wide, high = (round(side * scale) for side in make.size_mm)
    picture = Image.new("L", (wide, high), 255)
    font = ImageFont.truetype(str(_face(make)), make.size_pt * MM_PER_INCH / 72 * scale)
    for number, line in enumerate(label.lines):
        y = (MARGIN_MM + (number + 0.8) * _line_mm(make)) * scale
        ImageDraw.Draw(picture).text((MARGIN_MM * scale, y), line, fill=0, font=font, anchor="ls")
    ink = 255 - np.asarray(picture)
    if make.barcode:
        _print_barcode(ink, label, scale, len(label.lines) * _line_mm(make))
    if make.thermal:
        dots = (round(make.size_mm[0] / MM_PER_INCH * THERMAL_DPI), round(make.size_mm[1] / MM_PER_INCH * THERMAL_DPI))
        ink = cv2.resize(ink, dots, interpolation=cv2.INTER_AREA)
        ink = cv2.resize(np.where(ink > 110, 235, 0).astype(np.uint8), (wide, high), interpolation=cv2.INTER_NEAREST)
    if make.worn:
        ink = _faded(ink, rng)
    printed = np.asarray(PAPER - ink.astype(np.float32) * (PAPER - 20) / 255, np.uint8)
    rim = round(0.12 * scale)
    printed[-rim:], printed[:, -rim:] = np.minimum(printed[-rim:], EDGE), np.minimum(printed[:, -rim:], EDGE)
    return printed


def _face(make: LabelMake) -> Path:
    return FACES[make.face]


def _print_barcode(ink: Picture, label: PatientLabel, scale: float, below_mm: float) -> None:
    """Below the lines, or beside them at the label's right end."""
    made = zxingcpp.create_barcode(label.barcode, getattr(zxingcpp.BarcodeFormat, label.make.barcode))
    symbol = 255 - np.asarray(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False))
    wide_mm, high_mm = label.make.size_mm
    if label.make.barcode in UNDER:
        room = (min(wide_mm - 3 * MARGIN_MM, 44.0), min(BARCODE_MM, high_mm - MARGIN_MM - below_mm - 1.5))
        at = (MARGIN_MM * 1.5, MARGIN_MM + below_mm + 0.6)
        modules = symbol[:1] if label.make.barcode == "Code128" else symbol
    else:
        side = min(11.0, high_mm - 2 * MARGIN_MM)
        room, at, modules = (side, side), (wide_mm - side - MARGIN_MM, high_mm - side - MARGIN_MM), symbol
    size = (round(room[0] * scale), round(room[1] * scale))
    drawn = cv2.resize(modules, size, interpolation=cv2.INTER_NEAREST)
    x, y = round(at[0] * scale), round(at[1] * scale)
    part = ink[y : y + drawn.shape[0], x : x + drawn.shape[1]]
    np.maximum(part, drawn[: part.shape[0], : part.shape[1]], out=part)


def _faded(ink: Picture, rng: np.random.Generator) -> Picture:
    """Toner that runs out in upright bands."""
    bands = np.clip(0.72 + 0.5 * smooth_noise(ink.shape[1], ink.shape[1] / 7, rng), 0.25, 1.0)
    grain = cv2.GaussianBlur(rng.normal(1, 0.5, ink.shape).astype(np.float32), (0, 0), FINER)
    return np.asarray(np.clip(ink * bands[None, :] * np.clip(grain, 0.6, 1.05), 0, 255), np.uint8)
