"""Registered slips to read: the real pads, filled in by a simulated hand, and where nothing else goes wrong."""

from datetime import date
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import REGISTERED_DPI
from ocr.template import Template
from pads.blank import blank
from pads.catalog import load_all
from pads.simulate.channels.fax import DOTS_PER_INCH, STANDARD_LINES
from pads.simulate.pen.fill import NO_HABITS, Habits, fill
from pads.simulate.pen.fonts import handwriting_named
from pads.simulate.printed_slips import numbered_slip
from pads.simulate.truth import MarkStyle, SlipTruth
from schemas.studio import Studio

TODAY = date(2026, 10, 14)
FAX_DARK_MOST, SPECKS_SHARE = 150, 0.0003
FILLED = {
    "patient_name": "Selma Thornbury",
    "patient_phone": "+12125550142",
    "diagnosis": "Chronic back pain",
    "goals": "improve gait and balance",
    "signed_on": "2026-10-09",
}


@cache
def template(name: str = "met") -> Template:
    """The bundled design of that name."""
    design = next(design for design in load_all() if design.design == name)
    return Template(design, blank(design))


def filled_slip(
    text: dict[str, str],
    hand: str = "patrick-hand",
    name: str = "met",
    seed: int = 5,
    habits: Habits = NO_HABITS,
) -> NDArray[np.uint8]:
    """A slip with `text` in its fields, all boxes empty, signed; (H, W) gray, lying on the template."""
    form = template(name)
    truth = SlipTruth(
        design=form.design.design,
        edition=form.design.edition,
        serial=1,
        marks={box.name: False for box in form.design.checkboxes},
        mark_styles=dict[str, MarkStyle](),
        signed=True,
        text=text,
        hand=hand,
        legibility=handwriting_named(hand).legibility,
    )
    paper = numbered_slip(form.design, 1, Studio())
    color = fill(paper, form.design, truth, np.random.default_rng(seed), habits=habits)
    gray = cv2.GaussianBlur(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY), (0, 0), 0.8)
    return np.asarray(cv2.resize(gray, form.size_px, interpolation=cv2.INTER_AREA), np.uint8)


def too_pale_for_a_fax(text: dict[str, str], darkness: float, hand: str = "patrick-hand") -> NDArray[np.uint8]:
    """A slip as `filled_slip`, as a standard fax shows a pen of that share of its darkness: broken to specks, or gone.

    Where nothing is written there are single dots, as on any fax.
    """
    empty = filled_slip({}, hand).astype(np.float64)
    pale = empty + darkness * (filled_slip(text, hand) - empty)
    rng = np.random.default_rng(3)
    height, width = pale.shape
    dots = (round(width * DOTS_PER_INCH / REGISTERED_DPI), round(height * STANDARD_LINES / REGISTERED_DPI))
    seen = cv2.resize(pale, dots, interpolation=cv2.INTER_AREA) + rng.normal(0, 9, dots[::-1])
    seen[rng.random(seen.shape) < SPECKS_SHARE] = 0
    sent = np.where(seen < FAX_DARK_MOST, np.uint8(0), np.uint8(255))
    return np.asarray(cv2.resize(sent, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
