"""One good page on demand, for whoever needs a slip that can be read without a person."""

from datetime import date

import numpy as np
from PIL import Image

from pads.catalogue import find, load_all
from pads.simulate.invent import Wish, invent_slip
from pads.simulate.paper.sheet import LETTER_MM, Place, lay
from pads.simulate.pen.fill import fill
from pads.simulate.picture import grey, resized
from pads.simulate.printed_slips import PX_PER_MM, numbered_slip
from pads.simulate.truth import Legibility, MarkStyle
from schemas.code import SERIAL_MAX
from schemas.studio import Studio

DESIGN = "met-1"
PROVIDER = "Dr. Whitlock"
DAY = date(2026, 11, 20)


def draw_page(
    seed: int = 1,
    size: tuple[int, int] = (1700, 2200),
    dx: str = "Low back pain, M54.5",
    name: str | None = None,
    today: date = DAY,
) -> Image.Image:
    """A letter page, grey, `size` pixels wide and high, with one slip upright on it: typed, brief, crossed and signed.

    `dx` is its diagnosis, `name` the patient's (one at random when None); each seed has its own serial and content.
    """
    rng = np.random.default_rng([seed])
    design = find(load_all(), DESIGN)
    truth = invent_slip(
        design,
        1 + seed % SERIAL_MAX,
        today,
        rng,
        Wish(name, dx, PROVIDER, MarkStyle.CROSS, Legibility.TYPED, brief=True),
    )
    slip = fill(numbered_slip(design, truth.serial, Studio()), design, truth, rng)
    place = Place(LETTER_MM[0] / 2, LETTER_MM[1] * 0.4, float(rng.uniform(-0.5, 0.5)), 1.0)
    size_px = (round(LETTER_MM[0] * PX_PER_MM), round(LETTER_MM[1] * PX_PER_MM))
    return Image.fromarray(resized(lay([grey(slip)], [place.matrix(design)], size_px), size))
