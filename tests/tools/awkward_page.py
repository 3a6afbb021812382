"""Our own pad for a builder of awkward files that asks for `function(seed=, size=, dx=, name=)`: one slip on a page."""

import random
from datetime import timedelta

import cv2
import numpy as np
from PIL import Image

from bench.slips.simulated import BENCH_DAY
from pads.catalog import load_all
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.paper.sheet import LETTER_MM, Place, draw_page
from pads.simulate.pen.fill import fill
from pads.simulate.picture import gray
from pads.simulate.printed_slips import PX_PER_MM, numbered_slip
from pads.simulate.truth import Legibility
from schemas.studio import Studio

NAMES = ("Ana Testcase", "Bo Sample", "Cy Invented", "Di Fictional")


def page(seed: int = 1, size: tuple[int, int] = (1700, 2200), dx: str = "", name: str | None = None) -> Image.Image:
    """A typed slip, signed by pen, on a letter page of `size` pixels; the same seed draws the same page."""
    rng = np.random.default_rng([seed])
    design = load_all()[0]
    wish = SlipSpec(
        name=name or random.Random(seed).choice(NAMES),  # noqa: S311
        diagnosis=dx,
        legibility=Legibility.TYPED,
        brief=True,
    )
    truth = invent_slip(design, 1000 + seed, BENCH_DAY - timedelta(days=1), rng, wish)
    slip = gray(fill(numbered_slip(design, truth.serial, Studio()), design, truth, rng))
    place = Place(LETTER_MM[0] / 2, LETTER_MM[1] / 2, 0.0, 1.0)
    whole = (round(LETTER_MM[0] * PX_PER_MM), round(LETTER_MM[1] * PX_PER_MM))
    paper = draw_page([slip], [place.matrix(design)], whole)
    return Image.fromarray(cv2.resize(paper, size, interpolation=cv2.INTER_AREA))
