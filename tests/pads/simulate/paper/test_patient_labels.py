"""Labels of the office on simulated slips: what is typed on them is in the truth, and nobody wrote it too."""

from datetime import date

import numpy as np
import pytest
import zxingcpp

from pads.catalog import find, load_all
from pads.simulate.invent import invent_slip
from pads.simulate.paper.patient_labels import MAKES, draw_label, invent_label, stick
from pads.simulate.printed_slips import numbered_slip
from schemas.studio import Studio

MET = find(load_all(), "met-2")
TODAY = date(2026, 11, 20)


def test_the_truth_names_what_the_label_says_instead_of_the_pen() -> None:
    """The bench compares with it; a doctor on the label is nobody that the truth knows."""
    rng = np.random.default_rng(4)
    truth, label = invent_label(invent_slip(MET, 7, TODAY, rng), MAKES[0], rng)
    assert truth.on_label == label.fills
    assert truth.text["patient_name"].split()[-1].casefold() in " ".join(label.lines).casefold()


@pytest.mark.parametrize("make", [make for make in MAKES if make.barcode], ids=lambda make: make.barcode)
def test_the_barcodes_are_real(make: object) -> None:
    """A reader that cannot read them would measure the drawing."""
    rng = np.random.default_rng(4)
    _, label = invent_label(invent_slip(MET, 7, TODAY, rng), make, rng)  # type: ignore[arg-type]
    (found,) = zxingcpp.read_barcodes(draw_label(label, rng))
    assert found.text == label.barcode


def test_a_label_hides_the_form_and_leaves_the_rest() -> None:
    """It is paper over the room that the pad has for it."""
    rng = np.random.default_rng(4)
    paper = numbered_slip(MET, 7, Studio())
    slip = np.repeat(paper[..., None], 3, axis=2)
    stick(slip, MET, invent_label(invent_slip(MET, 7, TODAY, rng), MAKES[0], rng)[1], rng)
    changed = (slip[..., 0] != paper).any(axis=1)
    assert changed[: len(paper) // 2].any()
    assert not changed[len(paper) // 2 :].any()
