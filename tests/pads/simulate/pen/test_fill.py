"""Ink goes where the truth says, and nowhere else."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from pads.blank import slip_picture
from pads.catalog import load_all
from pads.simulate import words
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.pen.fill import comb_digits, fill
from pads.simulate.pen.fonts import HANDWRITINGS, face
from pads.simulate.printed_slips import PX_PER_MM, numbered_slip
from pads.simulate.truth import SlipTruth, Trouble
from schemas.geometry import BoxMm
from schemas.pad import CombField, FieldKind, PadDesign
from schemas.studio import Studio

TODAY = date(2026, 11, 20)
SEEDS = range(6)
PAPER_OFF_MOST = 0.1  # mean gray levels; one wrong module of the code is 0.2


def _filled(design: PadDesign, seed: int, *troubles: Trouble) -> tuple[SlipTruth, NDArray[np.float64]]:
    """A truth, and what was drawn for it: (H, W), how much darker each pixel became (0..255)."""
    rng = np.random.default_rng(seed)
    truth = invent_slip(design, seed + 1, TODAY, rng, SlipSpec(troubles=troubles))
    paper = numbered_slip(design, truth.serial, Studio())
    return truth, paper.astype(float) - fill(paper, design, truth, rng).min(axis=2)


def _share(ink: NDArray[np.float64], box: BoxMm) -> float:
    """The share of the place that was drawn on."""
    left, top, right, bottom = (round(v * PX_PER_MM) for v in (box.x, box.y, box.right, box.bottom))
    return float((ink[top:bottom, left:right] > 40).mean())


@pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
def test_ticked_boxes_have_ink_and_others_hardly_any(design: PadDesign) -> None:
    """A mark of a neighbor may reach in; a tick must cross its own box."""
    for seed in SEEDS:
        truth, ink = _filled(design, seed)
        shares = {box.name: _share(ink, box.box_mm.grown(-0.3)) for box in design.checkboxes}
        assert min(shares[name] for name in truth.mark_styles) > 0.05
        assert np.median([share for name, share in shares.items() if name not in truth.mark_styles]) == 0


@pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
def test_who_signs_leaves_ink_and_who_does_not_leaves_none(design: PadDesign) -> None:
    """The line stays empty but for what runs into it from beside."""
    for seed in SEEDS:
        assert _share(_filled(design, seed)[1], design.signature.box_mm) > 0.02
        assert _share(_filled(design, seed, Trouble.NOT_SIGNED)[1], design.signature.box_mm.grown(-1.5)) < 0.01


@pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
def test_every_written_field_has_ink(design: PadDesign) -> None:
    """And a field that the truth leaves out has little, from its neighbors."""
    for seed in SEEDS:
        truth, ink = _filled(design, seed)
        written = {field.name: _share(ink, field.box_mm) for field in design.writing}
        assert min(written[name] for name in truth.text) > 0.01


def test_the_same_slip_twice_is_never_drawn_the_same() -> None:
    """Two letters of one hand differ; a font's do not."""
    design = load_all()[0]
    truth = invent_slip(design, 3, TODAY, np.random.default_rng(1))
    paper = numbered_slip(design, 3, Studio())
    one, other = (fill(paper, design, truth, np.random.default_rng(seed)) for seed in (1, 2))
    assert (one != other).mean() > 0.005


def test_digits_go_into_cells_in_american_order() -> None:
    """Month, day, and as much of the year as there are cells; a telephone number without its country."""
    box = BoxMm(0, 0, 80, 8)
    phone = CombField(name="patient_phone", label="Phone", kind=FieldKind.PHONE, box_mm=box, cells=(3, 3, 4))
    short = CombField(name="signed_on", label="Date", kind=FieldKind.DATE, box_mm=box, cells=(2, 2, 2))
    long = CombField(name="signed_on", label="Date", kind=FieldKind.DATE, box_mm=box, cells=(2, 2, 4))
    assert comb_digits(phone, "+12125550142") == "2125550142"
    assert comb_digits(short, "2026-11-03") == "110326"
    assert comb_digits(long, "2026-11-03") == "11032026"


@pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
def test_the_paper_is_the_print(design: PadDesign) -> None:
    """Code and serial are stamped by a quicker way than the press's; they must look the same."""
    quick = numbered_slip(design, 1234567, Studio()).astype(float)
    printed = slip_picture(design, Studio(), 1234567, 300).astype(float)
    assert np.abs(quick - printed).mean() < PAPER_OFF_MOST


def test_every_hand_can_write_every_word() -> None:
    """A font without a letter would write a box for it."""
    said = {
        letter
        for name, value in vars(words).items()
        if name.isupper()
        for text in (value if isinstance(value, tuple) else (value,))
        for letter in text
    }
    for hand in HANDWRITINGS:
        missing = bytes(face(hand, 40).getmask("\uffff"))
        assert [ch for ch in said - {" "} if bytes(face(hand, 40).getmask(ch)) == missing] == []
